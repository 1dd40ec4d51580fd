from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.portal.rules.accounts import Capability, confirms_identity, may_confirm_by_bank, may_use
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Refused

FULL_ONLY = {
    Capability.HISTORY,
    Capability.REHABILITATION,
    Capability.ONLINE,
    Capability.PRESCRIPTIONS,
    Capability.RESULTS,
    Capability.REFERRALS,
    Capability.RECOMMENDATIONS,
    Capability.ATTACHMENTS,
    Capability.QUESTIONS,
}


@pytest.mark.parametrize("capability", Capability)
def test_a_full_account_may_everything(capability: Capability, build: Any, now: datetime) -> None:
    assert may_use(build.me("full"), capability, now) == Allowed()


@pytest.mark.parametrize("capability", sorted(FULL_ONLY))
def test_a_basic_account_may_not_what_r3_reserves(capability: Capability, build: Any, now: datetime) -> None:
    outcome = may_use(build.me("basic"), capability, now)
    assert isinstance(outcome, Refused)
    assert outcome.code == "ACCOUNT_LEVEL_REQUIRED"
    assert outcome.reason_params == {"level": "basic", "required_level": "full"}
    assert outcome.remedies == (
        NextStep.CONFIRM_IDENTITY,
        NextStep.CALL_INFOLINE,
        NextStep.CONFIRM_IDENTITY_FORM,
        NextStep.VISIT_OWN_FACILITY,
    )


@pytest.mark.parametrize("capability", sorted(set(Capability) - FULL_ONLY))
def test_a_basic_account_may_the_rest(capability: Capability, build: Any, now: datetime) -> None:
    assert may_use(build.me("basic"), capability, now).ok


@pytest.mark.parametrize(
    ("capability", "rule"),
    [
        (Capability.ATTACHMENTS, "R77"),
        (Capability.ONLINE, "R96"),
        (Capability.PRESCRIPTIONS, "R101"),
        (Capability.RESULTS, "R102"),
        (Capability.QUESTIONS, "R104"),
        (Capability.REHABILITATION, "R31"),
        (Capability.REFERRALS, "R103"),
        (Capability.RECOMMENDATIONS, "R103"),
    ],
)
def test_the_refusal_names_its_rule(capability: Capability, rule: str, build: Any, now: datetime) -> None:
    outcome = may_use(build.me(), capability, now)
    assert isinstance(outcome, Refused)
    assert outcome.rule == rule


@pytest.mark.parametrize("capability", Capability)
def test_nothing_without_logging_in(capability: Capability, now: datetime) -> None:
    outcome = may_use(None, capability, now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.remedies[0]) == ("R1", NextStep.LOG_IN)


def test_a_level_of_tomorrow_is_treated_as_basic(build: Any, now: datetime) -> None:
    assert not may_use(build.me("gold"), Capability.RESULTS, now).ok
    assert may_use(build.me("gold"), Capability.BOOKING, now).ok


