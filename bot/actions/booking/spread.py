"""Which of the slots found are shown, and in what order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from bot.actions.booking.search import SHOWN
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import Slot

_Dated = tuple[Slot, date, float]
"""A slot, its day in Poland, its start in seconds."""
_NEAR = 3600.0
"""Seconds: slots so close are alike."""


def spread(slots: Sequence[Slot], count: int = SHOWN) -> list[Slot]:
    """At most `count` slots: the earliest, then such that days, hours and doctors differ."""
    rest = [(slot, slot.start.astimezone(WARSAW).date(), slot.start.timestamp()) for slot in slots]
    chosen: list[_Dated] = []
    while rest and len(chosen) < count:
        likeness = _likeness(chosen)
        best = min(range(len(rest)), key=lambda i: (likeness(rest[i]), i))
        chosen.append(rest.pop(best))
    return sorted((slot for slot, _, _ in chosen), key=lambda slot: (slot.start, slot.id))


def _likeness(chosen: Sequence[_Dated]) -> Callable[[_Dated], float]:
    """How little a slot adds to those chosen; the first one is always the earliest."""
    days = Counter(day for _, day, _ in chosen)
    doctors = Counter(slot.doctor_id for slot, _, _ in chosen)

    def likeness(one: _Dated) -> float:
        slot, day, start = one
        if not chosen:
            return 0.0
        near = any(abs(other - start) < _NEAR for _, _, other in chosen)
        distance = (day - chosen[0][1]).days
        return days[day] + 0.5 * doctors[slot.doctor_id] + (1.5 if near else 0) + min(distance, 60) * 0.15

    return likeness


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
