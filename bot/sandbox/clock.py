"""The sandbox's own time: it can be set, moved and frozen."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")
TimeSource = Callable[[], datetime]


def system_time() -> datetime:
    """The machine's time, aware (UTC)."""
    return datetime.now(UTC)


def warsaw_date(moment: datetime) -> date:
    """Calendar date of an aware moment where the patients live."""
    return moment.astimezone(WARSAW).date()


def rfc3339(moment: datetime) -> str:
    """RFC 3339 in Europe/Warsaw, always with an offset."""
    return moment.astimezone(WARSAW).isoformat(timespec="seconds")


def parse_moment(text: str) -> datetime:
    """Aware moment from RFC 3339; ValueError when the offset is missing."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time needs an offset: {text}")
    return moment


class SandboxClock:
    """Runs with `source` from the moment it was set to, or stands still."""

    def __init__(self, source: TimeSource, now: datetime | None = None, *, frozen: bool = False) -> None:
        self._source = source
        self._anchor = source()
        self._base = _utc(now or self._anchor)
        self._frozen = frozen

    @property
    def frozen(self) -> bool:
        return self._frozen

    def now(self) -> datetime:
        """Current time of the sandbox, in UTC so that adding hours is right when clocks change."""
        if self._frozen:
            return self._base
        return self._base + (self._source() - self._anchor)

    def set(
        self, *, now: datetime | None = None, advance: timedelta = timedelta(0), frozen: bool | None = None
    ) -> None:
        """Jump to `now`, then move by `advance`; `frozen` stops or starts it."""
        self._base = _utc(now or self.now()) + advance
        self._anchor = self._source()
        if frozen is not None:
            self._frozen = frozen


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a time needs an offset: {moment}")
    return moment.astimezone(UTC)