def test_the_portals_permission_wins_both_ways(build: Any, now: datetime) -> None:
    basic = build.me("basic", permissions={"results": {"allowed": True}})
    assert may_use(basic, Capability.RESULTS, now).ok
    full = build.me("full", permissions={"results": {"allowed": False, "code": "NOT_ELIGIBLE"}})
    outcome = may_use(full, Capability.RESULTS, now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R102", "NOT_ELIGIBLE")


def test_a_permission_refused_for_the_level_offers_the_ways_to_it(build: Any, now: datetime) -> None:
    flag = {"allowed": False, "code": "ACCOUNT_LEVEL_REQUIRED"}
    outcome = may_use(build.me("basic", permissions={"results": flag}), Capability.RESULTS, now)
    assert isinstance(outcome, Refused)
    assert NextStep.CONFIRM_IDENTITY in outcome.remedies


def test_more_proof_is_given_in_the_portal(build: Any, now: datetime) -> None:
    flag = {"allowed": False, "code": "STEP_UP_REQUIRED"}
    outcome = may_use(build.me("full", permissions={"results": flag}), Capability.RESULTS, now)
    assert outcome == Refused("R102", "STEP_UP_REQUIRED", remedies=(NextStep.OPEN_PORTAL,))


def test_counted_refusals_are_left_to_the_rules_that_know_the_figures(build: Any, now: datetime) -> None:
    flag = {"allowed": False, "code": "RESERVATION_LIMIT_REACHED"}
    assert may_use(build.me("basic", permissions={"booking": flag}), Capability.BOOKING, now).ok


@pytest.mark.parametrize(("allowed"), [True, False])
def test_a10_basic_and_pre_reservations(allowed: bool, build: Any, now: datetime) -> None:
    decisions = Decisions(basic_may_confirm_follow_up=allowed)
    assert may_use(build.me("basic"), Capability.PRERESERVATIONS, now, decisions).ok is allowed
    assert may_use(build.me("full"), Capability.PRERESERVATIONS, now, decisions).ok


def test_r12_bank_from_the_eighteenth_birthday(build: Any, warsaw: Callable[..., datetime]) -> None:
    me = build.me(birth_date=date(2008, 11, 24))
    before = may_confirm_by_bank(me, warsaw(2026, 11, 23, 23, 59))
    assert isinstance(before, Refused)
    assert (before.code, before.reason_params) == ("AGE_RESTRICTED", {"age": 17, "min_age": 18})
    assert before.remedies == (NextStep.CALL_INFOLINE, NextStep.VISIT_OWN_FACILITY)
    assert may_confirm_by_bank(me, warsaw(2026, 11, 24)) == Allowed()


def test_r12_counts_days_in_poland(build: Any) -> None:
    me = build.me(birth_date=date(2008, 11, 24))
    assert may_confirm_by_bank(me, datetime(2026, 11, 23, 23, 0, tzinfo=UTC)).ok  # already the 24th
    assert not may_confirm_by_bank(me, datetime(2026, 11, 23, 22, 59, tzinfo=UTC)).ok


def test_r12_born_on_29_february(build: Any, warsaw: Callable[..., datetime]) -> None:
    me = build.me(birth_date=date(2008, 2, 29))
    assert not may_confirm_by_bank(me, warsaw(2026, 2, 27, 23, 59)).ok
    assert may_confirm_by_bank(me, warsaw(2026, 2, 28)).ok


def test_an_unknown_birth_date_stops_nobody(build: Any, now: datetime) -> None:
    assert may_confirm_by_bank(build.me(birth_date=None), now).ok


@pytest.mark.parametrize("birth_date", [date(1985, 5, 17), None])
def test_the_portals_flag_closes_the_bank(birth_date: date | None, build: Any, now: datetime) -> None:
    flag = {"bank_identity": {"allowed": False, "code": "PROXY_NOT_ALLOWED"}}
    outcome = may_confirm_by_bank(build.me(birth_date=birth_date, permissions=flag), now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R12", "PROXY_NOT_ALLOWED")


def test_the_portals_flag_opens_the_bank(build: Any, now: datetime) -> None:
    me = build.me(birth_date=date(2009, 6, 1), permissions={"bank_identity": {"allowed": True}})
    assert may_confirm_by_bank(me, now).ok


def test_a_full_account_has_nothing_to_confirm(build: Any, now: datetime) -> None:
    assert not may_confirm_by_bank(build.me("full"), now).ok


def test_the_bank_is_not_offered_to_a_minor(build: Any, now: datetime) -> None:
    outcome = may_use(build.me(birth_date=date(2009, 6, 1)), Capability.RESULTS, now)
    assert isinstance(outcome, Refused)
    assert NextStep.CONFIRM_IDENTITY not in outcome.remedies
    assert NextStep.CALL_INFOLINE in outcome.remedies


def test_a21_the_portals_flag_or_the_table_of_the_documents(build: Any, now: datetime) -> None:
    basic = build.me("basic", permissions={"results": {"allowed": True}})
    assert may_use(basic, Capability.RESULTS, now).ok
    assert not may_use(basic, Capability.RESULTS, now, Decisions(trust_permission_flag=False)).ok


def test_a1_a_demo_account_is_a_basic_one(build: Any, now: datetime) -> None:
    assert may_use(build.me("demo"), Capability.BOOKING, now).ok
    assert not may_use(build.me("demo"), Capability.ATTACHMENTS, now).ok


@pytest.mark.parametrize("bank", ["mBank", "SGB", "Bank Spółdzielczy w Brodnicy"])
def test_r14_a_listed_bank_confirms_identity(bank: str) -> None:
    assert confirms_identity(bank) == Allowed({"bank": bank})


def test_r14_another_bank_leaves_the_other_ways() -> None:
    outcome = confirms_identity("Revolut")
    assert isinstance(outcome, Refused)
    assert outcome.rule == "R14"
    assert NextStep.CONFIRM_IDENTITY not in outcome.remedies
    assert NextStep.CALL_INFOLINE in outcome.remedies
