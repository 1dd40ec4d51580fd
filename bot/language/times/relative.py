"""A time said by another one: "tydzień później", "o tej samej porze", "tego samego dnia"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.language.cues import cue
from bot.language.numbers import find_numbers
from bot.language.text import folded_words
from bot.language.times.model import WARSAW
from bot.language.times.when import When

_NEAR_HOUR = timedelta(minutes=90)
"""How far "o tej samej porze" reaches."""
_STEP = timedelta(minutes=30)
"""How far an hour that was counted ("dwie godziny później") may be off."""
_A_FEW = (2, 5)
_REACH = 4
"""How many words around a unit say how many and which way."""


@dataclass(frozen=True, slots=True)
class _Shift:
    """So much sooner (negative) or later."""

    unit: str
    least: int
    most: int
    half: bool = False


def relative_wish(text: str, start: datetime) -> When | None:
    """What the text wishes by a visit that starts then (aware); None when it says nothing of the kind."""
    said = folded_words(text)
    local = start.astimezone(WARSAW)
    wish = _shifted(said, text, local)
    if wish is None and _same(said, "same_day"):
        wish = _same_day(said, local)
    if _same(said, "same_hour"):
        first = max(local - _NEAR_HOUR, local.replace(hour=0, minute=0)).time()
        last = min(local + _NEAR_HOUR, local.replace(hour=23, minute=59)).time()
        wish = replace(wish or When(), time_from=first, time_to=last)
    if wish is None and _other(said, "same_hour"):
        wish = _same_day(said, local)
    elif wish is None and cue("other_than_this").among(said) and cue("names_day").among(said):
        wish = When(excluded_dates=frozenset({local.date()}))
    return wish


def _same(said: tuple[str, ...] | list[str], what: str) -> bool:
    """ "O tej samej porze", "tego samego dnia": a word for the same right before the word for a time."""
    return any(
        cue("the_same").matches(word) and cue(what).among(said[at + 1 : at + 2])
        for at, word in enumerate(said)
    )


def _other(said: list[str], what: str) -> bool:
    """ "Inną godzinę": on the same day, when no other is named."""
    return any(
        cue("another").matches(word) and cue(what).among(said[at + 1 : at + 2])
        for at, word in enumerate(said)
    )


def _same_day(said: tuple[str, ...] | list[str], local: datetime) -> When:
    day = When(date_from=local.date(), date_to=local.date())
    if cue("not_so_soon").among(said):
        return replace(day, time_from=(local + timedelta(minutes=1)).time())
    if cue("sooner").among(said):
        return replace(day, time_to=(local - timedelta(minutes=1)).time())
    return day


def _shifted(said: tuple[str, ...] | list[str], text: str, local: datetime) -> When | None:
    shift = _shift(list(said), text)
    if shift is None:
        return None
    if shift.unit == "hour":
        return _by_hours(shift, local)
    days = {"day": 1, "week": 7, "month": 30}[shift.unit]
    first, last = sorted((shift.least * days, shift.most * days))
    spare = 3 if shift.unit == "month" else 0
    return When(
        date_from=local.date() + timedelta(days=first - spare),
        date_to=local.date() + timedelta(days=last + spare),
    )


def _by_hours(shift: _Shift, local: datetime) -> When:
    if shift.half:
        moved = timedelta(minutes=30 if shift.least > 0 else -30)
        bounds = (local + moved - timedelta(minutes=15), local + moved + timedelta(minutes=15))
    else:
        first, last = sorted((shift.least, shift.most))
        bounds = (local + timedelta(hours=first) - _STEP, local + timedelta(hours=last) + _STEP)
    day = local.date()
    if not all(bound.date() == day for bound in bounds):
        return When(date_from=day, date_to=day)
    return When(date_from=day, date_to=day, time_from=bounds[0].time(), time_to=bounds[1].time())


def _shift(said: list[str], text: str) -> _Shift | None:
    """The one shift that the words tell: how many of which unit, and which way."""
    for at, word in enumerate(said):
        unit = next(
            (name for name in ("hour", "day", "week", "month") if cue(f"unit_{name}").matches(word)), None
        )
        if unit is None:
            continue
        after, before = said[at + 1 : at + 1 + _REACH], said[max(0, at - _REACH) : at]
        way = _way(unit, after, before, said)
        if way == 0:
            continue
        least, most, half = _how_many(before)
        return _Shift(unit, way * least, way * most, half)
    return None


def _way(unit: str, after: list[str], before: list[str], said: list[str]) -> int:
    """1 later, -1 sooner, 0 neither: "za tydzień" and "na cały dzień" are no shifts."""
    if cue("sooner").among(after[:2]) or (cue("sooner").among(before) and cue("by").among(before[-2:])):
        return -1
    if cue("later").among(after[:2]) or (cue("later").among(before) and cue("by").among(before[-2:])):
        return 1
    if unit == "day" and cue("next_one").among(before[-1:]):
        return 1
    counted = before[-1:] if _counts(before[-1:]) else []
    by = before[-1 - len(counted) : len(before) - len(counted)]
    return 1 if cue("moving").among(said) and cue("by").among(by) else 0


def _counts(word: list[str]) -> bool:
    """Whether a word tells how many: "dwa", "pół", "parę"."""
    return cue("half").among(word) or cue("a_few").among(word) or bool(find_numbers(" ".join(word)))


def _how_many(before: list[str]) -> tuple[int, int, bool]:
    near = before[-2:]
    if cue("half").among(near):
        return 1, 1, True
    if cue("a_few").among(near):
        return (*_A_FEW, False)
    numbers = [number.value for number in find_numbers(" ".join(near)) if 0 < number.value < 60]
    count = numbers[-1] if numbers else 1
    return count, count, False
