"""The renewal task: which prescription -> an explicit "tak" -> the portal passes it on to a doctor."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.actions.access import (
    FullAccountTask,
    admitted,
    offer_phone,
    step_up,
    told_how,
    wants_step_up,
    whose_or_told,
)
from bot.actions.booking.steps import AGAIN, CONSENT, Ctx, say_intent
from bot.actions.prescription.choosing import (
    PRESCRIPTION,
    SLOTS,
    ask_which,
    described,
    listed,
    narrowed,
    renewable,
)
from bot.dialogue.hearing import agrees, not_a_yes
from bot.dialogue.slots import forget
from bot.language.cues import synonyms
from bot.portal.errors import AuthProblem, NotFoundProblem, PortalUnavailable, RuleProblem
from bot.portal.keys import idempotency_key
from bot.portal.records import Prescription, PrescriptionStatus
from bot.portal.rules.accounts import Capability

log = logging.getLogger(__name__)
PATIENT = "patient"
"""Data: whose prescriptions, the portal's id or None for everybody; only within the open task."""
_AGREES = ("affirm_weak", "renew_prescription")


class Renewal(FullAccountTask):
    """Asks the portal to renew a prescription (R101). Nothing on medicines, doses or effects."""

    name = "prescription"
    topic = "ask_prescription"
    only_asks = False
    slots = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads which one is meant: by doctor, specialty or day."""
        if ctx.frame.prompt is None:
            return True
        if ctx.turn.has("doctor", "specialty") or ctx.turn.when is not None:
            forget(ctx.facts, PRESCRIPTION, SLOTS)
            return True
        return False

    async def advance(self, ctx: Ctx) -> None:
        """Asks which, asks for the "tak", or says why there is nothing to renew."""
        if told_how(ctx) or not await admitted(ctx, Capability.PRESCRIPTIONS, "utter_renew_prescription"):
            return
        if PATIENT not in ctx.data:
            goes_on, ctx.data[PATIENT] = await whose_or_told(ctx)
            if not goes_on:
                return
        try:
            everything = await listed(ctx, ctx.data[PATIENT])
        except AuthProblem as error:
            if wants_step_up(error):
                step_up(ctx)
            return
        possible = await renewable(ctx, everything)
        if not possible:
            _nothing(ctx, everything)
            return
        chosen = [item for item in possible if item.id == ctx.facts.get(PRESCRIPTION)]
        found = chosen or narrowed(ctx, possible)
        if len(found) == 1:
            ctx.facts[PRESCRIPTION] = found[0].id
            await self._ask_consent(ctx, found[0])
        else:
            await ask_which(ctx, found, again=bool(ctx.frame.misses))

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to the question for a "tak", and after an outcome that is not known."""
        if about == AGAIN and ctx.turn.intent in {"affirm", "affirm_weak", "repeat"}:
            await self._renew(ctx)
            return True
        if about == CONSENT and ctx.turn.intent != "repeat":
            return await self._at_consent(ctx)
        return await super().respond(ctx, about)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of its own."""
        if act.get("do") == "confirm":
            await self._renew(ctx)
        elif act.get("do") == "other":
            forget(ctx.facts, PRESCRIPTION, SLOTS)
            await self._ask_other(ctx)
        else:
            await self.advance(ctx)

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more."""
        if missed and ctx.frame.prompt is not None and ctx.frame.prompt.about == CONSENT:
            ctx.speaker.say(not_a_yes(ctx.turn, "utter_prescription_consent_unclear"))
        await self.advance(ctx)

    async def step_back(self, ctx: Ctx, about: str) -> bool:
        """From the "tak" to which prescription, when there are several."""
        if about != CONSENT or len(await renewable(ctx, await listed(ctx, ctx.data.get(PATIENT)))) < 2:
            return False
        forget(ctx.facts, PRESCRIPTION, SLOTS)
        await self._ask_other(ctx)
        return True

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was asked of the portal."""
        return "utter_prescription_stopped"

    async def _ask_other(self, ctx: Ctx) -> None:
        possible = await renewable(ctx, await listed(ctx, ctx.data.get(PATIENT)))
        await ask_which(ctx, possible, again=False)

    async def _ask_consent(self, ctx: Ctx, item: Prescription) -> None:
        several = len(await renewable(ctx, await listed(ctx, ctx.data.get(PATIENT)))) > 1
        options = [
            ctx.option("renew_it", {"do": "confirm", "look": "act"}, *synonyms("renew_it")),
            say_intent(ctx, "do_not_renew", "deny"),
        ]
        if several:
            options.append(ctx.option("other_prescription", {"do": "other"}, *synonyms("other_prescription")))
        ctx.speaker.ask(
            CONSENT, "utter_prescription_consent", options, prescription=await described(ctx, item)
        )

    async def _at_consent(self, ctx: Ctx) -> bool:
        turn = ctx.turn
        if turn.intent == "deny":
            ctx.speaker.say(self.stopped(ctx))
            ctx.end()
        elif turn.has("doctor", "specialty") or turn.when is not None:
            return False
        elif agrees(turn, *_AGREES):
            await self._renew(ctx)
        else:
            ctx.frame.misses += 1
            await self.ask_again(ctx, missed=True)
        return True

    async def _renew(self, ctx: Ctx) -> None:
        """After the "tak": "wysłane" is said only on the portal's word."""
        chosen = str(ctx.facts[PRESCRIPTION])
        key = idempotency_key(ctx.world.sender, "renew", chosen)
        try:
            await ctx.world.signed_in()[0].renew_prescription(chosen, key=key)
        except AuthProblem as error:
            if wants_step_up(error):
                step_up(ctx)
        except (RuleProblem, NotFoundProblem) as problem:
            offer_phone(ctx, "utter_prescription_refused", code=problem.code)
        except PortalUnavailable as error:
            log.warning("outcome of a renewal is not known: %s", error)
            await self._look(ctx, chosen)
        else:
            ctx.speaker.say("utter_prescription_requested")
            ctx.end()

    async def _look(self, ctx: Ctx, chosen: str) -> None:
        """The portal did not answer: its own list tells, or nothing is claimed."""
        try:
            everything = await listed(ctx, ctx.data.get(PATIENT))
        except PortalUnavailable:
            response = "utter_prescription_unknown"
        else:
            sent = PrescriptionStatus.RENEWAL_REQUESTED
            if any(item.id == chosen and item.status == sent for item in everything):
                ctx.speaker.say("utter_prescription_requested")
                ctx.end()
                return
            response = "utter_prescription_not_sent"
        options = [
            ctx.option("try_again", {"do": "confirm"}, *synonyms("try_again")),
            say_intent(ctx, "stop_task", "cancel_task"),
        ]
        ctx.speaker.ask(AGAIN, response, options)


def _nothing(ctx: Ctx, everything: list[Prescription]) -> None:
    waiting = any(item.status == PrescriptionStatus.RENEWAL_REQUESTED for item in everything)
    offer_phone(ctx, "utter_prescription_waiting" if waiting else "utter_prescription_none")
