"""Wizyta kontrolna: the pre-reservation kept for the patient (R61-R65)."""

from __future__ import annotations

from bot.actions.booking import holds, refusals
from bot.actions.booking.read_back import ask_consent
from bot.actions.booking.slots import (
    CANDIDATES,
    CITY,
    DOCTOR,
    KIND,
    NOT_DOCTOR,
    OFFERED,
    ORDINARY,
    PREFERENTIAL,
    PRERESERVATION,
    SERVICE,
    SPECIALTY,
    WHO,
    doctors_of,
)
from bot.actions.booking.steps import REFUSED, Ctx, describer, say_intent, slot_to_json
from bot.actions.booking.who import SELF, ref
from bot.actions.catalogue import Catalogue
from bot.dialogue.state import Option
from bot.language.cases import Case
from bot.language.cues import synonyms
from bot.language.spoken import day_of
from bot.language.times.model import WARSAW
from bot.portal.errors import PortalProblem
from bot.portal.keys import idempotency_key
from bot.portal.models import Me, PreReservation, Slot
from bot.portal.rules import follow_up as rules
from bot.portal.rules.outcome import Refused, Warned


async def advance(ctx: Ctx) -> bool:
    """Goes on with a control visit. False when it becomes an ordinary search (R63, R65)."""
    portal, catalogue = ctx.world.signed_in()
    me = await ctx.world.me()
    items = [p for p in (await portal.prereservations()).items if _wanted(ctx, me, p, catalogue)]
    if not items:
        ctx.speaker.say("utter_follow_up_none")
        _ordinary(ctx)
        return False
    if len(items) == 1:
        return await _one(ctx, items[0])
    words = describer(ctx)
    options = [
        Option(
            f"{catalogue.services[p.service_id].name} · {words.doctor(p.doctor_id)}",
            {"do": "follow_up", "id": p.id},
        )
        for p in items
    ]
    ctx.speaker.ask(SERVICE, "utter_ask_follow_up_which", options)
    return True


def _wanted(ctx: Ctx, me: Me, item: PreReservation, catalogue: Catalogue) -> bool:
    """Fits what was said of the person, the specialty and the doctor."""
    service = catalogue.services.get(item.service_id)
    if service is None:
        return False
    specialty = ctx.facts.get(SPECIALTY)
    if specialty and service.specialty is not None and service.specialty.id != specialty:
        return False
    if WHO in ctx.facts and ctx.facts[WHO] != _who(me, item.patient_id):
        return False
    doctors = doctors_of(ctx.facts)
    return not doctors or item.doctor_id in doctors


async def _one(ctx: Ctx, item: PreReservation) -> bool:
    outcome = rules.may_confirm(item, ctx.world.now)
    if isinstance(outcome, Refused):
        return await _refused(ctx, item, outcome)
    if isinstance(outcome, Warned):
        today = ctx.world.now.astimezone(WARSAW).date()
        closing = "utter_follow_up_closing" if outcome.params["days_left"] else "utter_follow_up_last_day"
        ctx.speaker.say(closing, last_day=day_of(outcome.params["to"], today), rule="R62")
    if await hold(ctx, item.id):
        await ask_consent(ctx)
        return True
    ctx.speaker.say("utter_follow_up_doctor_unavailable", rule="R63")
    _search(ctx, await ctx.world.me(), item, same_doctor=False)
    return False


async def _refused(ctx: Ctx, item: PreReservation, outcome: Refused) -> bool:
    today = ctx.world.now.astimezone(WARSAW).date()
    days = {k: day_of(v, today) for k, v in outcome.reason_params.items() if k in {"from", "to"}}
    if outcome.code == "PREBOOK_TOO_EARLY":
        ctx.speaker.ask(
            REFUSED,
            "utter_refused_PREBOOK_TOO_EARLY",
            [
                say_intent(ctx, "that_is_all", "cancel_task"),
                ctx.option(
                    "ordinary_visit",
                    {"do": "switch", "facts": {KIND: None, ORDINARY: True}},
                    *synonyms("ordinary_visit"),
                ),
            ],
            first_day=days["from"],
            last_day=days["to"],
            rule=outcome.rule,
            code=outcome.code,
        )
        return True
    doctor = describer(ctx).doctor(item.doctor_id, Case.GEN)
    if outcome.code == "PREBOOK_EXPIRED":
        ctx.speaker.say(
            "utter_refused_PREBOOK_EXPIRED", last_day=days["to"], doctor=doctor, rule="R62", code=outcome.code
        )
        _search(ctx, await ctx.world.me(), item, same_doctor=True)
    else:
        ctx.speaker.say("utter_follow_up_doctor_unavailable", rule="R63")
        _search(ctx, await ctx.world.me(), item, same_doctor=False)
    return False


async def hold(ctx: Ctx, prereservation_id: str) -> bool:
    """Holds the kept visit. False when the portal refuses; the reason is in `data[PROBLEM]`."""
    portal, _ = ctx.world.signed_in()
    await holds.release(ctx)
    key = idempotency_key(ctx.world.sender, f"follow-up-{ctx.conversation.turns}", prereservation_id)
    try:
        held = await portal.hold_prereservation(prereservation_id, key=key)
    except PortalProblem as problem:
        refusals.remember(ctx, problem)
        return False
    ctx.facts[SERVICE] = held.slot.service_id
    ctx.facts[PRERESERVATION] = prereservation_id
    ctx.facts[WHO] = _who(await ctx.world.me(), held.patient_id)
    holds.keep(ctx, held)
    _stay_near(ctx, held.slot)
    return True


def _stay_near(ctx: Ctx, slot: Slot) -> None:
    """Another day is looked for around the kept one, with the same doctor and in the same town."""
    if slot.doctor_id:
        ctx.facts[DOCTOR] = [slot.doctor_id]
    if slot.city_id:
        ctx.facts[CITY] = [slot.city_id]
    ctx.data[OFFERED] = [slot_to_json(slot)]


def _who(me: Me, patient_id: str) -> str:
    places = [i for i, person in enumerate(me.dependants) if person.id == patient_id]
    return ref(places[0]) if places else SELF


def _ordinary(ctx: Ctx) -> None:
    ctx.facts.pop(KIND, None)
    ctx.facts.pop(CANDIDATES, None)
    ctx.facts[ORDINARY] = True


def _search(ctx: Ctx, me: Me, item: PreReservation, *, same_doctor: bool) -> None:
    """An ordinary search for the same service; the same doctor first, never promised (R64)."""
    catalogue = ctx.world.signed_in()[1]
    service = catalogue.services[item.service_id]
    ctx.facts[ORDINARY] = True
    ctx.facts[WHO] = _who(me, item.patient_id)
    if service.specialty is not None:
        ctx.facts[SPECIALTY] = service.specialty.id
    ctx.facts.pop(SERVICE, None)
    ctx.facts[KIND] = service.kind.value if service.kind.value in {"phone", "onsite"} else "onsite"
    if same_doctor and item.doctor_id:
        ctx.facts[DOCTOR] = [item.doctor_id]
    else:
        ctx.facts.pop(DOCTOR, None)
        ctx.facts[PREFERENTIAL] = True
        if item.doctor_id:
            ctx.facts[NOT_DOCTOR] = [item.doctor_id]
            if CITY not in ctx.facts and (cities := catalogue.cities_of_doctors([item.doctor_id])):
                ctx.facts[CITY] = cities
