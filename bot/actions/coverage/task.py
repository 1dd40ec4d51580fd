"""The coverage task: which service, for whom, then the portal's answer and one tap into booking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from bot.actions.answer import answer_to
from bot.actions.booking.ask_who import ask_who, ask_who_else
from bot.actions.booking.slots import (
    CANDIDATES,
    KIND,
    MISSED,
    NOT_ON_ACCOUNT,
    SERVICE,
    SPECIALTY,
    UNLISTED,
    WHO,
    WHO_CANDIDATES,
)
from bot.actions.booking.steps import Ctx
from bot.actions.coverage import replies, subject
from bot.actions.coverage.judge import Answer, judge
from bot.actions.coverage.where import where
from bot.actions.world import World
from bot.dialogue.slots import SlotSpec
from bot.dialogue.task import Task
from bot.language.cues import cue
from bot.portal.rules.outcome import Allowed

_BILLS = frozenset({"methods", "invoice", "failed"})
"""Facts of `ask_payment` that are about paying, whatever service is named beside them."""


class CheckCoverage(Task[World]):
    """Says whether a package covers a service, and what it costs when it does not (R93)."""

    name = "coverage"
    only_asks = True
    slots: ClassVar[Mapping[str, SlotSpec]] = {
        SERVICE: SlotSpec(SERVICE, dependants=(SPECIALTY, CANDIDATES, KIND)),
        WHO: SlotSpec(WHO, dependants=(WHO_CANDIDATES,)),
    }

    async def take(self, ctx: Ctx) -> bool:
        """Reads the service, the person and whatever else a booking could use later."""
        return await subject.take(ctx)

    async def advance(self, ctx: Ctx) -> None:
        """Asks what is missing, or answers."""
        bills = _about_bills(ctx)
        if not ctx.world.logged_in or bills:
            ctx.speaker.say(_in_general(ctx, bills=bills))
            ctx.end()
        elif subject.held(ctx) is not None:
            replies.held(ctx, subject.held(ctx) or {})
            ctx.end()
        elif not subject.known(ctx) and cue("where_to_look").heard(ctx.turn.text):
            place = where(ctx.world, ctx.speaker.texts)
            ctx.speaker.say("utter_coverage_where", where=place)
            ctx.end()
        elif not await self._ask(ctx):
            await self._answer(ctx)

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more; after a miss in its second wording."""
        ctx.data[MISSED] = missed
        try:
            await self.advance(ctx)
        finally:
            ctx.data.pop(MISSED, None)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """ "Spróbuj ponownie" after the portal failed."""
        await self.advance(ctx)

    async def _ask(self, ctx: Ctx) -> bool:
        """The service, then the person, when they are open. True when asked, or when there is no answer."""
        unlisted = ctx.data.pop(UNLISTED, None)
        if unlisted and not subject.known(ctx):
            replies.unlisted(ctx, str(unlisted))
            ctx.end()
            return True
        if not subject.known(ctx):
            subject.ask_service(ctx, self.slots[SERVICE])
            return True
        if ctx.data.pop(NOT_ON_ACCOUNT, None) and WHO not in ctx.facts:
            await ask_who_else(ctx, "utter_coverage_not_on_account")
            return True
        if subject.several(ctx):
            subject.ask_which(ctx)
            return True
        if WHO in ctx.facts:
            return False
        return await ask_who(ctx, self.slots[WHO].question(self.name, again=bool(ctx.data.get(MISSED))))

    async def _answer(self, ctx: Ctx) -> None:
        offer = subject.open_booking(ctx) is None
        things = subject.things(ctx)
        if things:
            each = [[await judge(ctx, s) for s in subject.services_of(ctx, thing)] for thing in things]
            ctx.end()
            await replies.tell_several(ctx, list(zip(things, each, strict=True)), offer=offer)
            return
        answers = [await judge(ctx, service) for service in subject.services(ctx)]
        if subject.privately(ctx) and replies.only_covered(answers):
            ctx.end()
            replies.no_private_price(ctx, answers)
            return
        instead = await self._instead(ctx, answers)
        ctx.end()
        await replies.tell(ctx, answers, offer=offer, instead=instead)

    async def _instead(self, ctx: Ctx, answers: Sequence[Answer]) -> list[Answer]:
        """Other ways to see the same specialist that the package covers, when this one it does not."""
        if len(answers) != 1 or answers[0].coverage is None or isinstance(answers[0].outcome, Allowed):
            return []
        others = [await judge(ctx, service) for service in subject.other_kinds(ctx, answers[0].service)]
        return [other for other in others if isinstance(other.outcome, Allowed)]


def _in_general(ctx: Ctx, *, bills: bool) -> str:
    """The reply that needs nothing of the portal, to the point where the question has one."""
    if ctx.turn.intent == "ask_payment":
        return answer_to(ctx.turn, ctx.speaker.texts)
    if not bills:
        return "utter_check_coverage"
    return "utter_ask_payment/methods" if cue("pays_with").heard(ctx.turn.text) else "utter_ask_payment"


def _about_bills(ctx: Ctx) -> bool:
    """A question of how to pay, of invoices and refunds: general, whatever it names."""
    text = ctx.turn.text
    if ctx.frame.prompt is not None:
        return False
    if ctx.turn.intent == "ask_payment" and ctx.turn.fact in _BILLS:
        return True
    if ctx.turn.intent != "ask_payment":  # "czy mogę zapłacić kartą za okulistę?" is heard as either
        return not cue("package").heard(text) and cue("cost").heard(text) and cue("billing").heard(text)
    return cue("billing").heard(text) or not (cue("cost").heard(text) or subject.known(ctx))
