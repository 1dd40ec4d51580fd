"""Items that the grammar works on, and how its patterns are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.language.times.draft import Draft
from bot.language.times.moment import Clock, Moment
from bot.language.times.patterns import code, compile_pattern, first_codes


@dataclass(frozen=True)
class Item:
    """A word, a number or a recognised part, with offsets into the raw text."""

    category: str
    start: int
    end: int
    text: str = ""
    value: int = 0
    name: str = ""
    digits: bool = False
    spelling: str = ""  # of a word, as the patient wrote it
    draft: Draft | None = None
    clock: Clock | None = None


@dataclass(frozen=True)
class Found:
    """A pattern that matched: the items of its groups and the moment of reading."""

    items: Sequence[Item]
    first: int
    match: re.Match[str]
    moment: Moment

    def group(self, number: int) -> Sequence[Item]:
        """Items of a capturing group, empty when it took no part."""
        start, end = self.match.span(number)
        return self.items[start:end] if start >= 0 else ()

    def one(self, number: int) -> Item | None:
        """First item of a group."""
        taken = self.group(number)
        return taken[0] if taken else None

    def value(self, number: int) -> int | None:
        """Value of the first item of a group."""
        item = self.one(number)
        return item.value if item else None

    def draft(self, number: int) -> Draft:
        """Reading of the first item of a group that has one."""
        return next(item.draft for item in self.group(number) if item.draft is not None)

    @property
    def all(self) -> Sequence[Item]:
        """Everything that the pattern covers."""
        return self.items[self.match.start() : self.match.end()]

    @property
    def after(self) -> Item | None:
        """The item right behind the match."""
        end = self.match.end()
        return self.items[end] if end < len(self.items) else None

    @property
    def before(self) -> Item | None:
        """The item right in front of the match."""
        start = self.match.start()
        return self.items[start - 1] if start > 0 else None


Result = Draft | Clock | list[Item] | None
Builder = Callable[[Found], Result]


@dataclass(frozen=True)
class Rule:
    """A pattern over categories, the category of what it makes, and the builder (None refuses)."""

    pattern: re.Pattern[str]
    category: str
    build: Builder


def rule(pattern: str, category: str, build: Builder, **macros: str) -> Rule:
    """A rule from a pattern of category names; macros are written out first."""
    for name, text in macros.items():
        pattern = pattern.replace(name, text)
    return Rule(compile_pattern(pattern), category, build)


class Grammar:
    """Rules looked up by the category that they can start with."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._by_code: dict[str, list[tuple[int, Rule]]] = {}
        for order, candidate in enumerate(rules):
            for first in first_codes(candidate.pattern.pattern):
                self._by_code.setdefault(first, []).append((order, candidate))

    def reduce(self, items: list[Item], moment: Moment) -> list[Item]:
        """One pass from left to right; at each place the longest rule that builds something wins."""
        codes = "".join(code(item.category) for item in items)
        reduced: list[Item] = []
        at = 0
        while at < len(items):
            taken = self._longest(items, codes, at, moment)
            if taken is None:
                reduced.append(items[at])
                at += 1
            else:
                made, at = taken
                reduced.extend(made)
        return reduced

    def _longest(
        self, items: list[Item], codes: str, at: int, moment: Moment
    ) -> tuple[list[Item], int] | None:
        matches = []
        for order, candidate in self._by_code.get(codes[at], ()):
            match = candidate.pattern.match(codes, at)
            if match and match.end() > at:
                matches.append((-match.end(), order, candidate, match))
        for _, _, candidate, match in sorted(matches, key=lambda found: found[:2]):
            result = candidate.build(Found(items, at, match, moment))
            if result is not None:
                return _made(result, candidate.category, items, at, match.end()), match.end()
        return None


def _made(result: Result, category: str, items: list[Item], at: int, end: int) -> list[Item]:
    start, stop = items[at].start, items[end - 1].end
    if isinstance(result, Draft):
        return [Item(category, start, stop, draft=result)]
    if isinstance(result, Clock):
        return [Item(category, start, stop, clock=result)]
    return result if isinstance(result, list) else []
