"""Night in Poland: nobody is woken by what can wait."""

from __future__ import annotations

from datetime import datetime, time

from bot.channels.turn import PATIENTS_ZONE

QUIET_FROM, QUIET_TO = time(21, 30), time(7, 30)
"""Europe/Warsaw."""


def is_quiet(now: datetime) -> bool:
    """Whether it is night in Poland."""
    local = now.astimezone(PATIENTS_ZONE).time()
    return local >= QUIET_FROM or local < QUIET_TO
