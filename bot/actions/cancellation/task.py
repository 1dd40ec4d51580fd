"""The cancelling task: which visit -> shown -> an explicit "tak" -> the portal cancels -> a new one?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.booking.after import REMINDER
from bot.actions.booking.steps import AGAIN, CONSENT, REFUSED, Ctx, say_intent
from bot.actions.booking.task import Booking
from bot.actions.cancellation import again, outcome, wanted
from bot.actions.cancellation.choosing import (
    SLOTS,
    VISIT,
    WANTED,
    ask_which,
    booked,
    describe,
    one,
    pointed_at,
    tell,
)
from bot.actions.cancellation.refusing import refuse
from bot.actions.rescheduling import moving
from bot.actions.world import World
from bot.dialogue.routing import POLITE
from bot.dialogue.running import stop
from bot.dialogue.state import Frame
from bot.dialogue.task import Task
from bot.language.consent import explicit_yes
from bot.language.cues import cue, synonyms
from bot.portal.models import Reservation
from bot.portal.rules.cancellation import may_cancel, sms_reply_works
from bot.portal.rules.outcome import Refused, Warned

QUEUE = "queue"
"""Data: ids of the visits that are still to be gone through ("wszystkie", one by one)."""
LATE_SURE = "late_sure"
"""Data: the patient was told that it is late, and asked a second time (A7, policy "warn")."""
UNSURE = "unsure"
"""Data: the outcome of the cancellation is not known (yet)."""
DONE_BEFORE = "done_before"
"""Data: a visit of several was cancelled already in this task."""
REMINDED = "reminded"
"""Fact: "NIE" came out of the blue, as the answer to the reminder (R55)."""
MEANING = "meaning"
_YES = frozenset({"affirm", "affirm_weak"})
_AGREES = frozenset({"affirm", "cancel_visit", *POLITE})


class Cancellation(Task[World]):
    """Cancels booked visits (R53-R58), one at a time."""

    name = "cancellation"
    slots = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads which visit is meant."""
        if not ctx.world.logged_in:
            return True
        if ctx.frame.prompt is None and ctx.turn.intent == "deny":
            ctx.facts[REMINDED] = True
            return True
        said = wanted.read(ctx.turn, ctx.world.now, await ctx.world.dependants())
        shown = pointed_at(ctx, said)
        if shown is not None:
            ctx.facts[VISIT] = shown
        elif said:
            ctx.data.clear()
            await tell(ctx, said)
        return bool(said or shown)

    async def advance(self, ctx: Ctx) -> None:
        """Asks which visit, refuses, or asks for the "tak"."""
        if not ctx.world.logged_in:
            ctx.speaker.say("utter_login_required")
            ctx.end()
            return
        if await again.regretted(ctx) or await self._which_is_to_stop(ctx):
            return
        if ctx.facts.pop(REMINDED, False) and not await _after_reminder(ctx):
            return
        if (ctx.facts.get(WANTED) or {}).get(wanted.EVERY) and not ctx.facts.get(VISIT):
            await self._one_by_one(ctx)
            return
        visit = await one(ctx)
        if visit is not None:
            await self._ask_consent(ctx, visit)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to the question for a "tak", and after a refusal or an unknown outcome."""
        if ctx.turn.intent == "reschedule_visit":
            await self._move(ctx)
            return True
        if about == CONSENT:
            return await self._at_consent(ctx)
        if about == AGAIN and ctx.turn.intent in _YES | {"repeat", "list_visits"}:
            await self._cancel(ctx)
            return True
        if about in {AGAIN, REFUSED} and ctx.turn.intent in _YES | {"deny"}:
            await self._leave(ctx)
            return True
        return False

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more."""
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        if missed and about == CONSENT:
            ctx.speaker.say("utter_cancellation_consent_unclear")
        if about == AGAIN and ctx.data.get(UNSURE):
            await self._settle(ctx, await outcome.look(ctx, str(ctx.facts[VISIT])))
            return
        await self.advance(ctx)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of its own."""
        match act.get("do"):
            case "confirm":
                await self._confirmed(ctx)
            case "move":
                await self._move(ctx)
            case "stop_below":
                await _stop_below(ctx)
            case "tell":
                ctx.speaker.say(str(act["response"]))
            case "which":
                ctx.data[MEANING] = True
                await self.advance(ctx)
            case _:
                await self.advance(ctx)

    def stops(self, ctx: Ctx) -> bool:
        """ "Rezygnuję" at "Czy odwołać?" may mean both: it is asked again."""
        at_consent = ctx.frame.prompt is not None and ctx.frame.prompt.about == CONSENT
        return not (at_consent and cue("gives_up").heard(ctx.turn.text))

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was cancelled by stopping; an unknown outcome stays unknown."""
        return "utter_cancellation_stopped_unsure" if ctx.data.get(UNSURE) else "utter_cancellation_kept"

    # --- which

    async def _which_is_to_stop(self, ctx: Ctx) -> bool:
        """A bare "odwołaj" in the middle of a booking may mean the booking: it is asked."""
        below = [frame for frame in ctx.conversation.stack if frame is not ctx.frame]
        if not below or ctx.facts or ctx.data.get(MEANING) or cue("visit_word").heard(ctx.turn.text):
            return False
        ctx.speaker.ask(
            MEANING,
            "utter_cancellation_meaning",
            [
                ctx.option("stop_this_booking", {"do": "stop_below"}),
                ctx.option("cancel_booked_visit", {"do": "which"}),
            ],
        )
        return True

    async def _one_by_one(self, ctx: Ctx) -> None:
        """ "Wszystkie": every one is shown and asked for (R56)."""
        said = ctx.facts[WANTED]
        visits = await booked(ctx)
        found = wanted.matching(visits, said, ctx.world.signed_in()[1], await ctx.world.me())
        if len(found) < 2:
            ctx.facts[WANTED] = {name: value for name, value in said.items() if name != wanted.EVERY}
            await self.advance(ctx)
            return
        ctx.data[QUEUE] = [visit.id for visit in found]
        ctx.speaker.say("utter_cancellation_one_by_one", count=str(len(found)))
        if not await self._next(ctx):
            ctx.park()

    async def _next(self, ctx: Ctx) -> bool:
        """The next visit of the queue; False when there is none."""
        ctx.data.pop(LATE_SURE, None)
        ctx.data.pop(UNSURE, None)
        while ctx.data.get(QUEUE):
            ctx.facts[VISIT] = ctx.data[QUEUE].pop(0)
            visits = await booked(ctx)
            visit = next((visit for visit in visits if visit.id == ctx.facts[VISIT]), None)
            if visit is None:
                continue
            allowed = may_cancel(visit, ctx.world.now, ctx.world.decisions)
            if not isinstance(allowed, Refused):
                await self._ask_consent(ctx, visit)
                return True
            await refuse(ctx, visit, allowed)
        return False

    # --- the "tak"

    async def _ask_consent(self, ctx: Ctx, visit: Reservation) -> None:
        allowed = may_cancel(visit, ctx.world.now, ctx.world.decisions)
        if isinstance(allowed, Refused):
            await refuse(ctx, visit, allowed)
            ctx.park()
            return
        if isinstance(allowed, Warned):
            ctx.speaker.say("utter_cancellation_late", rule=allowed.rule)
        ctx.speaker.ask(
            CONSENT,
            "utter_cancellation_consent",
            [
                ctx.option("cancel_it", {"do": "confirm", "look": "act"}, *synonyms("cancel_it")),
                say_intent(ctx, "keep_it", "deny"),
                ctx.option("move_it", {"do": "move"}),
            ],
            visit=await describe(ctx, visit),
        )

    async def _at_consent(self, ctx: Ctx) -> bool:
        turn = ctx.turn
        said = wanted.read(turn, ctx.world.now, await ctx.world.dependants())
        if turn.intent == "deny" and not said:
            await self._leave(ctx)
            return True
        if turn.intent in _AGREES and explicit_yes(turn.text) and await self._the_same(ctx, said):
            await self._cancel(ctx)
            return True
        if not said:
            ctx.frame.misses += 1
            await self.ask_again(ctx, missed=True)
            return True
        return False

    async def _confirmed(self, ctx: Ctx) -> None:
        """The option that cancels, tapped or named; a doubt beside the words is no "tak"."""
        text = ctx.turn.text
        if text and ("?" in text or cue("doubts").heard(text)):
            await self.ask_again(ctx, missed=True)
        else:
            await self._cancel(ctx)

    async def _the_same(self, ctx: Ctx, said: dict[str, Any]) -> bool:
        """Whether what stands beside the "tak" is true of the visit that was shown."""
        shown = next((visit for visit in await booked(ctx) if visit.id == ctx.facts.get(VISIT)), None)
        return shown is None or wanted.fits(shown, said, ctx.world.signed_in()[1], await ctx.world.me())

    async def _cancel(self, ctx: Ctx) -> None:
        """After the "tak": checked once more to the minute, then cancelled by the portal."""
        visit = await ctx.world.signed_in()[0].reservation(str(ctx.facts[VISIT]))
        if ctx.data.get(UNSURE):
            code = await outcome.look(ctx, visit.id)
            if code != outcome.NOT_DONE:
                await self._settle(ctx, code, visit)
                return
        allowed = may_cancel(visit, ctx.world.now, ctx.world.decisions)
        if isinstance(allowed, Refused):
            await self._refused(ctx, visit, allowed)
            return
        if isinstance(allowed, Warned) and not ctx.data.get(LATE_SURE):
            ctx.data[LATE_SURE] = True
            await self._ask_consent(ctx, visit)
            return
        await self._settle(ctx, await outcome.cancel(ctx, visit.id), visit)

    async def _refused(self, ctx: Ctx, visit: Reservation, refused: Refused) -> None:
        await refuse(ctx, visit, refused)
        if not await self._next(ctx):
            ctx.park()

    async def _settle(self, ctx: Ctx, code: str, visit: Reservation | None = None) -> None:
        """Tells what came of it; "odwołano" only after the portal's word."""
        if code in {outcome.UNKNOWN, outcome.NOT_DONE}:
            self._ask_later(ctx, code)
            return
        if visit is None:
            visit = await ctx.world.signed_in()[0].reservation(str(ctx.facts[VISIT]))
        if code != outcome.DONE:
            await self._refused(ctx, visit, Refused("R56", code, remedies=("call_infoline",)))
            return
        first = not ctx.data.get(DONE_BEFORE)  # R58 once: after the third visit it is a litany
        ctx.data[DONE_BEFORE] = True
        response = "utter_cancelled" if first else "utter_cancelled_too"
        ctx.speaker.say(response, visit=await describe(ctx, visit))
        if await self._next(ctx):
            return
        ctx.end()
        if ctx.conversation.top is None:
            await again.offer(ctx, visit)

    def _ask_later(self, ctx: Ctx, code: str) -> None:
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

    async def _leave(self, ctx: Ctx) -> None:
        """This visit stays; the next one of several comes."""
        ctx.speaker.say(self.stopped(ctx))
        if not await self._next(ctx):
            ctx.end()

    async def _move(self, ctx: Ctx) -> None:
        """Moved instead: the same visit, another term."""
        known = {name: ctx.facts[name] for name in (VISIT, WANTED) if name in ctx.facts}
        frame = Frame("rescheduling", facts=known)
        ctx.end()
        ctx.conversation.stack.append(frame)
        ctx.frame = frame
        await moving.advance(ctx)


async def _stop_below(ctx: Ctx) -> None:
    """ "Odwołaj" meant what is being done, not a booked visit."""
    ctx.end()
    if ctx.conversation.top is not None:
        ctx.frame = ctx.conversation.top
    if ctx.frame.task == again.BOOKING:
        await stop(Booking(), ctx)
    else:
        ctx.end()
        ctx.speaker.say("utter_task_left")


async def _after_reminder(ctx: Ctx) -> bool:
    """Visits of which a reminder came: 24 hours ahead, in a facility (R53, R55, A8)."""
    soon = [v for v in await booked(ctx) if v.slot.start - ctx.world.now <= REMINDER and sms_reply_works(v)]
    if not soon:
        ctx.speaker.say("utter_nothing_open")
        ctx.end()
        return False
    ctx.speaker.say("utter_cancellation_after_reminder")
    if len(soon) > 1:
        await ask_which(ctx, soon)
        return False
    ctx.facts[VISIT] = soon[0].id
    return True
