"""The portal's rules before a search: the first refusal is said with its reason and ways out."""

from __future__ import annotations

from datetime import date

from bot.actions.booking import refusals, rehabilitation
from bot.actions.booking.slots import CITO, CITY, KIND, MOVES, PREFERENTIAL, REFERRAL, SERVICE
from bot.actions.booking.steps import Ctx, person
from bot.actions.catalogue import Catalogue
from bot.portal.clock import local_date
from bot.portal.errors import RuleProblem
from bot.portal.models import (
    CancelledBy,
    Pool,
    Referral,
    ReferralNeed,
    ReservationStatus,
    Service,
    ServiceKind,
)
from bot.portal.rules import booking, limits, partner, priority
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.outcome import NextStep, Refused

_NOT_FOR_CITO = frozenset({"REFERRAL_REQUIRED", "NOT_COVERED", "SERVICE_NOT_BOOKABLE"})
"""An urgent referral that is claimed but not on record goes to the Infolinia, it is not refused (R124)."""


async def account(ctx: Ctx) -> bool:
    """R42: the limit of a basic account is checked before anything is asked or searched.

    Moving a visit adds none.
    """
    if ctx.facts.get(MOVES) or ctx.facts.get(KIND) in {"occupational", "control"}:
        return True
    me = await ctx.world.me()
    services = ctx.world.signed_in()[1].services.values()
    counted = next((s for s in services if s.kind == ServiceKind.ONSITE), None)
    if counted is None:
        return True
    outcome = limits.may_reserve_another(me, counted)
    if isinstance(outcome, Refused):
        refusals.refuse(ctx, outcome)
        return False
    return True


async def service(ctx: Ctx, chosen: Service) -> bool:
    """Everything about this service for this person, the plainest reason first."""
    me = await ctx.world.me()
    _, catalogue = ctx.world.signed_in()
    if not await _towns(ctx, chosen, catalogue):
        return False
    whom = await person(ctx)
    referrals = await _referrals(ctx, chosen)
    result = booking.before_search(
        me, chosen, whom, referrals, ctx.world.now, replacing=bool(ctx.facts.get(MOVES))
    )
    if isinstance(result, Refused):
        if ctx.facts.get(CITO) and result.code in _NOT_FOR_CITO:
            result = Refused("R124", result.code, remedies=(NextStep.CALL_INFOLINE,))
        other = chosen.kind == ServiceKind.REHAB and result.reason_params.get("reason") == "none"
        if not (other and await rehabilitation.refuse_other(ctx, chosen)):
            refusals.refuse(ctx, result, service=chosen)
        return False
    referral = booking.referral_allows(chosen, whom.id, referrals, local_date(ctx.world.now))
    found = getattr(referral, "params", {}).get("referral_id")
    if found:
        ctx.facts[REFERRAL] = found
    return True


async def _towns(ctx: Ctx, chosen: Service, catalogue: Catalogue) -> bool:
    """R67: towns with partner facilities only. "Mieszkam w Zamościu, ale mogę do Lublina" leaves Lublin."""
    named = [city for city in ctx.facts.get(CITY) or () if city in catalogue.cities]
    own = [city for city in named if partner.may_book_in(catalogue.cities[city], chosen).ok]
    if named and not own:
        await refusals.partner_town(ctx, catalogue.cities[named[0]])
        return False
    if len(own) < len(named):
        ctx.facts[CITY] = own
    return True


async def _referrals(ctx: Ctx, chosen: Service) -> tuple[Referral, ...] | None:
    """Referrals when the service can use one; None when this account may not read them."""
    if chosen.referral == ReferralNeed.NONE and chosen.kind != ServiceKind.REHAB:
        return None
    me = await ctx.world.me()
    if not may_use(me, Capability.REFERRALS, ctx.world.now).ok:
        return None
    return await rehabilitation.referrals(ctx)


async def preferential(ctx: Ctx) -> bool:
    """R59, R63, R124, R125: who looks into the preferential pool first."""
    if ctx.facts.get(PREFERENTIAL):
        return True
    whom, referral = await person(ctx), None
    if ctx.facts.get(REFERRAL):
        referrals = (await ctx.world.signed_in()[0].referrals()).items
        referral = next((r for r in referrals if r.id == ctx.facts[REFERRAL]), None)
    today = local_date(ctx.world.now)
    cancelled = await _cancelled_by_clinic(ctx, whom.id, today)
    wanted = priority.pool(whom, today, referral=referral, cancelled_by_clinic=cancelled)
    return wanted == Pool.PREFERENTIAL


async def _cancelled_by_clinic(ctx: Ctx, patient_id: str, today: date) -> bool:
    """R59: the clinic called off a visit of this service that would still be ahead."""
    portal = ctx.world.signed_in()[0]
    try:
        page = await portal.reservations(ReservationStatus.CANCELLED, start=today, patient_id=patient_id)
    except RuleProblem:
        return False
    service = ctx.facts.get(SERVICE)
    return any(r.service_id == service and r.cancelled_by == CancelledBy.CLINIC for r in page.items)
