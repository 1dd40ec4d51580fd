"""Server time and the patients' zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")


def local(moment: datetime) -> datetime:
    """The same moment on the patients' clock (Europe/Warsaw)."""
    return moment.astimezone(WARSAW)


def local_date(moment: datetime) -> date:
    """The patients' calendar day of a moment."""
    return local(moment).date()


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Real time between two moments; right also over the nights when clocks change."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def utc_now() -> datetime:
    """The local clock, aware."""
    return datetime.now(UTC)


class PortalClock:
    """The portal's time: the local clock corrected by the last ``server_time`` seen."""

    def __init__(self, local_clock: Callable[[], datetime] = utc_now) -> None:
        self._local_clock = local_clock
        self._offset = timedelta()

    @property
    def offset(self) -> timedelta:
        """Portal time minus local time."""
        return self._offset

    def observe(self, server_time: datetime) -> None:
        """Take over the time of an answer that has just arrived."""
        self._offset = elapsed(self._local_clock(), server_time)

    def now(self) -> datetime:
        """Portal time, aware, in Europe/Warsaw."""
        return local(self._local_clock().astimezone(UTC) + self._offset)
