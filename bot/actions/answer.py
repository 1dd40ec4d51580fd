"""Answers that need nothing of the portal: the fact that was asked for, else the general reply."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.asides import asides
from bot.dialogue.state import CONVERSATION_SLOT, Conversation
from bot.dialogue.texts import Texts
from bot.dialogue.topic import asked_on, subject_of
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
        """Says the reply, or one for each thing that was asked, and remembers what it was about."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        turn = Turn.from_message(tracker.latest_message)
        beside = asides(turn, conversation)
        more = None if beside else asked_on(turn, conversation)
        more = more if more and self._texts.has(f"{_REPLY}{more}") else None
        replies = beside or (more or answer_to(turn, self._texts).removeprefix(_REPLY),)
        for reply in replies:
            dispatcher.utter_message(response=f"{_REPLY}{reply}")
        before = conversation.topic.partition("/")[0]
        if not (beside and _elsewhere(replies[0], conversation)):
            conversation.topic = replies[0]
        kept = conversation.subject if before == conversation.topic.partition("/")[0] else {}
        conversation.subject = subject_of(turn) or kept
        return [SlotSet(CONVERSATION_SLOT, conversation.to_json())]


def _elsewhere(reply: str, conversation: Conversation) -> bool:
    """Whether the answer comes from another topic than the one at hand, which stays ("a do której?")."""
    top = conversation.top
    about = conversation.topic or (top.topic if top is not None else "")
    return bool(about) and reply.partition("/")[0] != about.partition("/")[0]


def answer_to(turn: Turn, texts: Texts) -> str:
    """Name of the reply to a question of an intent that has a plain answer."""
    general = f"{_REPLY}{turn.intent}"
    exact = f"{general}/{turn.fact}"
    if turn.fact and texts.has(exact):
        return exact
    return general if texts.has(general) else NOT_UNDERSTOOD  # Rasa says nothing for a name it has not
