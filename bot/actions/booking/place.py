"""Where: asked only for what happens on site, and only when nothing named says it (R22, R26)."""

from __future__ import annotations

from collections import Counter

from bot.actions.booking.questions import ask, city_options, question
from bot.actions.booking.slots import CITY, DISTRICT, FACILITY, KIND, SERVICE, UNLISTED_CITY, doctors_of
from bot.actions.booking.steps import CHANGE, Ctx, fill, named, say_intent
from bot.dialogue.state import Option
from bot.portal.models import FacilityType, Service
from bot.portal.rules import booking

SHOWN = 5


def place_known(ctx: Ctx, service: Service) -> bool:
    """Whether a search can start: phone never needs a city, a named doctor brings their own."""
    if not booking.city_needed(service):
        return True
    facts = ctx.facts
    if facts.get(CITY) or facts.get(FACILITY):
        return True
    doctors = doctors_of(facts)
    if doctors:
        cities = ctx.world.signed_in()[1].cities_of_doctors(doctors)
        if len(cities) == 1:
            facts[CITY] = cities
            return True
        return False
    return False


async def ask_place(ctx: Ctx, service: Service) -> bool:
    """Which city: those of the named doctor, those of earlier visits, then the largest. True when asked."""
    catalogue = ctx.world.signed_in()[1]
    doctors = doctors_of(ctx.facts)
    if doctors:
        cities = catalogue.cities_of_doctors(doctors)
    else:
        usual = await _usual_cities(ctx)
        cities = list(dict.fromkeys([*usual, *(city.id for city in catalogue.own_cities)]))
    options = city_options(ctx, cities[:SHOWN])
    unlisted = ctx.data.pop(UNLISTED_CITY, None)
    if unlisted is None:
        ask(ctx, CITY, question(ctx, CITY), options, service=service.name)
        return True
    phone = _by_phone(ctx, service)
    if phone is not None:
        options.insert(0, phone)
    ask(ctx, CITY, "utter_ask_booking_city_unlisted", options, city=unlisted)
    return True


def _by_phone(ctx: Ctx, service: Service) -> Option | None:
    """The phone consultation of the same specialty: for it no town is needed."""
    if service.specialty is None:
        return None
    phone = ctx.world.signed_in()[1].consultation(service.specialty.id, "phone")
    if phone is None or not phone.bookable:
        return None
    return fill(ctx, "phone", {SERVICE: phone.id, KIND: "phone"})


async def _usual_cities(ctx: Ctx) -> list[str]:
    """Where the patient has been before, most often first."""
    portal, _ = ctx.world.signed_in()
    page = await portal.reservations()
    seen = Counter(r.slot.city_id for r in page.items if r.slot.city_id)
    return [city for city, _ in seen.most_common()]


async def ask_other_place(ctx: Ctx) -> None:
    """Another facility of the same city, or another city."""
    catalogue = ctx.world.signed_in()[1]
    cities = list(ctx.facts.get(CITY) or ())
    facilities = [f for f in catalogue.facilities_in(cities) if f.type == FacilityType.OWN]
    current = set(ctx.facts.get(FACILITY) or ())
    options = [
        named(f.name, {FACILITY: [f.id], DISTRICT: None}, f.district or f.name)
        for f in facilities
        if f.id not in current
    ][:SHOWN]
    options += city_options(ctx, [c.id for c in catalogue.own_cities if c.id not in cities][: SHOWN - 2])
    options.append(say_intent(ctx, "stop_task", "cancel_task"))
    ctx.speaker.ask(CITY if not cities else CHANGE, "utter_ask_booking_other_place", options)
