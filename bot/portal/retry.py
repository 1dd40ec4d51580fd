"""When to try again and how long to wait; and when to leave an ailing portal alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. ``total`` bounds one call with its retry, pauses and token refresh."""

    connect: float = 2.0
    read: float = 4.0
    write: float = 4.0
    pool: float = 1.0
    total: float = 8.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Full jitter; a ``Retry-After`` longer than ``max_retry_after`` seconds means giving up now."""

    tries: int = 2
    base: float = 0.2
    cap: float = 1.0
    max_retry_after: float = 3.0

    def pause(self, attempt: int, retry_after: float | None, jitter: Callable[[], float]) -> float | None:
        """Seconds before the next try, or None to stop. ``jitter`` returns a number in [0, 1)."""
        if attempt >= self.tries:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.max_retry_after else None
        return float(jitter() * min(self.cap, self.base * 2 ** (attempt - 1)))


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """The ``Retry-After`` header in seconds (both of its forms); None when absent or unreadable."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


class Breaker:
    """Opens for ``open_for`` seconds after ``failures`` failures within ``window`` seconds.

    While open no request is made; afterwards one try is let through, and its failure opens it again.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        failures: int = 5,
        window: float = 30.0,
        open_for: float = 15.0,
    ) -> None:
        self._monotonic = monotonic
        self._failures = failures
        self._window = window
        self._open_for = open_for
        self._recent: deque[float] = deque(maxlen=failures)
        self._opened_at: float | None = None

    def closed_in(self) -> float:
        """Seconds until requests may be made again; 0 when they may now."""
        if self._opened_at is None:
            return 0.0
        left = self._opened_at + self._open_for - self._monotonic()
        if left > 0:
            return left
        # Half open: this caller tries, the others wait for what it finds.
        self._opened_at = self._monotonic()
        return 0.0

    def succeeded(self) -> None:
        """The portal answered, whatever it said."""
        self._recent.clear()
        self._opened_at = None

    def failed(self) -> None:
        """No usable answer."""
        now = self._monotonic()
        self._recent.append(now)
        full = len(self._recent) == self._failures and now - self._recent[0] <= self._window
        if full or self._opened_at is not None:
            self._opened_at = now
