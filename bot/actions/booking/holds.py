"""Holding a slot while the patient decides, and giving it back."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from bot.actions.booking import refusals
from bot.actions.booking.slots import HOLD, MOVES, REFERRAL, REPLACES, TRIES, UNSURE
from bot.actions.booking.steps import Ctx, describer, slot_to_json
from bot.dialogue.turn import Turn
from bot.language.cues import cue
from bot.language.questions import asks
from bot.language.spoken import spoken_time
from bot.language.times.model import WARSAW
from bot.portal.errors import AuthProblem, PortalProblem, PortalUnavailable, RateLimitedProblem
from bot.portal.keys import idempotency_key
from bot.portal.models import Conflict, Hold, Reservation, Slot, Valuation

log = logging.getLogger(__name__)
SLOT_GONE = frozenset({"SLOT_TAKEN", "NOT_FOUND", "HOLD_CONFLICT"})
"""Refusals of a slot: another one may do."""
CLASHES = frozenset({"OVERLAP", "DUPLICATE_SERVICE"})
"""Refusals because of a visit that is booked already (R44)."""


async def hold(ctx: Ctx, slot: Slot, patient_id: str) -> str | None:
    """Keeps the slot while the patient decides. The code of a refusal, None when it is held."""
    portal, _ = ctx.world.signed_in()
    await release(ctx)
    ctx.data.pop(UNSURE, None)
    tries = int(ctx.data.get(TRIES) or 0) + 1
    ctx.data[TRIES] = tries
    key = idempotency_key(ctx.world.sender, f"hold-{ctx.conversation.turns}-{tries}", slot.id)
    moved = ctx.facts.get(MOVES) or {}
    try:
        held = await portal.hold(slot.id, patient_id, ctx.facts.get(REFERRAL), moved.get("id"), key=key)
    except (AuthProblem, RateLimitedProblem):
        raise  # nothing about the visit: the turn is undone, its buttons stay
    except PortalProblem as problem:
        refusals.remember(ctx, problem)
        return problem.code
    keep(ctx, held)
    if moved:
        ctx.data[REPLACES] = dict(moved)
    return None


def keep(ctx: Ctx, held: Hold) -> None:
    """Puts a hold into the frame; the turn ends (and is saved) before anything is confirmed with it."""
    ctx.data[HOLD] = {
        "id": held.id,
        "expires_at": held.expires_at.isoformat(),
        "slot": slot_to_json(held.slot),
        "valuation": _cheapest(held.valuations),
        "preparation": list(held.preparation),
        "conflicts": [_conflict(ctx, conflict) for conflict in held.conflicts],
    }


def _conflict(ctx: Ctx, conflict: Conflict) -> dict[str, Any]:
    """What the held slot collides with, in words; the id only to have the portal replace it (R60)."""
    old = conflict.reservation
    return {"code": conflict.code, "id": old.id if old else None, "old": old_visit(ctx, old) if old else ""}


def old_visit(ctx: Ctx, visit: Reservation) -> str:
    """ "dermatolog, we wtorek 24 listopada o 15:30"."""
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    return ctx.speaker.texts.get(
        "utter_piece_old_visit", what=service.name if service else "", when=describer(ctx).when(visit.slot)
    )


def _cheapest(valuations: tuple[Valuation, ...]) -> dict[str, Any] | None:
    """The way to pay that costs least; the patient hears which one it is."""
    if not valuations:
        return None
    chosen = min(valuations, key=lambda v: v.price.amount if v.price else 0)
    price = chosen.price
    return {
        "id": chosen.id,
        "label": chosen.label_pl,
        "amount": str(price.amount) if price else None,
        "currency": price.currency if price else None,
    }


async def release(ctx: Ctx) -> None:
    """Gives the held slot back: on "nie", on a change, on every other way out."""
    held = ctx.data.pop(HOLD, None)
    if held is None or ctx.world.portal is None:
        return
    try:
        await ctx.world.portal.release(held["id"])
    except (PortalProblem, PortalUnavailable) as error:
        log.warning("hold not released, it ends by itself: %s", error)


def asked_about(turn: Turn) -> bool:
    """ "A jak przegapię ten czas?", "do kiedy to trzymacie?" at the read-back."""
    question = "?" in turn.text or asks(turn.text)
    return question and not turn.has("service", "specialty", "doctor") and cue("of_holding").heard(turn.text)


def tell_until(ctx: Ctx) -> None:
    """Until when the term is held (R50), and what happens then."""
    until = datetime.fromisoformat(ctx.data[HOLD]["expires_at"]).astimezone(WARSAW)
    ctx.speaker.say("utter_booking_held_until", time=spoken_time(until.time()))


def expired(ctx: Ctx) -> bool:
    """Whether the hold has run out by the portal's clock."""
    held = ctx.data.get(HOLD)
    return held is None or ctx.world.now >= datetime.fromisoformat(held["expires_at"])
