"""The questions booking asks, with answers one can tap; one question at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from bot.actions.booking import what
from bot.actions.booking.describe import doctor_name
from bot.actions.booking.slots import (
    AT_ONCE,
    CITY,
    DOCTOR,
    KIND,
    MISSED,
    SERVICE,
    SLOTS,
    SPECIALTY,
    WHEN,
    doctors_of,
    when_of,
)
from bot.actions.booking.steps import Ctx, days_ahead, fill, named, say_intent
from bot.actions.day_card import day_card
from bot.dialogue.state import Option
from bot.language.cases import Case
from bot.language.cues import synonyms
from bot.language.speech import spoken_date
from bot.language.times import When
from bot.language.times.model import WARSAW

AFTERNOON = time(16)
"""From when "po południu, po pracy" starts on the button."""

DOCTORS = 6
"""How many doctors of one surname are offered as buttons."""


def ask(ctx: Ctx, about: str, response: str, options: Sequence[Option], **values: Any) -> None:
    """Asks, and remembers that it was asked (for "cofnij")."""
    if about in SLOTS and (not ctx.frame.asked or ctx.frame.asked[-1] != about):
        ctx.frame.asked.append(about)
    ctx.speaker.ask(about, response, options, **values)


def question(ctx: Ctx, slot: str) -> str:
    """The response for a slot; its second wording after a miss."""
    return SLOTS[slot].question("booking", again=bool(ctx.data.get(MISSED)))


def ask_service(ctx: Ctx, *, unlisted: str = "") -> None:
    """What the patient needs, when it is not known at all, or is nothing the portal lists (R30, R37)."""
    if unlisted:
        ask(ctx, SERVICE, "utter_booking_unlisted", what.quick_options(ctx), service=unlisted)
        return
    kind = ctx.facts.get(KIND)
    if kind in {"phone", "onsite"} and not ctx.data.get(MISSED):
        ask(ctx, SERVICE, "utter_ask_booking_specialty", what.quick_options(ctx))
        return
    ask(ctx, SERVICE, question(ctx, SERVICE), what.quick_options(ctx))


def ask_candidates(ctx: Ctx) -> None:
    """Which of the services that the word may mean."""
    response = "utter_ask_booking_which_service" + ("_again" if ctx.data.get(MISSED) else "")
    ask(ctx, SERVICE, response, what.candidate_options(ctx))


def ask_doctor(ctx: Ctx) -> bool:
    """Which of several doctors of one surname; their specialty tells what for. True when asked."""
    catalogue = ctx.world.signed_in()[1]
    doctors = doctors_of(ctx.facts)
    if not doctors:
        return False
    options = []
    for doctor_id in doctors[:DOCTORS]:
        doctor = catalogue.doctors[doctor_id]
        for specialty in doctor.specialties:
            name = catalogue.specialty_names.get(specialty, specialty)
            label = f"{doctor_name(doctor, Case.NOM)}, {name}"
            options.append(named(label, {SPECIALTY: specialty, DOCTOR: [doctor_id]}, name, doctor.first_name))
    if len(options) == 1:
        return False
    ask(ctx, DOCTOR, question(ctx, DOCTOR), options)
    return True


async def ask_kind(ctx: Ctx) -> None:
    """By phone or in a facility."""
    catalogue = ctx.world.signed_in()[1]
    specialty = str(ctx.facts.get(SPECIALTY) or "")
    possible = what.kinds(catalogue, specialty)
    if ctx.facts.get(AT_ONCE) and "phone" in possible:
        _ask_now_or_later(ctx)
        return
    labels = {"onsite": "onsite", "phone": "phone"}
    if ctx.facts.get(KIND):  # the wished kind does not exist for this specialty
        ctx.speaker.say(
            "utter_booking_kind_unavailable", specialty=catalogue.specialty_names.get(specialty, "")
        )
        ctx.facts.pop(KIND)
    if not possible:
        ctx.facts.pop(SPECIALTY, None)
        ctx.speaker.say("utter_booking_not_bookable")
        ask_service(ctx)
        return
    options = [fill(ctx, labels[kind], {KIND: kind}) for kind in possible]
    ask(ctx, KIND, question(ctx, KIND), options, specialty=catalogue.specialty_names.get(specialty, ""))


def _ask_now_or_later(ctx: Ctx) -> None:
    """ "Przez telefon, teraz": a connection at once is Konsultacja Online, a call has its hour (R21, R29)."""
    at_once = fill(ctx, "at_once", {KIND: "online"}, *synonyms("call_at_once"))
    later = fill(ctx, "at_an_hour", {KIND: "phone"}, *synonyms("call_later"))
    ask(ctx, KIND, "utter_ask_booking_now_or_later", [at_once, later])


async def ask_when(ctx: Ctx) -> None:
    """Which day: the readings of what was said, or the usual wishes."""
    wish = when_of(ctx.facts)
    today = ctx.world.now.astimezone(WARSAW).date()
    card = day_card(days_ahead(ctx))
    if wish.should_ask:
        readings = [_settled(wish), *(_settled(reading) for reading in wish.ambiguous)]
        options = [
            named(spoken_date(day, today), {WHEN: reading.to_json()})
            for reading in readings
            if (day := (reading.dates[0] if reading.dates else reading.date_from)) is not None
        ]
        if len(options) > 1:
            ask(ctx, WHEN, "utter_ask_booking_which_day", options, card=card)
            return
    ask(
        ctx, WHEN, question(ctx, WHEN), [say_intent(ctx, "soonest", "no_preference"), *_usual(ctx)], card=card
    )


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
