"""The refund task: a fact about refunds, or the estimate of named invoices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.actions.answer import answer_to
from bot.actions.booking.steps import Ctx
from bot.actions.reimbursement.estimate import left, reply
from bot.actions.reimbursement.reading import AMOUNT, FOREIGN, TASK, take
from bot.actions.world import World
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Option
from bot.dialogue.task import Task
from bot.language.cues import cue, synonyms

_ASK_FOR_THE_SUM = frozenset({"utter_ask_reimbursement", "utter_ask_reimbursement/amount"})
_SUMS = ("ask_payment", "check_coverage", "ask_reimbursement", "out_of_scope", "choose_option")
"""What a sum with little around it sounds like."""


class Reimbursement(Task[World]):
    """Says what of an invoice may come back (R136-R139), and how refunds work."""

    name = TASK
    topic = "ask_reimbursement"
    only_asks = True
    slots: ClassVar[Mapping[str, SlotSpec]] = {AMOUNT: SlotSpec(AMOUNT, free_text=True, text_of=_SUMS)}

    async def take(self, ctx: Ctx) -> bool:
        """Reads the invoices."""
        return take(ctx)

    async def advance(self, ctx: Ctx) -> None:
        """Estimates, asks for the sum, or answers the question."""
        if ctx.data.pop(FOREIGN, False) and AMOUNT not in ctx.facts:
            self._ask(ctx, "utter_reimbursement_foreign")
        elif AMOUNT in ctx.facts:
            response, values = await reply(ctx)
            self._ask(ctx, response, [self._where(ctx)], **values)
            ctx.park()
        elif ctx.frame.prompt is None and not self._wants_a_sum(ctx):
            await self._answer(ctx)
        else:
            self._ask(ctx, self.slots[AMOUNT].question(self.name))

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """ "Nie, dziękuję" after an estimate."""
        if about == AMOUNT and AMOUNT in ctx.facts and ctx.turn.intent in {"deny", "thanks", "affirm_weak"}:
            ctx.speaker.say("utter_task_left")
            ctx.end()
            return True
        return False

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The sum once more; after a miss in other words."""
        self._ask(ctx, self.slots[AMOUNT].question(self.name, again=missed))

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """ "Gdzie złożyć wniosek?" below an estimate, or trying again after the portal failed."""
        if act.get("do") == "tell":
            ctx.speaker.say(str(act["response"]))
        else:
            await self.advance(ctx)

    async def why(self, ctx: Ctx, about: str) -> bool:
        """ "Czemu tylko tyle?": the share and the limit of a quarter (R136, R137)."""
        if AMOUNT not in ctx.facts:
            return False
        response, values = await reply(ctx)
        if response == "utter_reimbursement_estimate_uncapped":  # all of it comes back
            self._ask(ctx, response, [self._where(ctx)], **values)
        else:
            ctx.speaker.say("utter_reimbursement_why")
        ctx.park()
        return True

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was filed."""
        return "utter_task_left"

    async def _answer(self, ctx: Ctx) -> None:
        """A fact; where it ends with the sum, the sum alone goes on from there."""
        response = answer_to(ctx.turn, ctx.speaker.texts)
        known = await left(ctx) if cue("left_over").heard(ctx.turn.text) else None
        if known is not None:
            ctx.speaker.say("utter_reimbursement_left", **known)
            ctx.end()
            return
        if response in _ASK_FOR_THE_SUM:
            self._ask(ctx, response)
            ctx.park()
        else:
            ctx.speaker.say(response)
            ctx.end()

    def _wants_a_sum(self, ctx: Ctx) -> bool:
        return ctx.turn.fact == AMOUNT and cue("works_out").heard(ctx.turn.text)

    def _ask(self, ctx: Ctx, response: str, options: list[Option] | None = None, **values: Any) -> None:
        ctx.speaker.ask(AMOUNT, response, options or [], spec=self.slots[AMOUNT], **values)

    def _where(self, ctx: Ctx) -> Option:
        act = {"do": "tell", "response": "utter_ask_reimbursement/where"}
        return ctx.option("where_to_file", act, *synonyms("where_to_file"))
