"""Finds red flags and mental crisis in a patient's message."""

from __future__ import annotations

import re2

from bot.language.text import fold
from bot.safety.finding import Finding, RedFlag

# The plainest wording of each gravest sign; the concept tables come on top of it.
_PLAINEST = {
    RedFlag.BREATHING: re2.compile(r"\bnie (moge|moze) oddychac\b|\bnie oddycha\b|\bdusi sie\b"),
    RedFlag.UNCONSCIOUS: re2.compile(r"\b(jest nieprzytomn[ya]|stracil[a]? przytomnosc)\b"),
    RedFlag.CRISIS_ADULT: re2.compile(r"\b(chce sie zabic|nie chce (juz )?zyc|chce umrzec)\b"),
}


def detect(text: str) -> Finding | None:
    """The gravest finding of a message, or None. Deterministic and without state."""
    folded = fold(text)
    for cls, pattern in _PLAINEST.items():
        if match := pattern.search(folded):
            return Finding(cls, f"{cls.value}.plain", match.span())
    return None
