"""Sections C and E: what may be booked at all, and the gates before search, hold and confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.portal.clock import elapsed, local_date
from bot.portal.models import (
    Dependant,
    Hold,
    Level,
    Me,
    Patient,
    Referral,
    ReferralNeed,
    Service,
    ServiceKind,
)
from bot.portal.rules import rehabilitation
from bot.portal.rules.accounts import Capability, level_required, may_use
from bot.portal.rules.ages import completed_years
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.limits import may_reserve_another
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, strictest
from bot.portal.rules.referrals import usable

_CAPABILITY = {
    ServiceKind.OCCUPATIONAL: Capability.OCCUPATIONAL,
    ServiceKind.REHAB: Capability.REHABILITATION,
    ServiceKind.CONTROL: Capability.PRERESERVATIONS,
}


def kind_bookable(service: Service) -> Outcome:
    """R30, R36, R98 [S1 S2 S4]: home visits are ordered by phone, online ones started without booking.

    Of tests only those the portal's dictionary marks as bookable (A23).
    """
    if service.kind == ServiceKind.HOME:
        return _not_bookable("R36", service, NextStep.CALL_URGENT_HELP)
    if service.kind == ServiceKind.ONLINE:
        return _not_bookable("R98", service, NextStep.START_ONLINE_CONSULTATION)
    if not service.bookable:
        return _not_bookable("R30", service, NextStep.CALL_INFOLINE)
    return Allowed()


def _not_bookable(rule: str, service: Service, way: NextStep) -> Refused:
    return Refused(rule, "SERVICE_NOT_BOOKABLE", {"service_id": service.id, "kind": service.kind.raw}, (way,))


def city_needed(service: Service) -> bool:
    """R22 [S0 S1 S3]: a phone consultation is with doctors from all of Poland, never ask for a town."""
    return service.kind != ServiceKind.PHONE and service.city_required


def level_allows(
    me: Me | None, service: Service, now: datetime, decisions: Decisions = DEFAULT_DECISIONS
) -> Outcome:
    """R21, R26, R31, R34 [S0 S2 S3 S4]: phone, on site, tests and occupational for both levels."""
    outcome = may_use(me, _CAPABILITY.get(service.kind, Capability.BOOKING), now, decisions)
    if outcome.ok and me is not None and service.min_level == Level.FULL and me.level != Level.FULL:
        return level_required(me, "R3", now, decisions)
    return outcome


def age_allows(service: Service, patient: Patient | Dependant, on: date) -> Outcome:
    """R44: age bands are the portal's own limits; ``on`` is the day of the visit, today when unknown."""
    if service.age is None or patient.birth_date is None:
        return Allowed()
    age = completed_years(patient.birth_date, on)
    low, high = service.age.min, service.age.max
    if (low is None or age >= low) and (high is None or age <= high):
        return Allowed()
    return Refused(
        "R44", "AGE_RESTRICTED", {"age": age, "min_age": low, "max_age": high}, (NextStep.CALL_INFOLINE,)
    )


def referral_allows(
    service: Service, patient_id: str, referrals: Sequence[Referral] | None, today: date
) -> Outcome:
    """R30, R31 [S2 S4]: services that need a referral, and which one would be used.

    ``referrals`` is None when they cannot be read (basic account): then the portal decides.
    """
    if service.kind == ServiceKind.REHAB:
        return rehabilitation.may_book(service, patient_id, referrals or (), today)
    if referrals is None or service.referral == ReferralNeed.NONE:
        return Allowed()
    found = usable(referrals, service.id, patient_id, today)
    if found:
        return Allowed({"referral_id": found[0].id, "urgent": found[0].urgent})
    if service.referral == ReferralNeed.REQUIRED:
        return Refused(
            "R30",
            "REFERRAL_REQUIRED",
            {"service_id": service.id},
            (NextStep.BOOK_CONSULTATION, NextStep.CALL_INFOLINE),
        )
    return Allowed()


def before_search(
    me: Me | None,
    service: Service,
    patient: Patient | Dependant,
    referrals: Sequence[Referral] | None,
    now: datetime,
    *,
    replacing: bool = False,
    decisions: Decisions = DEFAULT_DECISIONS,
) -> Outcome:
    """All gates before the first question about dates, the plainest reason first (R42: before searching)."""
    if me is None:
        return level_allows(None, service, now, decisions)
    today = local_date(now)
    return strictest(
        kind_bookable(service),
        level_allows(me, service, now, decisions),
        may_reserve_another(me, service, replacing=replacing, decisions=decisions),
        age_allows(service, patient, today),
        referral_allows(service, patient.id, referrals, today),
    )


def before_confirm(
    me: Me,
    service: Service,
    hold: Hold,
    now: datetime,
    *,
    agreed: bool,
    replaces: str | None = None,
    decisions: Decisions = DEFAULT_DECISIONS,
) -> Outcome:
    """R42, R44, R49 [S2 S4]: the hold lives, nothing collides, the patient said yes to this very offer."""
    return strictest(
        hold_alive(hold, now),
        _conflicts(hold, replaces),
        may_reserve_another(me, service, replacing=replaces is not None, decisions=decisions),
        Allowed() if agreed else Refused("R49", "CONFIRMATION_REQUIRED", {"hold_id": hold.id}),
    )


def hold_alive(hold: Hold, now: datetime) -> Outcome:
    """R49: a hold ends at ``expires_at``; afterwards search again with the same filters."""
    if elapsed(now, hold.expires_at) > timedelta():
        return Allowed()
    return Refused("R49", "HOLD_EXPIRED", {"expired_at": hold.expires_at}, (NextStep.SEARCH_AGAIN,))


def _conflicts(hold: Hold, replaces: str | None) -> Outcome:
    for conflict in hold.conflicts:
        reservation_id = conflict.reservation.id if conflict.reservation else None
        if replaces is None or reservation_id != replaces:
            params = {"reservation_id": reservation_id}
            return Refused("R44", conflict.code, params, (NextStep.RESCHEDULE, NextStep.KEEP_VISIT))
    return Allowed()
