"""A message as mended, folded words with its clauses and sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[.!?…\n]+|[,;:()„”\"]|\s[-–—]+\s")
_CLAUSE, _SENTENCE = ",", "."


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is words, commas (ends of clauses) and stops (ends of sentences), each followed by a blank."""

    text: str
    starts: tuple[int, ...]
    """Where each word or mark begins in `text`."""
    tokens: tuple[str, ...]
    sources: tuple[tuple[int, int], ...]
    """Where each came from in the message."""

    def token_at(self, offset: int) -> int:
        """Index of the word or mark at an offset of `text`."""
        return bisect_right(self.starts, offset) - 1

    def clause(self, token: int) -> tuple[int, int]:
        """First and after-last token of the clause."""
        return self._around(token, (_CLAUSE, _SENTENCE))

    def sentence(self, token: int) -> tuple[int, int]:
        """First and after-last token of the sentence."""
        return self._around(token, (_SENTENCE,))

    def clauses(self) -> list[tuple[int, int]]:
        """First and after-last token of every clause."""
        return self._parts((_CLAUSE, _SENTENCE))

    def sentences(self) -> list[tuple[int, int]]:
        """First and after-last token of every sentence."""
        return self._parts((_SENTENCE,))

    def _parts(self, marks: tuple[str, ...]) -> list[tuple[int, int]]:
        ends = [place for place, token in enumerate(self.tokens) if token in marks]
        starts = [0, *(end + 1 for end in ends)]
        return [
            (first, last)
            for first, last in zip(starts, [*ends, len(self.tokens)], strict=True)
            if first < last
        ]

    def _around(self, token: int, marks: tuple[str, ...]) -> tuple[int, int]:
        first, last = token, token
        while first > 0 and self.tokens[first - 1] not in marks:
            first -= 1
        while last < len(self.tokens) and self.tokens[last] not in marks:
            last += 1
        return first, last


def read(message: str, mend: Callable[[str], str]) -> Reading:
    """Splits and mends a message."""
    tokens: list[str] = []
    sources: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(message):
        raw = match.group()
        for token in _tokens(raw, mend):
            tokens.append(token)
            sources.append(match.span())
    starts: list[int] = []
    offset = 0
    for token in tokens:
        starts.append(offset)
        offset += len(token) + 1
    return Reading("".join(f"{token} " for token in tokens), tuple(starts), tuple(tokens), tuple(sources))


def _tokens(raw: str, mend: Callable[[str], str]) -> list[str]:
    if raw[0].isdigit():
        return [raw.replace(",", "_").replace(".", "_")]
    if raw[0].isalpha():
        return mend(raw).split()
    return [_SENTENCE if any(mark in raw for mark in ".!?…\n") else _CLAUSE]
