"""Section J: is it in the package. Never inferred from a package's name."""

from __future__ import annotations

from bot.portal.models import Coverage, Referral
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, Warned


def covered(coverage: Coverage | None, referral: Referral | None = None) -> Outcome:
    """R93 [S2], R95, R124 [S1]: the portal's answer for this patient and service.

    None: the portal did not say. An urgent (CITO) referral is honoured whatever the package.
    """
    urgent = referral is not None and referral.urgent
    if coverage is not None and coverage.covered and (coverage.payer is not None or not urgent):
        return Allowed({"payer": coverage.payer, "limit": coverage.limit})
    if referral is not None and urgent:
        return Allowed({"referral_id": referral.id, "urgent": True})
    if coverage is None:
        return Warned("R93", {"known": False}, (NextStep.OPEN_PORTAL, NextStep.CALL_INFOLINE))
    if coverage.price is not None:
        return Warned("R93", {"known": True, "price": coverage.price}, (NextStep.CALL_INFOLINE,))
    return Refused("R93", "NOT_COVERED", {"service_id": coverage.service_id}, (NextStep.CALL_INFOLINE,))
