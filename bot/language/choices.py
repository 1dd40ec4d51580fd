"""Choosing from a numbered list („ten drugi”, „obojętnie który”)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from bot.language.morphology import forms
from bot.language.numbers import Number, find_numbers
from bot.language.text import Word, fold, words
from bot.language.times.lexicon import lexicon

# Hours, dates and amounts: a number in there is no position.
_COMPOUND = re.compile(r"\d+(?:[.,:/-]\d+)+|\d{3,}|\d+\s?(?:%|°)")
_LAST, _PENULTIMATE = -1, -2
_MONTH_CATEGORIES = frozenset({"month", "month_short"})
_UNIT_CATEGORIES = frozenset({"unit", "day", "week", "month_unit", "year", "hours", "minute"})


@dataclass(frozen=True)
class Choice:
    """What was picked: `index` counts from zero; `any` when every position is as good."""

    index: int | None
    any: bool = False


@dataclass(frozen=True)
class _Words:
    """The vocabulary of picking, folded."""

    any: tuple[tuple[str, ...], ...]
    last: frozenset[str]
    penultimate: frozenset[str]
    middle: frozenset[str]
    nouns: dict[str, int]
    labels: frozenset[str]
    around: frozenset[str]
    not_before: frozenset[str]
    not_after: frozenset[str]
    negation: frozenset[str]


def find_choice(text: str, count: int) -> Choice | None:
    """The pick from a list of `count` positions, or None when the text picks none of them.

    Two different picks, a position beyond the list, and numbers that tell hours, dates or amounts give
    None; a pick that is only ruled out („nie pierwszy, tylko drugi”) is left out.
    """
    said = words(text)
    if count < 1 or not said:
        return None
    picks = {
        position if position >= 0 else count + position
        for position, at in _positions(text, said, count)
        if not _negated(text, said, at)
    }
    if len(picks) == 1:
        index = picks.pop()
        return Choice(index) if 0 <= index < count else None
    if not picks and _has_phrase(said, _words().any):
        return Choice(None, any=True)
    return None


def _positions(text: str, said: list[Word], count: int) -> list[tuple[int, int]]:
    """Positions (from zero, or negative from the end) with the place of the word that tells them."""
    table = _words()
    found: list[tuple[int, int]] = []
    for at, word in enumerate(said):
        if word.folded in table.nouns and not _weekday(word):
            found.append((table.nouns[word.folded] - 1, at))
        elif _names_other(said, at, at):
            continue
        elif word.folded in table.last:
            found.append((_LAST, at))
        elif word.folded in table.penultimate:
            found.append((_PENULTIMATE, at))
        elif word.folded in table.middle and count % 2:
            found.append((count // 2, at))
    return found + _numbered(text, said)


def _weekday(word: Word) -> bool:
    """ "Piątek" is a day before it is many fives."""
    entry = lexicon().find(word.text, word.folded)
    return entry is not None and entry.category == "wday"


def _numbered(text: str, said: list[Word]) -> list[tuple[int, int]]:
    compounds = [match.span() for match in _COMPOUND.finditer(text)]
    found = []
    for number in find_numbers(text):
        first = next((at for at, word in enumerate(said) if word.end > number.start), len(said) - 1)
        last = next((at for at, word in enumerate(said) if word.end >= number.end), first)
        inside = any(start < number.end and number.start < end for start, end in compounds)
        if number.value and not inside and _is_position(number, said, first, last):
            found.append((number.value - 1, first))
    return found


def _is_position(number: Number, said: list[Word], first: int, last: int) -> bool:
    table = _words()
    if _names_other(said, first, last):
        return False
    if number.ordinal:
        return True
    if first > 0 and said[first - 1].folded in table.labels:
        return True
    others = [word.folded for at, word in enumerate(said) if not first <= at <= last]
    return all(word in table.around or word in table.negation for word in others)


def _names_other(said: list[Word], first: int, last: int) -> bool:
    """Whether the words around make it an hour, a date, an age or a count."""
    table = _words()
    if first > 0 and said[first - 1].folded in table.not_after:
        return True
    if last + 1 >= len(said):
        return False
    following = said[last + 1]
    entry = lexicon().find(following.text, following.folded)
    timed = entry is not None and entry.category in _MONTH_CATEGORIES | _UNIT_CATEGORIES
    return timed or following.folded in table.not_before


def _negated(text: str, said: list[Word], at: int) -> bool:
    """Whether a „nie” stands one or two words before, in the same breath."""
    for before in said[max(0, at - 2) : at]:
        breath = text[before.end : said[at].start]
        if before.folded in _words().negation and not any(mark in breath for mark in ",.;:-–"):
            return True
    return False


def _has_phrase(said: list[Word], phrases: tuple[tuple[str, ...], ...]) -> bool:
    folded = [word.folded for word in said]
    return any(
        tuple(folded[at : at + len(phrase)]) == phrase for phrase in phrases for at in range(len(folded))
    )


@lru_cache(maxsize=1)
def _words() -> _Words:
    text = files("bot.language").joinpath("data/choices.yml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    sets = {
        name: frozenset(map(fold, data[name]))
        for name in (
            "last",
            "penultimate",
            "middle",
            "labels",
            "around",
            "not_before",
            "not_after",
            "negation",
        )
    }
    nouns = {fold(form.text): value for value, lemma in data["nouns"].items() for form in forms(lemma)}
    phrases = tuple(tuple(fold(phrase).split()) for phrase in data["any"])
    return _Words(any=phrases, nouns=nouns, **sets)
