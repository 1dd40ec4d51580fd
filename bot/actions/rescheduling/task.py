"""The moving task: which visit, then a booking that replaces it (R60)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.booking.steps import REFUSED, Ctx
from bot.actions.cancellation import again, wanted
from bot.actions.cancellation.choosing import SLOTS, VISIT, booked, pointed_at, tell
from bot.actions.cancellation.refusing import explain
from bot.actions.rescheduling import moving, target
from bot.actions.world import World
from bot.dialogue.hearing import asks_why_not_here
from bot.dialogue.task import Task
from bot.portal.rules.cancellation import may_reschedule


class Rescheduling(Task[World]):
    """Finds the visit to be moved; the booking task does the rest."""

    name = "rescheduling"
    slots = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads which visit is meant, and what is wished for instead."""
        if not ctx.world.logged_in:
            return True
        if visit := ctx.turn.tap.get("visit"):
            ctx.facts[VISIT] = str(visit)
            return True
        now, (_, catalogue) = ctx.world.now, ctx.world.signed_in()
        old, new = target.split(ctx.turn, now, await booked(ctx), catalogue)
        said = wanted.read(old, now, await ctx.world.dependants())
        said.pop(wanted.EVERY, None)
        wished = target.facts_of(new, catalogue)
        shown = pointed_at(ctx, said)
        if shown is not None:
            ctx.facts[VISIT] = shown
        elif said:
            await tell(ctx, said)
        if wished:
            ctx.facts[moving.TARGET] = {**(ctx.facts.get(moving.TARGET) or {}), **wished}
        ctx.facts[moving.SAID] = f"{ctx.facts.get(moving.SAID) or ''} {ctx.turn.text}".strip()
        return bool(said or wished or shown)

    async def advance(self, ctx: Ctx) -> None:
        """Asks which visit, refuses, or goes on as a booking."""
        if not ctx.world.logged_in:
            ctx.speaker.say("utter_login_required")
            ctx.end()
            return
        if not await again.rather_moved(ctx, ctx.facts.get(moving.TARGET) or {}):
            await moving.advance(ctx)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """After a refusal "nie" and "dobrze" leave it at that."""
        if about == REFUSED and asks_why_not_here(ctx.turn):
            return await self.why(ctx, about)
        if about != REFUSED or ctx.turn.intent not in {"affirm", "affirm_weak", "deny"}:
            return False
        ctx.end()
        ctx.speaker.say("utter_cancellation_kept")
        return True

    async def why(self, ctx: Ctx, about: str) -> bool:
        """Why a visit can't be moved (R6, R54, R57)."""
        world = ctx.world
        return about == REFUSED and await explain(
            ctx, lambda v: may_reschedule(v, world.now, world.decisions)
        )

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of its own: only those that inform."""
        if act.get("do") == "tell":
            ctx.speaker.say(str(act["response"]))
        else:
            await self.advance(ctx)

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was moved."""
        return "utter_cancellation_kept"
