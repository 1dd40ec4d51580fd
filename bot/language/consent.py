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
    if "?" in text:
        return False
    if cue("plain_yes").matches(said[0]) and _lets_it_be(said[1:]):
        return True  # "tak, może być" doubts nothing, "może być" and "tak, może" do
    return cue("agrees").among(said) and not cue("doubts").among(said)


def _lets_it_be(said: list[str]) -> bool:
    return cue("lets_it_be").among(said) and all(
        cue("lets_it_be").matches(word) or cue("beside_letting_be").matches(word) for word in said
    )
