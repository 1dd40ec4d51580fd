"""Visits that took place: a function of the full account (R3, R103)."""

from __future__ import annotations

from datetime import timedelta

from bot.actions.booking.steps import Ctx, ways_out
from bot.actions.cancellation import wanted
from bot.actions.cancellation.choosing import WANTED
from bot.actions.visits import words
from bot.actions.visits.listing import put
from bot.language.speech import counted
from bot.portal.models import Reservation, ReservationStatus
from bot.portal.paging import every_page
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.outcome import Refused

SHOWN = 5
_BACK = timedelta(days=2 * 365)
_PAGES = 8


async def tell(ctx: Ctx) -> None:
    """The latest first; a basic account hears how to get to its history (R4). Raises PortalError."""
    allowed = may_use(await ctx.world.me(), Capability.HISTORY, ctx.world.now)
    if isinstance(allowed, Refused):
        options = ways_out(ctx, allowed.remedies)
        put(ctx, "utter_visit_history_refused", options, asks=True, rule=allowed.rule, code=allowed.code)
        return
    said = dict(ctx.facts.get(WANTED) or {})
    every, place = said.pop(wanted.EVERY, None), said.pop(wanted.PLACE, None)
    catalogue, me = ctx.world.signed_in()[1], await ctx.world.me()
    found = [visit for visit in await _completed(ctx) if wanted.fits(visit, said, catalogue, me)]
    if not found:
        put(ctx, "utter_visit_history_none_such" if said else "utter_visit_history_none", [])
        return
    latest = (place is not None and not every) or len(found) == 1
    response = "utter_visit_history_last" if latest else "utter_visit_history_list"
    shown = found[:1] if latest else found[:SHOWN]
    told = await words.lines(ctx, shown)
    put(ctx, response, [], count=counted(len(found), "wizyta"), visits=told)


async def _completed(ctx: Ctx) -> list[Reservation]:
    """Visits of the last two years that took place, the latest first."""
    portal, _ = ctx.world.signed_in()
    since = ctx.world.now - _BACK
    found = await every_page(
        lambda cursor: portal.reservations(ReservationStatus.COMPLETED, since, cursor=cursor), most=_PAGES
    )
    return sorted(found, key=lambda visit: visit.slot.start, reverse=True)
