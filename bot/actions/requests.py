"""The next of several requests of one message: it becomes a message of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.requests import in_order, intent_of, is_question
from bot.dialogue.speaker import Speaker
from bot.dialogue.state import CONVERSATION_SLOT, Conversation, Waiting
from bot.dialogue.texts import Texts
from bot.dialogue.turn import PART, Turn

Events = list[dict[str, Any]]
_LISTEN = "action_listen"
_PARTS = 9
"""A later part than this is no part of any message: the conversation is broken, nothing more is done."""


class NextRequest(Action):
    """`action_next_request`: takes a message apart, and does the part that is due.

    The part is put into the conversation as a message of the patient, so that it is answered like any other.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_next_request"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Says what will be done, or after a while that the next thing comes now."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        speaker = Speaker(dispatcher, self._texts, conversation)
        turn = Turn.from_message(tracker.latest_message)
        if turn.requests:
            conversation.waiting = in_order(turn, conversation)
            self._announce(speaker, conversation.waiting)
        elif (
            PART not in turn.metadata
            and conversation.waiting
            and not conversation.waiting[0].meant
            and self._takes_a_while(conversation.waiting[0])
        ):
            speaker.say("utter_next_task")
        number = int(turn.metadata.get(PART) or 0) + 1
        if not conversation.waiting or number > _PARTS:
            conversation.waiting = []
            return [SlotSet(CONVERSATION_SLOT, conversation.to_json())]
        part = conversation.waiting.pop(0).message
        return [
            SlotSet(CONVERSATION_SLOT, conversation.to_json()),
            ActionExecuted(_LISTEN),
            _said(part, tracker.latest_message, number),
        ]

    def _takes_a_while(self, waiting: Waiting) -> bool:
        """Whether it is more than a question with one plain answer."""
        plain = self._texts.has(f"utter_{intent_of(waiting.message)}")
        return not plain and not is_question(waiting.message)

    def _announce(self, speaker: Speaker, waiting: list[Waiting]) -> None:
        """Things that take a while are named, when there are several; questions are simply answered."""
        labels = [f"intent_{intent_of(one.message)}" for one in waiting if self._takes_a_while(one)]
        if len(labels) > 1 and all(self._texts.has(f"utter_label_{label}") for label in labels):
            lines = [f"{number}. {self._texts.label(label)}" for number, label in enumerate(labels, start=1)]
            speaker.say("utter_several_requests", things="\n".join(lines))


def _said(part: Mapping[str, Any], whole: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The part as an event of Rasa: what the patient said, on the same channel and at the same moment."""
    message_id = f"{whole.get('message_id') or ''}.{number}"
    return {
        "event": "user",
        "text": part["text"],
        "parse_data": {**part, "message_id": message_id},
        "input_channel": whole.get("input_channel"),
        "message_id": message_id,
        "metadata": {**(whole.get("metadata") or {}), PART: number},
    }
