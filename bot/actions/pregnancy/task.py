"""The pregnancy task: an answer, or the ready message when no visit can be had in the leading facility."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from bot.actions.answer import answer_to
from bot.actions.booking.steps import Ctx, say_intent
from bot.actions.pregnancy.reading import clause_to_correct, take, without_lead
from bot.actions.pregnancy.slots import (
    FACILITY,
    KIND,
    NAME,
    OFFER,
    ONSITE,
    OWN,
    PHONE,
    REMOTE,
    SLOTS,
    STARTED,
    TOWN,
)
from bot.actions.world import World
from bot.dialogue.slots import SlotSpec, forget
from bot.dialogue.state import Option
from bot.dialogue.task import Task
from bot.language.contact import spoken_phone
from bot.language.cues import cue, synonyms
from bot.language.telling import questions
from bot.portal.rules.contacts import contact
from bot.portal.rules.pregnancy import EMAIL_FIELDS

CANNOT_BOOK = "cannot_book"
DONE = "done"
"""Stage: the message is shown; a correction shows it anew."""
_FIXED = (PHONE, FACILITY, TOWN)
"""Fields with a button to correct them; the others are corrected by name."""
_FINE = frozenset({"affirm", "affirm_weak", "thanks", "goodbye"})
_FIELD_CUES = {
    NAME: "names_name",
    PHONE: "names_phone",
    TOWN: "names_city",  # before the facility: "miejscowość" begins like "miejsce"
    FACILITY: "names_place",
    KIND: "names_kind",
}


class PregnancyCare(Task[World]):
    """Answers (R129, R132-R134), and writes the message of R130; nothing of it is kept."""

    name = "pregnancy"
    topic = "ask_pregnancy_care"
    only_asks = True
    slots: ClassVar[Mapping[str, SlotSpec]] = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads the fields."""
        return take(ctx)

    async def advance(self, ctx: Ctx) -> None:
        """Answers, offers the message, asks the next field, or shows the message."""
        if not ctx.facts.get(STARTED):
            self._answer(ctx)
            return
        await self._fill_in(ctx, again=False)

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more; after a miss in other words."""
        if ctx.facts.get(STARTED):
            await self._fill_in(ctx, again=missed)
        else:
            self._offer(ctx)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """ "Tak" and "nie" to the offer, and corrections of the shown message."""
        if about == OFFER:
            if ctx.turn.intent in {"affirm", "affirm_weak"} or _wants_it_written(ctx.turn.text):
                await self._start(ctx)
                return True
            if ctx.turn.intent in {"deny", "thanks"}:
                ctx.speaker.say("utter_task_left")
                ctx.end()
                return True
        if about == DONE:
            return await self._at_done(ctx)
        return False

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """ "Przygotuj wiadomość", "Popraw"."""
        match act.get("do"):
            case "clear":
                forget(ctx.facts, str(act["slot"]), self.slots)
                await self._fill_in(ctx, again=False)
            case "finish":
                ctx.speaker.say("utter_pregnancy_finished")
                ctx.end()
            case _:
                await self._start(ctx)

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was sent: the patient sends it."""
        return "utter_pregnancy_stopped" if ctx.facts.get(STARTED) else "utter_task_left"

    # --- answers

    def _answer(self, ctx: Ctx) -> None:
        fact = ctx.turn.fact
        if fact == CANNOT_BOOK or (fact is None and cue("cannot_book").heard(ctx.turn.text)):
            self._offer(ctx)
            return
        ctx.speaker.say(answer_to(ctx.turn, ctx.speaker.texts))
        ctx.end()

    def _offer(self, ctx: Ctx) -> None:
        ctx.speaker.ask(
            OFFER,
            "utter_ask_pregnancy_care/cannot_book",
            [
                ctx.option("prepare_message", {"do": "start"}, *synonyms("prepare_message")),
                say_intent(ctx, "no_thanks", "deny"),
            ],
        )
        ctx.park()

    # --- the message

    async def _start(self, ctx: Ctx) -> None:
        ctx.facts[STARTED] = True
        if ctx.world.logged_in:
            ctx.facts[NAME] = OWN
        await self._fill_in(ctx, again=False)

    async def _fill_in(self, ctx: Ctx, *, again: bool) -> None:
        missing = next((name for name in EMAIL_FIELDS if name not in ctx.facts), None)
        if missing is None:
            await self._show(ctx)
            return
        if ctx.frame.asked[-1:] != [missing]:
            ctx.frame.asked.append(missing)
        spec = self.slots[missing]
        options = self._kinds(ctx) if missing == KIND else []
        ctx.speaker.ask(missing, spec.question(self.name, again=again), options, spec=spec)

    def _kinds(self, ctx: Ctx) -> list[Option]:
        return [
            ctx.option(label, {"do": "fill", "facts": {KIND: kind}}, *synonyms(label))
            for label, kind in (("onsite_visit", ONSITE), ("by_teleconsultation", REMOTE))
        ]

    async def _show(self, ctx: Ctx) -> None:
        """Ready text, and a link that opens it in the patient's own mail."""
        texts, facts = ctx.speaker.texts, ctx.facts
        body = texts.get(
            "utter_piece_pregnancy_message",
            name=await _name(ctx),
            phone=spoken_phone(facts[PHONE]),
            facility=facts[FACILITY],
            town=facts[TOWN],
            kind=texts.get(f"utter_piece_pregnancy_{facts[KIND]}"),
        )
        address = contact("C4").value
        subject = quote(texts.get("utter_piece_pregnancy_subject"))
        link = {
            "label": texts.label("open_mail"),
            "href": f"mailto:{address}?subject={subject}&body={quote(body)}",
        }
        ctx.speaker.ask(
            DONE,
            "utter_pregnancy_message",
            [
                ctx.option("message_fine", {"do": "finish"}, *synonyms("message_fine")),
                *(ctx.option(f"fix_{name}", {"do": "clear", "slot": name}) for name in _FIXED),
            ],
            links=[link],
            message=body,
        )

    async def _at_done(self, ctx: Ctx) -> bool:
        turn = ctx.turn
        if take(ctx):
            await self._show(ctx)
            return True
        clause = clause_to_correct(turn.text, _FIELD_CUES.values())
        field = next((name for name, words in _FIELD_CUES.items() if cue(words).heard(clause)), None)
        if field is not None and turn.intent not in _FINE:
            value = without_lead(clause, "before_a_place")
            forget(ctx.facts, field, self.slots)
            if field in {FACILITY, TOWN} and value != clause:
                ctx.facts[field] = value
            await self._fill_in(ctx, again=False)
        elif turn.intent in _FINE:
            await self.act(ctx, {"do": "finish"})
        else:
            return False
        return True


def _wants_it_written(text: str) -> bool:
    """ "Napisz za mnie tę wiadomość": a yes to the offer; "nie, napiszę sama" is none."""
    return cue("have_it_written").heard(text) and not cue("refused").heard(text) and not questions(text)


async def _name(ctx: Ctx) -> str:
    """The patient's name is read from the portal when it is shown, and never kept."""
    if ctx.facts[NAME] != OWN:
        return str(ctx.facts[NAME])
    patient = (await ctx.world.me()).patient
    return f"{patient.first_name} {patient.last_name}".strip()
