"""From single expressions to one wish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.language.times.model import WARSAW, TimeExpression
from bot.language.times.when import When

_LONGEST_EXCLUSION = 92
_LOWER = ("from", "after")
_UPPER = ("until", "before")


def to_when(expressions: Sequence[TimeExpression], now: datetime) -> When | None:
    """One wish from the expressions of a message; None when nothing in them can be used.

    What does not exist is left out, and so is the date that a visit is moved away from, unless it is the
    only one („ten z 4 grudnia”).
    """
    possible = [said for said in expressions if not said.impossible]
    usable = [said for said in possible if said.relation != "origin"]
    if not any(not said.excluded for said in usable):
        usable = possible
    if not usable:
        return None
    wanted = [said for said in usable if not said.excluded and not _only_asap(said)]
    wish = _wanted(wanted)
    for said in usable:
        if said.excluded:
            wish = _without(wish, said, now)
    dated = [said for said in wanted if _dated(said)]
    floating = bool(dated) and all(said.floating for said in dated)
    return replace(wish, asap=any(said.asap for said in usable), floating=floating)


def _only_asap(said: TimeExpression) -> bool:
    return said.asap and not _dated(said) and not _timed(said)


def _wanted(wanted: list[TimeExpression]) -> When:
    dated = [said for said in wanted if _dated(said)]
    hours = [said for said in wanted if not _dated(said)]
    if not dated:
        return _hours(hours)
    if len(dated) == 1:
        return _one_day(dated[0], hours)
    return _several_days(dated, hours)


def _one_day(day: TimeExpression, hours: list[TimeExpression]) -> When:
    readings = [_single(reading) for reading in (day, *day.alternatives)]
    if hours and not _timed(day):
        window = _hours(hours)
        if window.options:
            return replace(readings[0], options=window.options)
        readings = [_with_hours(reading, window) for reading in readings]
    return replace(readings[0], ambiguous=tuple(dict.fromkeys(readings[1:])))


def _hours(hours: list[TimeExpression]) -> When:
    if not hours:
        return When()
    lower = next((said for said in hours if said.relation in _LOWER), None)
    upper = next((said for said in hours if said.relation in _UPPER), None)
    if len(hours) == 2 and lower and upper:
        return When(time_from=lower.time_from, time_to=upper.time_to)
    first, *others = [_single(said) for said in hours]
    if others:
        return When(options=tuple(dict.fromkeys((first, *others))))
    return replace(first, ambiguous=tuple(_single(other) for other in hours[0].alternatives))


def _several_days(dated: list[TimeExpression], hours: list[TimeExpression]) -> When:
    lower = next((said for said in dated if said.relation in _LOWER), None)
    upper = next((said for said in dated if said.relation in _UPPER), None)
    window = _shared_hours(dated, hours)
    if len(dated) == 2 and lower and upper and window is not None:
        return _with_hours(When(date_from=lower.date_from, date_to=upper.date_to), window)
    if window is not None and all(_one_date(said) for said in dated):
        days = tuple(dict.fromkeys(said.date_from for said in dated if said.date_from))
        base = When(dates=days) if len(days) > 1 else When(date_from=days[0], date_to=days[0])
        return _with_hours(base, window)
    if window is not None and all(said.weekdays and not said.date_from for said in dated):
        together = frozenset().union(*(said.weekdays for said in dated))
        return _with_hours(When(weekdays=together), window)
    options = [_single(said) for said in dated]
    if window is not None:
        options = [_with_hours(option, window) for option in options]
    return When(options=tuple(dict.fromkeys(options)))


def _shared_hours(dated: list[TimeExpression], hours: list[TimeExpression]) -> When | None:
    """Hours said once for all days (apart, or behind the last day); None when days have their own."""
    timed = [said for said in dated if _timed(said)]
    if not timed:
        window = _hours(hours)
        return None if window.options else replace(window, ambiguous=())
    if len(timed) == 1 and timed[0] is dated[-1] and not hours:
        single = _single(timed[0])
        return When(time_from=single.time_from, time_to=single.time_to, exact_time=single.exact_time)
    return None


def _single(said: TimeExpression) -> When:
    exact = said.time_from if said.time_from and said.time_from == said.time_to else None
    return When(
        date_from=said.date_from,
        date_to=said.date_to,
        weekdays=said.weekdays,
        time_from=None if exact else said.time_from,
        time_to=None if exact else said.time_to,
        exact_time=exact,
    )


def _with_hours(day: When, window: When) -> When:
    return replace(day, time_from=window.time_from, time_to=window.time_to, exact_time=window.exact_time)


def _without(wish: When, said: TimeExpression, now: datetime) -> When:
    if _timed(said) and not _dated(said) and said.time_from and said.time_to:
        return replace(wish, excluded_hours=(*wish.excluded_hours, (said.time_from, said.time_to)))
    if said.weekdays and not said.date_from and not _timed(said):
        return replace(wish, excluded_weekdays=wish.excluded_weekdays | said.weekdays)
    if _timed(said):
        return wish
    first = said.date_from or now.astimezone(WARSAW).date()
    return replace(wish, excluded_dates=wish.excluded_dates | _dates(first, said.date_to))


def _dates(first: date, last: date | None) -> frozenset[date]:
    end = min(last or date.max, first + timedelta(_LONGEST_EXCLUSION))
    return frozenset(first + timedelta(step) for step in range((end - first).days + 1))


def _dated(said: TimeExpression) -> bool:
    return bool(said.date_from or said.date_to or said.weekdays)


def _timed(said: TimeExpression) -> bool:
    return bool(said.time_from or said.time_to)


def _one_date(said: TimeExpression) -> bool:
    return said.date_from is not None and said.date_from == said.date_to
