"""From a visit that was found to the end: shown, an explicit "tak", the portal's word, the next one."""

from __future__ import annotations

from bot.actions.booking.steps import AGAIN, CONSENT, Ctx, say_intent
from bot.actions.cancellation import again, outcome, wanted
from bot.actions.cancellation.choosing import SHOWN, VISIT, WANTED, booked, describe
from bot.actions.cancellation.refusing import refuse
from bot.language.cues import synonyms
from bot.portal.models import Reservation
from bot.portal.rules.cancellation import may_cancel
from bot.portal.rules.outcome import Refused, Warned

QUEUE = "queue"
"""Data: ids of the visits that are still to be gone through ("wszystkie", one by one)."""
SHOWN_ALL = "shown_all"
"""Data: every visit of the queue was shown when it began."""
ALL_AGREED = "all_agreed"
"""Data: one "tak" was said for all of them."""
LATE_SURE = "late_sure"
"""Data: the patient was told that it is late, and asked a second time (A7, policy "warn")."""
UNSURE = "unsure"
"""Data: the outcome of the cancellation is not known (yet)."""
DONE_BEFORE = "done_before"
"""Data: a visit of several was cancelled already in this task."""


async def one_by_one(ctx: Ctx) -> bool:
    """ "Wszystkie": every one is shown and asked for (R56). False when it is only one."""
    said = ctx.facts[WANTED]
    visits = await booked(ctx)
    found = wanted.matching(visits, said, ctx.world.signed_in()[1], await ctx.world.me())
    if len(found) < 2:
        ctx.facts[WANTED] = {name: value for name, value in said.items() if name != wanted.EVERY}
        return False
    ctx.data[QUEUE] = [visit.id for visit in found]
    ctx.data[SHOWN_ALL] = len(found) <= SHOWN
    if ctx.data[SHOWN_ALL]:
        lines = "\n".join([f"- {await describe(ctx, visit)}" for visit in found])
        ctx.speaker.say("utter_cancellation_several", count=str(len(found)), visits=lines)
    else:
        ctx.speaker.say("utter_cancellation_one_by_one", count=str(len(found)))
    if not await next_one(ctx):
        ctx.park()
    return True


async def next_one(ctx: Ctx) -> bool:
    """The next visit of the queue; False when there is none."""
    ctx.data.pop(LATE_SURE, None)
    ctx.data.pop(UNSURE, None)
    while ctx.data.get(QUEUE):
        ctx.facts[VISIT] = ctx.data[QUEUE].pop(0)
        visit = await _still_booked(ctx)
        if visit is None:
            continue
        allowed = may_cancel(visit, ctx.world.now, ctx.world.decisions)
        if isinstance(allowed, Refused):
            await refuse(ctx, visit, allowed)
        elif ctx.data.get(ALL_AGREED) and not isinstance(allowed, Warned):
            await settle(ctx, await outcome.cancel(ctx, visit.id), visit)
            return True
        else:
            await ask_consent(ctx, visit)
            return True
    return False


async def cancel_all(ctx: Ctx) -> None:
    """One "tak" for all the visits that were listed; a late one (A7) is still asked for by itself."""
    ctx.data[ALL_AGREED] = True
    await cancel(ctx)


def may_take_all(ctx: Ctx) -> bool:
    """Whether one "tak" can stand for all: more than one is left, and all of them were shown (R56)."""
    return bool(ctx.data.get(QUEUE) and ctx.data.get(SHOWN_ALL))


async def _still_booked(ctx: Ctx) -> Reservation | None:
    return next((visit for visit in await booked(ctx) if visit.id == ctx.facts.get(VISIT)), None)


async def ask_consent(ctx: Ctx, visit: Reservation) -> None:
    """Shows the visit and asks for the "tak", or says why it stays."""
    allowed = may_cancel(visit, ctx.world.now, ctx.world.decisions)
    if isinstance(allowed, Refused):
        await refuse(ctx, visit, allowed)
        ctx.park()
        return
    if isinstance(allowed, Warned):
        ctx.speaker.say("utter_cancellation_late", rule=allowed.rule)
    options = [
        ctx.option("cancel_it", {"do": "confirm", "look": "act"}, *synonyms("cancel_it")),
        say_intent(ctx, "keep_it", "deny"),
        ctx.option("move_it", {"do": "move"}),
    ]
    if may_take_all(ctx):
        whole = ctx.option("cancel_all", {"do": "confirm_all", "look": "act"}, *synonyms("cancel_all"))
        options.insert(1, whole)
    ctx.speaker.ask(CONSENT, "utter_cancellation_consent", options, visit=await describe(ctx, visit))


async def the_same(ctx: Ctx, said: dict[str, object]) -> bool:
    """Whether what stands beside the "tak" is true of the visit that was shown."""
    shown = await _still_booked(ctx)
    return shown is None or wanted.fits(shown, said, ctx.world.signed_in()[1], await ctx.world.me())


async def cancel(ctx: Ctx) -> None:
    """After the "tak": checked once more to the minute, then cancelled by the portal."""
    if ctx.data.get(UNSURE):
        code = await outcome.look(ctx, str(ctx.facts[VISIT]))
        if code != outcome.NOT_DONE:
            await settle(ctx, code)
            return
    visit = await _still_booked(ctx)
    if visit is None:  # cancelled meanwhile, or begun
        visit = await ctx.world.signed_in()[0].reservation(str(ctx.facts[VISIT]))
    allowed = may_cancel(visit, ctx.world.now, ctx.world.decisions)
    if isinstance(allowed, Refused):
        await _refused(ctx, visit, allowed)
        return
    if isinstance(allowed, Warned) and not ctx.data.get(LATE_SURE):
        ctx.data[LATE_SURE] = True
        await ask_consent(ctx, visit)
        return
    await settle(ctx, await outcome.cancel(ctx, visit.id), visit)


async def _refused(ctx: Ctx, visit: Reservation, refused: Refused) -> None:
    await refuse(ctx, visit, refused)
    if not await next_one(ctx):
        ctx.park()


async def settle(ctx: Ctx, code: str, visit: Reservation | None = None) -> None:
    """Tells what came of it; "odwołano" only after the portal's word."""
    if code in {outcome.UNKNOWN, outcome.NOT_DONE}:
        _ask_later(ctx, code)
        return
    if visit is None:
        visit = await ctx.world.signed_in()[0].reservation(str(ctx.facts[VISIT]))
    if code != outcome.DONE:
        await _refused(ctx, visit, Refused("R56", code, remedies=("call_infoline",)))
        return
    first = not ctx.data.get(DONE_BEFORE)  # R58 once: after the third visit it is a litany
    ctx.data[DONE_BEFORE] = True
    ctx.speaker.say("utter_cancelled" if first else "utter_cancelled_too", visit=await describe(ctx, visit))
    if await next_one(ctx):
        return
    ctx.end()
    if ctx.conversation.top is None and not ctx.conversation.waiting:
        await again.offer(ctx, visit)


def _ask_later(ctx: Ctx, code: str) -> None:
    unknown = code == outcome.UNKNOWN
    label = "check_again" if unknown else "try_again"
    if unknown:
        ctx.data[UNSURE] = True
    else:
        ctx.data.pop(UNSURE, None)
    ctx.speaker.ask(
        AGAIN,
        "utter_cancellation_unknown" if unknown else "utter_cancellation_not_done",
        [
            ctx.option(label, {"do": "confirm"}, *synonyms("try_again")),
            say_intent(ctx, "stop_task", "cancel_task"),
        ],
    )
