from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.portal.rules.booking import referral_allows
from bot.portal.rules.outcome import Allowed, NextStep, Refused

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("remaining", [10, 1])
def test_r31_a_luxmed_referral_counts_down(remaining: int, build: Any) -> None:
    referral = build.referral(kind="rehab", remaining=remaining, total=10)
    outcome = referral_allows(build.service("rehab"), "p1", [referral], TODAY)
    assert outcome == Allowed({"referral_id": "ref1", "remaining": remaining, "total": 10})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"issuer": "external"}, "external"),
        ({"issuer": "somebody new"}, "external"),
        ({"remaining": 0}, "used_up"),
        ({"expires": date(2026, 11, 22)}, "none"),
        ({"patient_id": "p2", "remaining": 0}, "none"),
        ({"service_ids": []}, "none"),
    ],
)
def test_r31_other_referrals_do_not_count(fields: dict[str, Any], reason: str, build: Any) -> None:
    referral = build.referral(**{"kind": "rehab", "total": 10, **fields})
    outcome = referral_allows(build.service("rehab"), "p1", [referral], TODAY)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code, outcome.reason_params["reason"]) == (
        "R31",
        "REFERRAL_REQUIRED",
        reason,
    )
    assert outcome.remedies[0] == NextStep.BOOK_CONSULTATION


def test_r31_without_any_referral(build: Any) -> None:
    for none in ([], None):
        outcome = referral_allows(build.service("rehab", referral="none"), "p1", none, TODAY)
        assert isinstance(outcome, Refused)
        assert outcome.reason_params["reason"] == "none"


def test_r31_a_luxmed_referral_beside_an_external_one(build: Any) -> None:
    referrals = [build.referral(id="ext", issuer="external", urgent=True), build.referral(id="own")]
    outcome = referral_allows(build.service("rehab"), "p1", referrals, TODAY)
    assert isinstance(outcome, Allowed)
    assert outcome.params["referral_id"] == "own"
