from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.portal.models import Window
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.follow_up import may_confirm, window
from bot.portal.rules.outcome import Allowed, NextStep, Refused, Warned


@pytest.mark.parametrize(
    ("suggested", "start", "end"),
    [
        (date(2025, 6, 30), date(2025, 3, 30), date(2025, 6, 23)),
        (date(2025, 5, 31), date(2025, 2, 28), date(2025, 5, 24)),
        (date(2024, 5, 31), date(2024, 2, 29), date(2024, 5, 24)),
        (date(2026, 7, 31), date(2026, 4, 30), date(2026, 7, 24)),
        (date(2026, 1, 5), date(2025, 10, 5), date(2025, 12, 29)),
    ],
)
def test_r62_a9_the_window(suggested: date, start: date, end: date) -> None:
    assert window(suggested) == Window(start=start, end=end)


def test_a9_the_window_is_a_setting() -> None:
    decisions = Decisions(follow_up_opens_months=1, follow_up_closes_days=1)
    assert window(date(2026, 3, 31), decisions) == Window(start=date(2026, 2, 28), end=date(2026, 3, 30))


def confirm(build: Any, at: datetime, **fields: Any) -> object:
    return may_confirm(build.prereservation(date(2025, 6, 30), **fields), at)


def test_r62_too_early_until_midnight_in_poland(build: Any, warsaw: Callable[..., datetime]) -> None:
    outcome = confirm(build, warsaw(2025, 3, 29, 23, 59))
    assert outcome == Refused(
        "R62", "PREBOOK_TOO_EARLY", {"from": date(2025, 3, 30), "to": date(2025, 6, 23)}
    )
    opened = confirm(build, warsaw(2025, 3, 30))
    assert isinstance(opened, Allowed)
    assert opened.params["days_left"] == 85


def test_r62_the_last_day_belongs(build: Any, warsaw: Callable[..., datetime]) -> None:
    assert confirm(build, warsaw(2025, 6, 23, 23, 59)) == Warned(
        "R62", {"to": date(2025, 6, 23), "days_left": 0}
    )
    outcome = confirm(build, warsaw(2025, 6, 24))
    assert isinstance(outcome, Refused)
    assert outcome.code == "PREBOOK_EXPIRED"
    assert outcome.remedies == (NextStep.SEARCH_SAME_DOCTOR, NextStep.SEARCH_AGAIN)
    assert outcome.reason_params["doctor_id"] == "doc1"


def test_r62_days_are_polish_days(build: Any) -> None:
    assert isinstance(confirm(build, datetime(2025, 6, 23, 22, 0, tzinfo=UTC)), Refused)  # 0:00 on the 24th
    assert isinstance(confirm(build, datetime(2025, 6, 23, 21, 59, tzinfo=UTC)), Warned)


def test_r62_a_warning_from_three_days_before_the_end(build: Any, warsaw: Callable[..., datetime]) -> None:
    assert isinstance(confirm(build, warsaw(2025, 6, 19)), Allowed)
    assert confirm(build, warsaw(2025, 6, 20)) == Warned("R62", {"to": date(2025, 6, 23), "days_left": 3})


def test_the_portals_window_wins(build: Any, warsaw: Callable[..., datetime]) -> None:
    given = {"from": "2025-01-01", "to": "2025-01-31"}
    assert isinstance(confirm(build, warsaw(2025, 1, 10), window=given), Allowed)
    assert isinstance(confirm(build, warsaw(2025, 4, 10), window=given), Refused)


def test_r63_without_the_doctor_others_on_preferential_terms(
    build: Any, warsaw: Callable[..., datetime]
) -> None:
    outcome = confirm(build, warsaw(2025, 5, 1), doctor_available=False)
    assert outcome == Refused(
        "R63",
        "NOT_ELIGIBLE",
        {"reason": "doctor_unavailable", "preferential": True},
        (NextStep.SEARCH_OTHER_DOCTORS,),
    )
