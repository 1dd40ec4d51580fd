from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.portal.retry import Breaker, RetryPolicy, retry_after_seconds

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("Mon, 23 Nov 2026 08:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 07:59:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 09:00:30 +0100", 30.0),
        ("soon", None),
        ("-3", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_in_seconds(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


def test_pauses_are_full_jitter_below_a_growing_bound() -> None:
    policy = RetryPolicy(tries=5, base=0.2, cap=1.0)
    assert [policy.pause(attempt, None, lambda: 1.0) for attempt in (1, 2, 3, 4)] == [0.2, 0.4, 0.8, 1.0]
    assert policy.pause(3, None, lambda: 0.0) == 0.0


def test_the_last_try_is_the_last() -> None:
    assert RetryPolicy(tries=2).pause(2, 0.0, lambda: 0.0) is None


def test_retry_after_is_obeyed_up_to_its_bound() -> None:
    policy = RetryPolicy(max_retry_after=3.0)
    assert policy.pause(1, 3.0, lambda: 0.5) == 3.0
    assert policy.pause(1, 3.1, lambda: 0.5) is None


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_breaker_opens_after_five_failures_in_its_window_and_half_opens() -> None:
    time = Seconds()
    breaker = Breaker(time, failures=5, window=30, open_for=15)
    for _ in range(4):
        breaker.failed()
    assert breaker.closed_in() == 0
    breaker.failed()
    assert breaker.closed_in() == 15
    time.now += 15
    assert breaker.closed_in() == 0  # one goes to see
    assert breaker.closed_in() == 15  # the others wait
    breaker.failed()
    time.now += 14
    assert breaker.closed_in() == 1
    time.now += 1
    assert breaker.closed_in() == 0
    breaker.succeeded()
    assert breaker.closed_in() == 0
    assert breaker.closed_in() == 0


def test_breaker_forgets_failures_spread_over_more_than_its_window() -> None:
    time = Seconds()
    breaker = Breaker(time, failures=5, window=30, open_for=15)
    for _ in range(10):
        breaker.failed()
        time.now += 8
    assert breaker.closed_in() == 0


def test_one_answer_clears_what_failed_before() -> None:
    breaker = Breaker(Seconds(), failures=5)
    for _ in range(4):
        breaker.failed()
    breaker.succeeded()
    for _ in range(4):
        breaker.failed()
    assert breaker.closed_in() == 0
