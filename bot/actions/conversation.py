"""Acts of conversation outside of any task: saying it again, and asking what was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import bot_messages
from bot.dialogue.clarifying import ask, chosen, reading, take
from bot.dialogue.speaker import Speaker, buttons_of
from bot.dialogue.state import CONVERSATION_SLOT, Conversation
from bot.dialogue.texts import Texts
from bot.dialogue.turn import FALLBACK, Turn

Events = list[dict[str, Any]]
CHOICES = 3
_LIKELY = 0.08
"""A reading less likely than this is not worth a button."""
TOO_MANY = 3
"""After so many messages in a row that were not understood a person is offered."""


class Repeat(Action):
    """`action_repeat`: the last replies once more, buttons included."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Says it again, or that there is nothing to say again."""
        speaker = Speaker(
            dispatcher, self._texts, Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        )
        said = bot_messages(tracker.events)
        if said:
            speaker.replay(said)
        else:
            speaker.say("utter_nothing_to_repeat")
        return []


class Clarify(Action):
    """`action_clarify`: named readings to choose from, never a bare "please rephrase"."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Asks which of the likely readings was meant; after several misses offers a person."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        turn = Turn.from_message(tracker.latest_message)
        meant = chosen(turn, conversation, _message_before(tracker.events))
        if meant is not None:
            take(conversation, meant)
            return [SlotSet(CONVERSATION_SLOT, conversation.to_json())]
        conversation.unclear += 1
        conversation.clarified = None
        speaker = Speaker(dispatcher, self._texts, conversation)
        readings = self._readings(turn)
        if conversation.unclear >= TOO_MANY:
            conversation.unclear = 0
            speaker.say("utter_not_understood_person")
        elif turn.intent == "gibberish":
            speaker.say("utter_gibberish")
        elif readings:
            options = [
                reading(name, turn.facts.get(name), self._texts.label(f"intent_{name}")) for name in readings
            ]
            response = "utter_which_did_you_mean" if len(options) > 1 else "utter_did_you_mean"
            values = {} if len(options) > 1 else {"reading": options[0].label}
            frame = ask(conversation, tracker.latest_message, options)
            dispatcher.utter_message(response=response, buttons=buttons_of(frame.prompt), **values)
        else:
            speaker.say("utter_not_understood")
        return [SlotSet(CONVERSATION_SLOT, conversation.to_json())]

    def _readings(self, turn: Turn) -> list[str]:
        likely = [
            name
            for name, confidence in turn.ranking
            if name != FALLBACK and confidence >= _LIKELY and self._texts.has(f"utter_label_intent_{name}")
        ]
        return likely[:CHOICES]


def _message_before(events: Sequence[Mapping[str, Any]]) -> str:
    """Id of the message before the latest one; empty for the first."""
    said = [event for event in events if event.get("event") == "user"]
    return str(said[-2].get("message_id") or "") if len(said) > 1 else ""
