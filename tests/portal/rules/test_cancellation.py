from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.portal.rules.cancellation import may_cancel, may_reschedule, one_match, sms_reply_works
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Refused, Warned

SIX_HOURS = timedelta(hours=6)


@pytest.mark.parametrize("left", [SIX_HOURS, SIX_HOURS + timedelta(seconds=1), timedelta(days=30)])
def test_r54_on_time_including_exactly_six_hours(left: timedelta, build: Any, now: datetime) -> None:
    assert may_cancel(build.reservation(now + left), now) == Allowed({"left": left})


def test_r54_six_hours_are_counted_in_whole_seconds(build: Any, now: datetime) -> None:
    visit = build.reservation(now + SIX_HOURS)
    assert may_cancel(visit, now + timedelta(microseconds=999_999)).ok
    assert not may_cancel(visit, now + timedelta(seconds=1)).ok


@pytest.mark.parametrize(
    ("left", "minutes"),
    [
        (SIX_HOURS - timedelta(seconds=1), 359),
        (timedelta(hours=5, minutes=59), 359),
        (timedelta(seconds=1), 0),
    ],
)
def test_r54_too_late(left: timedelta, minutes: int, build: Any, now: datetime) -> None:
    outcome = may_cancel(build.reservation(now + left), now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R54", "LATE_CANCELLATION")
    assert outcome.reason_params["left_minutes"] == minutes
    assert outcome.reason_params["notice_hours"] == 6
    assert outcome.reason_params["until"] == now + left - SIX_HOURS
    assert outcome.remedies == (NextStep.CALL_INFOLINE, NextStep.KEEP_VISIT)


def test_a7_the_other_policy_asks_a_second_time(build: Any, now: datetime) -> None:
    late = build.reservation(now + timedelta(hours=5, minutes=59))
    outcome = may_cancel(late, now, Decisions(late_cancel_policy="warn"))
    assert isinstance(outcome, Warned)
    assert outcome.rule == "R54"
    assert outcome.remedies[0] == NextStep.CONFIRM_AGAIN


def test_a7_the_other_policy_cannot_overrule_the_portal(build: Any, now: datetime) -> None:
    flag = {"cancel": {"allowed": False, "code": "LATE_CANCELLATION"}}
    late = build.reservation(now + timedelta(hours=5), actions=flag)
    assert not may_cancel(late, now, Decisions(late_cancel_policy="warn")).ok


def test_r54_six_real_hours_on_the_night_clocks_go_back(build: Any, warsaw: Callable[..., datetime]) -> None:
    # 25 October 2026 has 25 hours: from 1:00 to 6:00 are six of them.
    visit = build.reservation(warsaw(2026, 10, 25, 6, 0))
    assert may_cancel(visit, warsaw(2026, 10, 25, 1, 0)).ok
    assert not may_cancel(visit, warsaw(2026, 10, 25, 1, 1)).ok


def test_r54_six_real_hours_on_the_night_clocks_go_forward(
    build: Any, warsaw: Callable[..., datetime]
) -> None:
    # 28 March 2027 has 23 hours: from 1:00 to 8:00 are six.
    visit = build.reservation(warsaw(2027, 3, 28, 8, 0))
    assert may_cancel(visit, warsaw(2027, 3, 28, 1, 0)).ok
    outcome = may_cancel(visit, warsaw(2027, 3, 28, 1, 1))
    assert isinstance(outcome, Refused)
    assert outcome.reason_params["until"] == warsaw(2027, 3, 28, 1, 0)


@pytest.mark.parametrize("status", ["cancelled", "completed", "postponed"])
def test_r56_only_active_visits(status: str, build: Any, now: datetime) -> None:
    outcome = may_cancel(build.reservation(status=status), now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R56", "NOT_ACTIVE")
    assert outcome.reason_params == {"status": status}


def test_r56_a_visit_that_has_begun_is_not_late_but_over(build: Any, now: datetime) -> None:
    outcome = may_cancel(build.reservation(now), now)
    assert isinstance(outcome, Refused)
    assert outcome.code == "NOT_ACTIVE"


def test_r57_partner_visits_are_cancelled_with_the_facility(build: Any, now: datetime) -> None:
    outcome = may_cancel(build.reservation(facility_type="partner", booked_by="reception"), now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R57", "PARTNER_NOT_BOOKABLE")
    assert outcome.remedies[0] == NextStep.CALL_FACILITY


@pytest.mark.parametrize("booked_by", ["phone", "reception", "carrier pigeon"])
def test_r6_only_portal_bookings(booked_by: str, build: Any, now: datetime) -> None:
    outcome = may_cancel(build.reservation(booked_by=booked_by), now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R6", "NOT_PORTAL_BOOKING")
    assert outcome.reason_params == {"booked_by": booked_by}


def test_a2_the_portals_flag_lets_a_phone_booking_go(build: Any, now: datetime) -> None:
    visit = build.reservation(booked_by="phone", actions={"cancel": {"allowed": True}})
    assert may_cancel(visit, now).ok
    assert not may_cancel(visit, now, Decisions(trust_cancel_flag=False)).ok


def test_other_refusals_of_the_portal_are_passed_on(build: Any, now: datetime) -> None:
    visit = build.reservation(actions={"cancel": {"allowed": False, "code": "NOT_ELIGIBLE"}})
    outcome = may_cancel(visit, now)
    assert isinstance(outcome, Refused)
    assert outcome.code == "NOT_ELIGIBLE"


def test_a_late_refusal_of_the_portal_counts_though_our_clock_says_otherwise(
    build: Any, now: datetime
) -> None:
    visit = build.reservation(
        now + SIX_HOURS, actions={"cancel": {"allowed": False, "code": "LATE_CANCELLATION"}}
    )
    outcome = may_cancel(visit, now)
    assert isinstance(outcome, Refused)
    assert outcome.code == "LATE_CANCELLATION"


def test_r60_moving_follows_its_own_flag_and_the_same_time(build: Any, now: datetime) -> None:
    flags = {"cancel": {"allowed": True}, "reschedule": {"allowed": False, "code": "NOT_ELIGIBLE"}}
    assert may_cancel(build.reservation(actions=flags), now).ok
    assert not may_reschedule(build.reservation(actions=flags), now).ok
    assert may_reschedule(build.reservation(now + SIX_HOURS), now).ok
    assert not may_reschedule(build.reservation(now + SIX_HOURS - timedelta(minutes=1)), now).ok


def test_r56_two_matches_are_listed_never_guessed(build: Any) -> None:
    first, second = build.reservation(id="r1"), build.reservation(id="r2")
    assert one_match([first]) == Allowed({"reservation_id": "r1"})
    outcome = one_match([first, second])
    assert isinstance(outcome, Refused)
    assert outcome.reason_params == {"reservation_ids": ("r1", "r2")}
    assert outcome.remedies == (NextStep.CHOOSE_ONE,)
    nothing = one_match([])
    assert isinstance(nothing, Refused)
    assert nothing.code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("kind", "works"), [("onsite", True), ("exam", True), ("phone", False), ("online", False)]
)
def test_a8_the_sms_reply_is_for_visits_in_a_facility(kind: str, works: bool, build: Any) -> None:
    assert sms_reply_works(build.reservation(kind=kind)) is works


def test_a8_is_a_setting(build: Any) -> None:
    assert sms_reply_works(build.reservation(kind="phone"), Decisions(sms_reply_by_phone=True))
    assert not sms_reply_works(build.reservation(kind="online"), Decisions(sms_reply_by_phone=True))
