"""What a patient hears in replies, as values: "17.30" and "17:30" are one time, every case one name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.language.cases import Case
from bot.language.inflection import inflect
from bot.language.surnames import surname
from bot.language.terms import Gender
from bot.language.text import fold
from bot.language.times.model import WARSAW

_MONTHS = ("stycz", "lut", "mar", "kwie", "maj", "czerw", "lip", "sierp", "wrze", "pazdz", "listopad", "grud")
_SPOKEN = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\w*(?: (\d{{4}}))?")
_SHORT = re.compile(r"\b(?:pon|wt|sr|czw|pt|sob|niedz|nd)\w*\.? (\d{1,2})\.(\d{1,2})\b")
_TIME = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b|\b(?:o|godz\.?|do|od|po) ([01]?\d|2[0-3])\.([0-5]\d)\b")
_MONEY = re.compile(r"\b(\d{1,3}(?:[  ]\d{3})+|\d+)(?:,(\d{1,2}))? ?zl\b")
_HOURS = re.compile(r"\b(\d+) godzin\w*(?: i (\d+) minut\w*)?")
_MINUTES = re.compile(r"\b(\d+) minut\w*")
_NUMBER = re.compile(r"\b\d+\b")
_PHONE = re.compile(r"(?<![\d•])\+?\d(?:[ -]?\d){5,11}(?![\d•])")
_NEAR = {"dzis": 0, "dzisiaj": 0, "jutro": 1, "pojutrze": 2}
_PAST = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Heard:
    """Facts of some replies."""

    folded: str
    dates: frozenset[date]
    times: frozenset[str]
    amounts: frozenset[Decimal]
    minutes: frozenset[int]
    """Durations."""
    numbers: frozenset[int]
    phones: frozenset[str]
    """Digits only."""

    def names(self, name: str) -> bool:
        """Whether a name is said, in any case: each of its words as it stands or inflected."""
        return any(form in self.folded for form in _forms(name))

    def surname(self, name: str, gender: str) -> bool:
        """Whether a doctor's surname is said, in any case."""
        forms = {fold(form) for case in Case for form in (surname(name, _gender(gender))[case][:1])}
        return any(re.search(rf"\b{re.escape(form)}\b", self.folded) for form in forms | {fold(name)})


def hear(texts: Iterable[str], now: datetime) -> Heard:
    """Facts out of texts; a day without a year is the one nearest to `now` that makes sense."""
    folded = fold("\n".join(texts)).replace("\xa0", " ")
    today = now.astimezone(WARSAW).date()
    dates = {_nearest(int(m[1]), _MONTHS.index(m[2]) + 1, m[3], today) for m in _SPOKEN.finditer(folded)}
    dates |= {_nearest(int(m[1]), int(m[2]), None, today) for m in _SHORT.finditer(folded)}
    dates |= {
        today + timedelta(days=days) for word, days in _NEAR.items() if re.search(rf"\b{word}\b", folded)
    }
    times = {f"{int(m[1] or m[3]):02d}:{m[2] or m[4]}" for m in _TIME.finditer(folded)}
    amounts = {_money(m[1], m[2]) for m in _MONEY.finditer(folded)}
    minutes = {int(m[1]) * 60 + int(m[2] or 0) for m in _HOURS.finditer(folded)}
    minutes |= {int(m[1]) for m in _MINUTES.finditer(folded)}
    return Heard(
        folded=folded,
        dates=frozenset(day for day in dates if day is not None),
        times=frozenset(times),
        amounts=frozenset(amounts),
        minutes=frozenset(minutes),
        numbers=frozenset(int(m[0]) for m in _NUMBER.finditer(folded)),
        phones=frozenset(re.sub(r"\D", "", m[0]) for m in _PHONE.finditer(folded)),
    )


def _nearest(day: int, month: int, year: str | None, today: date) -> date | None:
    for candidate in (int(year),) if year else (today.year, today.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= today - _PAST:
            return found
    return None


def _money(whole: str, rest: str | None) -> Decimal:
    return Decimal(re.sub(r"\D", "", whole)) + Decimal((rest or "0").ljust(2, "0")) / 100


def _forms(name: str) -> set[str]:
    return {fold(name)} | {fold(inflect(name, case)) for case in Case}


def _gender(gender: str) -> Gender:
    return "f" if gender == "f" else "m"
