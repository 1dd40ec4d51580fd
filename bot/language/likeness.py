"""Whether two names are of the same thing: the content words they share, in any form and spelling."""

from __future__ import annotations

from bot.language.attach import signature
from bot.language.cues import cue

_STEM = 5


def shared(one: str, other: str) -> frozenset[str]:
    """Lemmas (folded) of the first name that the second has too; words like "badanie" do not count."""
    general = cue("of_any_document")
    mine = {word for word in signature(one) if not general.matches(word)}
    theirs = {word for word in signature(other) if not general.matches(word)}
    return frozenset(word for word in mine if any(_same(word, other) for other in theirs))


def alike(one: str, other: str) -> bool:
    """Whether they share a word that tells something."""
    return bool(shared(one, other))


def _same(word: str, other: str) -> bool:
    """Equal lemmas, or the same five letters to begin with ("wypisowa", "wypis")."""
    if word == other:
        return True
    return min(len(word), len(other)) >= _STEM and word[:_STEM] == other[:_STEM]
