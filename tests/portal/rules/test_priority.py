from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.portal.models import Pool
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Warned
from bot.portal.rules.priority import pool, small_child, urgent_referral

BORN = date(2023, 11, 24)
DAY_BEFORE, BIRTHDAY = date(2026, 11, 23), date(2026, 11, 24)


def test_a18_until_the_day_before_the_third_birthday(build: Any) -> None:
    assert small_child(build.child(BORN), DAY_BEFORE)
    assert not small_child(build.child(BORN), BIRTHDAY)


def test_a18_born_on_29_february(build: Any) -> None:
    child = build.child(date(2024, 2, 29))
    assert small_child(child, date(2027, 2, 27))
    assert not small_child(child, date(2027, 2, 28))


@pytest.mark.parametrize("flag", [True, False])
def test_a18_the_portals_flag_wins(flag: bool, build: Any) -> None:
    assert small_child(build.child(BORN, preferential=flag), DAY_BEFORE) is flag
    assert small_child(build.child(BORN, preferential=flag), BIRTHDAY) is flag


def test_a18_the_age_is_a_setting(build: Any) -> None:
    assert small_child(build.child(BORN), BIRTHDAY, Decisions(preferential_below_age=4))


def test_an_unknown_birth_date_is_no_small_child(build: Any) -> None:
    assert not small_child(build.me(birth_date=None).patient, DAY_BEFORE)


def test_r124_cito_on_record(build: Any) -> None:
    outcome = urgent_referral("s1", "p1", [build.referral(urgent=True)], DAY_BEFORE)
    assert outcome == Allowed({"referral_id": "ref1", "urgent": True})


@pytest.mark.parametrize(
    "fields",
    [
        {"urgent": False},
        {"urgent": True, "patient_id": "p2"},
        {"urgent": True, "remaining": 0},
        {"urgent": True, "expires": date(2026, 11, 22)},
    ],
)
def test_r124_claimed_but_not_on_record_is_for_the_infoline_not_refused(
    fields: dict[str, Any], build: Any
) -> None:
    for referrals in ([build.referral(**fields)], [], None):
        assert urgent_referral("s1", "p1", referrals, DAY_BEFORE) == Warned(
            "R124", {"on_record": False}, (NextStep.CALL_INFOLINE,)
        )


def test_which_pool_is_searched_first(build: Any) -> None:
    adult = build.me().patient
    assert pool(adult, BIRTHDAY) == Pool.STANDARD
    assert pool(adult, BIRTHDAY, referral=build.referral()) == Pool.STANDARD
    assert pool(adult, BIRTHDAY, referral=build.referral(urgent=True)) == Pool.PREFERENTIAL
    assert pool(adult, BIRTHDAY, cancelled_by_clinic=True) == Pool.PREFERENTIAL
    assert pool(adult, BIRTHDAY, doctor_unavailable=True) == Pool.PREFERENTIAL
    assert pool(build.child(BORN), DAY_BEFORE) == Pool.PREFERENTIAL
    assert pool(build.child(BORN), BIRTHDAY) == Pool.STANDARD
