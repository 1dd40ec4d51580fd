"""A reading under construction, before it is tied to a place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from bot.language.times.model import Grain, Relation, TimeExpression, clock, iso
from bot.language.times.moment import Clock, exists


@dataclass(frozen=True)
class Hours:
    """How an hour or a window of hours was said; kept until a part of the day may settle it."""

    relation: Relation
    first: Clock
    second: Clock | None = None


@dataclass(frozen=True)
class Draft:
    """Like `TimeExpression`, with what later words may still change.

    `weekday` is a day of the week that was resolved by default and fits any week named beside it.
    """

    grain: Grain
    date_from: date | None = None
    date_to: date | None = None
    time_from: time | None = None
    time_to: time | None = None
    weekdays: frozenset[int] = field(default_factory=frozenset)
    relation: Relation = "at"
    excluded: bool = False
    asap: bool = False
    impossible: bool = False
    alternatives: tuple[Draft, ...] = ()
    weekday: int | None = None
    hours: Hours | None = None
    part: str | None = None

    @property
    def dated(self) -> bool:
        """Whether it says anything about the day."""
        return bool(self.date_from or self.date_to or self.weekdays or (self.impossible and not self.timed))

    @property
    def timed(self) -> bool:
        """Whether it says anything about the hour."""
        return self.time_from is not None or self.time_to is not None


def on_day(day: date, *others: date, weekday: int | None = None, grain: Grain = "day") -> Draft:
    """One day; the others are different readings of the same words."""
    rest = tuple(Draft(grain, other, other) for other in dict.fromkeys(others) if other != day)
    return Draft(grain, day, day, weekday=weekday, alternatives=rest)


def over(first: date, last: date | None, grain: Grain) -> Draft:
    """An interval of days, both ends inclusive."""
    return Draft(grain, first, last)


def shifted(draft: Draft, relation: Relation) -> Draft:
    """The days from, after, before or until what the draft covers."""
    first, last = draft.date_from, draft.date_to
    if relation == "from":
        moved = replace(draft, date_to=None)
    elif relation == "after":
        moved = replace(draft, date_from=last + timedelta(1) if last else None, date_to=None)
    elif relation == "before":
        moved = replace(draft, date_from=None, date_to=first - timedelta(1) if first else None)
    else:
        moved = replace(draft, date_from=None)
    rest = tuple(shifted(other, relation) for other in draft.alternatives)
    return replace(moved, relation=relation, weekday=None, alternatives=rest)


def with_time(day: Draft, hours: Draft) -> Draft:
    """A day and an hour said together; other readings of either are kept."""
    joined = replace(
        day,
        grain=hours.grain,
        time_from=hours.time_from,
        time_to=hours.time_to,
        hours=hours.hours,
        part=hours.part,
        relation=hours.relation if day.relation == "at" else day.relation,
        excluded=day.excluded or hours.excluded,
    )
    other_days = tuple(with_time(other, replace(hours, alternatives=())) for other in day.alternatives)
    bare = replace(day, alternatives=())
    other_hours = tuple(with_time(bare, other) for other in hours.alternatives)
    return replace(joined, alternatives=other_days + other_hours)


def value_of(draft: Draft) -> str:
    """Canonical text: `2026-11-24T15:30`, `2026-11-23/2026-11-29`, `W1,3T16:00/..`, `!W3`, `asap`."""
    if draft.impossible:
        return "impossible"
    days = _interval(iso(draft.date_from), iso(draft.date_to))
    if draft.weekdays:
        days = (days + " " if days else "") + "W" + ",".join(map(str, sorted(draft.weekdays)))
    hours = _interval(clock(draft.time_from), clock(draft.time_to))
    text = days + ("T" + hours if hours else "")
    if draft.asap:
        text = "asap" if not text else f"asap {text}"
    return ("!" if draft.excluded else "") + text


def _interval(first: str | None, last: str | None) -> str:
    if first == last:
        return first or ""
    return f"{first or '..'}/{last or '..'}"


def expression(draft: Draft, start: int, end: int, text: str) -> TimeExpression:
    """The finished expression; a minute that the clocks skip makes it impossible."""
    final = _checked(draft)
    return TimeExpression(
        start=start,
        end=end,
        text=text[start:end],
        value=value_of(final),
        grain=final.grain,
        date_from=final.date_from,
        date_to=final.date_to,
        time_from=final.time_from,
        time_to=final.time_to,
        weekdays=final.weekdays,
        excluded=final.excluded,
        relation=final.relation,
        alternatives=tuple(expression(other, start, end, text) for other in final.alternatives),
        asap=final.asap,
        impossible=final.impossible,
        floating=final.weekday is not None and not final.excluded,
    )


def _checked(draft: Draft) -> Draft:
    day, moment = draft.date_from, draft.time_from
    exact = day is not None and day == draft.date_to and moment is not None and moment == draft.time_to
    if exact and day and moment and not exists(day, moment):
        return replace(draft, date_from=None, date_to=None, impossible=True)
    return draft
