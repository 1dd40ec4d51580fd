"""Which referrals can be used for a service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.portal.models import Issuer, Referral, ReferralKind


def usable(referrals: Iterable[Referral], service_id: str, patient_id: str, today: date) -> list[Referral]:
    """Referrals for this patient and service that are valid today and not used up.

    Urgent (CITO) first, then the one that expires first (R103, R124).
    """
    found = [
        referral
        for referral in referrals
        if service_id in referral.service_ids
        and referral.patient_id == patient_id
        and (referral.remaining is None or referral.remaining > 0)
        and (referral.expires is None or referral.expires >= today)
    ]
    return sorted(found, key=lambda referral: (not referral.urgent, referral.expires or date.max))


def standing(referral: Referral, today: date) -> str:
    """R31, R103: "usable", or why it is not: "expired", "used_up", "external" (treatments only)."""
    if referral.expires is not None and referral.expires < today:
        return "expired"
    if referral.remaining is not None and referral.remaining <= 0:
        return "used_up"
    if referral.kind == ReferralKind.REHAB and referral.issuer == Issuer.EXTERNAL:
        return "external"
    return "usable"
