from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.portal.records import Prescription, Result
from bot.portal.rules.care import may_ask_doctor, may_renew, may_see_result
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Refused


def prescription(renewable: bool) -> Prescription:
    return Prescription.parse_obj(
        {
            "id": "rx",
            "status": "active",
            "issued_on": date(2026, 11, 1),
            "expires_on": date(2026, 12, 1),
            "renewable": renewable,
        }
    )


def result(status: str) -> Result:
    return Result.parse_obj({"id": "res", "name": "Morfologia", "status": status})


def test_r101_full_account_and_an_own_facility(build: Any, now: datetime) -> None:
    assert may_renew(build.me("full"), prescription(True), now).ok
    outcome = may_renew(build.me("full"), prescription(False), now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R101", "NOT_ELIGIBLE")
    assert outcome.remedies == (NextStep.BOOK_PHONE_CONSULTATION,)
    basic = may_renew(build.me("basic"), prescription(False), now)
    assert isinstance(basic, Refused)
    assert basic.code == "ACCOUNT_LEVEL_REQUIRED"


@pytest.mark.parametrize(("status", "ready"), [("ready", True), ("pending", False)])
def test_r102_there_or_not_there_yet(status: str, ready: bool, build: Any, now: datetime) -> None:
    assert may_see_result(build.me("full"), result(status), now) == Allowed({"ready": ready})


def test_r102_results_kept_elsewhere(build: Any, now: datetime) -> None:
    outcome = may_see_result(build.me("full"), result("not_in_portal"), now)
    assert isinstance(outcome, Refused)
    assert outcome.remedies == (NextStep.CALL_FACILITY,)
    assert not may_see_result(build.me("basic"), result("ready"), now).ok


@pytest.mark.parametrize("kind", ["onsite", "phone", "control"])
def test_r104_after_a_completed_own_visit(kind: str, build: Any, now: datetime) -> None:
    visit = build.reservation(status="completed", kind=kind)
    assert may_ask_doctor(build.me("full"), visit, now).ok
    assert not may_ask_doctor(build.me("basic"), visit, now).ok


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "booked"}, "not_completed"),
        ({"status": "cancelled"}, "not_completed"),
        ({"status": "completed", "facility_type": "partner"}, "partner_facility"),
        ({"status": "completed", "kind": "exam"}, "other_kind"),
        ({"status": "completed", "kind": "online"}, "other_kind"),
    ],
)
def test_r104_not_after_others(fields: dict[str, Any], reason: str, build: Any, now: datetime) -> None:
    outcome = may_ask_doctor(build.me("full"), build.reservation(**fields), now)
    assert outcome == Refused("R104", "NOT_ELIGIBLE", {"reason": reason}, (NextStep.BOOK_PHONE_CONSULTATION,))


def test_r104_without_any_visit(build: Any, now: datetime) -> None:
    outcome = may_ask_doctor(build.me("full"), None, now)
    assert isinstance(outcome, Refused)
    assert outcome.reason_params == {"reason": "no_visit"}


def test_a16_a_window_is_a_setting_and_by_default_the_portals(build: Any, now: datetime) -> None:
    visit = build.reservation(now - timedelta(days=30), status="completed", kind="onsite")
    assert may_ask_doctor(build.me("full"), visit, now).ok
    assert may_ask_doctor(build.me("full"), visit, now, Decisions(doctor_question_days=30)).ok
    outcome = may_ask_doctor(build.me("full"), visit, now, Decisions(doctor_question_days=29))
    assert isinstance(outcome, Refused)
    assert outcome.reason_params == {"reason": "too_long_ago"}
