from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.portal.clock import PortalClock, elapsed, local, local_date, seconds_passed


def test_portal_time_is_local_time_corrected_by_the_last_answer() -> None:
    ticks = iter([datetime(2026, 11, 23, 8, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 1, tzinfo=UTC)])
    clock = PortalClock(lambda: next(ticks))
    clock.observe(datetime(2026, 11, 23, 8, 3, tzinfo=UTC))
    assert clock.offset == timedelta(minutes=3)
    assert clock.now() == datetime(2026, 11, 23, 8, 4, tzinfo=UTC)


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_step_of_the_machines_clock_changes_nothing(step: timedelta) -> None:
    """Only the time that has passed counts, and the portal's word."""
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    passed, jumped = 0.0, timedelta()
    clock = PortalClock(lambda: start + timedelta(seconds=passed) + jumped, lambda: passed)
    passed, jumped = 60.0, step
    assert clock.now() == start + timedelta(minutes=1)
    clock.observe(start + timedelta(minutes=3))
    passed = 90.0
    assert clock.now() == start + timedelta(minutes=3, seconds=30)


def test_time_passes() -> None:
    before = seconds_passed()
    assert 0.0 <= seconds_passed() - before < 60.0


def test_without_an_answer_it_is_local_time() -> None:
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    now = PortalClock(lambda: moment).now()
    assert now == moment
    assert now.hour == 14  # Europe/Warsaw, summer


def test_local_date_is_the_patients_day() -> None:
    assert local_date(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert local(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)).hour == 0


def test_elapsed_counts_real_hours_over_dst_nights(warsaw: Callable[..., datetime]) -> None:
    # 25 October 2026: 3:00 becomes 2:00; 28 March 2027: 2:00 becomes 3:00.
    assert elapsed(warsaw(2026, 10, 25, 0), warsaw(2026, 10, 25, 6)) == timedelta(hours=7)
    assert elapsed(warsaw(2027, 3, 28, 0), warsaw(2027, 3, 28, 6)) == timedelta(hours=5)
