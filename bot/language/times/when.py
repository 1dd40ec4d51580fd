"""When a patient wants a visit: everything said about time so far, as one constraint on slots."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.language.times.model import WARSAW, clock, iso, parse_date, parse_time

_A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class When:
    """A wish about time; wall-clock values are Europe/Warsaw, ends of intervals are inclusive.

    `dates` are explicit alternatives and win over the interval. `weekdays` are ISO 1-7; empty means any.
    `exact_time` is an hour named exactly, `time_from`/`time_to` a window of starting times. `options` are
    several complete wishes of which any one is fine („jutro rano albo w piątek po 16”). `floating`: the days
    are bare days of the week („czwartek”), which fit a week asked for before. `ambiguous` holds the other
    readings of what was said; `should_ask` tells whether they differ in the day.
    """

    date_from: date | None = None
    date_to: date | None = None
    dates: tuple[date, ...] = ()
    weekdays: frozenset[int] = field(default_factory=frozenset)
    excluded_weekdays: frozenset[int] = field(default_factory=frozenset)
    excluded_dates: frozenset[date] = field(default_factory=frozenset)
    time_from: time | None = None
    time_to: time | None = None
    exact_time: time | None = None
    excluded_hours: tuple[tuple[time, time], ...] = ()
    asap: bool = False
    ambiguous: tuple[When, ...] = ()
    options: tuple[When, ...] = ()
    floating: bool = False

    @property
    def has_day(self) -> bool:
        """Whether a day, an interval of days or days of the week were named."""
        return bool(self.date_from or self.date_to or self.dates or self.weekdays or self.options)

    @property
    def has_hours(self) -> bool:
        """Whether an hour or a window of hours was named."""
        return bool(self.time_from or self.time_to or self.exact_time)

    @property
    def should_ask(self) -> bool:
        """Whether the other readings mean another day, so that only the patient can tell."""
        return any(_days(other) != _days(self) for other in self.ambiguous)

    def allows(self, start: datetime) -> bool:
        """Whether a slot starting then fits; raises ValueError for a naive datetime."""
        if start.tzinfo is None:
            raise ValueError("start must be aware")
        local = start.astimezone(WARSAW)
        if not self._allows_day(local.date()) or not self._allows_hour(local.time()):
            return False
        return not self.options or any(option.allows(start) for option in self.options)

    def _allows_day(self, day: date) -> bool:
        if day in self.excluded_dates or day.isoweekday() in self.excluded_weekdays:
            return False
        if self.weekdays and day.isoweekday() not in self.weekdays:
            return False
        if self.dates:
            return day in self.dates
        if self.date_from and day < self.date_from:
            return False
        return not (self.date_to and day > self.date_to)

    def _allows_hour(self, moment: time) -> bool:
        minute = moment.replace(second=0, microsecond=0)
        if any(_inside(minute, first, last) for first, last in self.excluded_hours):
            return False
        if self.exact_time:
            return minute == self.exact_time
        if self.time_from and self.time_to:
            return _inside(minute, self.time_from, self.time_to)
        if self.time_from and minute < self.time_from:
            return False
        return not (self.time_to and minute > self.time_to)

    def merge(self, other: When) -> When:
        """This wish refined or corrected by a later one.

        A new day replaces the day and keeps the hours, new hours keep the day, exclusions add up; a day
        asked for again is no longer excluded. "As soon as possible" drops the end of an interval only
        when nothing else was said.
        """
        merged, other = self, self._in_this_week(other)
        if other.options:
            merged = replace(
                other, excluded_weekdays=self.excluded_weekdays, excluded_dates=self.excluded_dates
            )
        elif other.has_day:
            merged = replace(
                merged,
                date_from=other.date_from,
                date_to=other.date_to,
                dates=other.dates,
                weekdays=other.weekdays,
                options=(),
                asap=False,
                floating=other.floating,
            )
        if other.has_hours and not other.options:
            merged = replace(
                merged,
                time_from=other.time_from,
                time_to=other.time_to,
                exact_time=other.exact_time,
                options=(),
            )
        wanted_days = other.weekdays | {day.isoweekday() for day in _named_days(other)}
        result = replace(
            merged,
            excluded_weekdays=(self.excluded_weekdays - wanted_days) | other.excluded_weekdays,
            excluded_dates=(self.excluded_dates - set(_named_days(other))) | other.excluded_dates,
            excluded_hours=() if other.has_hours else self.excluded_hours + other.excluded_hours,
            asap=merged.asap or other.asap,
            ambiguous=(),
        )
        return replace(result, ambiguous=self._other_readings(other, result))

    def _in_this_week(self, other: When) -> When:
        """A bare „czwartek” after „w przyszłym tygodniu”, or a day of that week, is that week's."""
        first, last = self.date_from, self.date_to
        if first is not None and first == last:
            first, last = _later_week(first, _named_days(other))
        if not other.floating or first is None or last is None or not timedelta(0) < last - first < _A_WEEK:
            return other
        week = [first + timedelta(n) for n in range((last - first).days + 1)]
        named = _named_days(other)
        days = tuple(day for day in week if day.isoweekday() in {one.isoweekday() for one in named})
        if not days or any(first <= one <= last for one in named):
            return other
        single = days[0] if len(days) == 1 else None
        dates = () if single else days
        return replace(other, date_from=single, date_to=single, dates=dates, floating=False, ambiguous=())

    def _other_readings(self, other: When, result: When) -> tuple[When, ...]:
        """Readings of either message that the other one has not settled."""
        bare, later = replace(self, ambiguous=()), replace(other, ambiguous=())
        readings = [bare.merge(reading) for reading in other.ambiguous]
        readings += [reading.merge(later) for reading in self.ambiguous]
        return tuple(reading for reading in dict.fromkeys(readings) if reading != result)

    def is_past(self, now: datetime) -> bool:
        """Whether no moment from now on can fit; raises ValueError for a naive `now`."""
        if now.tzinfo is None:
            raise ValueError("now must be aware")
        if self.options:
            return all(option.is_past(now) for option in self.options)
        local = now.astimezone(WARSAW)
        last = max(self.dates) if self.dates else self.date_to
        if last is None or last > local.date():
            return False
        latest = self.exact_time or self.time_to
        return last < local.date() or (latest is not None and latest < local.time())

    def to_json(self) -> dict[str, Any]:
        """Plain data for a slot; `from_json` restores an equal object."""
        return {
            "date_from": iso(self.date_from),
            "date_to": iso(self.date_to),
            "dates": [day.isoformat() for day in self.dates],
            "weekdays": sorted(self.weekdays),
            "excluded_weekdays": sorted(self.excluded_weekdays),
            "excluded_dates": [day.isoformat() for day in sorted(self.excluded_dates)],
            "time_from": clock(self.time_from),
            "time_to": clock(self.time_to),
            "exact_time": clock(self.exact_time),
            "excluded_hours": [[clock(first), clock(last)] for first, last in self.excluded_hours],
            "asap": self.asap,
            "ambiguous": [reading.to_json() for reading in self.ambiguous],
            "options": [option.to_json() for option in self.options],
            "floating": self.floating,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> When:
        """Restore what `to_json` wrote; keys that are missing take their defaults."""
        return cls(
            date_from=parse_date(data.get("date_from")),
            date_to=parse_date(data.get("date_to")),
            dates=tuple(date.fromisoformat(day) for day in data.get("dates", ())),
            weekdays=frozenset(data.get("weekdays", ())),
            excluded_weekdays=frozenset(data.get("excluded_weekdays", ())),
            excluded_dates=frozenset(date.fromisoformat(day) for day in data.get("excluded_dates", ())),
            time_from=parse_time(data.get("time_from")),
            time_to=parse_time(data.get("time_to")),
            exact_time=parse_time(data.get("exact_time")),
            excluded_hours=tuple(
                (time.fromisoformat(first), time.fromisoformat(last))
                for first, last in data.get("excluded_hours", ())
            ),
            asap=bool(data.get("asap", False)),
            ambiguous=tuple(cls.from_json(reading) for reading in data.get("ambiguous", ())),
            options=tuple(cls.from_json(option) for option in data.get("options", ())),
            floating=bool(data.get("floating", False)),
        )


def _inside(moment: time, first: time, last: time) -> bool:
    """Whether a window holds the moment; a window may go over midnight."""
    if first <= last:
        return first <= moment <= last
    return moment >= first or moment <= last


def _named_days(when: When) -> tuple[date, ...]:
    if when.dates:
        return when.dates
    if when.date_from and when.date_from == when.date_to:
        return (when.date_from,)
    return ()


def _later_week(day: date, named: tuple[date, ...]) -> tuple[date | None, date | None]:
    """The week of `day` when the named days would come in an earlier one; nothing otherwise."""
    monday = day - timedelta(day.weekday())
    if not named or max(named) >= monday:
        return None, None
    return monday, monday + timedelta(6)


def _days(when: When) -> tuple[object, ...]:
    return (when.date_from, when.date_to, when.dates, when.weekdays)
