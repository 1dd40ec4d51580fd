"""Amounts of money in Polish: „1 200,50 zł”, „tysiąc dwieście”, „dwie faktury po 400”. In PLN."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from bot.language.cues import Cue
from bot.language.data import load
from bot.language.morphology import forms
from bot.language.numbers import number_words
from bot.language.text import fold

_TOKEN = re.compile(
    r"\d{1,3}(?:[\s.]\d{3})+(?:,\d{1,2})?(?!\d)"  # 1 200,50
    r"|\d+(?:[.,]\d{1,2})?(?![\d-])"
    r"|[^\W\d_]+|%|[€$£]"
)
_CLAUSES = re.compile(r"[;.?!](?=\s|$)|,\s|\b(?:a|ale|wi[ęe]c|oraz)\b")
_SMALLEST_BARE = Decimal(15)
"""A number without "zł" under this counts things, not money."""
_LARGEST = Decimal(1_000_000)
_YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Amount:
    """``count`` times ``value``; ``foreign`` when it is not in PLN; ``stated`` when a currency was said."""

    value: Decimal
    count: int = 1
    foreign: bool = False
    stated: bool = False

    @property
    def total(self) -> Decimal:
        """All of them together."""
        return self.value * self.count


class _Number(NamedTuple):
    value: Decimal
    start: int
    """Tokens, the end exclusive."""
    end: int


def find_amounts(text: str, *, bare: bool = False) -> list[Amount]:
    """Amounts in order; `bare` also takes numbers without a currency („zwrot 1000”)."""
    tokens = _TOKEN.findall(fold(text))
    found: list[Amount] = []
    numbers = list(_numbers(tokens))
    for at, number in enumerate(numbers):
        amount = _amount(tokens, number, numbers[at - 1] if at else None, bare=bare)
        if amount is not None:
            found.append(amount)
    return found


def clauses(text: str) -> list[str]:
    """Pieces that may each name a sum of their own: „dostałem już 300 zł | mam fakturę na 500”."""
    return _CLAUSES.split(text)


def _amount(tokens: list[str], number: _Number, before: _Number | None, *, bare: bool) -> Amount | None:
    after = tokens[number.end] if number.end < len(tokens) else ""
    foreign = _is("other_currency", after) or after in {"€", "$", "£"}
    stated = _is("currency", after) or foreign
    if not stated and (not bare or not _may_be_money(tokens, number, after)):
        return None
    value = number.value + (_cents(tokens, number.end + 1) if stated else Decimal(0))
    if not Decimal(0) < value <= _LARGEST:
        return None
    return Amount(value, _times(tokens, number, before), foreign, stated)


def _may_be_money(tokens: list[str], number: _Number, after: str) -> bool:
    if number.value < _SMALLEST_BARE or after == "%":
        return False
    if any(_is(name, after) for name in ("not_money", "counted", "cents")):
        return False
    before = tokens[number.start - 1] if number.start else ""
    return not (number.value in _YEARS and (before in {"w", "z", "na"} or _is("not_money", before)))


def _cents(tokens: list[str], at: int) -> Decimal:
    """ "i 50 groszy" behind the currency."""
    rest = tokens[at : at + 3]
    if rest and rest[0] == "i":
        rest = rest[1:]
    if len(rest) > 1 and rest[0].isdigit() and _is("cents", rest[1]):
        return Decimal(rest[0]) / 100
    return Decimal(0)


def _times(tokens: list[str], number: _Number, before: _Number | None) -> int:
    """ "dwie faktury po 400", "4x150": how many of them."""
    if before is None or before.value != int(before.value) or not 1 < before.value <= 50:
        return 1
    between = tokens[before.end : number.start]
    if between in (["x"], ["razy"]) or (
        between and _is("each", between[-1]) and len(between) <= 4 and not _is("currency", between[0])
    ):
        return int(before.value)
    return 1


def _numbers(tokens: list[str]) -> Iterator[_Number]:
    """Numbers in digits and words, each as long as it can be."""
    at = 0
    while at < len(tokens):
        number = _read(tokens, at)
        if number is None:
            at += 1
        else:
            yield number
            at = number.end


def _read(tokens: list[str], start: int) -> _Number | None:
    """The number that begins at a token: thousands, then hundreds, tens and units going down."""
    total = chunk = Decimal(0)
    smallest = Decimal(1000)
    at = start
    while at < len(tokens):
        token = tokens[at]
        if _is("thousand", token) and (at > start or len(token) > 2):
            total, chunk, smallest = total + (chunk or 1) * 1000, Decimal(0), Decimal(1000)
        elif _is("hundred", token):
            total, chunk, smallest = total + (chunk or 1) * 100, Decimal(0), Decimal(100)
        else:
            value = _value(token)
            if value is None or (at > start and not _continues(token, value, smallest, tokens[at - 1])):
                break
            chunk += value
            smallest = _size(value)
        at += 1
    return _Number(total + chunk, start, at) if at > start else None


def _continues(token: str, value: Decimal, smallest: Decimal, before: str) -> bool:
    """Whether a word goes on with the number: "dwieście | pięćdziesiąt", not "dwa | trzy"."""
    if token[0].isdigit():
        return _is("thousand", before) and value < 1000
    return value < smallest and not before[0].isdigit()


def _size(value: Decimal) -> Decimal:
    """What the next word must be smaller than."""
    if value >= 100:
        return Decimal(100)
    return Decimal(10) if value >= 20 and value % 10 == 0 else Decimal(0)


def _value(token: str) -> Decimal | None:
    if token[0].isdigit():
        whole, _, rest = re.sub(r"\s", "", token).partition(",")
        if re.fullmatch(r"\d{1,3}(\.\d{3})+", whole):
            whole = whole.replace(".", "")
        return Decimal(f"{whole}.{rest}" if rest else whole)
    if _is("half_more", token):
        return Decimal("1.5")
    if token in _hundreds():
        return Decimal(_hundreds()[token])
    word = number_words().get(token)
    return Decimal(word.value) if word is not None and not word.ordinal and word.value else None


def _is(name: str, token: str) -> bool:
    return bool(token) and _words(name).matches(token)


@lru_cache(maxsize=16)
def _words(name: str) -> Cue:
    entries: list[str] = _data()[name]
    return Cue(
        frozenset(entry for entry in entries if not entry.endswith("*")),
        tuple(entry.removesuffix("*") for entry in entries if entry.endswith("*")),
    )


@lru_cache(maxsize=1)
def _hundreds() -> dict[str, int]:
    """Every form of 200-900, folded."""
    return {
        fold(text): value
        for value, lemma in _data()["hundreds"].items()
        for text in (lemma, *(form.text for form in forms(lemma)))
    }


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return load("amounts")
