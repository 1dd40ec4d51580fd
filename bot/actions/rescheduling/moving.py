"""From the visit that is meant to a booking that replaces it: one operation of the portal (R60)."""

from __future__ import annotations

from bot.actions.booking import next_step
from bot.actions.booking.holds import old_visit
from bot.actions.booking.slots import DOCTOR, MOVES
from bot.actions.booking.steps import Ctx
from bot.actions.cancellation import again
from bot.actions.cancellation.choosing import one
from bot.actions.cancellation.refusing import refuse
from bot.actions.rescheduling import target
from bot.dialogue.state import Frame
from bot.portal.models import Reservation
from bot.portal.rules.cancellation import may_reschedule
from bot.portal.rules.outcome import Refused

TARGET = "target"
"""Fact: facts of a booking that were wished for the new term."""
SAID = "said"
"""Fact: the words that asked for it ("wcześniej")."""


async def advance(ctx: Ctx) -> None:
    """Asks which visit, refuses, or looks for its new term."""
    visit = await one(ctx)
    if visit is None:
        return
    allowed = may_reschedule(visit, ctx.world.now, ctx.world.decisions)
    if isinstance(allowed, Refused):
        await refuse(ctx, visit, allowed)
        ctx.park()
        return
    await _book_instead(ctx, visit)


async def _book_instead(ctx: Ctx, visit: Reservation) -> None:
    """The ordinary search for the same service, person and town, with the doctor as a wish."""
    facts = await again.facts_of(ctx, visit)
    if visit.slot.doctor_id:
        facts[DOCTOR] = [visit.slot.doctor_id]
    target.put(facts, ctx.facts.get(TARGET) or {})
    target.beside(facts, str(ctx.facts.get(SAID) or ""), visit.slot.start, ctx.world.now)
    old = old_visit(ctx, visit)
    start = visit.slot.start.isoformat()
    facts[MOVES] = {"id": visit.id, "old": old, "start": start, "back": again.the_same_term(visit)}
    frame = Frame(again.BOOKING, facts=facts)
    ctx.end()
    ctx.conversation.stack.append(frame)
    ctx.frame = frame
    ctx.speaker.say("utter_rescheduling_search", old=old)
    await next_step.advance(ctx)
