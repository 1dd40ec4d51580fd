"""Which five of many slots are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from bot.actions.booking.spread import nearest, spread
from bot.language.times import When
from bot.portal.models import Slot


def starts(slots: list[Slot]) -> list[str]:
    return [slot.start.strftime("%d %H:%M") for slot in slots]


def test_few_slots_are_all_shown_in_order(make_slot: Callable[..., Slot]) -> None:
    slots = [make_slot("2026-11-25 10:00"), make_slot("2026-11-24 10:00")]
    assert starts(spread(slots)) == ["24 10:00", "25 10:00"]
    assert spread([]) == []


def test_the_earliest_is_always_among_them(make_slot: Callable[..., Slot]) -> None:
    slots = [make_slot(f"2026-11-24 {hour:02}:00") for hour in range(8, 18)]
    shown = spread(slots)
    assert len(shown) == 5
    assert shown[0] == slots[0]


def test_days_differ_when_they_can(make_slot: Callable[..., Slot]) -> None:
    slots = [make_slot(f"2026-11-{day} {hour:02}:00") for day in (24, 25, 26, 27, 28) for hour in (8, 9, 10)]
    assert len({slot.start.date() for slot in spread(slots)}) == 5


def test_hours_differ_on_one_day(make_slot: Callable[..., Slot]) -> None:
    slots = [make_slot("2026-11-24 08:00"), make_slot("2026-11-24 08:20"), make_slot("2026-11-24 14:00")]
    assert starts(spread(slots, 2)) == ["24 08:00", "24 14:00"]


def test_doctors_differ_on_one_day(make_slot: Callable[..., Slot]) -> None:
    slots = [
        make_slot("2026-11-24 08:00"),
        make_slot("2026-11-24 10:00"),
        make_slot("2026-11-24 12:00", "nowak-skin"),
    ]
    assert {slot.doctor_id for slot in spread(slots, 2)} == {"zieba", "nowak-skin"}


def test_a_slot_weeks_away_does_not_push_out_a_near_one(make_slot: Callable[..., Slot]) -> None:
    slots = [make_slot("2026-11-24 08:00"), make_slot("2026-11-24 14:00"), make_slot("2027-01-10 08:00")]
    assert starts(spread(slots, 2)) == ["24 08:00", "24 14:00"]


def test_nearest_to_the_hour_asked_for(make_slot: Callable[..., Slot]) -> None:
    slots = [make_slot("2026-11-24 08:00"), make_slot("2026-11-26 15:00"), make_slot("2026-11-25 15:00")]
    assert starts(nearest(slots, When(exact_time=time(16)))) == ["25 15:00", "26 15:00", "24 08:00"]
    assert starts(nearest(slots, When())) == ["24 08:00", "25 15:00", "26 15:00"]
