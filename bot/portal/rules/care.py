"""Section L: prescriptions, results, questions to the doctor."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.portal.clock import elapsed
from bot.portal.models import FacilityType, Me, Reservation, ReservationStatus, ServiceKind
from bot.portal.records import Prescription, Result, ResultStatus
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, strictest

_ASKABLE = frozenset({ServiceKind.PHONE, ServiceKind.ONSITE, ServiceKind.CONTROL})


def may_renew(
    me: Me | None, prescription: Prescription, now: datetime, decisions: Decisions = DEFAULT_DECISIONS
) -> Outcome:
    """R101 [S2 S4]: full account; only prescriptions issued in own facilities, and the portal says which."""
    renewable: Outcome = Allowed()
    if not prescription.renewable:
        params = {"status": prescription.status.raw}
        renewable = Refused("R101", "NOT_ELIGIBLE", params, (NextStep.BOOK_PHONE_CONSULTATION,))
    return strictest(may_use(me, Capability.PRESCRIPTIONS, now, decisions), renewable)


def may_see_result(
    me: Me | None, result: Result, now: datetime, decisions: Decisions = DEFAULT_DECISIONS
) -> Outcome:
    """R102 [S2 S4]: full account; partner facilities without the system keep results themselves."""
    elsewhere: Outcome = Allowed({"ready": result.status == ResultStatus.READY})
    if result.status == ResultStatus.NOT_IN_PORTAL:
        params = {"facility_type": result.facility_type.raw}
        elsewhere = Refused("R102", "NOT_ELIGIBLE", params, (NextStep.CALL_FACILITY,))
    return strictest(may_use(me, Capability.RESULTS, now, decisions), elsewhere)


def may_ask_doctor(
    me: Me | None,
    visit: Reservation | None,
    now: datetime,
    decisions: Decisions = DEFAULT_DECISIONS,
) -> Outcome:
    """R104 [S2 S4], A16: after a completed visit or phone consultation in an own facility."""
    return strictest(may_use(me, Capability.QUESTIONS, now, decisions), _asked_about(visit, now, decisions))


def _asked_about(visit: Reservation | None, now: datetime, decisions: Decisions) -> Outcome:
    reason = None
    if visit is None:
        reason = "no_visit"
    elif visit.status != ReservationStatus.COMPLETED:
        reason = "not_completed"
    elif visit.facility_type == FacilityType.PARTNER:
        reason = "partner_facility"
    elif visit.slot.kind not in _ASKABLE:
        reason = "other_kind"
    elif decisions.doctor_question_days is not None and elapsed(visit.slot.start, now) > timedelta(
        days=decisions.doctor_question_days
    ):
        reason = "too_long_ago"
    if reason is None:
        return Allowed()
    return Refused("R104", "NOT_ELIGIBLE", {"reason": reason}, (NextStep.BOOK_PHONE_CONSULTATION,))
