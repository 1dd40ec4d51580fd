"""Sections A and B: what each version of the account may do, and who may confirm identity how."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from bot.portal.clock import local_date
from bot.portal.models import Level, Me, Permission
from bot.portal.rules.ages import completed_years
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused


class Capability(StrEnum):
    """Modules of the portal, as in ``GET /me`` -> ``permissions``."""

    BOOKING = "booking"
    CANCELLATION = "cancellation"
    OCCUPATIONAL = "occupational"
    COVERAGE = "coverage"
    HISTORY = "history"
    REHABILITATION = "rehabilitation"
    ONLINE = "online"
    PRESCRIPTIONS = "prescriptions"
    RESULTS = "results"
    REFERRALS = "referrals"
    RECOMMENDATIONS = "recommendations"
    ATTACHMENTS = "attachments"
    QUESTIONS = "questions"
    REIMBURSEMENTS = "reimbursements"
    PRERESERVATIONS = "prereservations"
    COMPLAINTS = "complaints"
    OPINIONS = "opinions"
    WATCHES = "watches"


#: R3, with the rule that refuses each to a basic account. What is not here both levels may (R2, A10).
_FULL_ONLY = {
    Capability.HISTORY: "R3",
    Capability.REHABILITATION: "R31",
    Capability.ONLINE: "R96",
    Capability.PRESCRIPTIONS: "R101",
    Capability.RESULTS: "R102",
    Capability.REFERRALS: "R103",
    Capability.RECOMMENDATIONS: "R103",
    Capability.ATTACHMENTS: "R77",
    Capability.QUESTIONS: "R104",
}

#: Refusals that the rules of section D and I state with their figures.
_COUNTED = frozenset({"RESERVATION_LIMIT_REACHED", "ATTACHMENT_COUNT_LIMIT"})


def may_use(
    me: Me | None, capability: Capability, now: datetime, decisions: Decisions = DEFAULT_DECISIONS
) -> Outcome:
    """R1-R3 [S1 S2 S4], A1, A21: functions depend on the level of the account.

    ``me`` is None for a patient who is not logged in: only information and urgent help then. The
    portal's own permission, where it gives one, wins over the table of the documents.
    """
    if me is None:
        return Refused("R1", "TOKEN_MISSING", remedies=(NextStep.LOG_IN, NextStep.CALL_INFOLINE))
    permission = me.permissions.get(capability)
    if permission is not None and decisions.trust_permission_flag:
        return _portal_word(me, capability, permission, now, decisions)
    if me.level == Level.FULL:
        return Allowed()
    if capability in _FULL_ONLY:
        return level_required(me, _FULL_ONLY[capability], now, decisions)
    if capability is Capability.PRERESERVATIONS and not decisions.basic_may_confirm_follow_up:
        return level_required(me, "R65", now, decisions)
    return Allowed()


def _portal_word(
    me: Me, capability: Capability, permission: Permission, now: datetime, decisions: Decisions
) -> Outcome:
    if permission.allowed or permission.code in _COUNTED:
        return Allowed()
    rule = _FULL_ONLY.get(capability, "R2")
    if permission.code in (None, "ACCOUNT_LEVEL_REQUIRED"):
        return level_required(me, rule, now, decisions)
    way = NextStep.OPEN_PORTAL if permission.code == "STEP_UP_REQUIRED" else NextStep.CALL_INFOLINE
    return Refused(rule, permission.code, remedies=(way,))


def level_required(me: Me, rule: str, now: datetime, decisions: Decisions = DEFAULT_DECISIONS) -> Refused:
    """R4, R12-R17 [S1 S2]: the refusal for a basic account, with the ways to a full one."""
    bank = (NextStep.CONFIRM_IDENTITY,) if may_confirm_by_bank(me, now, decisions).ok else ()
    return Refused(
        rule,
        "ACCOUNT_LEVEL_REQUIRED",
        {"level": str(me.level), "required_level": str(Level.FULL)},
        (*bank, NextStep.CALL_INFOLINE, NextStep.CONFIRM_IDENTITY_FORM, NextStep.VISIT_OWN_FACILITY),
    )


def may_confirm_by_bank(me: Me, now: datetime, decisions: Decisions = DEFAULT_DECISIONS) -> Outcome:
    """R12 [S1 S2]: identity through a bank only from age 18; an unknown birth date does not stop it.

    The portal's own flag (``bank_identity``) wins.
    """
    if me.level == Level.FULL:
        return Refused("R11", "NOT_ELIGIBLE", {"reason": "already_full"})
    flag = me.permissions.get("bank_identity")
    if flag is not None and flag.allowed:
        return Allowed()
    if me.patient.birth_date is None:
        return Allowed() if flag is None else _no_bank(flag.code or "NOT_ELIGIBLE", {})
    age = completed_years(me.patient.birth_date, local_date(now))
    if age < decisions.bank_identity_min_age:
        return _no_bank("AGE_RESTRICTED", {"age": age, "min_age": decisions.bank_identity_min_age})
    return Allowed() if flag is None else _no_bank(flag.code or "NOT_ELIGIBLE", {})


def confirms_identity(bank: str) -> Outcome:
    """R14 [S2], A3: whether a bank is on the list of the documents; if not, the other ways (R15-R18)."""
    if bank in identity_banks():
        return Allowed({"bank": bank})
    ways = (NextStep.CALL_INFOLINE, NextStep.CONFIRM_IDENTITY_FORM, NextStep.VISIT_OWN_FACILITY)
    return Refused("R14", "NOT_ELIGIBLE", {"bank": bank}, ways)


@cache
def identity_banks() -> tuple[str, ...]:
    """R14 [S2], A3: the banks of the documents; the list ages, the portal has the current one."""
    text = files("bot.portal.rules").joinpath("identity_banks.yml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text)["banks"])


def _no_bank(code: str, params: dict[str, int]) -> Refused:
    return Refused("R12", code, params, (NextStep.CALL_INFOLINE, NextStep.VISIT_OWN_FACILITY))
