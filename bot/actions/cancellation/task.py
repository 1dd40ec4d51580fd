"""The cancelling task: which visit -> shown -> an explicit "tak" -> the portal cancels -> a new one?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.booking.after import REMINDER
from bot.actions.booking.steps import AGAIN, CONSENT, REFUSED, Ctx
from bot.actions.booking.task import Booking
from bot.actions.cancellation import again, closing, outcome, wanted
from bot.actions.cancellation.choosing import (
    SLOTS,
    VISIT,
    WANTED,
    ask_which,
    booked,
    one,
    pointed_at,
    tell,
)
from bot.actions.cancellation.closing import UNSURE
from bot.actions.cancellation.keeping import keeps, rather_moves, says_why, stays_away, without_reason
from bot.actions.cancellation.refusing import explain
from bot.actions.rescheduling import moving
from bot.actions.rescheduling.task import Rescheduling
from bot.actions.world import World
from bot.dialogue.hearing import agrees, asks_why_not_here, drops_visit, not_a_yes
from bot.dialogue.running import stop
from bot.dialogue.state import Frame
from bot.dialogue.task import Task
from bot.dialogue.turn import Turn
from bot.language.consent import leaning_yes
from bot.language.cues import cue
from bot.portal.rules.cancellation import may_cancel, sms_reply_works

REMINDED = "reminded"
"""Fact: "NIE" came out of the blue, as the answer to the reminder (R55)."""
MEANING = "meaning"
_YES = frozenset({"affirm", "affirm_weak"})


class Cancellation(Task[World]):
    """Cancels booked visits (R53-R58), one at a time."""

    name = "cancellation"
    topic = "ask_cancellation_rules"
    slots = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads which visit is meant."""
        if not ctx.world.logged_in:
            return True
        if visit := ctx.turn.tap.get("visit"):
            ctx.facts[VISIT] = str(visit)
            return True
        if ctx.frame.prompt is None and ctx.turn.intent == "deny" and not drops_visit(ctx.turn):
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
        every = (ctx.facts.get(WANTED) or {}).get(wanted.EVERY)
        if every and not ctx.facts.get(VISIT) and await closing.one_by_one(ctx):
            return
        visit = await one(ctx)
        if visit is not None:
            await closing.ask_consent(ctx, visit)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to the question for a "tak", and after a refusal or an unknown outcome."""
        if ctx.turn.intent == "reschedule_visit" or (about == CONSENT and rather_moves(ctx.turn.text)):
            await self._move(ctx)
            return True
        if about == CONSENT:
            return await self._at_consent(ctx)
        if about == VISIT and keeps(ctx.turn.text) and not await self._says_which(ctx):
            await self._leave(ctx)
            return True
        if about == MEANING and ctx.turn.intent == "cancel_task":
            await _stop_below(ctx)
            return True
        if about == AGAIN and ctx.turn.intent in _YES | {"repeat", "list_visits"}:
            await closing.cancel(ctx)
            return True
        if about == REFUSED and asks_why_not_here(ctx.turn):
            return await self.why(ctx, about)
        leaves = ctx.turn.intent in _YES | {"deny"} or (about == REFUSED and keeps(ctx.turn.text))
        if about in {AGAIN, REFUSED} and leaves:
            await self._leave(ctx)
            return True
        return False

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more; after a miss in other words."""
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        if missed and about == CONSENT:
            ctx.speaker.say(not_a_yes(ctx.turn, "utter_cancellation_consent_unclear"))
        if about == AGAIN and ctx.data.get(UNSURE):
            await closing.settle(ctx, await outcome.look(ctx, str(ctx.facts[VISIT])))
            return
        await self.advance(ctx)

    async def why(self, ctx: Ctx, about: str) -> bool:
        """Why a visit can't be cancelled (R6, R54, R57)."""
        world = ctx.world
        return about == REFUSED and await explain(ctx, lambda v: may_cancel(v, world.now, world.decisions))

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of its own."""
        match act.get("do"):
            case "confirm":
                await self._confirmed(ctx)
            case "confirm_all":
                await self._confirmed(ctx, every=True)
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
        """ "Rezygnuję" at "Czy odwołać?", "tę rezerwację" at "Którą?": an answer, and no end of the task."""
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        if about == MEANING:
            return not cue("booked_visit").heard(ctx.turn.text)
        return about != CONSENT or not (cue("gives_up").heard(ctx.turn.text) or stays_away(ctx.turn.text))

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was cancelled by stopping; an unknown outcome stays unknown."""
        return "utter_cancellation_stopped_unsure" if ctx.data.get(UNSURE) else "utter_cancellation_kept"

    def put_off(self, ctx: Ctx) -> str:
        """The visit stays; what the portal has not answered yet is not known all the same."""
        return self.stopped(ctx) if ctx.data.get(UNSURE) else super().put_off(ctx)

    async def _says_which(self, ctx: Ctx) -> bool:
        return bool(wanted.read(ctx.turn, ctx.world.now, await ctx.world.dependants()))

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

    async def _at_consent(self, ctx: Ctx) -> bool:
        turn = ctx.turn
        if turn.intent == "repeat":
            return False
        said = wanted.read(without_reason(turn), ctx.world.now, await ctx.world.dependants())
        away = stays_away(turn.text)
        if (turn.intent == "deny" and not said and not away) or keeps(turn.text):
            await self._leave(ctx)
            return True
        every = bool(said.pop(wanted.EVERY, False)) and closing.may_take_all(ctx)
        if _agrees(turn) and await closing.the_same(ctx, said):
            await (closing.cancel_all(ctx) if every else closing.cancel(ctx))
            return True
        if not said:
            ctx.frame.misses += 1
            await self.ask_again(ctx, missed=True)
            return True
        return False

    async def _confirmed(self, ctx: Ctx, *, every: bool = False) -> None:
        """The option that cancels, tapped or named; a doubt beside the words is no "tak"."""
        text = ctx.turn.text
        if text and ("?" in text or cue("doubts").heard(text)):
            await self.ask_again(ctx, missed=True)
        else:
            await (closing.cancel_all(ctx) if every else closing.cancel(ctx))

    async def _leave(self, ctx: Ctx) -> None:
        """This visit stays; the next one of several comes."""
        ctx.speaker.say(self.stopped(ctx))
        if not await closing.next_one(ctx):
            ctx.end()
            ctx.conversation.parked = ctx.frame

    async def _move(self, ctx: Ctx) -> None:
        """Moved instead: the same visit, and the term that was wished for beside."""
        known = {name: ctx.facts[name] for name in (VISIT, WANTED) if name in ctx.facts}
        frame = Frame("rescheduling", facts=dict(known))
        ctx.end()
        ctx.conversation.stack.append(frame)
        ctx.frame = frame
        if not ctx.turn.pressed:
            await Rescheduling().take(ctx)
            ctx.facts.update(known)
        await moving.advance(ctx)


def _agrees(turn: Turn) -> bool:
    """ "Tak", "niech będzie"; "dobra, odwołuj", which is heard as stopping too; "no tak, nie dam rady"."""
    own = ("cancel_visit", "cancel_task") if cue("calling_off").heard(turn.text) else ("cancel_visit",)
    return agrees(turn, *own) or leaning_yes(turn.text) or says_why(turn.text)


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
