"""What comes next: the first thing that is missing, or the next step; the open question once more."""

from __future__ import annotations

from bot.actions import online_consultation
from bot.actions.booking import (
    confirm,
    follow_up,
    freed,
    gates,
    holds,
    nothing,
    offer,
    refusals,
    rehabilitation,
    what,
)
from bot.actions.booking.ask_who import ask_who, ask_who_else
from bot.actions.booking.closing import hold_expired, select, settle
from bot.actions.booking.place import ask_place, place_known
from bot.actions.booking.questions import (
    ask,
    ask_candidates,
    ask_doctor,
    ask_kind,
    ask_service,
    ask_when,
)
from bot.actions.booking.read_back import ask_consent
from bot.actions.booking.reading import changed
from bot.actions.booking.slots import (
    BOOKED,
    CANDIDATES,
    ELSEWHERE,
    FITTED,
    FREED,
    HOLD,
    KIND,
    LEFT_TOLD,
    MISSED,
    NO_FACILITY,
    NOT_ON_ACCOUNT,
    OFFERED,
    ORDINARY,
    SERVICE,
    STRANGER,
    UNLISTED,
    UNLISTED_CITY,
    UNSURE,
    WHEN,
    WHO,
    when_of,
)
from bot.actions.booking.steps import AGAIN, CHANGE, CONSENT, NOTHING, OFFER, REFUSED, Ctx, describer
from bot.dialogue.hearing import not_a_yes


async def advance(ctx: Ctx) -> None:
    """Asks the first thing that is missing, or shows what there is."""
    if not ctx.world.logged_in:
        refusals.log_in(ctx)
        ctx.end()
    elif ctx.data.get(FREED):
        await _tapped_term(ctx)
    elif ctx.data.get(HOLD):
        await ask_consent(ctx)
    elif not await _misunderstood(ctx):
        await _by_kind(ctx)


async def _tapped_term(ctx: Ctx) -> None:
    """Held at once, as soon as it is clear for whom."""
    if WHO not in ctx.facts and await ask_who(ctx):
        return
    slot = freed.due(ctx)
    if slot is None:
        ctx.speaker.say("utter_booking_freed_too_soon")
        await advance(ctx)
    else:
        await select(ctx, slot)


async def _misunderstood(ctx: Ctx) -> bool:
    """Asks about a service or a person that the portal does not have. True when asked."""
    unlisted = ctx.data.pop(UNLISTED, None)
    if unlisted and not what.subject_known(ctx):
        ask_service(ctx, unlisted=unlisted)
        return True
    if ctx.data.get(NOT_ON_ACCOUNT) and WHO not in ctx.facts:
        await ask_who_else(ctx)
        return True
    ctx.data.pop(NOT_ON_ACCOUNT, None)
    stranger, elsewhere = ctx.data.pop(STRANGER, None), ctx.data.pop(ELSEWHERE, None)
    if stranger:
        ctx.speaker.say("utter_booking_doctor_other_specialty", doctor=describer(ctx).doctor(stranger))
    no_facility = ctx.data.pop(NO_FACILITY, None)
    if no_facility:
        ctx.speaker.say("utter_booking_no_facility_in_district", district=no_facility)
    if elsewhere:
        ctx.speaker.say("utter_booking_doctor_elsewhere", doctor=describer(ctx).doctor(elsewhere))
    return False


async def _by_kind(ctx: Ctx) -> None:
    """Online and home visits are not reserved here, a control visit may be kept already."""
    if ctx.facts.get(KIND) in {"online", "home"}:
        await _not_reserved(ctx)
        return
    if not await gates.account(ctx):
        ctx.park()
        return
    if ctx.facts.get(KIND) == "control" and not ctx.facts.get(ORDINARY) and await follow_up.advance(ctx):
        if ctx.frame.prompt is not None and ctx.frame.prompt.about == REFUSED:
            ctx.park()
        return
    await _ask_or_show(ctx)


async def _not_reserved(ctx: Ctx) -> None:
    """Konsultacja Online and home visits are not reserved here (R36, R98)."""
    if ctx.facts[KIND] == "home":
        ctx.speaker.say("utter_ask_home_visit")
    elif not await online_consultation.explain(ctx):
        ctx.facts.pop(KIND)
        await advance(ctx)
        return
    ctx.park()


