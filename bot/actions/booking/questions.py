"""The questions booking asks, with answers one can tap; one question at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any

from bot.actions.booking import what
from bot.actions.booking.describe import doctor_name
from bot.actions.booking.facts import when_of
from bot.actions.booking.slots import CITY, DOCTOR, KIND, SERVICE, SLOTS, WHEN, WHO
from bot.actions.booking.steps import Ctx, fill, named, say_intent
from bot.actions.booking.who import SELF, ref, suits
from bot.dialogue.state import Option
from bot.language.cases import Case
from bot.language.inflection import first_name
from bot.language.speech import counted, spoken_date
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import Dependant, Service

AFTERNOON = time(16)
"""From when "po południu, po pracy" starts on the button."""


_ELDER = ("starsza", "starszy", "starsze", "starszej", "starszego")
_YOUNGER = ("mlodsza", "mlodszy", "mlodsze", "mlodszej", "mlodszego")
DOCTORS = 6
"""How many doctors of one surname are offered as buttons."""


def ask(ctx: Ctx, about: str, response: str, options: Sequence[Option], **values: Any) -> None:
    """Asks, and remembers that it was asked (for "cofnij")."""
    if about in SLOTS and (not ctx.frame.asked or ctx.frame.asked[-1] != about):
        ctx.frame.asked.append(about)
    ctx.speaker.ask(about, response, options, **values)


def question(ctx: Ctx, slot: str) -> str:
    """The response for a slot; its second wording after a miss."""
    return SLOTS[slot].question("booking", again=bool(ctx.data.get("missed")))


def ask_service(ctx: Ctx, *, unlisted: str = "") -> None:
    """What the patient needs, when it is not known at all, or is nothing the portal lists (R30, R37)."""
    if unlisted:
        ask(ctx, SERVICE, "utter_booking_unlisted", what.quick_options(ctx), service=unlisted)
        return
    kind = ctx.facts.get(KIND)
    if kind in {"phone", "onsite"} and not ctx.data.get("missed"):
        ask(ctx, SERVICE, "utter_ask_booking_specialty", what.quick_options(ctx))
        return
    ask(ctx, SERVICE, question(ctx, SERVICE), what.quick_options(ctx))


def ask_candidates(ctx: Ctx) -> None:
    """Which of the services that the word may mean."""
    response = "utter_ask_booking_which_service" + ("_again" if ctx.data.get("missed") else "")
    ask(ctx, SERVICE, response, what.candidate_options(ctx))


def ask_doctor(ctx: Ctx) -> bool:
    """Which of several doctors of one surname; their specialty tells what for. True when asked."""
    catalogue = ctx.world.signed_in()[1]
    doctors = ctx.facts.get(DOCTOR)
    if not isinstance(doctors, list) or not doctors:
        return False
    options = []
    for doctor_id in doctors[:DOCTORS]:
        doctor = catalogue.doctors[doctor_id]
        for specialty in doctor.specialties:
            name = catalogue.specialty_names.get(specialty, specialty)
            label = f"{doctor_name(doctor, Case.NOM)}, {name}"
            options.append(
                named(label, {"specialty": specialty, DOCTOR: [doctor_id]}, name, doctor.first_name)
            )
    if len(options) == 1:
        return False
    ask(ctx, DOCTOR, question(ctx, DOCTOR), options)
    return True


async def ask_who(ctx: Ctx) -> bool:
    """For whom (R7): only when the portal lists dependants and age does not settle it. True when asked."""
    dependants = await ctx.world.dependants()
    if not dependants:
        ctx.facts[WHO] = SELF
        return False
    me = await ctx.world.me()
    service = _age_service(ctx)
    own_age = _age(me.patient.birth_date, ctx)
    people = [SELF] if suits(own_age, service) else []
    people += [ref(i) for i, person in enumerate(dependants) if suits(person.age, service)]
    offered = ctx.facts.get("who_candidates") or people
    people = [who for who in people if who in offered] or people
    if len(people) == 1:
        ctx.facts[WHO] = people[0]
        return False
    ages = {who: age for who in people if (age := _age_of(who, dependants)) is not None}
    options = [_person(ctx, who, dependants, ages) for who in people]
    ask(ctx, WHO, question(ctx, WHO), options)
    return True


async def ask_who_else(ctx: Ctx) -> None:
    """Somebody was named whom the account does not have: nothing is searched until it is clear for whom."""
    dependants = await ctx.world.dependants()
    options = [_person(ctx, who, dependants, {}) for who in (SELF, *map(ref, range(len(dependants))))]
    options.append(say_intent(ctx, "stop_task", "cancel_task"))
    ask(ctx, WHO, "utter_booking_not_on_account", options)


def _age(birth: Any, ctx: Ctx) -> int | None:
    if birth is None:
        return None
    today = ctx.world.now.astimezone(WARSAW).date()
    return int(today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day)))


def _age_service(ctx: Ctx) -> Service | None:
    """The service whose ages are known already, if any."""
    catalogue = ctx.world.signed_in()[1]
    if ctx.facts.get(SERVICE):
        return catalogue.services.get(ctx.facts[SERVICE])
    services = catalogue.consultations(ctx.facts.get("specialty") or "")
    return services[0] if services else None


def _age_of(who: str, dependants: Sequence[Dependant]) -> int | None:
    return None if who == SELF else dependants[int(who.partition(":")[2])].age


def _by_age(who: str, ages: Mapping[str, int]) -> tuple[str, ...]:
    """ "Starsza", "młodszy": how the elder and the younger of two are told apart."""
    if len(ages) != 2 or len(set(ages.values())) != 2 or who not in ages:
        return ()
    return _ELDER if ages[who] == max(ages.values()) else _YOUNGER


def _person(ctx: Ctx, who: str, dependants: Sequence[Dependant], ages: Mapping[str, int]) -> Option:
    if who == SELF:
        return fill(ctx, "for_self", {WHO: SELF}, "dla siebie", "ja", "mnie")
    person = dependants[int(who.partition(":")[2])]
    name = first_name(person.first_name, Case.GEN)
    age = counted(person.age, "rok") if person.age is not None else ""
    label = ctx.speaker.texts.label("for_person", name=name, age=age) if age else name
    return named(label, {WHO: who}, person.first_name, name, *_by_age(who, ages))


async def ask_kind(ctx: Ctx) -> None:
    """By phone or in a facility."""
    catalogue = ctx.world.signed_in()[1]
    specialty = str(ctx.facts.get("specialty") or "")
    possible = what.kinds(catalogue, specialty)
    if ctx.facts.get("at_once") and "phone" in possible:
        _ask_now_or_later(ctx)
        return
    labels = {"onsite": "onsite", "phone": "phone"}
    if ctx.facts.get(KIND):  # the wished kind does not exist for this specialty
        ctx.speaker.say(
            "utter_booking_kind_unavailable", specialty=catalogue.specialty_names.get(specialty, "")
        )
        ctx.facts.pop(KIND)
    if not possible:
        ctx.facts.pop("specialty", None)
        ctx.speaker.say("utter_booking_not_bookable")
        ask_service(ctx)
        return
    options = [fill(ctx, labels[kind], {KIND: kind}) for kind in possible]
    ask(ctx, KIND, question(ctx, KIND), options, specialty=catalogue.specialty_names.get(specialty, ""))


def _ask_now_or_later(ctx: Ctx) -> None:
    """ "Przez telefon, teraz": a connection at once is Konsultacja Online, a call has its hour (R21, R29)."""
    at_once = fill(ctx, "at_once", {KIND: "online"}, "teraz", "od razu", "zaraz", "online")
    later = fill(ctx, "at_an_hour", {KIND: "phone"}, "o umowionej godzinie", "na godzine", "pozniej")
    ask(ctx, KIND, "utter_ask_booking_now_or_later", [at_once, later])


async def ask_when(ctx: Ctx) -> None:
    """Which day: the readings of what was said, or the usual wishes."""
    wish = when_of(ctx.facts)
    today = ctx.world.now.astimezone(WARSAW).date()
    if wish.should_ask:
        readings = [_settled(wish), *(_settled(reading) for reading in wish.ambiguous)]
        options = [
            named(spoken_date(day, today), {WHEN: reading.to_json()})
            for reading in readings
            if (day := (reading.dates[0] if reading.dates else reading.date_from)) is not None
        ]
        if len(options) > 1:
            ask(ctx, WHEN, "utter_ask_booking_which_day", options)
            return
    ask(ctx, WHEN, question(ctx, WHEN), [say_intent(ctx, "soonest", "no_preference"), *_usual(ctx)])


def _settled(wish: When) -> When:
    return When.from_json({**wish.to_json(), "ambiguous": []})


def _usual(ctx: Ctx) -> list[Option]:
    """Next week, or afternoons, as wishes."""
    today = ctx.world.now.astimezone(WARSAW).date()
    monday = today + timedelta(days=8 - today.isoweekday())
    wish = when_of(ctx.facts)
    week = wish.merge(When(date_from=monday, date_to=monday + timedelta(days=6)))
    afternoon = wish.merge(When(time_from=AFTERNOON))
    return [
        fill(ctx, "next_week", {WHEN: week.to_json()}),
        fill(ctx, "afternoon", {WHEN: afternoon.to_json()}),
    ]


def city_options(ctx: Ctx, cities: Sequence[str]) -> list[Option]:
    """Cities as buttons."""
    catalogue = ctx.world.signed_in()[1]
    return [named(catalogue.cities[city].name, {CITY: [city]}) for city in cities if city in catalogue.cities]
