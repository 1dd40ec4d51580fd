"""Rehabilitation: what can be booked follows from the referral (R31)."""

from __future__ import annotations

from bot.actions.booking import refusals
from bot.actions.booking.slots import CANDIDATES, KIND, REFERRAL, SERVICE
from bot.actions.booking.steps import Ctx, named, person, ways_out
from bot.dialogue.turn import Turn
from bot.language.cues import cue
from bot.language.questions import asks
from bot.language.speech import counted, join_and
from bot.portal.clock import local_date
from bot.portal.errors import RuleProblem
from bot.portal.models import Referral, Service, ServiceKind
from bot.portal.rules import rehabilitation
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.outcome import Refused
from bot.portal.rules.referrals import usable


async def choose(ctx: Ctx) -> bool:
    """Puts the treatments of the patient's referrals into the facts. False after a refusal."""
    me = await ctx.world.me()
    level = may_use(me, Capability.REHABILITATION, ctx.world.now)
    if isinstance(level, Refused):
        refusals.refuse(ctx, level)
        return False
    whom = (await person(ctx)).id
    catalogue = ctx.world.signed_in()[1]
    known = await referrals(ctx) or ()
    today = local_date(ctx.world.now)
    treatments = [s for s in catalogue.of_kind(ServiceKind.REHAB) if s.bookable]
    allowed = [s for s in treatments if rehabilitation.may_book(s, whom, known, today).ok]
    if not allowed:
        refused = next(
            (
                outcome
                for service in treatments
                if isinstance(outcome := rehabilitation.may_book(service, whom, known, today), Refused)
                and (outcome.reason_params.get("reason") != "none" or service is treatments[-1])
            ),
            None,
        )
        if refused is not None:
            refusals.refuse(ctx, refused)
            return False
    if len(allowed) == 1:
        ctx.facts[SERVICE], ctx.facts[KIND] = allowed[0].id, ServiceKind.REHAB.value
        ctx.facts.pop(CANDIDATES, None)
    else:
        ctx.facts[CANDIDATES] = [service.id for service in allowed]
    return True


async def refuse_other(ctx: Ctx, wanted: Service) -> bool:
    """A treatment the referral does not name: says which it does. True when it names any."""
    whom = (await person(ctx)).id
    known, today = await referrals(ctx) or (), local_date(ctx.world.now)
    treatments = ctx.world.signed_in()[1].of_kind(ServiceKind.REHAB)
    allowed = [s for s in treatments if s.bookable and rehabilitation.may_book(s, whom, known, today).ok]
    if not allowed:
        return False
    options = [named(s.name, {SERVICE: s.id, KIND: ServiceKind.REHAB.value}, *s.aliases) for s in allowed]
    ctx.speaker.ask(
        SERVICE,
        "utter_refused_R31_other",
        [*options, *ways_out(ctx, ["call_infoline"])],
        service=wanted.name,
        covered=join_and([s.name for s in allowed]),
        rule="R31",
    )
    return True


async def settled_by_referral(ctx: Ctx) -> bool:
    """ "Skierowanie na USG": of the services the word may mean, the only one that a referral names (R30)."""
    candidates = ctx.facts.get(CANDIDATES) or ()
    if len(candidates) < 2 or not cue("referral_word").heard(ctx.turn.text):
        return False
    whom, today = (await person(ctx)).id, local_date(ctx.world.now)
    known = await referrals(ctx) or ()
    named = [i for i in candidates if usable(known, i, whom, today)]
    service = ctx.world.signed_in()[1].services.get(named[0]) if len(named) == 1 else None
    if service is None:
        return False
    ctx.facts[SERVICE], ctx.facts[KIND] = service.id, service.kind.value
    ctx.facts.pop(CANDIDATES)
    return True


async def tell_left(ctx: Ctx) -> bool:
    """R31: how many treatments the referral still has. False when none is used, or it cannot be read."""
    referral = ctx.facts.get(REFERRAL)
    if ctx.facts.get(KIND) != ServiceKind.REHAB or not referral:
        return False
    found = next((each for each in await referrals(ctx) or () if each.id == referral), None)
    if found is None or not found.remaining:
        return False
    ctx.speaker.say("utter_rehabilitation_left", left=counted(found.remaining, "zabieg"))
    return True


def asks_left(turn: Turn) -> bool:
    """ "A ile mi ich zostało?" """
    return cue("left_over").heard(turn.text) and asks(turn.text)


async def referrals(ctx: Ctx) -> tuple[Referral, ...] | None:
    """The patient's referrals; None when the portal does not let this account read them."""
    try:
        return (await ctx.world.signed_in()[0].referrals()).items
    except RuleProblem:
        return None
