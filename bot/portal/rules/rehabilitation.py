"""R31: rehabilitation treatments, on a referral from a LUX MED doctor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.portal.models import Issuer, Referral, Service
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused
from bot.portal.rules.referrals import usable


def may_book(service: Service, patient_id: str, referrals: Sequence[Referral], today: date) -> Outcome:
    """R31 [S2 S4]: only referrals issued by LUX MED doctors count, one procedure at a time.

    Allowed carries the referral and how many procedures it still has.
    """
    valid = usable(referrals, service.id, patient_id, today)
    own = [referral for referral in valid if referral.issuer == Issuer.LUXMED]
    if own:
        chosen = own[0]
        return Allowed({"referral_id": chosen.id, "remaining": chosen.remaining, "total": chosen.total})
    used_up = any(
        referral.remaining == 0 and service.id in referral.service_ids and referral.patient_id == patient_id
        for referral in referrals
    )
    reason = "external" if valid else "used_up" if used_up else "none"
    return Refused(
        "R31",
        "REFERRAL_REQUIRED",
        {"service_id": service.id, "reason": reason},
        (NextStep.BOOK_CONSULTATION, NextStep.CALL_INFOLINE),
    )
