"""The moment of reading and wall-clock hours before it is known which half of the day they are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.language.times.model import WARSAW, Prefer

# Visits start from 7:00 and before 21:00: an hour said without its half of the day falls in there.
FIRST_HOUR, LAST_HOUR = 7, 20

# Windows of starting times. A window that ends before it starts goes over midnight.
PARTS: dict[str, tuple[time, time]] = {
    "early": (time(6), time(9)),
    "morning": (time(6), time(10)),
    "forenoon": (time(6), time(11, 59)),
    "noon": (time(11), time(13)),
    "early_afternoon": (time(12), time(15)),
    "afternoon": (time(12), time(18)),
    "late_afternoon": (time(16), time(19)),
    "evening": (time(18), time(22)),
    "late_evening": (time(20), time(23, 59)),
    "night": (time(22), time(5, 59)),
    "daytime": (time(9), time(17)),
    "after_work": (time(16), time(21)),
    "before_work": (time(6), time(8)),
    "during_work": (time(8), time(16)),
    "after_school": (time(15), time(20)),
    "lunch": (time(12), time(15)),
}
_MORNING = frozenset({"early", "morning", "forenoon", "before_work"})


@dataclass(frozen=True)
class Moment:
    """Now in Warsaw, and where bare dates are looked for."""

    now: datetime
    prefer: Prefer
    marked: bool = False  # whether the patient writes Polish letters

    @classmethod
    def of(cls, now: datetime, prefer: Prefer, text: str = "") -> Moment:
        """Raises ValueError for a naive `now`."""
        if now.tzinfo is None:
            raise ValueError("now must be aware")
        return cls(now.astimezone(WARSAW), prefer, not text.isascii())

    @property
    def today(self) -> date:
        """The date in Warsaw."""
        return self.now.date()

    @property
    def past(self) -> bool:
        """Whether the past is meant."""
        return self.prefer == "past"

    def later(self, delta: timedelta) -> datetime:
        """Wall clock after an elapsed time, right over a change of the clocks."""
        return (self.now.astimezone(UTC) + delta).astimezone(WARSAW)


@dataclass(frozen=True)
class Clock:
    """An hour as said; `literal` when its half of the day is certain (15:30, 08:00, noon)."""

    hour: int
    minute: int = 0
    literal: bool = False
    written: bool = False  # with minutes, in digits: the night is worth keeping in mind
    spoken_minutes: bool = False

    def readings(self) -> list[time]:
        """Possible wall-clock times, the one in the hours of visits first."""
        if self.literal or self.hour > 12 or self.hour == 0:
            return [time(self.hour % 24, self.minute)]
        halves = [self.hour % 12, self.hour % 12 + 12] if self.hour != 12 else [12, 0]
        likely = [hour for hour in halves if FIRST_HOUR <= hour <= LAST_HOUR]
        kept = [*likely, *(hour for hour in halves if self.written and hour not in likely)]
        return [time(hour, self.minute) for hour in kept or halves[:1]]

    def in_part(self, part: str) -> time:
        """The reading that fits a part of the day („8 wieczorem”)."""
        if self.literal or self.hour > 12:
            return time(self.hour % 24, self.minute)
        hour = self.hour % 12
        if part in _MORNING or (part == "night" and hour < 6):
            return time(self.hour if self.hour == 12 else hour, self.minute)
        if part in ("noon", "daytime", "lunch", "during_work"):
            return self.readings()[0]
        return time(hour + 12, self.minute)


def exists(day: date, moment: time) -> bool:
    """Whether the wall clock shows that minute on that day (not skipped by summer time)."""
    local = datetime.combine(day, moment, tzinfo=WARSAW)
    return local.astimezone(UTC).astimezone(WARSAW).replace(tzinfo=None) == local.replace(tzinfo=None)
