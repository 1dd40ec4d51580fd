"""Results: whether they are there, and where they are opened; never what they say (R102)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bot.actions.access import (
    FullAccountTask,
    admitted,
    for_whom,
    step_up,
    told_how,
    wants_step_up,
    whose_or_told,
)
from bot.actions.booking.steps import Ctx
from bot.dialogue.slots import SlotSpec
from bot.language.likeness import alike
from bot.language.spoken import day_of
from bot.language.times.model import WARSAW
from bot.portal.errors import AuthProblem
from bot.portal.paging import every_page
from bot.portal.records import Result, ResultStatus
from bot.portal.rules.accounts import Capability
from bot.portal.rules.care import may_see_result
from bot.portal.rules.outcome import Refused

SHOWN = 8
_PAGES = 3


class Results(FullAccountTask):
    """Says which results are in the portal and which are not yet."""

    name = "results"
    topic = "get_results"
    slots: ClassVar[Mapping[str, SlotSpec]] = {}

    async def take(self, ctx: Ctx) -> bool:
        """Everything that counts is in the message; nothing is asked."""
        return True

    async def advance(self, ctx: Ctx) -> None:
        """The list, or why there is none."""
        if told_how(ctx) or not await admitted(ctx, Capability.RESULTS, "utter_get_results"):
            return
        goes_on, patient = await whose_or_told(ctx)
        if not goes_on:
            return
        try:
            results = await _all(ctx, patient)
        except AuthProblem as error:
            if wants_step_up(error):
                step_up(ctx)
            return
        await _tell(ctx, results)
        ctx.end()


async def _all(ctx: Ctx, patient: str | None) -> list[Result]:
    portal, _ = ctx.world.signed_in()
    return await every_page(lambda cursor: portal.results(patient, cursor), most=_PAGES)


async def _tell(ctx: Ctx, results: Sequence[Result]) -> None:
    if not results:
        ctx.speaker.say("utter_results_none")
        return
    asked = _asked(ctx, results)
    if asked is not None and not asked:
        ctx.speaker.say("utter_results_not_that_one")
    shown = list(asked or results)[:SHOWN]
    lines = "\n".join([await _line(ctx, result) for result in shown])
    ready = any(result.status == ResultStatus.READY for result in shown)
    response = "utter_results" if ready else "utter_results_waiting"
    if all(result.status == ResultStatus.NOT_IN_PORTAL for result in shown):
        response = "utter_results_elsewhere"
    ctx.speaker.say(response, results=lines)


def _asked(ctx: Ctx, results: Sequence[Result]) -> list[Result] | None:
    """The results that the message names; None when it names none."""
    services = ctx.world.signed_in()[1].services
    named = ctx.turn.said("service", "unlisted")
    if not named:
        return None
    words = [mention.text for mention in named]
    words += [services[i].name for mention in named for i in mention.ids if i in services]
    return [result for result in results if any(alike(word, result.name) for word in words)]


async def _line(ctx: Ctx, result: Result) -> str:
    me = await ctx.world.me()
    outcome = may_see_result(me, result, ctx.world.now)
    state = "ready" if result.status == ResultStatus.READY else "pending"
    if isinstance(outcome, Refused):
        state = "elsewhere"
    today = ctx.world.now.astimezone(WARSAW).date()
    texts = ctx.speaker.texts
    ordered = day_of(result.ordered_on, today) if result.ordered_on else ""
    day = texts.get("utter_piece_result_day", day=ordered) if ordered else ""
    parts = (result.name, await for_whom(ctx, result.patient_id), day)
    return texts.get(f"utter_piece_result_{state}", name=", ".join(part for part in parts if part))
