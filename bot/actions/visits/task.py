"""The task that answers questions about visits: booked ones, those that were, those called off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.actions.attachments.task import Attachments
from bot.actions.booking import next_step
from bot.actions.booking.steps import Ctx
from bot.actions.cancellation import again, wanted
from bot.actions.cancellation.choosing import SLOTS, VISIT, WANTED, booked
from bot.actions.cancellation.task import Cancellation
from bot.actions.rescheduling import moving
from bot.actions.visits import history, listing, lost
from bot.actions.world import World
from bot.dialogue.acts import ANSWERS
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import LISTED, Frame
from bot.dialogue.task import Task
from bot.dialogue.turn import PRESS, Turn
from bot.language.cues import cue

ABOUT = "about"
"""Fact: which visits are asked about, as the intent of the question."""
_SURE_OF_THE_PAST = 0.9
NOTHING_SAID = "nothing_said"
_HISTORY, _LOST = "visit_history", "visit_cancelled_by_clinic"
_INTENTS = frozenset({"list_visits", _HISTORY, _LOST})
_LOGGED_OUT = {_HISTORY: "utter_visit_history", _LOST: "utter_visit_cancelled_by_clinic"}


def _asked(turn: Turn) -> str | None:
    """The intent of the question; "pokaż mi wizyty" is no question of the past without a word of it."""
    if turn.intent == "list_visits" and cue("names_history").heard(turn.text):
        return _HISTORY
    if turn.intent == _HISTORY and turn.confidence < _SURE_OF_THE_PAST and not cue("past").heard(turn.text):
        return "list_visits"
    return turn.intent if turn.intent in _INTENTS else None


class Visits(Task[World]):
    """Tells of visits as they are asked for (R2, R3, R59, R103)."""

    name = "visits"
    only_asks = True
    slots: ClassVar[Mapping[str, SlotSpec]] = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads which visits are asked about; "a Hania?" keeps what the question was."""
        before = self._before(ctx)
        intent = _asked(ctx.turn) or before.get(ABOUT)
        ctx.facts[ABOUT] = intent or "list_visits"
        if not ctx.world.logged_in or ctx.turn.intent == PRESS:
            return True
        past = ctx.facts[ABOUT] == _HISTORY
        said = wanted.read(ctx.turn, ctx.world.now, await ctx.world.dependants(), past=past)
        if ctx.turn.intent not in _INTENTS:
            if not said and ctx.turn.when is None and before:
                ctx.data[NOTHING_SAID] = True  # "a Basia?": nobody on this account
            earlier = before.get(WANTED) or {}
            kept = earlier if set(said) <= {"who"} else {k: v for k, v in earlier.items() if k == "who"}
            said = {**kept, **said}
        ctx.facts[WANTED] = said
        return True

    @staticmethod
    def _before(ctx: Ctx) -> dict[str, Any]:
        parked = ctx.conversation.parked
        return parked.facts if parked is not None and parked.task == "visits" else {}

    async def advance(self, ctx: Ctx) -> None:
        """Answers."""
        about = str(ctx.facts.get(ABOUT) or "list_visits")
        if ctx.data.pop(NOTHING_SAID, False):
            ctx.speaker.say("utter_not_understood")
            ctx.end()
        elif not ctx.world.logged_in:
            ctx.speaker.say(_LOGGED_OUT.get(about, "utter_login_required"))
            ctx.end()
        elif about == _HISTORY:
            await history.tell(ctx)
        elif about == _LOST:
            await lost.tell(ctx)
        else:
            await listing.tell(ctx)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """What can be done with what was shown."""
        match act.get("do"):
            case "tell":
                ctx.speaker.say(str(act["response"]))
                if ctx.frame in ctx.conversation.stack:
                    ctx.park()
            case "change":
                await self._change(ctx, str(act["task"]), str(act["visit"]))
            case "show":
                await self._show(ctx, str(act["visit"]))
            case "lost":
                ctx.frame.facts |= {VISIT: str(act["visit"]), WANTED: {}}
                await lost.tell(ctx)
            case "more":
                ctx.data[listing.FROM] = int(act["from"])
                await self.advance(ctx)
            case "all" | "say":
                ctx.frame.facts |= {ABOUT: "list_visits", WANTED: {}}
                await self.advance(ctx)
            case _:
                await self.advance(ctx)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """ "Tak" to what was offered, "dobrze" to what was told; a button that says another intent."""
        if about != LISTED:
            return False
        if ctx.turn.intent in ANSWERS:
            options = ctx.frame.prompt.options if ctx.frame.prompt else []
            if ctx.data.get(listing.ASKS) and ctx.turn.intent != "deny" and options:
                await self.act(ctx, {**options[0].act, "taken": True})
            else:
                ctx.end()
                ctx.speaker.say("utter_task_left")
            return True
        if ctx.turn.intent != "book_visit":
            return False
        ctx.end()
        ctx.frame = Frame(again.BOOKING)
        ctx.conversation.stack.append(ctx.frame)
        await next_step.advance(ctx)
        return True

    def stopped(self, ctx: Ctx) -> str:
        """A question can't be stopped half way: nothing was being booked."""
        return "utter_task_left"

    async def _show(self, ctx: Ctx, visit_id: str) -> None:
        visit = next((visit for visit in await booked(ctx) if visit.id == visit_id), None)
        if visit is None:  # cancelled or begun meanwhile
            ctx.facts[WANTED] = {}
            await listing.tell(ctx)
        else:
            await listing.one(ctx, visit)

    async def _change(self, ctx: Ctx, task: str, visit_id: str) -> None:
        """Goes on as the task that changes this visit."""
        ctx.end()
        ctx.frame = Frame(task, facts={VISIT: visit_id})
        ctx.conversation.stack.append(ctx.frame)
        if task == "attachments":
            await Attachments().advance(ctx)
        else:
            await (moving.advance(ctx) if task == "rescheduling" else Cancellation().advance(ctx))
