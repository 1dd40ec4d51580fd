"""Hours: what was said to wall-clock windows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.language.times.draft import Draft, Hours
from bot.language.times.model import Grain, Relation
from bot.language.times.moment import FIRST_HOUR, PARTS, Clock

_AROUND = timedelta(minutes=30)
_LAST_START = 22
_SEPARATOR = re.compile(r"\s?[:;.,]\s?")


def clock_draft(hours: Hours, part: str | None = None) -> Draft:
    """The window that an hour with its relation means, in the given part of the day when one was said."""
    if hours.second is not None:
        first, last = _pair(hours.first, hours.second, part)
        return _window("between", first, last, hours, part)
    moment = hours.first.in_part(part) if part else hours.first.readings()[0]
    draft = _related(hours, moment, part)
    if part or hours.relation != "at":
        return draft
    others = tuple(_related(hours, other, None) for other in hours.first.readings()[1:])
    return replace(draft, alternatives=others)


def part_draft(part: str) -> Draft:
    """A part of the day as a window."""
    first, last = PARTS[part]
    return Draft("part", time_from=first, time_to=last, part=part)


def clocks_of(text: str) -> Clock | None:
    """`15:30`, `8.05` or `15,30` as written; None when it is no time of day."""
    hour_text, minute_text = _SEPARATOR.split(text)[:2]
    hour, minute = int(hour_text), int(minute_text)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    leading_zero = hour_text.startswith("0")
    return Clock(
        hour, minute, literal=leading_zero or hour >= FIRST_HOUR or hour == 0, written=hour < FIRST_HOUR
    )


def shift(clock: Clock, minutes: int) -> Clock:
    """The clock some minutes on; „za kwadrans pierwsza” is 12:45."""
    total = (clock.hour * 60 + clock.minute + minutes) % (24 * 60)
    if total < 60 and not clock.literal:
        total += 12 * 60
    return Clock(total // 60, total % 60, clock.literal, spoken_minutes=True)


def _related(hours: Hours, moment: time, part: str | None) -> Draft:
    if hours.relation in ("from", "after"):
        return _window(hours.relation, moment, None, hours, part)
    if hours.relation == "until":
        return _window("until", None, moment, hours, part)
    if hours.relation == "before":
        return _window("before", None, _moved(moment, -timedelta(minutes=1)), hours, part)
    if hours.relation == "around":
        return _window("around", _moved(moment, -_AROUND), _moved(moment, _AROUND), hours, part)
    return _window("at", moment, moment, hours, part)


def _window(
    relation: Relation, first: time | None, last: time | None, hours: Hours, part: str | None
) -> Draft:
    exact = hours.first.minute or (hours.second and hours.second.minute)
    grain: Grain = "minute" if exact else "hour"
    return Draft(grain, time_from=first, time_to=last, relation=relation, hours=hours, part=part)


def _pair(first: Clock, second: Clock, part: str | None) -> tuple[time, time]:
    if part:
        return first.in_part(part), second.in_part(part)
    pairs = [
        (start, end)
        for start in _both(first)
        for end in _both(second)
        if start < end and start.hour >= FIRST_HOUR and end.hour <= _LAST_START
    ]
    if not pairs:
        return first.readings()[0], second.readings()[0]
    return min(pairs, key=lambda pair: (_minutes(pair[1]) - _minutes(pair[0]), pair[0]))


def _both(clock: Clock) -> list[time]:
    if clock.literal or clock.hour > 12 or clock.hour == 0:
        return [time(clock.hour % 24, clock.minute)]
    return [time(clock.hour, clock.minute), time((clock.hour + 12) % 24, clock.minute)]


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _moved(moment: time, delta: timedelta) -> time:
    return (datetime(2000, 1, 2, moment.hour, moment.minute) + delta).time()  # noqa: DTZ001 - wall clock only
