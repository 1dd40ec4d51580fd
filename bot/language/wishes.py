"""A wish about time, said back to the patient."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from bot.language.spoken import (
    day_of,
    join_and,
    join_or,
    part_of_day,
    phrase,
    spoken_date,
    spoken_range,
    spoken_time,
    words_for,
)
from bot.language.times.model import WARSAW
from bot.language.times.moment import PARTS
from bot.language.times.when import When

_WORKDAYS = frozenset(range(1, 6))
_WEEKEND = frozenset({6, 7})
_WEEK = frozenset(range(1, 8))
_LAST_MINUTE = 59


def spoken_when(when: When, now: datetime) -> str:
    """„w przyszłym tygodniu, po 16:00, bez piątku”; ValueError for a naive `now`."""
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    today = now.astimezone(WARSAW).date()
    if when.options:
        said = [join_or([spoken_when(option, now) for option in when.options])]
    else:
        said = [*_days(when, today), *_hours(when)]
    said += _exclusions(when, today)
    if when.asap:
        said.insert(0, phrase("asap"))
    return ", ".join(said) or phrase("any_time")


def _days(when: When, today: date) -> list[str]:
    said = [_interval(when, today)] if when.date_from or when.date_to else []
    if when.dates:
        said = [join_or([spoken_date(day, today) for day in when.dates])]
    if when.weekdays:
        said.append(_weekdays(when.weekdays))
    return said


def _weekdays(weekdays: frozenset[int]) -> str:
    if weekdays == _WEEK:
        return phrase("every_day")
    if weekdays == _WORKDAYS:
        return phrase("workdays")
    if weekdays == _WEEKEND:
        return phrase("weekend_days")
    first, *others = sorted(weekdays)
    named = [words_for("weekdays_every", first), *(words_for("weekdays_plural", day) for day in others)]
    return join_and(named)


def _interval(when: When, today: date) -> str:
    first, last = when.date_from, when.date_to
    if first is None:
        return phrase("until_day", day=day_of(last, today)) if last else ""
    if last is None:
        return phrase("from_day", day=day_of(first, today))
    if first == last:
        return spoken_date(first, today)
    return _named(first, last, today) or spoken_range(first, last)


def _named(first: date, last: date, today: date) -> str | None:
    """The name of a week, a weekend or a month, when the interval is one (or what is left of it)."""
    monday = today - timedelta(today.isoweekday() - 1)
    saturday = monday + timedelta(5)
    week, weekend = timedelta(6), timedelta(1)
    names = {
        (monday, monday + week): "this_week",
        (today, monday + week): "this_week",
        (monday + timedelta(7), monday + timedelta(13)): "next_week",
        (saturday, saturday + weekend): "this_weekend",
        (saturday + timedelta(7), saturday + timedelta(8)): "next_weekend",
    }
    name = names.get((first, last))
    if name:
        return phrase(name)
    whole_month = first in (first.replace(day=1), today) and last.day == monthrange(last.year, last.month)[1]
    if whole_month and (first.year, first.month) == (last.year, last.month):
        year = "" if last.year == today.year else f" {last.year}"
        return words_for("months_in", last.month) + year
    return None


def _hours(when: When) -> list[str]:
    if when.exact_time:
        return [phrase("at", time=spoken_time(when.exact_time))]
    if when.time_from and when.time_to:
        return [_window(when.time_from, when.time_to)]
    if when.time_from:
        return [phrase("from", time=spoken_time(when.time_from))]
    if when.time_to:
        name = "before" if when.time_to.minute == _LAST_MINUTE else "until"
        return [phrase(name, time=_end(when.time_to))]
    return []


def _window(first: time, last: time) -> str:
    """A part of the day by its name, one hour by itself, any other window by its ends."""
    if first == last:
        return phrase("at", time=spoken_time(first))
    name = next((name for name, window in PARTS.items() if window == (first, last)), None)
    named = part_of_day(name) if name else None
    return named or phrase("between", first=spoken_time(first), last=_end(last))


def _end(moment: time) -> str:
    """11:59 is how "before 12:00" is kept."""
    if moment.minute != _LAST_MINUTE or moment.hour == 23:
        return spoken_time(moment)
    return spoken_time(time(moment.hour + 1))


def _exclusions(when: When, today: date) -> list[str]:
    left_out = [words_for("weekdays_genitive", day) for day in sorted(when.excluded_weekdays)]
    left_out += _excluded_dates(sorted(when.excluded_dates), today)
    said = [phrase("without", what=join_and(left_out))] if left_out else []
    for first, last in when.excluded_hours:
        said.append(phrase("without_hours", hours=_window(first, last)))
    return said


def _excluded_dates(days: list[date], today: date) -> list[str]:
    """Neighbouring days as ranges."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and runs[-1][1] + timedelta(1) == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [
        day_of(first, today)
        if first == last
        else phrase("range_short", first=day_of(first, today), last=day_of(last, today))
        for first, last in runs
    ]
