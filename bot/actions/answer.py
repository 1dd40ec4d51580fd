"""Answers that need nothing of the portal: the fact that was asked for, else the general reply."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.state import CONVERSATION_SLOT, Conversation
from bot.dialogue.texts import Texts
from bot.dialogue.topic import asked_on, price_of_topic
from bot.dialogue.turn import Turn

_REPLY = "utter_"
NOT_UNDERSTOOD = "utter_not_understood"


class Answer(Action):
    """`action_answer`: `utter_<intent>/<fact>` when the fact is sure and has a reply, else `utter_<intent>`.

    The replies keep Rasa's variations by channel (R108), since Rasa itself picks and sends them.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says one reply, and remembers what it was about."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        turn = Turn.from_message(tracker.latest_message)
        more = price_of_topic(turn, conversation) or asked_on(turn, conversation)
        reply = (
            f"{_REPLY}{more}" if more and self._texts.has(f"{_REPLY}{more}") else answer_to(turn, self._texts)
        )
        dispatcher.utter_message(response=reply)
        conversation.topic = reply.removeprefix(_REPLY)
        conversation.subject = _subject(turn)
        return [SlotSet(CONVERSATION_SLOT, conversation.to_json())]


def _subject(turn: Turn) -> dict[str, str]:
    """The service or specialty that was asked about, when there is but one."""
    named = turn.said("service", "specialty")
    return {named[0].kind: named[0].ids[0]} if len(named) == 1 else {}


def answer_to(turn: Turn, texts: Texts) -> str:
    """Name of the reply to a question of an intent that has a plain answer."""
    general = f"{_REPLY}{turn.intent}"
    exact = f"{general}/{turn.fact}"
    if turn.fact and texts.has(exact):
        return exact
    return general if texts.has(general) else NOT_UNDERSTOOD  # Rasa says nothing for a name it has not
