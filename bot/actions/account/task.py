"""Confirming identity: which way suits, the bank's steps one by one, and the level read anew at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.actions.account import ways
from bot.actions.account.ways import BANK, BY_BANK, STEP, STEPS, WAY
from bot.actions.answer import answer_to
from bot.actions.booking.steps import Ctx
from bot.actions.world import World
from bot.dialogue.hearing import does_not_follow
from bot.dialogue.slots import SlotSpec
from bot.dialogue.task import Task
from bot.language.cues import cue
from bot.language.questions import asks
from bot.portal.models import Level
from bot.portal.rules.accounts import confirms_identity, may_confirm_by_bank
from bot.portal.rules.outcome import NextStep, Refused

_DONE = "done"
"""Stage: another way than the bank was explained; "gotowe" reads the level anew."""
_OTHER_WAYS = (NextStep.CALL_INFOLINE, NextStep.CONFIRM_IDENTITY_FORM, NextStep.VISIT_OWN_FACILITY)
_BESIDE = frozenset({"human", "ask_contact"})
"""Intents that may name a way ("wolę przez infolinię") or ask for a person."""
_STAGES = frozenset({STEP, _DONE})
_FAILED = frozenset({"deny", "login_problem"})
_YES = frozenset({"affirm", "affirm_weak"})
_PROGRESS = SlotSpec(STEP, free_text=True, not_of=("service", "specialty", "doctor", "unlisted"))
"""How far they are patients tell in words of their own ("już, jestem w banku"), and banks too."""


class Account(Task[World]):
    """Leads a basic account to a full one (R11-R18), and says which version there is (R1)."""

    name = "account"
    topic = "confirm_identity"
    gives_way = (WAY,)
    slots: ClassVar[Mapping[str, SlotSpec]] = {WAY: SlotSpec(WAY, dependants=(BANK,))}

    async def take(self, ctx: Ctx) -> bool:
        """Reads a way or a bank."""
        return ways.read(ctx)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """ "Gotowe", "co dalej?", "nie działa" in words; a question on the way is answered first."""
        if ctx.frame.prompt is None:
            return False
        text, question = ctx.turn.text, asks(ctx.turn.text)
        if about in _STAGES and await self._progress(ctx, question=question):
            return True
        fact = ctx.turn.intent == "confirm_identity" and ctx.turn.fact and question
        if fact or (ctx.turn.intent in _BESIDE and not ways.other_named(text)):
            ctx.speaker.say(answer_to(ctx.turn, ctx.speaker.texts))
            await self.advance(ctx)
            return True
        return False

    async def advance(self, ctx: Ctx) -> None:
        """The fact asked for, or the guide."""
        if await self._answered(ctx):
            return
        me = await ctx.world.me()
        if me.level == Level.FULL:
            ctx.speaker.say("utter_account_full", level=str(me.level))
            ctx.end()
            return
        by_bank = may_confirm_by_bank(me, ctx.world.now)
        no_bank = ctx.data.pop("no_bank", None)
        if isinstance(by_bank, Refused) and ctx.facts.get(WAY) in (None, BY_BANK):
            self._ask(ctx, f"utter_account_{by_bank.code}", by_bank.remedies, rule=by_bank.rule)
        elif no_bank:
            self._ask(ctx, "utter_account_without_bank", _OTHER_WAYS)
        elif not ctx.facts.get(WAY):
            again = "_again" if ctx.frame.misses else ""
            self._ask(ctx, f"utter_ask_account_way{again}", (NextStep.CONFIRM_IDENTITY, *_OTHER_WAYS))
        elif ctx.facts[WAY] == BY_BANK:
            self._by_bank(ctx)
        else:
            way = ctx.facts[WAY]
            ctx.speaker.ask(
                _DONE, f"utter_account_way_{way}", [ways.done(ctx, "check_level"), ways.other(ctx)]
            )
            ctx.park()

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question; "byłam już" is heard as coming back, and is the answer."""
        prompt = ctx.frame.prompt
        if prompt is not None and prompt.about == _DONE and cue("step_done").heard(ctx.turn.text):
            await self._done(ctx)
            return
        if missed and prompt is not None and prompt.about == STEP and does_not_follow(ctx.turn):
            ctx.speaker.say("utter_explain_account_step")
        await self.advance(ctx)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Buttons of a step."""
        match act.get("do"):
            case "done":
                await self._done(ctx)
            case "stuck":
                self._stuck(ctx)
            case "other":
                self._others(ctx)
            case "steps":
                ctx.facts.pop(BANK, None)
                await self.advance(ctx)
            case _:
                await self.advance(ctx)

    def stops(self, ctx: Ctx) -> bool:
        """ "Nie, inny sposób" stops a way, not the task."""
        return not cue("another_way").heard(ctx.turn.text)

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was booked here: a plain word."""
        return "utter_account_stopped"

    async def _progress(self, ctx: Ctx, *, question: bool) -> bool:
        """How far the patient is, or that it does not work."""
        text = ctx.turn.text
        if cue("another_way").heard(text):
            self._others(ctx)
        elif ways.other_named(text):
            return False
        elif ways.only_names_a_bank(text):
            ways.read(ctx)
            if confirms_identity(ctx.facts[BANK]).ok:
                ctx.speaker.say("utter_account_bank_listed", bank=ctx.facts[BANK], rule="R14")
            await self.advance(ctx)
        elif not question and (ctx.turn.intent in _FAILED or cue("step_failed").heard(text)):
            self._stuck(ctx)
        elif cue("what_next").heard(text) or (
            not question and (ctx.turn.intent in _YES or cue("step_done").heard(text))
        ):
            await self._done(ctx)
        else:
            return False
        return True

    async def _answered(self, ctx: Ctx) -> bool:
        """Questions that a reply settles: of the levels, of facts, and all of a visitor's."""
        turn = ctx.turn
        if ctx.frame.prompt is not None or turn.intent not in ("confirm_identity", "ask_account_levels"):
            return False
        if turn.intent == "ask_account_levels":
            if turn.fact == "mine":
                await self._mine(ctx)
            elif await self._wants_full(ctx):
                return False
            else:
                ctx.speaker.say(answer_to(turn, ctx.speaker.texts))
        else:
            basic = ctx.world.logged_in and (await ctx.world.me()).level != Level.FULL
            if basic and self._wants_guide(ctx):
                return False
            if ctx.facts.get(BANK):
                self._of_bank(ctx)
            elif turn.fact:
                ctx.speaker.say(answer_to(turn, ctx.speaker.texts))
            else:
                ctx.speaker.say("utter_account_full" if ctx.world.logged_in else "utter_account_visitor")
        ctx.end()
        return True

    async def _wants_full(self, ctx: Ctx) -> bool:
        """ "Co zrobić, żeby mieć pełną wersję?": the way there is asked for, not what it gives."""
        if not ctx.world.logged_in or not cue("how_to_get").heard(ctx.turn.text):
            return False
        return (await ctx.world.me()).level != Level.FULL

    def _wants_guide(self, ctx: Ctx) -> bool:
        """Wants it done: no question of a fact, or one that says which way is open ("nie mam banku")."""
        said = ctx.facts.get(BANK) or ctx.data.get("no_bank")
        return bool(said) or ctx.turn.fact is None or not asks(ctx.turn.text)

    async def _mine(self, ctx: Ctx) -> None:
        """The version, as the portal has it now (R1)."""
        texts = ctx.speaker.texts
        if not ctx.world.logged_in:
            version = texts.get("utter_piece_level_unknown")
        else:
            me = await ctx.world.me()
            limit = me.limits.reservations
            kind = "full" if me.level == Level.FULL else "basic"
            version = texts.get(f"utter_piece_level_{kind}", used=limit.used, max=limit.max or "")
        ctx.speaker.say("utter_ask_account_levels/mine", version=version)

    def _of_bank(self, ctx: Ctx) -> None:
        outcome = confirms_identity(ctx.facts[BANK])
        response = "utter_account_bank_on_list" if outcome.ok else "utter_account_bank_off_list"
        ctx.speaker.say(response, bank=ctx.facts[BANK], rule="R14")

    def _by_bank(self, ctx: Ctx) -> None:
        bank = ctx.facts.get(BANK)
        if bank and not confirms_identity(bank).ok:
            options = [ctx.option("bank_list", {"do": "steps"}), *ways.options(ctx, _OTHER_WAYS)]
            ctx.speaker.ask(WAY, "utter_account_bank_unlisted", options, bank=bank, rule="R14")
            return
        if STEP not in ctx.data:
            ctx.data[STEP] = 0
            if bank:
                ctx.speaker.say("utter_account_bank_listed", bank=bank, rule="R14")
        self._step(ctx)

    def _step(self, ctx: Ctx) -> None:
        buttons = [ways.done(ctx), ways.stuck(ctx), ways.other(ctx)]
        number = ctx.data[STEP] + 1
        ctx.speaker.ask(STEP, f"utter_account_step_{number}", buttons, spec=_PROGRESS, step=number)

    def _others(self, ctx: Ctx) -> None:
        ctx.facts.clear()
        ctx.data.clear()
        self._ask(ctx, "utter_account_other_ways", _OTHER_WAYS)

    def _stuck(self, ctx: Ctx) -> None:
        retry = [ctx.option("try_step_again", {"do": "retry"})] if STEP in ctx.data else []
        ctx.speaker.ask(WAY, "utter_account_stuck", [*retry, *ways.options(ctx, _OTHER_WAYS)])

    async def _done(self, ctx: Ctx) -> None:
        """The next step; after the last one the portal is asked for the level (R13)."""
        if STEP in ctx.data and ctx.data[STEP] + 1 < STEPS and ctx.facts.get(WAY) == BY_BANK:
            ctx.data[STEP] += 1
            self._step(ctx)
            return
        me = await ctx.world.me()
        if me.level == Level.FULL:
            ctx.speaker.say("utter_account_confirmed", level="full")
            ctx.end()
            return
        buttons = [ways.done(ctx, "check_level_again"), ways.other(ctx)]
        ctx.speaker.ask(_DONE, "utter_account_still_basic", buttons, level="basic")

    def _ask(self, ctx: Ctx, response: str, steps: tuple[str, ...], **values: Any) -> None:
        if not ctx.frame.asked:
            ctx.frame.asked.append(WAY)
        ctx.speaker.ask(WAY, response, ways.options(ctx, steps), spec=_PROGRESS, **values)
