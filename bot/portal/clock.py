"""Server time and the patients' zone."""

from __future__ import annotations

import time
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


def seconds_passed() -> float:
    """Of a clock that nobody sets: it has no date, and steps of the machine's clock do not move it."""
    # Beside `monotonic`, it also runs while a machine sleeps.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class PortalClock:
    """The portal's time: the last ``server_time`` seen, and the time that has passed since.

    With `passed` (seconds) it goes on by that, whatever happens to the machine's clock; without, by
    `local_clock`, which then must not jump.
    """

    def __init__(
        self, local_clock: Callable[[], datetime] = utc_now, passed: Callable[[], float] | None = None
    ) -> None:
        self._local_clock = local_clock
        self._passed = passed
        self._since = passed() if passed else 0.0
        self._begun = local_clock().astimezone(UTC) if passed else datetime.max.replace(tzinfo=UTC)
        self._offset = timedelta()

    @property
    def offset(self) -> timedelta:
        """Portal time minus local time."""
        return self._offset

    def observe(self, server_time: datetime) -> None:
        """Take over the time of an answer that has just arrived."""
        self._offset = elapsed(self._local(), server_time)

    def now(self) -> datetime:
        """Portal time, aware, in Europe/Warsaw."""
        return local(self._local().astimezone(UTC) + self._offset)

    def _local(self) -> datetime:
        if self._passed is None:
            return self._local_clock()
        return self._begun + timedelta(seconds=self._passed() - self._since)