async def _ask_or_show(ctx: Ctx) -> None:
    treatment_open = ctx.facts.get(KIND) == "rehab" and not ctx.facts.get(SERVICE)
    if treatment_open and not await rehabilitation.choose(ctx):
        ctx.park()
        return
    if await _ask_what_for_whom(ctx):
        return
    service = what.settle(ctx)
    if service is None:
        if await rehabilitation.settled_by_referral(ctx):
            await _ask_or_show(ctx)
        elif ctx.facts.get(CANDIDATES):
            ask_candidates(ctx)
        else:
            _tell_of_town(ctx)
            await ask_kind(ctx)
        return
    if not await gates.service(ctx, service):
        ctx.park()
        return
    if not ctx.facts.get(BOOKED) and not ctx.data.get(LEFT_TOLD):
        ctx.data[LEFT_TOLD] = await rehabilitation.tell_left(ctx)
    if not place_known(ctx, service) and await ask_place(ctx, service):
        return
    if not await _ask_time(ctx):
        await offer.show(ctx)


def _tell_of_town(ctx: Ctx) -> None:
    """A town without a facility is told of at once, also where something else is asked first."""
    unlisted = ctx.data.pop(UNLISTED_CITY, None)
    if unlisted is not None:
        ctx.speaker.say("utter_booking_city_not_own", city=unlisted)


async def _ask_what_for_whom(ctx: Ctx) -> bool:
    if what.subject_known(ctx):
        return WHO not in ctx.facts and await ask_who(ctx)
    if not ask_doctor(ctx):
        ask_service(ctx)
    return True


async def _ask_time(ctx: Ctx) -> bool:
    """The time is asked for only when what was said of it is gone by or may mean several days."""
    wish = when_of(ctx.facts)
    if wish.is_past(ctx.world.now):
        ctx.facts.pop(WHEN)
        ctx.speaker.say("utter_booking_date_past")
    elif not wish.should_ask or ctx.data.get(OFFERED):
        return False
    await ask_when(ctx)
    return True


async def ask_again(ctx: Ctx, *, missed: bool = False) -> None:
    """The open question once more; after a miss in its second wording."""
    ctx.data[MISSED] = missed
    try:
        await _put_again(ctx, ctx.frame.prompt.about if ctx.frame.prompt else "", missed=missed)
    finally:
        ctx.data.pop(MISSED, None)


async def _put_again(ctx: Ctx, about: str, *, missed: bool) -> None:
    options = ctx.frame.prompt.options if ctx.frame.prompt else []
    if about == OFFER and ctx.data.get(OFFERED):
        if missed:
            ctx.speaker.say("utter_booking_which_slot")
        offer.put(ctx)
    elif about == CONSENT and ctx.data.get(HOLD):
        await _read_back_again(ctx, missed=missed)
    elif about == NOTHING:
        nothing.put_again(ctx)
    elif about == CHANGE:
        offer.ask_what_to_change(ctx, "utter_booking_what_to_change_again", options)
    elif about == AGAIN and ctx.data.get(UNSURE):
        await settle(ctx, await confirm.look(ctx))
    elif about == AGAIN:
        ask(ctx, AGAIN, "utter_booking_go_on", options)
    else:
        await advance(ctx)


async def _read_back_again(ctx: Ctx, *, missed: bool) -> None:
    if holds.expired(ctx):
        await hold_expired(ctx)
        return
    if missed:
        ctx.speaker.say(not_a_yes(ctx.turn, "utter_booking_consent_unclear"))
    await ask_consent(ctx)


async def step_back(ctx: Ctx, about: str) -> bool:
    """From the read-back to the list it was chosen from; from nothing free to the wish that had some."""
    if about == NOTHING and ctx.data.get(FITTED):
        ctx.frame.facts = dict(ctx.data.pop(FITTED))
        await changed(ctx)
        await advance(ctx)
        return True
    if about != CONSENT or not ctx.data.get(OFFERED):
        return False
    await holds.release(ctx)
    offer.put(ctx)
    return True
