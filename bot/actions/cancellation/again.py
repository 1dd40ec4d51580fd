"""After a visit was cancelled: a new one in one tap, or the same slot back if it is still free."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.actions.booking.acts import act
from bot.actions.booking.slots import (
    CITY,
    DOCTOR,
    FACILITY,
    INSTEAD,
    KIND,
    ONLY_THIS,
    SERVICE,
    SPECIALTY,
    WHEN,
    WHO,
)
from bot.actions.booking.steps import AGAIN, Ctx, say_intent
from bot.actions.cancellation.choosing import VISIT, WANTED
from bot.actions.cancellation.wanted import whose
from bot.dialogue.state import Frame, Option
from bot.language.cues import cue, synonyms
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import Reservation

BOOKING = "booking"


async def facts_of(ctx: Ctx, visit: Reservation) -> dict[str, Any]:
    """What a booking knows when it is to find another term for this visit."""
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    facts: dict[str, Any] = {
        SERVICE: visit.service_id,
        KIND: str(visit.slot.kind.value),
        WHO: whose(visit, await ctx.world.me()),
    }
    if service is not None and service.specialty is not None:
        facts[SPECIALTY] = service.specialty.id
    if visit.slot.city_id:
        facts[CITY] = [visit.slot.city_id]
    return facts


async def offer(ctx: Ctx, visit: Reservation) -> None:
    """Offers to book again; the offer is a booking set aside, so that a wish ("może w piątek") goes on."""
    frame = Frame(BOOKING, facts=await facts_of(ctx, visit) | {INSTEAD: True})
    ctx.conversation.stack.append(frame)
    ctx.frame = frame
    back = {"do": "switch", "regret": True, "facts": the_same_term(visit)}
    ctx.speaker.ask(
        AGAIN,
        "utter_cancellation_book_again",
        [
            ctx.option("book_again", {"do": "search"}, *synonyms("book_again")),
            replace(ctx.option("regret", back, *synonyms("regret")), cue="wants_it_back"),
            say_intent(ctx, "that_is_all", "deny", *synonyms("that_is_all")),
        ],
    )
    ctx.park()


def the_same_term(visit: Reservation) -> dict[str, Any]:
    """Facts of a search that finds the freed slot and nothing else; its id may be another one by now."""
    slot, start = visit.slot, visit.slot.start.astimezone(WARSAW)
    when = When(date_from=start.date(), date_to=start.date(), exact_time=start.time())
    facts: dict[str, Any] = {WHEN: when.to_json(), INSTEAD: None, ONLY_THIS: True}
    if slot.doctor_id:
        facts[DOCTOR] = [slot.doctor_id]
    if slot.facility_id:
        facts[FACILITY] = [slot.facility_id]
    return facts


async def regretted(ctx: Ctx) -> bool:
    """ "Jednak nie odwołuj tej wizyty" after it was cancelled: the same slot is looked for."""
    option = _way_back(ctx)
    text = ctx.turn.text
    if option is None or not (cue("keeps_visit").heard(text) or cue("wants_it_back").heard(text)):
        return False
    parked = ctx.conversation.parked
    ctx.end()
    if parked is not None:
        ctx.conversation.bring_back(parked)
        ctx.frame = parked
        await act(ctx, option.act)
    return True


async def rather_moved(ctx: Ctx, wish: dict[str, Any]) -> bool:
    """ "Chciałam przełożyć, a nie odwołać" after it was cancelled: another term for the same is wanted."""
    parked = ctx.conversation.parked
    if _way_back(ctx) is None or parked is None or VISIT in ctx.facts or WANTED in ctx.facts:
        return False
    ctx.end()
    ctx.conversation.bring_back(parked)
    ctx.frame = parked
    await act(ctx, {"do": "switch", "facts": wish})
    return True


def _way_back(ctx: Ctx) -> Option | None:
    parked = ctx.conversation.parked
    options = parked.prompt.options if parked is not None and parked.prompt is not None else []
    return next((option for option in options if option.act.get("regret")), None)
