"""Words that give away what a message is about, kept in `data/cues.yml` by name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.language.data import load
from bot.language.text import folded_words

_LONG = 6
"""Letters; shorter words are too near to others."""


class Cue(NamedTuple):
    """Folded words, and beginnings of words, that mean the same for whoever listens for them."""

    whole: frozenset[str]
    stems: tuple[str, ...]

    def matches(self, word: str) -> bool:
        """Whether one folded word is of the cue."""
        return word in self.whole or word.startswith(self.stems)

    def among(self, said: Iterable[str]) -> bool:
        """Whether any of these folded words is."""
        return any(self.matches(word) for word in said)

    def covers(self, said: Iterable[str]) -> bool:
        """Whether all of these folded words are (true of none at all)."""
        return all(self.matches(word) for word in said)

    def heard(self, text: str) -> bool:
        """Whether the text has a word of the cue."""
        return self.among(folded_words(text))

    def nearly(self, text: str) -> bool:
        """Whether the text has a word of the cue, or a long one but for one slip of the hand."""
        said = [word for word in folded_words(text) if len(word) >= _LONG]
        long = [word for word in self.whole if len(word) >= _LONG]
        return self.heard(text) or any(OSA.distance(a, b, score_cutoff=1) <= 1 for a in said for b in long)


@lru_cache(maxsize=256)
def cue(name: str) -> Cue:
    """The cue of this name. Raises KeyError: a cue that is not in the file hears nothing, ever."""
    entries: list[str] = load("cues")["cues"][name]
    return Cue(
        frozenset(entry for entry in entries if not entry.endswith("*")),
        tuple(entry.removesuffix("*") for entry in entries if entry.endswith("*")),
    )


def synonyms(name: str) -> tuple[str, ...]:
    """Other words for what an option says. Raises KeyError."""
    return tuple(load("cues")["synonyms"][name])
