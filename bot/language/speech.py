"""Plain Polish for replies: dates, hours, plurals and lists. All times are spoken in Europe/Warsaw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.language.times.when import When


def spoken_date(day: date, today: date) -> str:
    """„jutro, we wtorek 24 listopada”; the year only when it is not this one."""
    raise NotImplementedError


def spoken_time(moment: time) -> str:
    """„15:30”."""
    raise NotImplementedError


def spoken_slot(start: datetime, now: datetime) -> str:
    """„we wtorek 24 listopada o 15:30”."""
    raise NotImplementedError


def short_slot(start: datetime, now: datetime) -> str:
    """„wt. 24.11, 15:30”, for a button."""
    raise NotImplementedError


def spoken_range(first: date, last: date) -> str:
    """„od 24 do 28 listopada”; both ends inclusive."""
    raise NotImplementedError


def spoken_when(when: When, now: datetime) -> str:
    """„w przyszłym tygodniu, po 16:00, bez piątku”."""
    raise NotImplementedError


def plural(n: int, one: str, few: str, many: str) -> str:
    """The form that goes with the number: 1 plik, 2 pliki, 5 plików."""
    raise NotImplementedError


def counted(n: int, noun: str) -> str:
    """„2 pliki”; the noun is given in its dictionary form."""
    raise NotImplementedError


def spoken_duration(minutes: int) -> str:
    """„5 godzin i 59 minut”."""
    raise NotImplementedError


def join_or(parts: Sequence[str]) -> str:
    """„a, b lub c”."""
    raise NotImplementedError


def join_and(parts: Sequence[str]) -> str:
    """„a, b i c”."""
    raise NotImplementedError
