"""Which of the slots found are shown, and in what order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.actions.booking.search import SHOWN
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import Slot


def spread(slots: Sequence[Slot], count: int = SHOWN) -> list[Slot]:
    """At most `count` slots: the earliest, then such that days, hours and doctors differ."""
    chosen: list[Slot] = []
    rest = list(slots)
    while rest and len(chosen) < count:
        best = min(range(len(rest)), key=lambda i: (_likeness(rest[i], chosen), i))
        chosen.append(rest.pop(best))
    return sorted(chosen, key=lambda slot: (slot.start, slot.id))


def _likeness(slot: Slot, chosen: Sequence[Slot]) -> float:
    """How little this slot adds to those chosen; the first one is always the earliest."""
    if not chosen:
        return 0.0
    day = slot.start.astimezone(WARSAW).date()
    days = Counter(other.start.astimezone(WARSAW).date() for other in chosen)
    doctors = Counter(other.doctor_id for other in chosen)
    near = any(abs(other.start - slot.start) < timedelta(minutes=60) for other in chosen)
    distance = (day - chosen[0].start.astimezone(WARSAW).date()).days
    return days[day] + 0.5 * doctors[slot.doctor_id] + (1.5 if near else 0) + min(distance, 60) * 0.15


def nearest(slots: Iterable[Slot], wish: When) -> list[Slot]:
    """Slots ordered by how close their hour is to the one asked for."""
    target = wish.exact_time or wish.time_from
    if target is None:
        return sorted(slots, key=lambda slot: slot.start)
    minutes = target.hour * 60 + target.minute

    def distance(slot: Slot) -> tuple[int, datetime]:
        local = slot.start.astimezone(WARSAW)
        return abs(local.hour * 60 + local.minute - minutes), slot.start

    return sorted(slots, key=distance)
