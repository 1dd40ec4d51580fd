"""An explicit "tak": what it takes to act on somebody's word. A bare "no" leans to yes and is not one."""

from __future__ import annotations

from bot.language.cues import cue
from bot.language.text import folded_words

_SIGNS = ("👍", "✅", "👌")


def explicit_yes(text: str) -> bool:
    """True for words that plainly agree and nothing that takes it back, doubts or asks."""
    said = folded_words(text)
    if not said:
        return any(sign in text for sign in _SIGNS)
    if "?" in text or cue("doubts").among(said):
        return False
    return cue("agrees").among(said)
