"""A day to choose: what a channel needs to draw a calendar beside a question; everywhere else words do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any


def calendar(first: date, last: date, taken: Iterable[date] = ()) -> dict[str, Any]:
    """Days of the patients' calendar that can be meant; on those `taken` there is nothing.

    A day that is chosen comes back as the patient's words ("12 grudnia"), like any other message.
    """
    shape: dict[str, Any] = {"min": first.isoformat(), "max": last.isoformat()}
    excluded = [day.isoformat() for day in taken]
    return {**shape, "excluded": excluded} if excluded else shape


def calendar_of(free: Sequence[date], last: date) -> dict[str, Any]:
    """From the first free day on; days between the free ones are taken, those after them not known."""
    first, known, days = min(free), max(free), set(free)
    between = (first + timedelta(days=number) for number in range((known - first).days))
    return calendar(first, max(known, last), [day for day in between if day not in days])


def day_card(days: dict[str, Any]) -> dict[str, Any]:
    """The card of a question for a day (docs/chat-api.yaml, DateCard)."""
    return {"kind": "date", "calendar": days}
