"""Polish numerals: words to numbers and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from bot.language.morphology import Form, forms
from bot.language.text import fold

OrdinalKind = Literal["feminine", "genitive", "nominative", "other"]
"""Feminine forms tell hours, masculine genitives tell days of the month."""

# One spelling serves several cases: the reading that tells the most wins.
_RANK: dict[OrdinalKind | None, int] = {"feminine": 0, "genitive": 1, "nominative": 2, "other": 3, None: 4}
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True)
class Number:
    """A number in a text; `ordinal` when it was said as one („drugi”)."""

    value: int
    start: int
    end: int
    ordinal: bool = False


@dataclass(frozen=True)
class NumberWord:
    """One folded numeral: its value, the spellings that fold to it, and the ordinal's form."""

    value: int
    spellings: frozenset[str]
    kind: OrdinalKind | None = None

    @property
    def ordinal(self) -> bool:
        """Whether the word orders rather than counts."""
        return self.kind is not None


@lru_cache(maxsize=1)
def number_words() -> dict[str, NumberWord]:
    """Every inflected numeral below 101 that is one word, by its folded form."""
    data = _data()
    found: dict[str, NumberWord] = {}
    for value, lemma in [*data["cardinals"].items(), *data["collectives"].items()]:
        for form in forms(lemma):
            if form.pos in {"num", "adj", "subst", "numcol"}:
                _add(found, form.text, value, None)
        _add(found, lemma, value, None)
    for value, lemma in data["ordinals"].items():
        for form in forms(lemma):
            if form.pos == "adj" and ":sg:" in form.tag and form.tag.endswith(":pos"):
                _add(found, form.text, value, _ordinal_kind(form))
    return found


@lru_cache(maxsize=1)
def ordinal_suffixes() -> dict[str, OrdinalKind]:
    """Folded endings written beside digits: „15-tej” is feminine, „15-go” genitive, „15-tym” other."""
    kinds: list[OrdinalKind] = ["other", "genitive", "feminine"]
    return {fold(ending): kind for kind in kinds for ending in _data()[f"{kind}_suffixes"]}


def combine(tens: NumberWord, unit: NumberWord) -> NumberWord | None:
    """„dwadzieścia” + „pięć”, „dwudziestego” + „piątego”; None when they don't make one number.

    A cardinal ten with an ordinal unit („dwadzieścia piątego”) is accepted as colloquial; an ordinal ten
    with a cardinal is not a number but an hour with minutes („dwudziesta pięć”).
    """
    if not (20 <= tens.value <= 90 and tens.value % 10 == 0 and 1 <= unit.value <= 9):
        return None
    if tens.ordinal and not unit.ordinal:
        return None
    if not tens.ordinal and unit.kind == "feminine":  # „za dwadzieścia szósta”
        return None
    return NumberWord(tens.value + unit.value, frozenset(), unit.kind)


def find_number(text: str) -> Number | None:
    """The first whole number of the text, in digits or words, cardinal or ordinal."""
    return next(iter(find_numbers(text)), None)


def find_numbers(text: str) -> list[Number]:
    """All whole numbers of the text in order; numbers glued to letters („B12”) are skipped."""
    table = number_words()
    found: list[Number] = []
    previous: tuple[NumberWord, int, int] | None = None
    for match in _WORD.finditer(fold(text)):
        word, start, end = match.group(), match.start(), match.end()
        if word.isdigit():
            if not _glued(text, start, end) and len(word) <= 18:
                found.append(Number(int(word), start, end))
            previous = None
            continue
        entry = table.get(word)
        if entry is None:
            previous = None
            continue
        both = combine(previous[0], entry) if previous and text[previous[2] : start].isspace() else None
        if both and previous:
            found[-1] = Number(both.value, previous[1], end, both.ordinal)
        else:
            found.append(Number(entry.value, start, end, entry.ordinal))
        previous = (entry, start, end)
    return found


def cardinal(value: int) -> str:
    """The number in words, nominative („dwadzieścia pięć”); ValueError outside 0-199."""
    return _in_words(value, _data()["cardinals"], _data()["cardinals"])


def ordinal(value: int) -> str:
    """The ordinal in words, masculine nominative („dwudziesty piąty”); ValueError outside 1-100."""
    if not 1 <= value <= 100:
        raise ValueError(f"no ordinal for {value}")
    return _in_words(value, _data()["ordinals"], _data()["ordinals"])


def _in_words(value: int, table: dict[int, str], tens: dict[int, str]) -> str:
    if value in table:
        return table[value]
    if 20 < value < 100:
        return f"{tens[value - value % 10]} {table[value % 10]}"
    if 100 < value < 200:
        return f"{tens[100]} {_in_words(value - 100, table, tens)}"
    raise ValueError(f"no words for {value}")


def _glued(text: str, start: int, end: int) -> bool:
    return (start > 0 and text[start - 1].isalpha()) or (end < len(text) and text[end].isalpha())


def _ordinal_kind(form: Form) -> OrdinalKind:
    _, number, cases, genders = form.tag.split(":")[:4]
    if number == "sg" and genders == "f":
        return "feminine"
    if "gen" in cases.split("."):
        return "genitive"
    return "nominative" if "nom" in cases.split(".") else "other"


def _add(found: dict[str, NumberWord], text: str, value: int, kind: OrdinalKind | None) -> None:
    key = fold(text)
    known = found.get(key)
    if known is None:
        found[key] = NumberWord(value, frozenset({text}), kind)
    elif known.value == value:
        best = min(known.kind, kind, key=_RANK.__getitem__)
        found[key] = NumberWord(value, known.spellings | {text}, best)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = files("bot.language").joinpath("data/numbers.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
