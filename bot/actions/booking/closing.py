"""From a chosen slot to the end: hold, read back, confirm, and what became of it."""

from __future__ import annotations

from bot.actions.booking import after, confirm, holds, offer, queue, refusals
from bot.actions.booking.read_back import ask_consent
from bot.actions.booking.slots import BOOKED, CLASH, HOLD, INSTEAD, MOVES, REPLACES, UNSURE, WINDOW
from bot.actions.booking.steps import Ctx, person
from bot.portal.models import Reservation, Slot


async def select(ctx: Ctx, slot: Slot) -> None:
    """Holds the chosen slot and reads it back."""
    if slot.start <= ctx.world.now:  # the list is of another day
        await _offer_anew(ctx, "utter_booking_slot_past")
        return
    code = await holds.hold(ctx, slot, (await person(ctx)).id)
    conflicts = (ctx.data.get(HOLD) or {}).get("conflicts")
    if code is None and conflicts:
        refusals.clash(ctx, conflicts[0])
    elif code is None:
        await ask_consent(ctx)
    elif code in holds.SLOT_GONE:
        await _offer_anew(ctx, "utter_booking_slot_taken")
    elif code in holds.CLASHES:
        refusals.clash(ctx, {"code": code})
    else:
        await _explain(ctx)


async def replace(ctx: Ctx, reservation: str, old: str) -> None:
    """Moves the visit there is (`old` in words) to the held slot: read back like any other first."""
    ctx.data[REPLACES] = {"id": reservation, "old": old}
    if holds.expired(ctx):
        await hold_expired(ctx)
        return
    await ask_consent(ctx)


async def book(ctx: Ctx) -> None:
    """After the "tak": confirms, or looks what became of a confirmation whose outcome is not known."""
    if not holds.expired(ctx):
        await settle(ctx, await confirm.confirm(ctx))
    elif ctx.data.get(HOLD) and ctx.data.get(UNSURE):
        await settle(ctx, await confirm.look(ctx))
    else:
        await hold_expired(ctx)


async def settle(ctx: Ctx, outcome: Reservation | str) -> None:
    """Tells what came of the confirmation; nothing is told as booked that the portal has not booked."""
    if not isinstance(outcome, str):
        queue.carry(ctx)
        ctx.conversation.parked = None
        if not await after.done(ctx, outcome):
            ctx.end()
        return
    if outcome in holds.SLOT_GONE:
        await hold_expired(ctx, taken=True)
    elif outcome == confirm.HOLD_EXPIRED or (outcome == confirm.NOT_BOOKED and holds.expired(ctx)):
        await hold_expired(ctx)
    elif outcome in {confirm.UNKNOWN, confirm.NOT_BOOKED}:
        confirm.ask_again_later(ctx, outcome)
    elif outcome in holds.CLASHES:
        await holds.release(ctx)
        refusals.clash(ctx, {"code": outcome})
    else:
        await holds.release(ctx)
        await _explain(ctx)


async def hold_expired(ctx: Ctx, *, taken: bool = False) -> None:
    """Says so and offers again by the same filters."""
    await holds.release(ctx)
    await _offer_anew(ctx, "utter_booking_slot_taken" if taken else "utter_booking_hold_expired")


async def _offer_anew(ctx: Ctx, response: str) -> None:
    ctx.data.pop(WINDOW, None)
    ctx.speaker.say(response)
    await offer.show(ctx)


async def _explain(ctx: Ctx) -> None:
    """What the portal refused; where no other slot would help the task waits for a way out."""
    if await refusals.explain(ctx):
        ctx.park()


def put_off(ctx: Ctx) -> str:
    """What is kept when the booking waits for another day: never the held term, always the visit it moves."""
    if ctx.data.get(UNSURE):
        return stopped(ctx)
    if ctx.facts.get(MOVES):
        return "utter_put_off_rescheduling"
    return "utter_put_off_booking_held" if ctx.data.get(HOLD) else "utter_put_off_booking"


def stopped(ctx: Ctx) -> str:
    """After a visit was booked stopping takes nothing back; an unknown outcome stays unknown."""
    if ctx.data.get(UNSURE):
        return "utter_booking_stopped_unsure"
    if ctx.facts.get(INSTEAD):
        return "utter_task_left"
    kept = ctx.facts.get(BOOKED) or ctx.facts.get(MOVES) or ctx.data.get(CLASH)
    return "utter_booking_enough" if kept else "utter_task_stopped"
