"""Why a visit cannot be cancelled or moved here, in words, with the ways out (R6, R54, R56, R57, A7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.actions.booking.refusals import plain
from bot.actions.booking.steps import REFUSED, Ctx, say_intent, ways_out
from bot.actions.cancellation.choosing import VISIT, booked, describe
from bot.language.speech import spoken_duration, spoken_slot
from bot.portal.models import Reservation
from bot.portal.rules.outcome import NextStep, Outcome, Refused


async def refuse(ctx: Ctx, visit: Reservation, refused: Refused, *, why: bool = False) -> None:
    """Says the reason; the visit stays. `why`: it was said, and is asked about."""
    values = plain(refused.reason_params) | await _values(ctx, visit, refused)
    asked = (f"utter_why_refused_{refused.rule}",) if why else ()
    names = (
        *asked,
        f"utter_change_refused_{refused.rule}_{refused.code}",
        f"utter_change_refused_{refused.rule}",
    )
    response = next((name for name in names if ctx.speaker.texts.has(name)), "utter_change_refused")
    ways = [step for step in refused.remedies if step == NextStep.CALL_INFOLINE]
    options = [say_intent(ctx, "leave_visits", "cancel_task"), *ways_out(ctx, ways)]
    ctx.speaker.ask(REFUSED, response, options, **values)


async def explain(ctx: Ctx, outcome: Callable[[Reservation], Outcome]) -> bool:
    """ "Dlaczego?" after a refusal: the reason in other words. False when nothing refuses it (any more)."""
    visit = next((v for v in await booked(ctx) if v.id == ctx.facts.get(VISIT)), None)
    refused = outcome(visit) if visit is not None else None
    if visit is None or not isinstance(refused, Refused):
        return False
    await refuse(ctx, visit, refused, why=True)
    ctx.park()
    return True


async def _values(ctx: Ctx, visit: Reservation, refused: Refused) -> dict[str, str]:
    left = refused.reason_params.get("left")
    until = refused.reason_params.get("until")
    facility = ctx.world.signed_in()[1].facilities.get(visit.slot.facility_id or "")
    minutes = max(int(left / timedelta(minutes=1)), 0) if isinstance(left, timedelta) else 0
    return {
        "visit": await describe(ctx, visit),
        "left": spoken_duration(minutes),
        "until": spoken_slot(until, ctx.world.now) if until is not None else "",
        "facility": facility.name if facility else "",
        "phone": (facility.phone if facility else None) or "",
        "rule": refused.rule,
        "code": refused.code,
    }
