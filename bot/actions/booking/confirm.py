"""An explicit "tak" becomes a reservation, or the truth about what became of it."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.actions.booking import refusals
from bot.actions.booking.holds import SLOT_GONE
from bot.actions.booking.slots import HOLD, REPLACES, UNSURE
from bot.actions.booking.steps import AGAIN, Ctx, say_intent, slot_from_json
from bot.language.cues import synonyms
from bot.portal.errors import AuthProblem, PortalProblem, PortalUnavailable, RateLimitedProblem
from bot.portal.keys import idempotency_key
from bot.portal.models import Reservation, ReservationStatus

log = logging.getLogger(__name__)
UNKNOWN = "UNKNOWN"
"""The portal did not answer and could not be asked either; nothing is claimed."""
NOT_BOOKED = "NOT_BOOKED"
"""The portal did not answer, and its own list says that nothing was booked."""
HOLD_EXPIRED = "HOLD_EXPIRED"


async def confirm(ctx: Ctx) -> Reservation | str:
    """Books what was read back. The reservation, or the code of what happened instead."""
    portal, _ = ctx.world.signed_in()
    held = ctx.data[HOLD]
    valuation = (held.get("valuation") or {}).get("id") or ""
    replaces = (ctx.data.get(REPLACES) or {}).get("id")
    key = idempotency_key(ctx.world.sender, "reserve", held["id"])
    try:
        return await portal.reserve(held["id"], valuation, replaces, key=key)
    except (AuthProblem, RateLimitedProblem):
        raise  # nothing about the visit: the turn is undone, its buttons stay
    except PortalProblem as problem:
        refusals.remember(ctx, problem)
        if problem.code in {HOLD_EXPIRED, *SLOT_GONE}:
            ctx.data.pop(HOLD, None)
        return problem.code
    except PortalUnavailable as error:
        log.warning("outcome of a booking is not known: %s", error)
        return await look(ctx)


async def look(ctx: Ctx) -> Reservation | str:
    """After an unknown outcome the portal's own list decides; until it does the outcome stays `unsure`."""
    portal, _ = ctx.world.signed_in()
    slot = slot_from_json(ctx.data[HOLD]["slot"])
    ctx.data[UNSURE] = True
    try:
        day = slot.start.date()
        page = await portal.reservations(ReservationStatus.BOOKED, day, day + timedelta(days=1))
    except (PortalProblem, PortalUnavailable):
        return UNKNOWN
    for reservation in page.items:
        if reservation.slot.id == slot.id or (
            reservation.slot.start == slot.start and reservation.service_id == slot.service_id
        ):
            return reservation
    ctx.data.pop(UNSURE)
    return NOT_BOOKED


def ask_again_later(ctx: Ctx, outcome: str) -> None:
    """The portal gave no answer: says what is known and offers to look again."""
    unknown = outcome == UNKNOWN
    ctx.speaker.ask(
        AGAIN,
        "utter_booking_unknown" if unknown else "utter_booking_not_confirmed",
        [
            ctx.option("check_again" if unknown else "try_again", {"do": "confirm"}, *synonyms("try_again")),
            say_intent(ctx, "stop_task", "cancel_task"),
        ],
    )
