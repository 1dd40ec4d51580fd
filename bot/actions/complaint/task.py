"""The complaint task: told, placed, answered how, read back -> an explicit "tak" -> filed with a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.booking.steps import CONSENT, Ctx, say_intent
from bot.actions.complaint import filing, questions, rather_opinion, read_back, reading, reply, status
from bot.actions.complaint.slots import (
    AGAIN,
    CHANGE,
    CHANNEL,
    CONTACT,
    DAY,
    DESCRIPTION,
    DRAFT,
    FACILITY,
    GREETED,
    SENT_AT,
    SLOTS,
    VISIT,
)
from bot.actions.world import World
from bot.dialogue.hearing import agrees, not_a_yes
from bot.dialogue.slots import forget
from bot.dialogue.task import Task
from bot.language.cues import cue, synonyms
from bot.portal.records import Complaint

OPINION = "opinion"
_AGREES = ("affirm_weak", "file_complaint")
_BEFORE_THE_REPLY = frozenset({VISIT, FACILITY, DAY})
"""Open questions at which the way of answering comes early."""
_ONCE_MORE = frozenset({"affirm", "affirm_weak", "repeat", "resume"})


class FileComplaint(Task[World]):
    """Files complaints (R141). The text and the datum leave the conversation with the task."""

    name = "complaint"
    topic = "ask_complaint_channels"
    slots = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads what the message tells."""
        if status.only_asks(ctx):
            return True
        if DRAFT not in ctx.facts:
            ctx.facts[DRAFT] = ctx.conversation.turns
            _take_over_opinion(ctx)
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        before = reply.known(ctx)
        took = await reading.take(ctx)
        if about in _BEFORE_THE_REPLY and before != reply.known(ctx):
            ctx.speaker.say(f"utter_complaint_noted_{ctx.facts[CHANNEL]}")
        return took

    async def advance(self, ctx: Ctx) -> None:
        """Answers a question, asks what is missing, or reads back."""
        if DRAFT not in ctx.facts and status.only_asks(ctx):
            await status.answer(ctx)
            ctx.end()
            return
        ctx.facts.setdefault(DRAFT, ctx.conversation.turns)
        await self._ask(ctx, again=False)

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more; after a miss in other words."""
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        if about == AGAIN:
            self._ask_later(ctx, filing.UNKNOWN if ctx.data.get(SENT_AT) else filing.NOT_SENT)
        elif about == CHANGE:
            read_back.ask_change(ctx, "utter_complaint_what_to_change")
        else:
            if missed and about == CONSENT:
                ctx.speaker.say(not_a_yes(ctx.turn, "utter_complaint_consent_unclear"))
            await self._ask(ctx, again=missed)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to the read-back, to "co zmienić?", and after an unknown outcome."""
        if about and about != AGAIN and rather_opinion.meant(ctx.turn.text):
            await rather_opinion.begin(ctx)
            return True
        if about and status.only_asks(ctx):
            await status.answer(ctx)
            await self.ask_again(ctx)
            return True
        if about in {CHANNEL, CONTACT} and status.asks_for_contact(ctx):
            ctx.speaker.say("utter_ask_contact")
            await self.ask_again(ctx)
            return True
        if about and status.asks_how_long(ctx):
            ctx.speaker.say("utter_ask_complaint_channels/deadline")
            await self.ask_again(ctx)
            return True
        if ctx.turn.intent == "help":
            await self.ask_again(ctx, missed=True)
            return True
        wants_a_call = reply.named_channel(ctx.turn.text) is not None
        if about in {CHANNEL, CONTACT} and ctx.turn.intent == "human" and not wants_a_call:
            ctx.speaker.say("utter_human")  # a person is wanted, not a call with the answer
            await self.ask_again(ctx)
            return True
        if questions.hurries(ctx, about):
            await self.ask_again(ctx)
            return True
        if about == CONSENT:
            return await self._at_consent(ctx)
        if about == CHANGE:
            return await self._at_change(ctx)
        if about == AGAIN:
            await self._at_again(ctx)
            return True
        return await self._field_named(ctx, about)

    async def _field_named(self, ctx: Ctx, about: str) -> bool:
        """ "Zmień opis" while something else is asked."""
        field = read_back.named_field(ctx.turn.text) if ctx.turn.intent == "correct" else None
        if field in {None, about} or field not in ctx.facts or not cue("changes").heard(ctx.turn.text):
            return False
        await self._clear(ctx, str(field))
        return True

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of its own."""
        match act.get("do"):
            case "confirm":
                await self._confirmed(ctx)
            case "change":
                read_back.ask_change(ctx, "utter_complaint_what_to_change")
            case "clear":
                await self._clear(ctx, str(act["slot"]))
            case _:
                await self.advance(ctx)

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was sent by stopping; an unknown outcome stays unknown."""
        return "utter_complaint_stopped_unsure" if ctx.data.get(SENT_AT) else "utter_complaint_stopped"

    def put_off(self, ctx: Ctx) -> str:
        """Nothing was sent, unless the portal's answer is still missing."""
        return self.stopped(ctx) if ctx.data.get(SENT_AT) else super().put_off(ctx)

    # --- asking

    async def _ask(self, ctx: Ctx, *, again: bool) -> None:
        if not ctx.world.logged_in:
            ctx.speaker.say("utter_complaint_not_logged_in")
            ctx.end()
            return
        if not ctx.facts.get(GREETED):
            ctx.facts[GREETED] = True
            ctx.speaker.say("utter_complaint_heard" if DESCRIPTION in ctx.facts else "utter_complaint_begin")
        if not await questions.ask_next(ctx, again=again):
            await read_back.ask_consent(ctx)
        elif ctx.frame.prompt is not None and ctx.frame.prompt.about not in ctx.frame.asked[-1:]:
            ctx.frame.asked.append(ctx.frame.prompt.about)

    # --- the "tak"

    async def _at_consent(self, ctx: Ctx) -> bool:
        turn = ctx.turn
        changed = await reading.take(ctx)
        if changed:
            await self._ask(ctx, again=False)
            return True
        field = read_back.named_field(turn.text)
        if field is not None and cue("changes").heard(turn.text):
            await self._clear(ctx, field)
            return True
        if agrees(turn, *_AGREES):
            await self._send(ctx)
        elif turn.intent in {"deny", "correct"}:
            read_back.ask_change(ctx, "utter_complaint_not_yet_sent")
        else:
            ctx.frame.misses += 1
            await self.ask_again(ctx, missed=True)
        return True

    async def _confirmed(self, ctx: Ctx) -> None:
        """The option that sends, tapped or named; a doubt beside the words is no "tak"."""
        text = ctx.turn.text
        if text and ("?" in text or cue("doubts").heard(text)):
            await self.ask_again(ctx, missed=True)
        else:
            await self._send(ctx)

    async def _at_change(self, ctx: Ctx) -> bool:
        field = read_back.named_field(ctx.turn.text)
        if field is None and ctx.frame.prompt is not None:
            ctx.frame.prompt.about = CONSENT  # a new value instead of the field's name
            if await reading.take(ctx):
                await self._ask(ctx, again=False)
                return True
            ctx.frame.prompt.about = CHANGE
        if field is not None:
            await self._clear(ctx, field)
            return True
        if ctx.turn.intent in {"deny", "affirm_weak"}:
            await read_back.ask_consent(ctx)
            return True
        return False

    async def _clear(self, ctx: Ctx, slot: str) -> None:
        """Asks a field anew; what was said of it is forgotten."""
        ctx.data.pop(SENT_AT, None)
        if slot == CONTACT and cue("names_reply").heard(ctx.turn.text):
            slot = CHANNEL
        for cleared in (slot, FACILITY, DAY) if slot == VISIT else (slot,):
            forget(ctx.facts, cleared, self.slots)
        ctx.conversation.close_prompt(ctx.frame)
        if slot in {CHANNEL, CONTACT}:
            named = reply.named_channel(ctx.turn.text)
            if named:
                ctx.facts[CHANNEL] = named
        ctx.frame.asked.append(slot)
        await self._ask(ctx, again=False)

    # --- filing

    async def _send(self, ctx: Ctx) -> None:
        outcome = await filing.send(ctx)
        if isinstance(outcome, Complaint):
            self._filed(ctx, outcome)
        elif outcome == filing.REFUSED:
            forget(ctx.facts, CONTACT, self.slots)
            ctx.speaker.say("utter_complaint_contact_refused")
            await self._ask(ctx, again=False)
        else:
            self._ask_later(ctx, outcome)

    def _filed(self, ctx: Ctx, complaint: Complaint) -> None:
        ctx.speaker.say("utter_complaint_filed", case_number=complaint.case_number, reply=reply.in_words(ctx))
        ctx.end()

    def _ask_later(self, ctx: Ctx, code: str) -> None:
        unknown = code == filing.UNKNOWN
        label = "check_again" if unknown else "try_again"
        ctx.speaker.ask(
            AGAIN,
            "utter_complaint_unknown" if unknown else "utter_complaint_not_sent",
            [
                ctx.option(label, {"do": "confirm"}, *synonyms("try_again")),
                say_intent(ctx, "stop_task", "cancel_task"),
            ],
        )

    async def _at_again(self, ctx: Ctx) -> None:
        if ctx.turn.intent in _ONCE_MORE or cue("tries_again").heard(ctx.turn.text):
            await self._send(ctx)
        else:
            await self.ask_again(ctx)


def _take_over_opinion(ctx: Ctx) -> None:
    """An opinion that turns into a complaint: its text goes on, the opinion itself is over."""
    below = next((f for f in ctx.conversation.stack if f.task == OPINION), None)
    if below is None:
        return
    text = below.facts.get("text")
    if text:
        ctx.facts[DESCRIPTION] = text
    ctx.conversation.end(below)
