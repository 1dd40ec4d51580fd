"""The opinion task: words, perhaps a mark, read back -> "tak" -> the portal has it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from bot.actions.answer import answer_to
from bot.actions.booking.steps import AGAIN, CONSENT, Ctx, say_intent
from bot.actions.opinion import reading
from bot.actions.opinion.reading import RATING, SLOTS, SUBJECT, TEXT
from bot.actions.world import World
from bot.dialogue.hearing import agrees, not_a_yes
from bot.dialogue.state import Option
from bot.dialogue.task import ANY, Task
from bot.language.cues import cue, synonyms
from bot.language.telling import questions
from bot.portal.errors import PortalUnavailable
from bot.portal.keys import idempotency_key
from bot.portal.records import OpinionSubject

log = logging.getLogger(__name__)
_AGREES = ("affirm_weak", "give_opinion")
_ONCE_MORE = frozenset({"affirm", "affirm_weak", "repeat"})
_MARKS = range(1, 6)
"""In this order, so that the fourth option is a four."""
DRAFT = "draft"
"""Number of this opinion in the conversation; part of its idempotency key."""


class GiveOpinion(Task[World]):
    """Sends opinions (R142, R144). The text leaves the conversation with the task."""

    name = "opinion"
    topic = "give_opinion"
    slots = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads the words and the mark."""
        ctx.facts.setdefault(DRAFT, ctx.conversation.turns)
        return reading.take(ctx)

    async def advance(self, ctx: Ctx) -> None:
        """Answers a question about opinions, asks what is missing, or reads back."""
        if ctx.frame.prompt is None and TEXT not in ctx.facts and self._only_asks(ctx):
            return
        await self._ask(ctx, again=False)

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more; after a miss in other words."""
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        if about == AGAIN:
            self._ask_later(ctx)
            return
        if missed and about == CONSENT:
            ctx.speaker.say(not_a_yes(ctx.turn, "utter_opinion_consent_unclear"))
        await self._ask(ctx, again=missed)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to the read-back and after a lost answer."""
        if about == AGAIN:
            if ctx.turn.intent in _ONCE_MORE or cue("tries_again").heard(ctx.turn.text):
                await self._send(ctx)
            else:
                self._ask_later(ctx)
            return True
        return about == CONSENT and await self._at_consent(ctx)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of its own."""
        match act.get("do"):
            case "confirm" if "?" in ctx.turn.text or cue("doubts").heard(ctx.turn.text):
                await self.ask_again(ctx, missed=True)
            case "confirm":
                await self._send(ctx)
            case "rewrite":
                await self._rewrite(ctx)
            case _:
                await self._ask(ctx, again=False)

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was sent by stopping."""
        return "utter_opinion_stopped"

    # --- asking

    async def ask(self, ctx: Ctx) -> None:
        """Asks what is missing, or reads back; somebody has said already that it is an opinion."""
        await self._ask(ctx, again=False)

    def _only_asks(self, ctx: Ctx) -> bool:
        """ "Gdzie mogę wystawić opinię?", or nobody is logged in: answered, and done."""
        if ctx.world.logged_in and not ctx.turn.fact:
            asks = questions(ctx.turn.text)
            ctx.speaker.say("utter_give_opinion" if asks else "utter_opinion_begin")
            return False
        response = "utter_opinion_not_logged_in"
        if ctx.turn.fact:
            response = answer_to(ctx.turn, ctx.speaker.texts)
        ctx.speaker.say(response)
        ctx.end()
        return True

    async def _ask(self, ctx: Ctx, *, again: bool) -> None:
        if not ctx.world.logged_in:
            ctx.speaker.say("utter_opinion_not_logged_in")
            ctx.end()
        elif reading.mark_is_open(ctx.facts):
            marks = [Option(str(mark), {"do": "fill", "facts": {RATING: mark}}) for mark in _MARKS]
            skip = say_intent(ctx, "no_mark", "skip", *synonyms("no_mark"))
            self._put(ctx, RATING, [*marks, skip], again=again)
        elif TEXT not in ctx.facts:
            options = []
            if reading.mark(ctx.facts) is not None:
                options = [
                    ctx.option("mark_only", {"do": "fill", "facts": {TEXT: ANY}}, *synonyms("mark_only"))
                ]
            self._put(ctx, TEXT, options, again=again)
        else:
            self._ask_consent(ctx)

    def _put(self, ctx: Ctx, slot: str, options: list[Option], *, again: bool) -> None:
        if ctx.frame.asked[-1:] != [slot]:
            ctx.frame.asked.append(slot)
        spec = SLOTS[slot]
        ctx.speaker.ask(slot, spec.question(self.name, again=again), options, spec=spec)

    def _ask_consent(self, ctx: Ctx) -> None:
        ctx.speaker.ask(
            CONSENT,
            "utter_opinion_read_back",
            [
                ctx.option("send_opinion", {"do": "confirm", "look": "act"}, *synonyms("send_it")),
                ctx.option("rewrite", {"do": "rewrite"}, *synonyms("change_something")),
                say_intent(ctx, "do_not_send", "cancel_task"),
            ],
            opinion=self._words(ctx),
        )

    def _words(self, ctx: Ctx) -> str:
        """ "„Było super” Ocena: 5." with what there is of it."""
        texts, parts = ctx.speaker.texts, []
        if ctx.facts[TEXT] != ANY:
            parts.append(texts.get("utter_piece_opinion_text", opinion=ctx.facts[TEXT]))
        mark = reading.mark(ctx.facts)
        if mark is not None:
            parts.append(texts.get("utter_piece_opinion_mark", mark=str(mark)))
        return "\n".join(parts)

    # --- the "tak"

    async def _at_consent(self, ctx: Ctx) -> bool:
        turn = ctx.turn
        if agrees(turn, *_AGREES):
            await self._send(ctx)
        elif reading.take(ctx):  # another mark
            await self._ask(ctx, again=False)
        elif turn.intent in {"deny", "correct"} or cue("changes").heard(turn.text):
            await self._rewrite(ctx)
        else:
            ctx.frame.misses += 1
            await self.ask_again(ctx, missed=True)
        return True

    async def _rewrite(self, ctx: Ctx) -> None:
        ctx.facts.pop(TEXT, None)
        await self._ask(ctx, again=False)

    async def _send(self, ctx: Ctx) -> None:
        """The same opinion sent again is the same request, so that trying again repeats nothing."""
        facts = ctx.facts
        text = None if facts[TEXT] == ANY else str(facts[TEXT])
        mark = reading.mark(facts)
        subject = OpinionSubject(facts.get(SUBJECT) or OpinionSubject.SERVICE)
        contents = json.dumps([facts[DRAFT], text, mark], ensure_ascii=False)
        key = idempotency_key(ctx.world.sender, "opinion", contents)
        try:
            await ctx.world.signed_in()[0].send_opinion(subject, text, mark, key=key)
        except PortalUnavailable as error:
            log.warning("outcome of an opinion is not known: %s", error)
            self._ask_later(ctx)
            return
        ctx.speaker.say("utter_opinion_sent")
        ctx.end()

    def _ask_later(self, ctx: Ctx) -> None:
        ctx.speaker.ask(
            AGAIN,
            "utter_opinion_not_confirmed",
            [
                ctx.option("try_again", {"do": "confirm"}, *synonyms("try_again")),
                say_intent(ctx, "stop_task", "cancel_task"),
            ],
        )
