"""A patient's message as the detector sees it: mended, harmless phrases struck out, with signs and guards."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.safety.guards import DOUBTS, Guards, Hit
from bot.safety.likeness import GUARD, SPARED
from bot.safety.patterns import PhraseSet
from bot.safety.reading import Reading, read
from bot.safety.rules import book

Hits = Mapping[str, Sequence[Hit]]
Part = tuple[int, int]
"""First and after-last token."""
_HARD = ("past", "general", "chronic", "negation", "withdrawn")
"""Guards whose reach no turn ends."""
_SHORTEST_TAIL = 4
"""Words; less than that after a turn („ale boli”) is not looked at alone."""
_TAILS = 3
_PARTS = 40
"""Sentences or clauses that are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message with the signs of the rules and the guards found in it."""

    reading: Reading
    hits: Hits
    guards: Guards

    def part(self, first: int, last: int) -> tuple[Sequence[str], list[str]]:
        """Tokens of a part, and the names of the signs and guards that begin in it; signs denied apart."""
        marks = {
            name if not self.guards.spare(hit, soft=False) else SPARED + name
            for name, spots in self.hits.items()
            for hit in spots
            if first <= hit[0] < last
        }
        guards = [GUARD + name for name, spots in self.guards.places.items() if _any_in(spots, first, last)]
        return self.reading.tokens[first:last], [*marks, *guards]

    def wholes(self) -> Iterator[Part]:
        """The message, its sentences, and what follows a turn: "odwołajcie wizytę, bo mąż..."."""
        whole = (0, len(self.reading.tokens))
        sentences = self.reading.sentences()[:_PARTS]
        yield whole
        yield from (part for part in sentences if part != whole)
        yield from self._tails(sentences)

    def _tails(self, sentences: Sequence[Part]) -> Iterator[Part]:
        """Ends of sentences that only a wish or a complaint stands before: nothing past, asked or denied."""
        turns = sorted(end + 1 for _, end in self.guards.places.get("turns", ()))
        for first, last in sentences:
            inside = [turn for turn in turns if first < turn and turn + _SHORTEST_TAIL <= last]
            plain = (turn for turn in inside if not self._any(_HARD, first, turn))
            yield from ((turn, last) for turn in islice(plain, _TAILS))

    def _any(self, names: Collection[str], first: int, last: int) -> bool:
        return any(_any_in(self.guards.places.get(name, ()), first, last) for name in names)

    def spared(self, first: int, last: int) -> bool:
        """Whether a sign of danger in a part was denied, or is long past."""
        spots = (hit for hits in self.hits.values() for hit in hits if first <= hit[0] < last)
        return any(self.guards.spare(hit, soft=False) for hit in spots)

    def guarded(self, first: int, last: int) -> bool:
        """Whether anything in a part speaks against a danger now."""
        return self._any(DOUBTS, first, last)

    def clauses(self) -> Iterator[Part]:
        """Danger may stand in half a line."""
        yield from self.reading.clauses()[:_PARTS]


def understand(text: str) -> Message:
    """The message as the rules see it."""
    known = book()
    reading = read(text, known.mender.mend)
    masked = _masked(reading.text, known.masks)
    if masked != reading.text:
        reading = replace(reading, text=masked, tokens=tuple(masked.split()))
    hits = {
        name: [(reading.token_at(start), reading.token_at(end - 1)) for start, end in spans]
        for name, spans in known.signs.spans(reading.text).items()
    }
    return Message(reading, hits, Guards(reading, known.guards.spans(reading.text)))


def _masked(text: str, masks: PhraseSet) -> str:
    """The text with harmless phrases struck out, at its old length."""
    for spans in masks.spans(text).values():
        for start, end in spans:
            struck = "".join("_" if char not in " ,." else char for char in text[start:end])
            text = text[:start] + struck + text[end:]
    return text


def _any_in(spots: Sequence[Hit], first: int, last: int) -> bool:
    return any(first <= start < last for start, _ in spots)
