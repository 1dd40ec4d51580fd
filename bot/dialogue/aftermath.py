"""After an alarm: for a while "co mam robić?" is a call for help, and no question about the assistant."""

from __future__ import annotations

from bot.dialogue.acts import ANSWERS
from bot.dialogue.state import CONSENT, Conversation
from bot.dialogue.turn import FALLBACK, Turn
from bot.language.cues import cue

_SURE = 0.75
"""From here on a message is a request of its own, also then."""
_STORY = 12
"""Words; nobody in distress writes so many of what they came for before ("już dobrze, była karetka, ...")."""
_SURE_OF_A_STORY = 0.5
_SURE_OF_A_VISIT = 0.3
"""Whoever names a visit or a specialist is back at what they came for."""
_DISTRESS = ANSWERS | frozenset(
    {
        "ask_contact", "chitchat", "complaint_about_bot", "crisis", "emergency", "gibberish", "goodbye",
        "greet", "help", "human", "medical_question", "no_preference", "out_of_scope", "repeat", "thanks",
        "urgent_help", "wait", "why", FALLBACK,
    }
)  # fmt: skip
"""What is said beside an ambulance that is on its way: "dzwonię", "boję się", "dziękuję, już są"."""
_BUSINESS = ("service", "specialty", "doctor", "facility", "city", "district", "visit_kind")
AFTER_ALARM = ("utter_after_alarm", "utter_after_crisis")
_CRISIS = "crisis"


def after_alarm(turn: Turn, conversation: Conversation) -> str | None:
    """The reply to what is said in distress after an alarm (R110, R111); None for a request of its own."""
    alarm = str(turn.metadata.get("alarm") or "")
    if not alarm or turn.pressed or turn.intent == "resume" or cue("false_alarm").heard(turn.text):
        return None
    if _agrees_again(turn, conversation):
        return None
    bare = turn.intent == "inform" and not _tells_a_datum(turn)
    sure = _SURE if len(turn.text.split()) < _STORY else _SURE_OF_A_STORY
    if turn.has("service", "specialty", "doctor") or cue("visit_word").heard(turn.text):
        sure = _SURE_OF_A_VISIT
    if turn.confidence >= sure and turn.intent not in _DISTRESS and not bare:
        return None
    return AFTER_ALARM[alarm.startswith(_CRISIS)]


def _agrees_again(turn: Turn, conversation: Conversation) -> bool:
    """A "tak" to a read-back counts once something was said since the alarm, and not right after it."""
    prompt = conversation.top.prompt if conversation.top else None
    consent = prompt is not None and prompt.about == CONSENT
    return consent and turn.intent in ANSWERS and bool(turn.metadata.get("alarm_since"))


def _tells_a_datum(turn: Turn) -> bool:
    """A thing, a place, a time or a number: the answer to a question that was open."""
    return turn.has(*_BUSINESS) or turn.when is not None or any(char.isdigit() for char in turn.text)
