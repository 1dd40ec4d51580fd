from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.portal.models import Hours
from bot.portal.rules.hours import minutes, next_opening, open_at

WORKDAYS = Hours(days=(1, 2, 3, 4, 5), start="08:00", end="16:30")
NIGHT = Hours(days=(5,), start="22:00", end="06:00")


@pytest.mark.parametrize(("text", "value"), [("00:00", 0), ("07:05", 425), ("24:00", 1440)])
def test_minutes_of_the_day(text: str, value: int) -> None:
    assert minutes(text) == value


@pytest.mark.parametrize(
    ("day", "hour", "minute", "expected"),
    [(23, 8, 0, True), (23, 7, 59, False), (23, 16, 29, True), (23, 16, 30, False), (22, 12, 0, False)],
)
def test_the_start_belongs_and_the_end_does_not(
    day: int, hour: int, minute: int, expected: bool, warsaw: Callable[..., datetime]
) -> None:
    assert open_at([WORKDAYS], warsaw(2026, 11, day, hour, minute)) is expected


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [(27, 22, True), (28, 5, True), (28, 6, False), (28, 22, False), (27, 5, False)],
)
def test_hours_over_midnight(day: int, hour: int, expected: bool, warsaw: Callable[..., datetime]) -> None:
    assert open_at([NIGHT], warsaw(2026, 11, day, hour)) is expected


def test_the_night_from_sunday_to_monday(warsaw: Callable[..., datetime]) -> None:
    sunday = Hours(days=(7,), start="22:00", end="06:00")
    assert open_at([sunday], warsaw(2026, 11, 23, 5))


def test_next_opening_skips_the_weekend(warsaw: Callable[..., datetime]) -> None:
    assert next_opening([WORKDAYS], warsaw(2026, 11, 27, 17)) == warsaw(2026, 11, 30, 8)
    assert next_opening([WORKDAYS], warsaw(2026, 11, 23, 7)) == warsaw(2026, 11, 23, 8)


def test_next_opening_a_week_later_when_it_has_just_started(warsaw: Callable[..., datetime]) -> None:
    assert next_opening([NIGHT], warsaw(2026, 11, 27, 22)) == warsaw(2026, 12, 4, 22)


def test_next_opening_over_a_dst_night_is_by_the_wall_clock(warsaw: Callable[..., datetime]) -> None:
    daily = Hours(start="07:00", end="24:00")
    opening = next_opening([daily], warsaw(2026, 10, 25, 1))
    assert opening == warsaw(2026, 10, 25, 7)
    assert opening is not None
    assert opening.utcoffset() == warsaw(2026, 10, 25, 12).utcoffset()


def test_no_hours_never_open(warsaw: Callable[..., datetime]) -> None:
    assert next_opening([], warsaw(2026, 11, 23)) is None
    assert not open_at([], warsaw(2026, 11, 23))
