from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.portal.rules.booking import (
    age_allows,
    before_confirm,
    before_search,
    city_needed,
    hold_alive,
    kind_bookable,
    level_allows,
    referral_allows,
)
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Refused, Warned

TODAY = date(2026, 11, 23)


def refused(outcome: object) -> tuple[str, str]:
    assert isinstance(outcome, Refused)
    return outcome.rule, outcome.code


# --- kinds


@pytest.mark.parametrize("kind", ["phone", "onsite", "exam", "rehab", "occupational", "control"])
def test_kinds_that_can_be_booked(kind: str, build: Any) -> None:
    assert kind_bookable(build.service(kind)).ok


def test_r36_home_visits_are_ordered_by_phone(build: Any) -> None:
    outcome = kind_bookable(build.service("home"))
    assert refused(outcome) == ("R36", "SERVICE_NOT_BOOKABLE")
    assert isinstance(outcome, Refused)
    assert outcome.remedies == (NextStep.CALL_URGENT_HELP,)


def test_r98_online_consultations_are_started_not_booked(build: Any) -> None:
    outcome = kind_bookable(build.service("online", bookable=False))
    assert refused(outcome) == ("R98", "SERVICE_NOT_BOOKABLE")
    assert isinstance(outcome, Refused)
    assert outcome.remedies == (NextStep.START_ONLINE_CONSULTATION,)


def test_r30_tests_outside_the_dictionary_are_for_the_infoline(build: Any) -> None:
    outcome = kind_bookable(build.service("exam", bookable=False))
    assert refused(outcome) == ("R30", "SERVICE_NOT_BOOKABLE")


def test_r22_a_phone_consultation_never_needs_a_town(build: Any) -> None:
    assert not city_needed(build.service("phone", city_required=True))
    assert city_needed(build.service("onsite", city_required=True))
    assert not city_needed(build.service("onsite", city_required=False))


# --- level


@pytest.mark.parametrize("kind", ["phone", "onsite", "exam", "occupational"])
def test_r21_r26_r34_for_both_levels(kind: str, build: Any, now: datetime) -> None:
    assert level_allows(build.me("basic"), build.service(kind), now).ok


def test_r31_rehabilitation_needs_a_full_account(build: Any, now: datetime) -> None:
    service = build.service("rehab")
    assert refused(level_allows(build.me("basic"), service, now)) == ("R31", "ACCOUNT_LEVEL_REQUIRED")
    assert level_allows(build.me("full"), service, now).ok


def test_a_service_for_full_accounts_only(build: Any, now: datetime) -> None:
    service = build.service("exam", min_level="full")
    assert refused(level_allows(build.me("basic"), service, now)) == ("R3", "ACCOUNT_LEVEL_REQUIRED")
    assert level_allows(build.me("full"), service, now).ok


def test_r1_not_logged_in(build: Any, now: datetime) -> None:
    assert refused(level_allows(None, build.service(), now)) == ("R1", "TOKEN_MISSING")


# --- age


@pytest.mark.parametrize(
    ("on", "ok"),
    [(date(2026, 11, 22), True), (date(2026, 11, 23), False)],
)
def test_upper_age_until_the_day_before_the_birthday(on: date, ok: bool, build: Any) -> None:
    paediatrician = build.service(age={"min": None, "max": 17})
    assert age_allows(paediatrician, build.child(date(2008, 11, 23)), on).ok is ok


@pytest.mark.parametrize(
    ("on", "ok"),
    [(date(2026, 11, 22), False), (date(2026, 11, 23), True)],
)
def test_lower_age_from_the_birthday(on: date, ok: bool, build: Any) -> None:
    adults = build.service(age={"min": 18, "max": None})
    outcome = age_allows(adults, build.child(date(2008, 11, 23)), on)
    assert outcome.ok is ok
    if not ok:
        assert isinstance(outcome, Refused)
        assert outcome.reason_params == {"age": 17, "min_age": 18, "max_age": None}


def test_an_unknown_age_is_left_to_the_portal(build: Any) -> None:
    me = build.me(birth_date=None)
    assert age_allows(build.service(age={"min": 18, "max": None}), me.patient, TODAY).ok


# --- referrals


def test_r30_a_required_referral_is_found(build: Any) -> None:
    exam = build.service("exam", referral="required")
    outcome = referral_allows(exam, "p1", [build.referral()], TODAY)
    assert outcome == Allowed({"referral_id": "ref1", "urgent": False})


@pytest.mark.parametrize(
    "fields",
    [
        {"service_ids": ["other"]},
        {"patient_id": "p2"},
        {"remaining": 0},
        {"expires": date(2026, 11, 22)},
    ],
)
def test_r30_a_referral_that_does_not_fit_is_none(fields: dict[str, Any], build: Any) -> None:
    exam = build.service("exam", referral="required")
    outcome = referral_allows(exam, "p1", [build.referral(**fields)], TODAY)
    assert refused(outcome) == ("R30", "REFERRAL_REQUIRED")


def test_a_referral_is_good_on_its_last_day(build: Any) -> None:
    exam = build.service("exam", referral="required")
    assert referral_allows(exam, "p1", [build.referral(expires=TODAY)], TODAY).ok


