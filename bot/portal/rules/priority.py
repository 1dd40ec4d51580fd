"""Section O: who is served from the preferential pool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.portal.models import Dependant, Patient, Pool, Referral
from bot.portal.rules.ages import birthday
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Warned
from bot.portal.rules.referrals import usable


def small_child(patient: Patient | Dependant, on: date, decisions: Decisions = DEFAULT_DECISIONS) -> bool:
    """R125 [S1], A18: until the day before the third birthday; the portal's flag wins."""
    if isinstance(patient, Dependant) and patient.preferential is not None:
        return patient.preferential
    if patient.birth_date is None:
        return False
    return on < birthday(patient.birth_date, decisions.preferential_below_age)


def urgent_referral(
    service_id: str, patient_id: str, referrals: Sequence[Referral] | None, today: date
) -> Outcome:
    """R124 [S1]: the patient says CITO. On record: at once, whatever the package.

    Claimed but not on record: the Infolinia, not a refusal.
    """
    for referral in usable(referrals or (), service_id, patient_id, today):
        if referral.urgent:
            return Allowed({"referral_id": referral.id, "urgent": True})
    return Warned("R124", {"on_record": False}, (NextStep.CALL_INFOLINE,))


def pool(
    patient: Patient | Dependant,
    on: date,
    *,
    referral: Referral | None = None,
    cancelled_by_clinic: bool = False,
    doctor_unavailable: bool = False,
    decisions: Decisions = DEFAULT_DECISIONS,
) -> Pool:
    """R59, R63, R124, R125 [S1]: which slots to look at first."""
    urgent = referral is not None and referral.urgent
    if urgent or cancelled_by_clinic or doctor_unavailable or small_child(patient, on, decisions):
        return Pool.PREFERENTIAL
    return Pool.STANDARD
