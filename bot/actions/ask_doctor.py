"""Zapytaj Lekarza: a question after a completed visit in an own facility (R104)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from bot.actions.access import FullAccountTask, admitted, for_whom, offer_phone, told_how
from bot.actions.booking.steps import AGAIN, CONSENT, Ctx, describer, say_intent
from bot.actions.cancellation import wanted
from bot.dialogue.hearing import agrees, not_a_yes
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Option
from bot.language.cues import cue, synonyms
from bot.language.questions import asks
from bot.language.spoken import day_of
from bot.language.times.model import WARSAW
from bot.portal.errors import PortalUnavailable, RuleProblem
from bot.portal.keys import idempotency_key
from bot.portal.models import Reservation, ReservationStatus
from bot.portal.paging import every_page
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.care import may_ask_doctor

log = logging.getLogger(__name__)
VISIT = "visit"
"""Fact: id of the completed visit."""
TEXT = "text"
"""Fact: the patient's question; goes to the portal and is dropped with the task."""
CONDITIONS = "conditions"
"""Fact: who may ask and after which visits; heard in a bare "zapytaj lekarza" too, which is a wish."""
SHOWN = 5
LONGEST = 2000
_WORDS = 4
_PAGES = 3
_AGREES = ("affirm_weak", "ask_doctor_question")
_TEXTS = (
    "medical_question", "ask_prescription", "renew_prescription", "get_results", "ask_referral",
    "ask_recommendations", "ask_sick_leave", "ask_control_visit", "ask_attachments", "ask_rehabilitation",
    "ask_vaccination", "ask_doctor_question", "inform", "list_visits", "visit_history", "ask_arrival",
    "ask_occupational", "ask_pregnancy_care", "affirm_weak", "correct",
)  # fmt: skip


