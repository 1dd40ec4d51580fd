"""List -> hold -> read back -> explicit "tak" -> confirm. Nothing is booked without all of it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from bot.actions.booking.describe import Describer
from bot.actions.booking.steps import (
    AGAIN,
    CONSENT,
    Ctx,
    describer,
    say_intent,
    slot_from_json,
    slot_to_json,
)
from bot.dialogue.state import Option
from bot.portal.errors import AuthProblem, PortalProblem, PortalUnavailable, RateLimitedProblem
from bot.portal.keys import idempotency_key
from bot.portal.models import Conflict, Hold, Level, Reservation, ReservationStatus, Slot, Valuation
from bot.portal.rules.limits import may_reserve_another
from bot.portal.rules.outcome import Warned

log = logging.getLogger(__name__)
SLOT_GONE = frozenset({"SLOT_TAKEN", "NOT_FOUND", "HOLD_CONFLICT"})
CLASHES = frozenset({"OVERLAP", "DUPLICATE_SERVICE"})


async def hold(ctx: Ctx, slot: Slot, patient_id: str) -> str | None:
    """Keeps the slot while the patient decides. The code of a refusal, None when it is held."""
    portal, _ = ctx.world.signed_in()
    await release(ctx)
    ctx.data.pop("unsure", None)
    tries = int(ctx.data.get("tries") or 0) + 1
    ctx.data["tries"] = tries
    key = idempotency_key(ctx.world.sender, f"hold-{ctx.conversation.turns}-{tries}", slot.id)
    try:
        held = await portal.hold(slot.id, patient_id, ctx.facts.get("referral"), key=key)
    except (AuthProblem, RateLimitedProblem):
        raise  # nothing about the visit: the turn is undone, its buttons stay
    except PortalProblem as problem:
        ctx.data["problem"] = {
            "code": problem.code,
            "detail": problem.detail_pl,
            "params": dict(problem.params),
        }
        return problem.code
    keep(ctx, held)
    return None


def keep(ctx: Ctx, held: Hold) -> None:
    """Puts a hold into the frame; the turn ends (and is saved) before anything is confirmed with it."""
    ctx.data["hold"] = {
        "id": held.id,
        "expires_at": held.expires_at.isoformat(),
        "slot": slot_to_json(held.slot),
        "valuation": _best(held.valuations),
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


def _best(valuations: tuple[Valuation, ...]) -> dict[str, Any] | None:
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
    held = ctx.data.pop("hold", None)
    if held is None or ctx.world.portal is None:
        return
    try:
        await ctx.world.portal.release(held["id"])
    except (PortalProblem, PortalUnavailable) as error:
        log.warning("hold not released, it ends by itself: %s", error)


async def read_back(ctx: Ctx) -> None:
    """Who, what, with whom, when in words, where, price, preparation; then the question."""
    held = ctx.data["hold"]
    slot = slot_from_json(held["slot"])
    words = describer(ctx)
    me = await ctx.world.me()
    replaced = ctx.data.get("replaces")
    if replaced:
        ctx.speaker.say("utter_booking_replaces", old=replaced["old"])
    service = ctx.world.signed_in()[1].services[slot.service_id]
    limit = may_reserve_another(me, service)
    told = ctx.data["hold"].setdefault("warned", False)
    if isinstance(limit, Warned) and not told and not replaced and not ctx.facts.get("prereservation"):
        ctx.data["hold"]["warned"] = True
        ctx.speaker.say("utter_booking_last_reservation", rule=limit.rule)
    lines = summary(ctx, words, slot, held)
    lines["who"] = words.who(ctx.facts, me.dependants)
    # Told again once it is booked: after the booking nothing is asked of the portal that might fail.
    held |= {"who": lines["who"], "number": me.patient.phone_masked, "full": me.level == Level.FULL}
    options = [
        Option(ctx.speaker.texts.label("confirm"), {"do": "say", "intent": "affirm", "look": "act"}),
        say_intent(ctx, "other_slot", "deny"),
        say_intent(ctx, "stop_task", "cancel_task"),
    ]
    ctx.speaker.ask(
        CONSENT,
        "utter_booking_read_back",
        options,
        card={
            "kind": "confirmation",
            "title": ctx.speaker.texts.get("utter_head_read_back"),
            "lead": ctx.speaker.texts.get("utter_lead_read_back"),
            "status": "proposed",
            "rows": _rows(ctx, lines),
        },
        **lines,
        details=_details(ctx, lines),
    )


def summary(ctx: Ctx, words: Describer, slot: Slot, held: dict[str, Any]) -> dict[str, str]:
    """The facts of a visit, in words."""
    valuation = held.get("valuation") or {}
    price = valuation.get("label") or ""
    if price and not valuation.get("amount"):
        price = ctx.speaker.texts.get("utter_piece_covered", label=price)
    if valuation.get("amount"):
        amount = str(valuation["amount"]).replace(".", ",").removesuffix(",00")
        price = ctx.speaker.texts.get("utter_piece_price", label=price, amount=amount)
    service = ctx.world.signed_in()[1].services[slot.service_id]
    return {
        "what": words.what(service),
        "doctor": words.doctor(slot.doctor_id),
        "when": words.when(slot),
        "where": words.place(slot),
        "price": price,
        "preparation": " ".join(held.get("preparation") or ()),
    }


_LINES = ("who", "what", "doctor", "when", "where", "price", "preparation")


def _details(ctx: Ctx, lines: dict[str, str]) -> str:
    texts = ctx.speaker.texts
    return "\n".join(texts.get(f"utter_line_{name}", value=lines[name]) for name in _LINES if lines.get(name))


def _rows(ctx: Ctx, lines: dict[str, str]) -> list[dict[str, str]]:
    texts = ctx.speaker.texts
    return [
        {"label": texts.get(f"utter_head_{name}"), "value": lines[name]} for name in _LINES if lines.get(name)
    ]


async def confirm(ctx: Ctx) -> Reservation | str:
    """Books what was read back. The reservation, or the code of what happened instead.

    `UNKNOWN`: the portal did not answer and could not be asked either; nothing is claimed.
    """
    portal, _ = ctx.world.signed_in()
    held = ctx.data["hold"]
    valuation = (held.get("valuation") or {}).get("id") or ""
    replaces = (ctx.data.get("replaces") or {}).get("id")
    key = idempotency_key(ctx.world.sender, "reserve", held["id"])
    try:
        return await portal.reserve(held["id"], valuation, replaces, key=key)
    except (AuthProblem, RateLimitedProblem):
        raise  # nothing about the visit: the turn is undone, its buttons stay
    except PortalProblem as problem:
        ctx.data["problem"] = {
            "code": problem.code,
            "detail": problem.detail_pl,
            "params": dict(problem.params),
        }
        if problem.code in {"HOLD_EXPIRED", *SLOT_GONE}:
            ctx.data.pop("hold", None)
        return problem.code
    except PortalUnavailable as error:
        log.warning("outcome of a booking is not known: %s", error)
        return await look(ctx)


async def look(ctx: Ctx) -> Reservation | str:
    """After an unknown outcome the portal's own list decides; until it does the outcome stays `unsure`."""
    portal, _ = ctx.world.signed_in()
    slot = slot_from_json(ctx.data["hold"]["slot"])
    ctx.data["unsure"] = True
    try:
        day = slot.start.date()
        page = await portal.reservations(ReservationStatus.BOOKED, day, day + timedelta(days=1))
    except (PortalProblem, PortalUnavailable):
        return "UNKNOWN"
    for reservation in page.items:
        if reservation.slot.id == slot.id or (
            reservation.slot.start == slot.start and reservation.service_id == slot.service_id
        ):
            return reservation
    ctx.data.pop("unsure")
    return "NOT_BOOKED"


def ask_again_later(ctx: Ctx, outcome: str) -> None:
    """The portal gave no answer: says what is known and offers to look again."""
    unknown = outcome == "UNKNOWN"
    ctx.speaker.ask(
        AGAIN,
        "utter_booking_unknown" if unknown else "utter_booking_not_confirmed",
        [
            ctx.option("check_again" if unknown else "try_again", {"do": "confirm"}),
            say_intent(ctx, "stop_task", "cancel_task"),
        ],
    )


def expired(ctx: Ctx) -> bool:
    """Whether the hold has run out by the portal's clock."""
    held = ctx.data.get("hold")
    return held is None or ctx.world.now >= datetime.fromisoformat(held["expires_at"])
