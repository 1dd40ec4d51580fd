"""The booking task: what every hook of a task means here is told in the module it points to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.booking import acts, answers, closing, freed, holds, leaving, next_step, reading, steps
from bot.actions.booking import slots as facts_of_booking
from bot.actions.booking.steps import Ctx
from bot.actions.world import World
from bot.dialogue.task import Task


class Booking(Task[World]):
    """Books a visit, a test or a treatment: facts -> slots -> hold -> read back -> "tak" -> confirm."""

    name = "booking"
    slots = facts_of_booking.SLOTS
    stays = True

    async def take(self, ctx: Ctx) -> bool:
        """Reads facts of any kind, in any order; what a tapped term is about."""
        if ctx.turn.intent == "emergency":
            ctx.speaker.say("utter_booking_cannot_wait")
        return await freed.take(ctx) or await reading.take(ctx)

    async def changed(self, ctx: Ctx) -> None:
        """New facts: what was found and held for the old ones no longer counts."""
        await reading.changed(ctx)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to an offer, a read-back, "what to change" and the like."""
        return await answers.respond(self, ctx, about)

    async def advance(self, ctx: Ctx) -> None:
        """The first thing that is missing, or the next step."""
        await next_step.advance(ctx)

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more; after a miss in its second wording."""
        await next_step.ask_again(ctx, missed=missed)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of booking's own."""
        await acts.act(ctx, act)

    async def step_back(self, ctx: Ctx, about: str) -> bool:
        """From the read-back to the list, from nothing free to the wish that had some."""
        return await next_step.step_back(ctx, about)

    def take_back(self, facts: dict[str, Any], slot: str) -> None:
        """Clears an answer for "cofnij", and what followed from it."""
        facts_of_booking.take_back(facts, slot)

    def stops(self, ctx: Ctx) -> bool:
        """Whether "rezygnuję" ends the task or changes the wish."""
        return reading.stops(ctx)

    def left(self, ctx: Ctx) -> bool:
        """ "No nic, dziękuję" where the portal does not have what was asked for."""
        return leaving.nothing_kept(ctx) and leaving.lets_go(ctx.turn.text)

    def stopped(self, ctx: Ctx) -> str:
        """What is said when the task was stopped."""
        return closing.stopped(ctx)

    def put_off(self, ctx: Ctx) -> str:
        """What is said when it is put off."""
        return closing.put_off(ctx)

    def waits_for_a_time(self, ctx: Ctx) -> bool:
        """ "Później" at a list of terms, or at one of them, wishes for a later one."""
        return ctx.frame.prompt is not None and ctx.frame.prompt.about in steps.OF_TERMS

    async def abandon(self, ctx: Ctx) -> None:
        """The hold goes back at once."""
        await holds.release(ctx)
