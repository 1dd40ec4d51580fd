"""What was said about time: one `TimeExpression` for each place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")

Grain = Literal["minute", "hour", "part", "day", "weekend", "week", "month", "year", "open"]
Relation = Literal["at", "from", "after", "before", "until", "between", "around", "origin"]
Prefer = Literal["future", "past"]


@dataclass(frozen=True)
class TimeExpression:
    """One time expression with its reading.

    Dates and times are wall-clock in Europe/Warsaw; both ends of both intervals are inclusive, an open
    end is None. `alternatives` holds the other readings of an ambiguous expression, best first.
    `impossible` marks what does not exist (31 February, 02:30 in the night of the change to summer time);
    its dates are None, it is never moved to a neighbour. `relation` "origin" marks the date that a visit
    is moved away from. `weekdays` are ISO 1-7 and recurring. `floating` marks a bare day of the week, which a
    week named before may move.
    """

    start: int
    end: int
    text: str
    value: str
    grain: Grain
    date_from: date | None = None
    date_to: date | None = None
    time_from: time | None = None
    time_to: time | None = None
    weekdays: frozenset[int] = field(default_factory=frozenset)
    excluded: bool = False
    relation: Relation = "at"
    alternatives: tuple[TimeExpression, ...] = ()
    asap: bool = False
    impossible: bool = False
    floating: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain data for a tracker or a log; `from_json` restores an equal object."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "value": self.value,
            "grain": self.grain,
            "date_from": iso(self.date_from),
            "date_to": iso(self.date_to),
            "time_from": clock(self.time_from),
            "time_to": clock(self.time_to),
            "weekdays": sorted(self.weekdays),
            "excluded": self.excluded,
            "relation": self.relation,
            "alternatives": [other.to_json() for other in self.alternatives],
            "asap": self.asap,
            "impossible": self.impossible,
            "floating": self.floating,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TimeExpression:
        """Restore what `to_json` wrote; a missing key raises KeyError, a malformed date ValueError."""
        return cls(
            start=int(data["start"]),
            end=int(data["end"]),
            text=str(data["text"]),
            value=str(data["value"]),
            grain=cast(Grain, data["grain"]),
            date_from=parse_date(data["date_from"]),
            date_to=parse_date(data["date_to"]),
            time_from=parse_time(data["time_from"]),
            time_to=parse_time(data["time_to"]),
            weekdays=frozenset(int(day) for day in data["weekdays"]),
            excluded=bool(data["excluded"]),
            relation=cast(Relation, data["relation"]),
            alternatives=tuple(cls.from_json(other) for other in data["alternatives"]),
            asap=bool(data["asap"]),
            impossible=bool(data["impossible"]),
            floating=bool(data.get("floating", False)),
        )


def iso(day: date | None) -> str | None:
    """`2026-11-24`, or None."""
    return day.isoformat() if day else None


def clock(moment: time | None) -> str | None:
    """`15:30`, or None."""
    return moment.strftime("%H:%M") if moment else None


def parse_date(text: str | None) -> date | None:
    """Inverse of `iso`."""
    return date.fromisoformat(text) if text else None


def parse_time(text: str | None) -> time | None:
    """Inverse of `clock`."""
    return time.fromisoformat(text) if text else None
