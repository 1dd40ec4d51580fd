"""To cancel or to move: "nie odwołać, tylko przełożyć" holds both words, and only one is meant."""

from __future__ import annotations

from bot.language.cues import Cue, cue
from bot.language.text import folded_words

CANCEL, MOVE = "cancel_visit", "reschedule_visit"
_MAY_BE = frozenset({CANCEL, MOVE, "correct", "deny", "inform", "cancel_task", "nlu_fallback", "list_visits"})
"""Intents near enough for the words to decide."""
_REACH = 2
"""How many words before a verb may refuse it ("nie chcę odwołać")."""


def settled(text: str, intent: str) -> str:
    """The intent, put right where one of both is refused and the other is wanted."""
    if intent not in _MAY_BE:
        return intent
    said = folded_words(text)
    off, on = _refused(said, cue("cancelling_words")), _refused(said, cue("moving_words"))
    if off is None or on is None or off == on:
        return intent
    return MOVE if off else CANCEL


def _refused(said: list[str], verbs: Cue) -> bool | None:
    """Whether the verb is said with a "nie" before it; None when it is not said at all."""
    places = [at for at, word in enumerate(said) if verbs.matches(word)]
    if not places:
        return None
    return all(cue("refused").among(said[max(0, at - _REACH) : at]) for at in places)
