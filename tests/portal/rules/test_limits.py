from __future__ import annotations

from typing import Any

import pytest

from bot.portal.rules.decisions import Decisions
from bot.portal.rules.limits import may_reserve_another
from bot.portal.rules.outcome import Allowed, NextStep, Refused, Warned


@pytest.mark.parametrize("used", [0, 5, 8])
def test_r42_below_the_limit(used: int, build: Any) -> None:
    assert may_reserve_another(build.me(reservations={"used": used}), build.service()) == Allowed()


def test_r43_the_last_one_is_warned_about(build: Any) -> None:
    outcome = may_reserve_another(build.me(reservations={"used": 9}), build.service())
    assert outcome == Warned("R43", {"used": 9, "max": 10})


@pytest.mark.parametrize("used", [10, 11])
def test_r42_at_the_limit(used: int, build: Any) -> None:
    outcome = may_reserve_another(build.me(reservations={"used": used}), build.service())
    assert outcome == Refused(
        "R42",
        "RESERVATION_LIMIT_REACHED",
        {"used": used, "max": 10},
        (NextStep.SHOW_RESERVATIONS, NextStep.CONFIRM_IDENTITY, NextStep.CALL_INFOLINE),
    )


@pytest.mark.parametrize("used", [9, 10, 25])
def test_r44_a_full_account_has_no_limit(used: int, build: Any) -> None:
    assert may_reserve_another(build.me("full", reservations={"used": used}), build.service()) == Allowed()


@pytest.mark.parametrize("kind", ["phone", "onsite", "exam", "rehab"])
def test_r43_one_counter_for_all_that_counts(kind: str, build: Any) -> None:
    assert not may_reserve_another(build.me(reservations={"used": 10}), build.service(kind)).ok


@pytest.mark.parametrize("kind", ["occupational", "control"])
def test_a6_kinds_outside_the_counter(kind: str, build: Any) -> None:
    full_up = build.me(reservations={"used": 10, "can_reserve": False})
    assert may_reserve_another(full_up, build.service(kind)) == Allowed()
    strict = Decisions(uncounted_kinds=())
    assert not may_reserve_another(full_up, build.service(kind), decisions=strict).ok


def test_a6_the_portals_word_is_taken(build: Any) -> None:
    assert not may_reserve_another(
        build.me(reservations={"used": 3, "can_reserve": False}), build.service()
    ).ok
    assert not may_reserve_another(build.me(reservations={"used": 5, "max": 5}), build.service()).ok
    assert may_reserve_another(build.me(reservations={"used": 10, "max": 12}), build.service()).ok


def test_a_portal_silent_on_the_limit_has_the_documents_limit(build: Any) -> None:
    silent = {"max": None, "can_reserve": None}
    assert may_reserve_another(build.me(reservations={**silent, "used": 8}), build.service()).ok
    assert not may_reserve_another(build.me(reservations={**silent, "used": 10}), build.service()).ok


def test_moving_a_visit_adds_none(build: Any) -> None:
    full_up = build.me(reservations={"used": 10, "can_reserve": False})
    assert may_reserve_another(full_up, build.service(), replacing=True) == Allowed()
