"""Opening hours of the dictionary, on the patients' clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot.portal.clock import WARSAW, local
from bot.portal.models import Hours

_MIDNIGHT = 24 * 60


def minutes(text: str) -> int:
    """``HH:MM`` as minutes of the day; "24:00" is the midnight at its end (A15)."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def open_at(hours: Iterable[Hours], moment: datetime) -> bool:
    """Whether a moment falls inside; the start belongs, the end does not."""
    here = local(moment)
    now, weekday = here.hour * 60 + here.minute, here.isoweekday()
    yesterday = weekday - 1 or 7
    for span in hours:
        start, end = minutes(span.start), minutes(span.end)
        overnight = end <= start
        if weekday in span.days and start <= now < (_MIDNIGHT if overnight else end):
            return True
        if overnight and yesterday in span.days and now < end:
            return True
    return False


def next_opening(hours: Iterable[Hours], moment: datetime) -> datetime | None:
    """The next start within a week after a moment, in Europe/Warsaw; None when there is none."""
    here = local(moment)
    starts = [
        datetime.combine(day, time(minutes(span.start) // 60, minutes(span.start) % 60), WARSAW)
        for offset in range(8)
        for day in (here.date() + timedelta(days=offset),)
        for span in hours
        if day.isoweekday() in span.days and minutes(span.start) < _MIDNIGHT
    ]
    return min((start for start in starts if start > here), default=None)
