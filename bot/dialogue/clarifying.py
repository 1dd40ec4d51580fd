"""Which of the readings on offer a patient means: tapped, named, counted, or a "tak" to the only one.

What was written stays with the question, so that choosing a reading loses nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.options import match_option
from bot.dialogue.state import Conversation, Frame, Option, Waiting
from bot.dialogue.turn import FACT, PRESS, Turn
from bot.language.consent import explicit_yes

CLARIFY = "clarify"
"""Stands for a task in the frame of the question; its buttons lead to `action_clarify`."""
_AFTER = "after"
_MESSAGE = "message"
_SHORT = 5
"""Words; a longer message says anew what is wanted."""


def ask(conversation: Conversation, message: Mapping[str, Any], options: Sequence[Option]) -> Frame:
    """Remembers an unclear message with the readings to choose from."""
    frame = Frame(CLARIFY, data={_MESSAGE: dict(message), _AFTER: str(message.get("message_id") or "")})
    conversation.clarified = frame
    conversation.ask_in(frame, "reading", list(options))
    return frame


def reading(intent: str, fact: str | None, label: str) -> Option:
    """One reading of the message."""
    return Option(label, {"do": "meant", "intent": intent, FACT: fact})


def chosen(turn: Turn, conversation: Conversation, before: str) -> Option | None:
    """The reading that is meant; in words only right after the question (`before`: the last message's id)."""
    frame = conversation.clarified
    if frame is None or frame.prompt is None:
        return None
    if turn.intent == PRESS:
        found = conversation.find(turn.key or "")
        return found[1] if found is not None and found[0] is frame else None
    if conversation.top is not None or frame.data.get(_AFTER) != before or len(turn.text.split()) > _SHORT:
        return None
    options = frame.prompt.options
    if len(options) == 1 and turn.intent in {"affirm", "affirm_weak"} and explicit_yes(turn.text):
        return options[0]
    return match_option(frame.prompt, turn)


def take(conversation: Conversation, option: Option) -> None:
    """The unclear message comes once more, as what it was meant to be."""
    frame = conversation.clarified
    conversation.clarified = None
    if frame is None:
        return
    message = dict(frame.data[_MESSAGE])
    message["intent"] = {"name": option.act["intent"], "confidence": 1.0}
    message["intent_ranking"] = [dict(message["intent"])]
    message[FACT] = {"name": option.act[FACT], "confidence": 1.0} if option.act.get(FACT) else {}
    conversation.waiting.insert(0, Waiting(message, len(conversation.stack), meant=True))
