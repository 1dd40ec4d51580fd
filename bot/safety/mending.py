"""Words as they were meant: slips, sound-alikes and words run together, towards a few keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.language.spelling import deletions, sound_key
from bot.language.text import fold

_REPEATS = re.compile(r"(.)\1{2,}")
SHORTEST_SLIP = 5
"""Keywords under this many letters are not mended from a slip: too many other words are near."""
_SHORTEST_RUN = 7
_SHORTEST_PART = 4
_LONGEST = 40
"""Letters; nothing longer is a word that somebody meant."""


class Mender:
    """Brings a word to a keyword when it is a slip away from it, else only folds it."""

    def __init__(self, keywords: Iterable[str], joining: Iterable[str], genuine: Iterable[str]) -> None:
        """`keywords` carry Polish letters; `joining` are small words that may be part of a run; `genuine`
        (folded) are real words a slip away from a keyword, which mean themselves."""
        self._sounds = {sound_key(word): fold(word) for word in keywords}
        self._keywords = frozenset(self._sounds.values())
        self._parts = self._keywords | {fold(word) for word in joining}
        self._joining = frozenset(fold(word) for word in joining)
        self._genuine = frozenset(genuine)
        self._slips = _index(self._keywords)
        self.mend = lru_cache(maxsize=4_096)(self._mend)

    def _mend(self, word: str) -> str:
        """The folded word or words (parted by blanks) meant by a word as it was written."""
        plain = fold(word)
        if plain in self._parts or plain in self._genuine or len(plain) > _LONGEST:
            return plain
        short = _REPEATS.sub(r"\1", plain)
        if short in self._parts:
            return short
        return self._sounds.get(sound_key(word)) or self._by_slip(short) or self._parted(short) or short

    def _by_slip(self, word: str) -> str | None:
        if len(word) < SHORTEST_SLIP - 1:
            return None
        met = {candidate for key in (word, *deletions(word)) for candidate in self._slips.get(key, ())}
        near = (
            candidate
            for candidate in sorted(met)
            if candidate[0] == word[0] and OSA.distance(word, candidate, score_cutoff=1) <= 1
        )
        return next(near, None)

    def _parted(self, word: str) -> str | None:
        """Words run together („niemogeoddychac”): every letter must belong to a known word."""
        if len(word) < _SHORTEST_RUN:
            return None
        best: list[tuple[str, ...] | None] = [(), *(None for _ in word)]
        for start in range(len(word)):
            before = best[start]
            if before is None:
                continue
            for part in self._parts_at(word, start):
                parts, kept = (*before, part), best[start + len(part)]
                if kept is None or len(parts) < len(kept):
                    best[start + len(part)] = parts
        found = best[-1]
        return " ".join(found) if found and any(part in self._keywords for part in found) else None

    def _parts_at(self, word: str, start: int) -> Iterator[str]:
        for end in range(start + 1, len(word) + 1):
            part = word[start:end]
            if (
                part in self._joining
                or (len(part) >= _SHORTEST_PART and part in self._keywords)
                or part == "nie"
            ):
                yield part


def _index(words: Iterable[str]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for word in words:
        if len(word) >= SHORTEST_SLIP:
            for key in {word, *deletions(word)}:
                index.setdefault(key, []).append(word)
    return index
