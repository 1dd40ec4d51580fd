"""The portal cancels a visit, or the truth about what became of it."""

from __future__ import annotations

import logging

from bot.actions.booking.steps import Ctx
from bot.portal.errors import AuthProblem, PortalProblem, PortalUnavailable, RateLimitedProblem
from bot.portal.keys import idempotency_key
from bot.portal.models import ReservationStatus

log = logging.getLogger(__name__)
DONE = "DONE"
UNKNOWN = "UNKNOWN"
"""The portal did not answer and could not be asked either; nothing is claimed."""
NOT_DONE = "NOT_DONE"
"""The portal did not answer, and by its own list the visit is still booked."""


async def cancel(ctx: Ctx, visit_id: str) -> str:
    """DONE, UNKNOWN, NOT_DONE, or the code of the portal's refusal."""
    portal, _ = ctx.world.signed_in()
    key = idempotency_key(ctx.world.sender, "cancel", visit_id)
    try:
        answer = await portal.cancel(visit_id, key=key)
    except (AuthProblem, RateLimitedProblem):
        raise  # nothing about the visit: the turn is undone, its buttons stay
    except PortalProblem as problem:
        return problem.code if await look(ctx, visit_id) != DONE else DONE
    except PortalUnavailable as error:
        log.warning("outcome of a cancellation is not known: %s", error)
        return await look(ctx, visit_id)
    return DONE if answer.status == ReservationStatus.CANCELLED else await look(ctx, visit_id)


async def look(ctx: Ctx, visit_id: str) -> str:
    """What the portal's own record of the visit says."""
    try:
        visit = await ctx.world.signed_in()[0].reservation(visit_id)
    except (PortalProblem, PortalUnavailable) as error:
        log.warning("cancelled or not is not known: %s", error)
        return UNKNOWN
    return DONE if visit.status == ReservationStatus.CANCELLED else NOT_DONE
