"""The portal takes the complaint, or the truth about what became of it."""

from __future__ import annotations

import json
import logging
from datetime import date, datetime, timedelta

from bot.actions.booking.steps import Ctx
from bot.actions.complaint.slots import CHANNEL, CONTACT, DAY, DESCRIPTION, DRAFT, FACILITY, SENT_AT, VISIT
from bot.dialogue.task import ANY
from bot.portal.errors import AuthProblem, PortalProblem, PortalUnavailable, RateLimitedProblem
from bot.portal.keys import idempotency_key
from bot.portal.records import Complaint, ReplyChannel

log = logging.getLogger(__name__)
NOT_SENT, UNKNOWN, REFUSED = "NOT_SENT", "UNKNOWN", "REFUSED"
_CLOCKS_APART = timedelta(minutes=2)


async def send(ctx: Ctx) -> Complaint | str:
    """The filed complaint, or NOT_SENT, UNKNOWN, REFUSED. The same complaint sent again is the same request.

    Raises AuthProblem, RateLimitedProblem and problems that have nothing to do with its contents.
    """
    portal, _ = ctx.world.signed_in()
    earlier = await _found(ctx) if ctx.data.get(SENT_AT) else None
    if isinstance(earlier, Complaint):
        return earlier
    ctx.data.setdefault(SENT_AT, ctx.world.now.isoformat())
    try:
        return await portal.file_complaint(
            ctx.facts[DESCRIPTION],
            ReplyChannel(ctx.facts[CHANNEL]),
            ctx.facts[CONTACT],
            _given(ctx, VISIT),
            facility_id=_given(ctx, FACILITY),
            happened_on=date.fromisoformat(day) if (day := _given(ctx, DAY)) else None,
            key=_key(ctx),
        )
    except (AuthProblem, RateLimitedProblem):
        raise
    except PortalProblem as problem:
        if problem.code == "INVALID_REQUEST":
            ctx.data.pop(SENT_AT, None)
            return REFUSED
        raise
    except PortalUnavailable as error:
        log.warning("outcome of a complaint is not known: %s", error)
        if not error.maybe_committed and earlier is None:
            ctx.data.pop(SENT_AT, None)
            return NOT_SENT
        return await _found(ctx)


async def _found(ctx: Ctx) -> Complaint | str:
    """Looks for it in the portal's own list: it, NOT_SENT when it is not there, UNKNOWN without an answer."""
    since = datetime.fromisoformat(ctx.data[SENT_AT]) - _CLOCKS_APART
    try:
        page = await ctx.world.signed_in()[0].complaints()
    except (PortalProblem, PortalUnavailable) as error:
        log.warning("complaints cannot be listed: %s", error)
        return UNKNOWN
    for complaint in reversed(page.items):
        if complaint.filed_at < since or complaint.reservation_id != _given(ctx, VISIT):
            continue
        if complaint.reply_channel == ctx.facts[CHANNEL]:
            return complaint
    return UNKNOWN if page.next_cursor else NOT_SENT


def _given(ctx: Ctx, slot: str) -> str | None:
    """A fact of the visit, or of the place and day that stand for it; None when there is none."""
    if slot != VISIT and ctx.facts.get(VISIT, ANY) != ANY:
        return None
    value = ctx.facts.get(slot, ANY)
    return None if value == ANY else str(value)


def _key(ctx: Ctx) -> str:
    """One key for one wording of one complaint."""
    contents = [ctx.facts.get(name) for name in (DESCRIPTION, VISIT, FACILITY, DAY, CHANNEL, CONTACT)]
    subject = json.dumps([ctx.facts[DRAFT], *contents], ensure_ascii=False)
    return idempotency_key(ctx.world.sender, "complaint", subject)
