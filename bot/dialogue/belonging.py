"""Whether a message belongs to the open task, whatever else it might be."""

from __future__ import annotations

from bot.dialogue.acts import ACTS, ALWAYS_ANSWERED, MOVES, POLITE, SURE
from bot.dialogue.declared import Declared
from bot.dialogue.hearing import asks_or_sounds_so, only_sounds_like_talk, put_off, told_freely, unsure
from bot.dialogue.options import match_option
from bot.dialogue.state import CONSENT, Frame
from bot.dialogue.turn import Turn
from bot.language.consent import explicit_yes
from bot.language.cues import cue
from bot.language.questions import asks, looks_like_question
from bot.language.text import folded_words

_OF_A_FILE = "file"
"""What the question is about which file is meant."""
_HARDLY = 0.3
"""Below this a question in a task that has a topic is no call for help; real ones never come this far."""
_TALK = frozenset({"chitchat", "out_of_scope"})
_CHAT = 0.4
"""Below this nobody chats, or speaks of something else, in the middle of a task."""
_LIKELY_TASK = 0.45
"""From here on a question that starts another task is rather that than a fact."""


def belongs(declared: Declared, turn: Turn, frame: Frame) -> bool:
    """Whether the task of this frame takes the message."""
    if turn.intent in ACTS or declared.starts.get(turn.intent) == frame.task:
        return True
    if frame.prompt is not None and (told_freely(turn, frame.prompt) or put_off(turn, later=False)):
        return True
    if turn.intent in declared.inside.get(frame.task, frozenset()):
        return True
    if frame.prompt is not None and only_sounds_like_talk(turn):
        return True
    about = frame.prompt.about if frame.prompt is not None else ""
    if about == _OF_A_FILE and cue("throws_away").heard(turn.text) and turn.intent != "emergency":
        return True  # "tak, zalecenia usuń" at "Który usunąć?"
    if about == CONSENT and turn.intent == "change_data" and unsure(turn):
        return True  # "zmień adres" of a letter that was read back
    if turn.intent in ALWAYS_ANSWERED and turn.confidence >= SURE:
        return False
    unsure_question = turn.confidence < SURE and looks_like_question(turn.text) and not turn.has_facts
    hardly = turn.intent in ALWAYS_ANSWERED and turn.confidence < _HARDLY
    held = frame.prompt is not None and frame.prompt.about == CONSENT and bool(frame.data.get("hold"))
    if held and asks_or_sounds_so(turn.text) and cue("of_holding").heard(turn.text):
        return True  # "do kiedy to trzymacie?"
    if frame.prompt is not None and turn.intent in _TALK and turn.confidence < _CHAT:
        return True  # "tylko powiedz, ile mam na to czasu": too unsure to be answered with a joke
    if frame.topic and unsure_question and (hardly or turn.intent == "medical_question"):
        return True  # "jak długo to trwa?" of a complaint is of nobody's health
    if frame.prompt is not None and frame.prompt.about == CONSENT and turn.intent in POLITE:
        # "tak, dziękuję" is an answer first; nobody leaves believing that they booked
        return turn.intent == "goodbye" or explicit_yes(turn.text)
    return _fits(declared, turn, frame)


def _fits(declared: Declared, turn: Turn, frame: Frame) -> bool:
    prompt = frame.prompt
    if prompt is None:
        return False
    if match_option(prompt, turn, by_number=False) is not None:
        return True
    if turn.intent.startswith("ask_") and not asks(turn.text):  # facts, not a question
        return turn.has_facts
    if turn.intent in MOVES and not cue("booked_visit").heard(turn.text):
        return turn.when is not None or turn.has("refine") or cue("time_of_visit").heard(turn.text)
    if turn.intent in declared.starts and turn.confidence >= _LIKELY_TASK and _asks_inside(turn.text):
        return False  # "Kraków. I proszę najpierw powiedzieć, czy za to zapłacę"
    return turn.confidence < SURE and turn.has_facts


def _asks_inside(text: str) -> bool:
    """Whether some part of a message asks: "Kraków. I proszę najpierw powiedzieć, czy za to zapłacę"."""
    return asks(text) or "czy" in folded_words(text)