class AskDoctor(FullAccountTask):
    """Passes a question on to the doctor of a completed visit, read back first."""

    name = "ask_doctor"
    topic = "ask_doctor_question"
    only_asks = False
    slots: ClassVar[Mapping[str, SlotSpec]] = {
        VISIT: SlotSpec(VISIT),
        TEXT: SlotSpec(TEXT, free_text=True, text_of=_TEXTS),
    }

    async def take(self, ctx: Ctx) -> bool:
        """Reads the visit, or the question when it was asked for."""
        prompt = ctx.frame.prompt
        if prompt is not None and prompt.about == TEXT:
            return self._read_text(ctx)
        if (
            not ctx.world.logged_in
            or not may_use(await ctx.world.me(), Capability.QUESTIONS, ctx.world.now).ok
        ):
            return True
        said = wanted.read(ctx.turn, ctx.world.now, ())
        found = wanted.matching(await _askable(ctx), said, ctx.world.signed_in()[1], await ctx.world.me())
        if said and len(found) == 1:
            ctx.facts[VISIT] = found[0].id
            return True
        if prompt is not None and prompt.about == VISIT and said and not found:
            ctx.speaker.say("utter_ask_doctor_no_such_visit")
        return prompt is None

    async def advance(self, ctx: Ctx) -> None:
        """Asks which visit, then the question, then the "tak"."""
        if (ctx.turn.fact != CONDITIONS or asks(ctx.turn.text)) and told_how(ctx):
            return
        if not await admitted(ctx, Capability.QUESTIONS, "utter_ask_doctor_question"):
            return
        if ctx.frame.prompt is None and not ctx.facts and cue("works_how").heard(ctx.turn.text):
            ctx.speaker.say("utter_ask_doctor_question")
        visits = await _askable(ctx)
        if not visits:
            offer_phone(ctx, "utter_refused_R104_no_visit", rule="R104", code="NOT_ELIGIBLE")
            return
        visit = next((visit for visit in visits if visit.id == ctx.facts.get(VISIT)), None)
        if visit is None and len(visits) > 1:
            await self._ask_which(ctx, visits)
            return
        visit = visit or visits[0]
        ctx.facts[VISIT] = visit.id
        if not ctx.facts.get(TEXT):
            response = self.slots[TEXT].question(self.name, again=bool(ctx.frame.misses))
            ctx.speaker.ask(TEXT, response, spec=self.slots[TEXT], visit=await _described(ctx, visit))
            return
        await self._read_back(ctx, visit)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to the read-back."""
        if about == AGAIN and ctx.turn.intent in {"affirm", "affirm_weak", "repeat"}:
            await self._send(ctx)
            return True
        if about == CONSENT and ctx.turn.intent != "repeat":
            await self._at_consent(ctx)
            return True
        if about == TEXT and ctx.turn.intent == "deny" and len(ctx.turn.text.split()) < _WORDS:
            ctx.speaker.say(self.stopped(ctx))
            ctx.end()
            return True
        return await super().respond(ctx, about)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of its own."""
        if act.get("do") == "confirm":
            await self._send(ctx)
            return
        if act.get("do") == "rewrite":
            ctx.facts.pop(TEXT, None)
        await self.advance(ctx)

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more."""
        if missed and ctx.frame.prompt is not None and ctx.frame.prompt.about == CONSENT:
            ctx.speaker.say(not_a_yes(ctx.turn, "utter_ask_doctor_consent_unclear"))
        await self.advance(ctx)

    async def step_back(self, ctx: Ctx, about: str) -> bool:
        """From the read-back to the question, from the question to the visit."""
        if about == TEXT and len(await _askable(ctx)) < 2:
            return False
        return await self.take_again(ctx, *{CONSENT: (TEXT,), TEXT: (VISIT,)}.get(about, ()))

    async def abandon(self, ctx: Ctx) -> None:
        """What the patient wrote is not kept."""
        ctx.facts.pop(TEXT, None)

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was sent."""
        return "utter_ask_doctor_stopped"

    def _read_text(self, ctx: Ctx) -> bool:
        text = " ".join(ctx.turn.text.split())
        if len(text.split()) < _WORDS:
            return False
        if len(text) > LONGEST:
            ctx.speaker.say("utter_ask_doctor_too_long", most=str(LONGEST))
            return True
        ctx.facts[TEXT] = text
        return True

    async def _ask_which(self, ctx: Ctx, visits: list[Reservation]) -> None:
        options = []
        for visit in visits[:SHOWN]:
            label = await _described(ctx, visit)
            options.append(Option(label, {"do": "fill", "facts": {VISIT: visit.id}}))
        options.append(say_intent(ctx, "stop_task", "cancel_task"))
        ctx.speaker.ask(VISIT, self.slots[VISIT].question(self.name, again=bool(ctx.frame.misses)), options)

    async def _read_back(self, ctx: Ctx, visit: Reservation) -> None:
        options = [
            ctx.option("send_question", {"do": "confirm", "look": "act"}, *synonyms("send_question")),
            ctx.option("change_text", {"do": "rewrite"}, *synonyms("other_text")),
            say_intent(ctx, "do_not_send", "cancel_task"),
        ]
        ctx.speaker.ask(
            CONSENT,
            "utter_ask_doctor_read_back",
            options,
            visit=await _described(ctx, visit),
            question=ctx.facts[TEXT],
        )

    async def _at_consent(self, ctx: Ctx) -> None:
        turn = ctx.turn
        if turn.intent == "correct":
            ctx.facts.pop(TEXT, None)
            await self.advance(ctx)
        elif turn.intent == "deny":
            ctx.speaker.say(self.stopped(ctx))
            ctx.end()
        elif agrees(turn, *_AGREES):
            await self._send(ctx)
        else:
            ctx.frame.misses += 1
            await self.ask_again(ctx, missed=True)

    async def _send(self, ctx: Ctx) -> None:
        """After the "tak"; "wysłane" only on the portal's word."""
        visit, text = str(ctx.facts[VISIT]), str(ctx.facts[TEXT])
        key = idempotency_key(ctx.world.sender, "question", f"{visit} {text}")
        try:
            await ctx.world.signed_in()[0].ask_doctor(visit, text, key=key)
        except RuleProblem as problem:
            offer_phone(ctx, "utter_refused_R104_no_visit", rule="R104", code=problem.code)
        except PortalUnavailable as error:
            log.warning("outcome of a question is not known: %s", error)
            options = [
                ctx.option("try_again", {"do": "confirm"}, *synonyms("try_again")),
                say_intent(ctx, "stop_task", "cancel_task"),
            ]
            ctx.speaker.ask(AGAIN, "utter_ask_doctor_unknown", options)
        else:
            ctx.speaker.say("utter_ask_doctor_sent")
            ctx.end()


async def _askable(ctx: Ctx) -> list[Reservation]:
    """Completed visits one may ask about, the latest first."""
    portal, _ = ctx.world.signed_in()
    me = await ctx.world.me()
    done = await every_page(
        lambda cursor: portal.reservations(ReservationStatus.COMPLETED, cursor=cursor), most=_PAGES
    )
    visits = [visit for visit in done if may_ask_doctor(me, visit, ctx.world.now).ok]
    return sorted(visits, key=lambda visit: visit.slot.start, reverse=True)


async def _described(ctx: Ctx, visit: Reservation) -> str:
    """ "dr Anna Zięba, kardiolog, 3 listopada"."""
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    specialty = service.specialty.name if service and service.specialty else ""
    start = visit.slot.start.astimezone(WARSAW).date()
    parts = (
        describer(ctx).doctor(visit.slot.doctor_id),
        specialty,
        day_of(start, ctx.world.now.astimezone(WARSAW).date()),
        await for_whom(ctx, visit.patient_id),
    )
    return ", ".join(part for part in parts if part)
