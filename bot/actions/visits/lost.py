"""A visit that the clinic called off: found on the portal, and a new term with precedence (R59)."""

from __future__ import annotations

from datetime import timedelta

from bot.actions.booking import next_step
from bot.actions.booking.slots import KIND, PREFERENTIAL, SPECIALTY, WHEN
from bot.actions.booking.steps import Ctx, say_intent, ways_out
from bot.actions.cancellation import again, wanted
from bot.actions.cancellation.choosing import VISIT, WANTED, describe
from bot.actions.visits import words
from bot.actions.visits.listing import put
from bot.dialogue.state import Frame, Option
from bot.language.times import When
from bot.portal.errors import RuleProblem
from bot.portal.models import CancelledBy, Reservation, ReservationStatus, ServiceKind

_BACK = timedelta(days=30)
"""How long ago the visit that was called off may have been."""


async def tell(ctx: Ctx) -> None:
    """Names the visit and looks for a new term; without one on record the Infolinia. Raises PortalError."""
    lost = await _called_off(ctx)
    catalogue, me = ctx.world.signed_in()[1], await ctx.world.me()
    said = dict(ctx.facts.get(WANTED) or {})
    found = [visit for visit in lost if wanted.fits(visit, said, catalogue, me)]
    found = [visit for visit in found if ctx.facts.get(VISIT) in {None, visit.id}]
    if not found:  # "byle po 15" is the time of the new one
        things = {name: value for name, value in said.items() if name != wanted.WHEN}
        found = [visit for visit in lost if things and wanted.fits(visit, things, catalogue, me)]
    if not found and len(lost) == 1 and not _of_another_kind(said):
        found = lost
    if len(found) > 1:
        options = [_option(await words.option(ctx, visit)) for visit in found]
        put(ctx, "utter_visits_called_off_which", options, visits=await words.lines(ctx, found))
    elif found:
        await _search(ctx, found[0])
    elif await _kept_control(ctx, said):
        await _control_visit(ctx)
    else:
        options = [say_intent(ctx, "show_booked", "list_visits"), *ways_out(ctx, ["call_infoline"])]
        put(ctx, "utter_visits_none_called_off", options, asks=True)


def _of_another_kind(said: dict[str, object]) -> bool:
    """Whether what was said names a thing; a day alone may be the day of the SMS."""
    return any(said.get(kind) for kind in wanted.THINGS)


async def _called_off(ctx: Ctx) -> list[Reservation]:
    portal, _ = ctx.world.signed_in()
    page = await portal.reservations(ReservationStatus.CANCELLED, ctx.world.now - _BACK)
    return [visit for visit in page.items if visit.cancelled_by == CancelledBy.CLINIC]


async def _kept_control(ctx: Ctx, said: dict[str, object]) -> bool:
    """R63: no visit was called off, but a control visit is kept with a doctor who is gone or on leave."""
    portal, catalogue = ctx.world.signed_in()
    try:
        kept = (await portal.prereservations()).items
    except RuleProblem:
        return False
    wished = said.get("specialty")
    specialties = {str(each) for each in wished} if isinstance(wished, list) else set()
    for item in kept:
        service = catalogue.services.get(item.service_id)
        own = service.specialty.id if service is not None and service.specialty else ""
        if not item.doctor_available and (not specialties or own in specialties):
            return True
    return False


async def _control_visit(ctx: Ctx) -> None:
    """The kept control visit, with its own words on the doctor who cannot see the patient."""
    specialty = next((mention.ids[0] for mention in ctx.turn.said("specialty")), None)
    facts = {KIND: ServiceKind.CONTROL.value} | ({SPECIALTY: specialty} if specialty else {})
    frame = Frame(again.BOOKING, facts=facts)
    ctx.end()
    ctx.conversation.stack.append(frame)
    ctx.frame = frame
    await next_step.advance(ctx)


def _option(option: Option) -> Option:
    option.act = {"do": "lost", "visit": option.act["visit"]}
    return option


def _hours(ctx: Ctx) -> dict[str, object]:
    """ "Kiedy najbliższy, byle po południu": hours are wished for; a day may be the day of the lost visit."""
    wish = ctx.turn.when
    if wish is None or wish.exact_time or not (wish.time_from or wish.time_to):
        return {}
    return {WHEN: When(time_from=wish.time_from, time_to=wish.time_to).to_json()}


async def _search(ctx: Ctx, visit: Reservation) -> None:
    """A booking of the same service and person, terms with precedence first, doctors of any name."""
    ctx.speaker.say("utter_visit_called_off", visit=await describe(ctx, visit))
    facts = await again.facts_of(ctx, visit) | {PREFERENTIAL: True} | _hours(ctx)
    frame = Frame(again.BOOKING, facts=facts)
    ctx.end()
    ctx.conversation.stack.append(frame)
    ctx.frame = frame
    await next_step.advance(ctx)
