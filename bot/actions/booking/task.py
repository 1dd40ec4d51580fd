"""The booking task: which step comes next, and what an answer means at each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions import visits
from bot.actions.booking import (
    after,
    confirm,
    fields,
    follow_up,
    gates,
    nothing,
    offer,
    people,
    queue,
    refusals,
    rehabilitation,
    story,
    watch,
    what,
)
from bot.actions.booking.facts import FactReader, when_of, who_index
from bot.actions.booking.place import ask_other_place, ask_place, place_known
from bot.actions.booking.questions import (
    ask,
    ask_candidates,
    ask_doctor,
    ask_kind,
    ask_service,
    ask_when,
    ask_who,
    ask_who_else,
)
from bot.actions.booking.slots import CITY, DOCTOR, KIND, SERVICE, SLOTS, WHEN, WHO
from bot.actions.booking.steps import (
    AGAIN,
    CHANGE,
    CONSENT,
    NOTHING,
    OFFER,
    REFUSED_STAGE,
    Ctx,
    describer,
    slot_from_json,
)
from bot.actions.booking.who import NotOnAccountError, read_who
from bot.actions.world import World
from bot.dialogue.routing import POLITE, SURE, TELLING
from bot.dialogue.task import Task, run_turn
from bot.dialogue.turn import Turn
from bot.language.consent import explicit_yes
from bot.language.questions import asks
from bot.language.text import fold, words
from bot.portal.models import Reservation, Service, ServiceKind, Slot

_YES = "tak"
_LISTED = frozenset({OFFER, CHANGE, NOTHING})


class Booking(Task[World]):
    """Books a visit, a test or a treatment: facts -> slots -> hold -> read back -> "tak" -> confirm."""

    name = "booking"
    slots = SLOTS

    # --- reading

    async def take(self, ctx: Ctx) -> bool:
        """Reads facts of any kind, in any order."""
        if not ctx.world.logged_in:
            return True
        ctx.turn = people.for_children(story.wish(ctx.turn, ctx.world.now), ctx.world.signed_in()[1])
        if queue.second_request(ctx, self.forget):
            return True
        ctx.turn = queue.in_turn(ctx, self.forget)
        self._own_wish(ctx)
        _, catalogue = ctx.world.signed_in()
        reader = FactReader(ctx.facts, catalogue, self.forget)
        asked = ctx.frame.prompt is not None and ctx.frame.prompt.about == SERVICE
        said = reader.read(ctx.turn)
        if asked or ctx.facts.get(KIND) == ServiceKind.OCCUPATIONAL:
            said = what.choose_by_words(ctx) or said
        if reader.strangers:
            ctx.data["stranger"] = reader.strangers[0]
        if reader.elsewhere:
            ctx.data["elsewhere"] = reader.elsewhere[0]
        try:
            said = await self._for_whom(ctx) or said
        except NotOnAccountError:
            ctx.facts.pop(WHO, None)
            ctx.data["not_on_account"] = True
            said = True
        unlisted = ctx.turn.said("unlisted")
        if unlisted and not ctx.turn.has("service", "specialty"):
            ctx.data["unlisted"] = unlisted[-1].ids[0]
            said = True
        towns = ctx.turn.said("unlisted_city")
        if ctx.turn.has("city", "district", "facility"):
            ctx.data.pop("unlisted_city", None)
        elif towns:
            ctx.data["unlisted_city"] = towns[-1].ids[0]
            self.forget(ctx.facts, CITY)
            said = True
        if said:
            await self.changed(ctx)
        return said or (ctx.turn.intent == "book_visit" and not what.subject_known(ctx))

    @staticmethod
    async def _for_whom(ctx: Ctx) -> bool:
        dependants = await ctx.world.dependants()
        several = people.several(ctx.turn, dependants) if what.subject_known(ctx) else []
        if several:
            await people.one_by_one(ctx, several)
            return True
        return read_who(ctx.facts, ctx.turn, dependants)

    @staticmethod
    def _own_wish(ctx: Ctx) -> None:
        """What was let go for an alternative holds again once the alternative is not taken."""
        wish = ctx.data.pop("wish", None)
        if wish is not None:
            ctx.frame.facts = wish

    async def changed(self, ctx: Ctx) -> None:
        """New facts: what was found and held for the old ones no longer counts."""
        await confirm.release(ctx)
        for name in ("offer", "window", "tries", "replaces", "unsure", "clash"):
            ctx.data.pop(name, None)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to an offer, a read-back, "what to change" and the like."""
        if ctx.turn.intent == "watch_slot" and ctx.facts.get(SERVICE):
            await watch.create(ctx, await self._patient_id(ctx))
            if about == NOTHING:  # this was the answer; anything else takes the search up again
                self.park(ctx)
            return True
        if not self._facts_said(ctx) and await fields.corrected(ctx, about):
            return True
        match about:
            case _ if about in _LISTED:
                return await self._at_offer(ctx, about)
            case "consent":
                return await self._at_consent(ctx)
            case "again":
                return await self._at_again(ctx)
            case "refused":
                return await self._at_refusal(ctx)
        return False

    async def _at_offer(self, ctx: Ctx, about: str) -> bool:
        if about == OFFER:
            slot = offer.choose(ctx)
            if slot is not None:
                day_named = ctx.turn.when is not None and ctx.turn.when.has_day
                ctx.data["day_named"] = day_named
                await self._select(ctx, slot)
                return True
        instead = offer.alternative(ctx, nothing.options(ctx))
        if instead is not None:
            await self.act(ctx, instead.act)
            return True
        if await self._refine_by_words(ctx):
            return True
        match "deny" if offer.none_of_them(ctx.turn) else ctx.turn.intent:
            case "deny" if not self._facts_said(ctx):
                offer.ask_what_to_change(ctx, "utter_booking_none_fits")
                return True
            case "affirm" | "affirm_weak" if about == NOTHING and not self._facts_said(ctx):
                await self._at_alternatives(ctx)
                return True
            case "affirm" | "affirm_weak" | "choose_option" if about == OFFER and not self._facts_said(ctx):
                ctx.speaker.say("utter_booking_which_slot")
                offer.put(ctx)
                return True
        return False

    async def _at_alternatives(self, ctx: Ctx) -> None:
        """ "Tak" takes the only alternative; with several, or none, it is asked which."""
        slots = [o.act for o in nothing.options(ctx) if o.act.get("do") == "slot"]
        if len(slots) == 1:
            await self.act(ctx, slots[0])
            return
        if slots:
            ctx.speaker.say("utter_booking_which_slot")
        nothing.put_again(ctx)

    async def _refine_by_words(self, ctx: Ctx) -> bool:
        """ "Wcześniej", "inny lekarz", "pokaż więcej"; with facts of its own it is a new wish instead."""
        wanted = offer.REFINES.get(ctx.turn.intent)
        if wanted is None or ctx.turn.confidence < SURE:
            said = [m.ids[0] for m in ctx.turn.said("refine")]
            wanted = said[0] if said and ctx.turn.intent not in {"affirm", "deny"} else wanted
        if wanted is None and ctx.turn.intent == "skip":
            wanted = "more"
        if wanted is None or self._facts_said(ctx):
            return False
        if wanted == "other_doctor" and ctx.turn.intent == "no_preference":
            self._any_doctor(ctx)
            await self.changed(ctx)
            await self.advance(ctx)
            return True
        await self._refine(ctx, wanted)
        return True

    @staticmethod
    def _any_doctor(ctx: Ctx) -> None:
        for name in (DOCTOR, "not_doctor"):
            ctx.facts.pop(name, None)

    async def _refine(self, ctx: Ctx, wanted: str) -> None:
        await confirm.release(ctx)
        self._own_wish(ctx)
        if offer.refine(ctx, wanted):
            await self._show(ctx)
        elif wanted == "other_place":
            await ask_other_place(ctx)
        else:
            await ask_when(ctx)

    async def _at_consent(self, ctx: Ctx) -> bool:
        turn = ctx.turn
        if await self._refine_by_words(ctx):
            return True
        other = offer.choose_instead(ctx)
        if other is not None:
            await self._select(ctx, other)
            return True
        sure = turn.confidence >= SURE or not asks(turn.text)
        if turn.intent == "deny" and sure and not self._facts_said(ctx):
            await confirm.release(ctx)
            offer.ask_what_to_change(ctx)
            return True
        agreed = not turn.text or turn.pressed or explicit_yes(turn.text)
        if turn.intent in POLITE:  # "ok, dzięki" may thank for an answer, "tak, dziękuję" cannot
            agreed = agreed and _YES in {word.folded for word in words(fold(turn.text))}
        if turn.intent in {"affirm", *POLITE} and agreed and self._nothing_new(ctx):
            await self._confirm(ctx)
            return True
        if turn.intent == "goodbye":
            await self._stop(ctx)
            ctx.speaker.say("utter_goodbye")
            return True
        if turn.intent in {"affirm", "affirm_weak", "thanks", "choose_option"} and not self._facts_said(ctx):
            await self.ask_again(ctx, missed=True)
            return True
        if ctx.data.get("day_named"):
            ctx.turn = offer.same_day(turn, slot_from_json(ctx.data["hold"]["slot"]))
        return False

    def _nothing_new(self, ctx: Ctx) -> bool:
        """Whether the "tak" comes without anything that differs from what was read back."""
        slot = slot_from_json(ctx.data["hold"]["slot"])
        turn = ctx.turn
        if turn.unwanted("doctor", "city", "facility", "service", "specialty"):
            return False
        if turn.when is not None and not turn.when.allows(slot.start):
            return False
        same = {"doctor": slot.doctor_id, "city": slot.city_id, "facility": slot.facility_id}
        return all(m.kind not in same or same[m.kind] is None or same[m.kind] in m.ids for m in turn.mentions)

    async def _at_again(self, ctx: Ctx) -> bool:
        asks_how = ctx.turn.intent in TELLING | {"repeat", "list_visits"} and not self._facts_said(ctx)
        if ctx.data.get("unsure") and asks_how:  # "i co, zapisało się?": looking books nothing
            await self._settle(ctx, await confirm.look(ctx))
            return True
        match ctx.turn.intent:
            case "affirm" | "affirm_weak" if ctx.data.get("hold"):
                await self._confirm(ctx)
            case "affirm" | "affirm_weak":
                await self.advance(ctx)
            case "deny":
                await self._stop(ctx)
            case _:
                return False
        return True

    async def _at_refusal(self, ctx: Ctx) -> bool:
        """ "Tak" takes the first way out that was offered, "nie" leaves it at that."""
        prompt = ctx.frame.prompt
        if self._facts_said(ctx):  # "no tak, to pediatra": neither the way out nor the end
            return False
        if ctx.turn.intent == "deny":
            self.end(ctx)
            ctx.speaker.say("utter_task_left")
            return True
        if ctx.turn.intent in {"affirm", "affirm_weak"} and prompt is not None and prompt.options:
            await self.act(ctx, prompt.options[0].act)
            return True
        return False

    def stops(self, ctx: Ctx) -> bool:
        """ "Zostaw, chcę telefonicznie" changes the wish; "rezygnuję z ortopedy" stops."""
        wished = {"visit_kind": ctx.facts.get(KIND), "specialty": ctx.facts.get("specialty")}
        return all(wished[m.kind] in {None, *m.ids} for m in ctx.turn.said(*wished))

    async def step_back(self, ctx: Ctx, about: str) -> bool:
        """From the read-back to the list it was chosen from; from nothing free to the wish that had some."""
        if about == NOTHING and ctx.data.get("fitted"):
            ctx.frame.facts = dict(ctx.data.pop("fitted"))
            await self.changed(ctx)
            await self.advance(ctx)
            return True
        if about != CONSENT or not ctx.data.get("offer"):
            return False
        await confirm.release(ctx)
        offer.put(ctx)
        return True

    def take_back(self, facts: dict[str, Any], slot: str) -> None:
        """The service that followed from "w placówce" is taken back with it."""
        if slot == KIND and facts.get("specialty"):
            facts.pop(SERVICE, None)
        self.forget(facts, slot)

    def stopped(self, ctx: Ctx) -> str:
        """After a visit was booked stopping takes nothing back; an unknown outcome stays unknown."""
        if ctx.data.get("unsure"):
            return "utter_booking_stopped_unsure"
        kept = ctx.facts.get("booked") or ctx.data.get("clash")
        return "utter_booking_enough" if kept else "utter_task_stopped"

    async def _stop(self, ctx: Ctx) -> None:
        ctx.turn = Turn(text="", intent="cancel_task")
        await run_turn(self, ctx)

    @staticmethod
    def _facts_said(ctx: Ctx) -> bool:
        turn = ctx.turn
        told = turn.has(
            "service", "specialty", "city", "district", "facility", "doctor", "visit_kind", "relation"
        )
        return told or turn.when is not None

    # --- what comes next

    async def advance(self, ctx: Ctx) -> None:
        """The first thing that is missing, or the next step."""
        if not ctx.world.logged_in:
            refusals.log_in(ctx)
            self.end(ctx)
            return
        if ctx.data.get("hold"):
            await confirm.read_back(ctx)
            return
        unlisted = ctx.data.pop("unlisted", None)
        if unlisted and not what.subject_known(ctx):
            ask_service(ctx, unlisted=unlisted)
            return
        if ctx.data.get("not_on_account") and WHO not in ctx.facts:
            await ask_who_else(ctx)
            return
        ctx.data.pop("not_on_account", None)
        stranger = ctx.data.pop("stranger", None)
        if stranger:
            ctx.speaker.say("utter_booking_doctor_other_specialty", doctor=describer(ctx).doctor(stranger))
        elsewhere = ctx.data.pop("elsewhere", None)
        if elsewhere:
            ctx.speaker.say("utter_booking_doctor_elsewhere", doctor=describer(ctx).doctor(elsewhere))
        if ctx.facts.get(KIND) in {"online", "home"}:
            await self._not_reserved(ctx)
            return
        if not await gates.account(ctx):
            self.park(ctx)
            return
        control = ctx.facts.get(KIND) == "control" and not ctx.facts.get("ordinary")
        if control and await follow_up.advance(ctx):
            if ctx.frame.prompt is not None and ctx.frame.prompt.about == REFUSED_STAGE:
                self.park(ctx)
            return
        await self._ask_or_show(ctx)

    async def _not_reserved(self, ctx: Ctx) -> None:
        """Konsultacja Online and home visits are not reserved here (R36, R98)."""
        if ctx.facts[KIND] == "home":
            ctx.speaker.say("utter_ask_home_visit")
        elif not await gates.consultation_online(ctx):
            ctx.facts.pop(KIND)
            await self.advance(ctx)
            return
        self.park(ctx)

    async def _ask_or_show(self, ctx: Ctx) -> None:
        treatment_open = ctx.facts.get(KIND) == "rehab" and not ctx.facts.get(SERVICE)
        if treatment_open and not await rehabilitation.choose(ctx):
            self.park(ctx)
            return
        if not what.subject_known(ctx):
            if not ask_doctor(ctx):
                ask_service(ctx)
            return
        if WHO not in ctx.facts and await ask_who(ctx):
            return
        service = what.settle(ctx)
        if service is None:
            if ctx.facts.get("candidates"):
                ask_candidates(ctx)
            else:
                await ask_kind(ctx)
            return
        if not await gates.service(ctx, service):
            self.park(ctx)
            return
        if not place_known(ctx, service) and await ask_place(ctx, service):
            return
        wish = when_of(ctx.facts)
        if wish.is_past(ctx.world.now):
            ctx.facts.pop(WHEN)
            ctx.speaker.say("utter_booking_date_past")
            await ask_when(ctx)
            return
        if wish.should_ask and not ctx.data.get("offer"):
            await ask_when(ctx)
            return
        await self._show(ctx)

    async def _show(self, ctx: Ctx) -> None:
        await offer.show(ctx, await self._patient_id(ctx), preferential=await gates.preferential(ctx))

    async def _patient_id(self, ctx: Ctx) -> str:
        me = await ctx.world.me()
        index = who_index(ctx.facts)
        return me.patient.id if index is None else me.dependants[index].id

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more; after a miss in its second wording."""
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        ctx.data["missed"] = missed
        try:
            if about == OFFER and ctx.data.get("offer"):
                if missed:
                    ctx.speaker.say("utter_booking_which_slot")
                offer.put(ctx)
            elif about == CONSENT and ctx.data.get("hold") and confirm.expired(ctx):
                await self._hold_expired(ctx)
            elif about == CONSENT and ctx.data.get("hold"):
                if missed:
                    ctx.speaker.say("utter_booking_consent_unclear")
                await confirm.read_back(ctx)
            elif about == NOTHING:
                nothing.put_again(ctx)
            elif about == CHANGE:
                kept = ctx.frame.prompt.options if ctx.frame.prompt else ()
                offer.ask_what_to_change(ctx, "utter_booking_what_to_change_again", kept)
            elif about == AGAIN and ctx.data.get("unsure"):
                await self._settle(ctx, await confirm.look(ctx))
            elif about == AGAIN and ctx.frame.prompt is not None:
                ask(ctx, AGAIN, "utter_booking_go_on", ctx.frame.prompt.options)
            else:
                await self.advance(ctx)
        finally:
            ctx.data.pop("missed", None)

    async def abandon(self, ctx: Ctx) -> None:
        """The hold goes back at once."""
        await confirm.release(ctx)

    # --- options

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of booking's own."""
        match act.get("do"):
            case "slot":
                if act.get("facts"):
                    ctx.data["wish"] = dict(ctx.facts)
                    self._accept(ctx, act["facts"])
                await self._select(ctx, slot_from_json(act["slot"]))
            case "confirm":
                await self._confirm(ctx)
            case "replace":
                ctx.data["replaces"] = {"id": str(act["id"]), "old": str(act["old"])}
                await self._replace(ctx)
            case "follow_up":
                await self._follow_up(ctx, str(act["id"]))
            case "refine":
                await self._refine(ctx, str(act["what"]))
            case "switch" | "consult":
                if act["do"] == "consult":  # a visit at which the referral may be issued
                    self.forget(ctx.facts, SERVICE)
                    ctx.facts.pop(KIND, None)
                self._accept(ctx, act.get("facts") or {})
                await self.changed(ctx)
                self._reopen(ctx)
                await self.advance(ctx)
            case "tell":
                ctx.speaker.say(str(act["response"]))
                self._aside(ctx)
            case "leave":
                await visits.say_list(ctx.speaker, ctx.world)
                self._aside(ctx)
            case _:
                self._reopen(ctx)
                await self.advance(ctx)

    def _aside(self, ctx: Ctx) -> None:
        """What was refused is not asked again after a way out of it that only informs."""
        if ctx.frame.prompt is not None and ctx.frame.prompt.about == REFUSED_STAGE:
            self.park(ctx)

    def _accept(self, ctx: Ctx, facts: Mapping[str, Any]) -> None:
        for name, value in facts.items():
            if value is None:
                ctx.facts.pop(name, None)
            else:
                ctx.facts[name] = value

    def _reopen(self, ctx: Ctx) -> None:
        if ctx.frame not in ctx.conversation.stack:
            ctx.conversation.stack.append(ctx.frame)

    async def _follow_up(self, ctx: Ctx, prereservation: str) -> None:
        if await follow_up.hold(ctx, prereservation):
            await confirm.read_back(ctx)
        else:
            await refusals.explain(ctx)

    async def _select(self, ctx: Ctx, slot: Slot) -> None:
        """Holds the chosen slot and reads it back."""
        code = await confirm.hold(ctx, slot, await self._patient_id(ctx))
        conflicts = (ctx.data.get("hold") or {}).get("conflicts")
        if code is None and conflicts:
            refusals.clash(ctx, conflicts[0])
        elif code is None:
            await confirm.read_back(ctx)
        elif code in confirm.SLOT_GONE:
            ctx.speaker.say("utter_booking_slot_taken")
            ctx.data.pop("window", None)
            await self._show(ctx)
        elif code in confirm.CLASHES:
            refusals.clash(ctx, {"code": code})
        else:
            await self._explain(ctx)

    async def _replace(self, ctx: Ctx) -> None:
        """Moves the visit there is to the held slot: read back like any other, then confirmed."""
        if ctx.data.get("hold") is None or confirm.expired(ctx):
            await self._hold_expired(ctx)
            return
        await confirm.read_back(ctx)

    async def _confirm(self, ctx: Ctx) -> None:
        if confirm.expired(ctx) and not (ctx.data.get("hold") and ctx.data.get("unsure")):
            await self._hold_expired(ctx)
            return
        await self._settle(ctx, await (confirm.look(ctx) if confirm.expired(ctx) else confirm.confirm(ctx)))

    async def _settle(self, ctx: Ctx, outcome: Reservation | str) -> None:
        """Tells what came of the confirmation; nothing is told as booked that the portal has not booked."""
        if not isinstance(outcome, str):
            queue.carry(ctx)
            if not await after.done(ctx, outcome):
                self.end(ctx)
                ctx.conversation.parked = None
            return
        if outcome in {"HOLD_EXPIRED", *confirm.SLOT_GONE}:
            await self._hold_expired(ctx, taken=outcome != "HOLD_EXPIRED")
        elif outcome == "NOT_BOOKED" and confirm.expired(ctx):
            await self._hold_expired(ctx)
        elif outcome in {"UNKNOWN", "NOT_BOOKED"}:
            confirm.ask_again_later(ctx, outcome)
        elif outcome in confirm.CLASHES:
            await confirm.release(ctx)
            refusals.clash(ctx, {"code": outcome})
        else:
            await confirm.release(ctx)
            await self._explain(ctx)

    async def _explain(self, ctx: Ctx) -> None:
        """What the portal refused; where no other slot would help the task waits for a way out."""
        if await refusals.explain(ctx):
            self.park(ctx)

    async def _hold_expired(self, ctx: Ctx, *, taken: bool = False) -> None:
        """Says so and offers again by the same filters."""
        await confirm.release(ctx)
        ctx.data.pop("window", None)
        ctx.speaker.say("utter_booking_slot_taken" if taken else "utter_booking_hold_expired")
        await self._show(ctx)


def service_of(ctx: Ctx) -> Service:
    """The service of an open booking."""
    return ctx.world.signed_in()[1].services[ctx.facts[SERVICE]]