def test_urgent_referrals_come_first_then_the_one_that_ends_first(build: Any) -> None:
    exam = build.service("exam", referral="optional")
    late = build.referral(id="late", expires=date(2027, 1, 1))
    soon = build.referral(id="soon", expires=date(2026, 12, 1))
    ageless = build.referral(id="ageless")
    cito = build.referral(id="cito", urgent=True)
    for referrals, chosen in (
        ([late, soon, ageless], "soon"),
        ([ageless, late], "late"),
        ([late, soon, cito], "cito"),
    ):
        outcome = referral_allows(exam, "p1", referrals, TODAY)
        assert isinstance(outcome, Allowed)
        assert outcome.params["referral_id"] == chosen


def test_an_optional_referral_may_be_missing(build: Any) -> None:
    assert referral_allows(build.service(referral="optional"), "p1", [], TODAY) == Allowed()


def test_a_service_without_referrals_uses_none(build: Any) -> None:
    assert referral_allows(build.service(referral="none"), "p1", [build.referral()], TODAY) == Allowed()


def test_referrals_that_cannot_be_read_are_left_to_the_portal(build: Any) -> None:
    assert referral_allows(build.service("exam", referral="required"), "p1", None, TODAY) == Allowed()


# --- the gates together


def test_before_search_gives_the_plainest_reason_first(build: Any, now: datetime) -> None:
    full_up = build.me("basic", reservations={"used": 10, "can_reserve": False})
    exam = build.service("exam", referral="required", age={"min": 60, "max": None})
    assert refused(before_search(full_up, exam, full_up.patient, [], now)) == (
        "R42",
        "RESERVATION_LIMIT_REACHED",
    )
    assert refused(before_search(full_up, build.service("home"), full_up.patient, [], now))[0] == "R36"
    room = build.me("basic")
    assert refused(before_search(room, exam, room.patient, [], now))[1] == "AGE_RESTRICTED"
    exam = build.service("exam", referral="required")
    assert refused(before_search(room, exam, room.patient, [], now))[1] == "REFERRAL_REQUIRED"


def test_before_search_passes_warnings_and_facts_on(build: Any, now: datetime) -> None:
    last = build.me("basic", reservations={"used": 9})
    assert before_search(last, build.service(), last.patient, None, now) == Warned(
        "R43", {"used": 9, "max": 10}
    )
    full = build.me("full")
    outcome = before_search(full, build.service(referral="optional"), full.patient, [build.referral()], now)
    assert isinstance(outcome, Allowed)
    assert outcome.params["referral_id"] == "ref1"


def test_before_search_not_logged_in(build: Any, now: datetime) -> None:
    assert refused(before_search(None, build.service(), build.me().patient, None, now))[0] == "R1"


def test_before_search_while_moving_a_visit_at_the_limit(build: Any, now: datetime) -> None:
    full_up = build.me("basic", reservations={"used": 10, "can_reserve": False})
    assert before_search(full_up, build.service(), full_up.patient, None, now, replacing=True).ok


def test_before_search_follows_the_decisions(build: Any, now: datetime) -> None:
    me = build.me("basic", reservations={"used": 3, "max": None, "can_reserve": None})
    outcome = before_search(
        me, build.service(), me.patient, None, now, decisions=Decisions(basic_reservation_limit=3)
    )
    assert refused(outcome)[0] == "R42"


# --- confirming


def test_a_hold_lives_until_its_last_moment(build: Any, now: datetime) -> None:
    hold = build.hold(now + timedelta(minutes=10))
    assert hold_alive(hold, now + timedelta(minutes=9, seconds=59)).ok
    outcome = hold_alive(hold, now + timedelta(minutes=10))
    assert refused(outcome) == ("R49", "HOLD_EXPIRED")


def test_a_hold_over_the_hour_that_repeats(build: Any, warsaw: Callable[..., datetime]) -> None:
    # Held at 2:55 summer time, ten minutes before 2:05 winter time.
    hold = build.hold(warsaw(2026, 10, 25, 2, 5, fold=1))
    assert hold_alive(hold, warsaw(2026, 10, 25, 2, 55, fold=0)).ok


def test_confirming_needs_an_explicit_yes(build: Any, now: datetime) -> None:
    me, service, hold = build.me(), build.service(), build.hold()
    assert before_confirm(me, service, hold, now, agreed=True).ok
    assert refused(before_confirm(me, service, hold, now, agreed=False)) == ("R49", "CONFIRMATION_REQUIRED")


def test_the_limit_is_checked_again_at_confirm(build: Any, now: datetime) -> None:
    full_up = build.me(reservations={"used": 10, "can_reserve": False})
    outcome = before_confirm(full_up, build.service(), build.hold(), now, agreed=True)
    assert refused(outcome)[0] == "R42"


@pytest.mark.parametrize("code", ["OVERLAP", "DUPLICATE_SERVICE"])
def test_r44_a_collision_stops_unless_that_visit_is_moved(code: str, build: Any, now: datetime) -> None:
    hold = build.hold(conflicts=[{"code": code, "reservation": build.reservation(id="old")}])
    me, service = build.me(), build.service()
    outcome = before_confirm(me, service, hold, now, agreed=True)
    assert refused(outcome) == ("R44", code)
    assert isinstance(outcome, Refused)
    assert outcome.reason_params == {"reservation_id": "old"}
    assert before_confirm(me, service, hold, now, agreed=True, replaces="old").ok
    assert not before_confirm(me, service, hold, now, agreed=True, replaces="another").ok
