"""Options of booking's own: what happens when one is tapped, or said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.booking import follow_up, refusals
from bot.actions.booking.closing import book, replace, select
from bot.actions.booking.next_step import advance
from bot.actions.booking.read_back import ask_consent
from bot.actions.booking.reading import changed
from bot.actions.booking.refining import refine
from bot.actions.booking.slots import KIND, SERVICE, WISH, forget
from bot.actions.booking.steps import REFUSED, Ctx, slot_from_json
from bot.actions.visits import listing


async def act(ctx: Ctx, option: Mapping[str, Any]) -> None:
    """Carries out an option; what it does is its `do`."""
    match option.get("do"):
        case "slot":
            await _slot(ctx, option)
        case "confirm":
            await book(ctx)
        case "replace":
            await replace(ctx, str(option["id"]), str(option["old"]))
        case "follow_up":
            await _follow_up(ctx, str(option["id"]))
        case "refine":
            await refine(ctx, str(option["what"]))
        case "switch":
            await _switch(ctx, option.get("facts") or {})
        case "consult":  # a visit at which the referral may be issued
            forget(ctx.facts, SERVICE)
            ctx.facts.pop(KIND, None)
            await _switch(ctx, {})
        case "tell":
            ctx.speaker.say(str(option["response"]))
            _aside(ctx)
        case "leave":
            await listing.say_all(ctx)
            _aside(ctx)
        case _:
            await _go_on(ctx)


async def _slot(ctx: Ctx, option: Mapping[str, Any]) -> None:
    """A slot on offer; an alternative changes the facts as long as it is taken."""
    if option.get("facts"):
        ctx.data[WISH] = dict(ctx.facts)
        _accept(ctx, option["facts"])
    await select(ctx, slot_from_json(option["slot"]))


async def _switch(ctx: Ctx, facts: Mapping[str, Any]) -> None:
    """Another wish instead of what was refused."""
    _accept(ctx, facts)
    await changed(ctx)
    await _go_on(ctx)


def _accept(ctx: Ctx, facts: Mapping[str, Any]) -> None:
    """Facts that an option brings; None clears one."""
    for name, value in facts.items():
        if value is None:
            ctx.facts.pop(name, None)
        else:
            ctx.facts[name] = value


async def _go_on(ctx: Ctx) -> None:
    """Takes the task up again, also one that was set aside."""
    if ctx.frame not in ctx.conversation.stack:
        ctx.conversation.stack.append(ctx.frame)
    await advance(ctx)


async def _follow_up(ctx: Ctx, prereservation: str) -> None:
    """The kept control visit that was chosen of several (R61)."""
    if await follow_up.hold(ctx, prereservation):
        await ask_consent(ctx)
    else:
        await refusals.explain(ctx)


def _aside(ctx: Ctx) -> None:
    """What was refused is not asked again after a way out of it that only informs."""
    if ctx.frame.prompt is not None and ctx.frame.prompt.about == REFUSED:
        ctx.park()
