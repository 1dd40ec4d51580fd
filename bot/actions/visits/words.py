"""Visits put into words: one line in a list, one line on a button, everything about one visit."""

from __future__ import annotations

from bot.actions.booking.slots import WHO
from bot.actions.booking.steps import Ctx, describer
from bot.actions.booking.who import SELF
from bot.actions.cancellation.choosing import describe, whom
from bot.actions.catalogue import Catalogue
from bot.dialogue.state import Option
from bot.language.inflection import locative_city
from bot.language.speech import join_or, short_slot, spoken_when
from bot.language.times import When
from bot.portal.models import Reservation


async def line(ctx: Ctx, visit: Reservation) -> str:
    """ "- jutro o 15:30, dermatolog – wizyta w placówce, dr Anna Zięba, Warszawa Wola, dla Zosi"."""
    words = describer(ctx)
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    parts = (
        words.when(visit.slot),
        service.name if service else "",
        words.doctor(visit.slot.doctor_id),
        words.place_short(visit.slot),
        await whom(ctx, visit),
    )
    return ctx.speaker.texts.get("utter_piece_visit", visit=", ".join(part for part in parts if part))


async def lines(ctx: Ctx, visits: list[Reservation]) -> str:
    """One line a visit."""
    return "\n".join([await line(ctx, visit) for visit in visits])


async def option(ctx: Ctx, visit: Reservation) -> Option:
    """A button that shows one visit of several."""
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    name = service.name if service else ""
    label = " · ".join(part for part in (short_slot(visit.slot.start, ctx.world.now), name) if part)
    names = [name, describer(ctx).doctor_short(visit.slot.doctor_id)]
    return Option(label, {"do": "show", "visit": visit.id}, [other for other in names if other])


async def details(ctx: Ctx, visit: Reservation) -> str:
    """The whole visit in a sentence, and how to prepare for it."""
    texts = ctx.speaker.texts
    told = texts.get("utter_piece_one_visit", visit=await describe(ctx, visit))
    preparation = " ".join(visit.preparation)
    return f"{told}\n{texts.get('utter_line_preparation', value=preparation)}" if preparation else told


async def asked(ctx: Ctx, wanted: dict[str, object]) -> str:
    """What was asked about, for the words that it is not there: "kardiolog, jutro"."""
    catalogue = ctx.world.signed_in()[1]
    when = wanted.get("when")
    wish = When.from_json(when) if isinstance(when, dict) else None
    spoken = spoken_when(wish, ctx.world.now) if wish is not None else ""
    who = wanted.get("who")
    person = ""
    if isinstance(who, list) and len(who) == 1 and who != [SELF]:
        person = describer(ctx).who({WHO: who[0]}, await ctx.world.dependants())
    return ", ".join(part for part in (*_things(wanted, catalogue), spoken, person) if part)


def _things(wanted: dict[str, object], catalogue: Catalogue) -> list[str]:
    def ids(kind: str) -> list[str]:
        value = wanted.get(kind)
        return [str(item) for item in value] if isinstance(value, list) else []

    services = [catalogue.services[i].name for i in ids("service")[:1] if i in catalogue.services]
    specialties = [catalogue.specialty_names[i] for i in ids("specialty") if i in catalogue.specialty_names]
    cities = [locative_city(catalogue.cities[i].name) for i in ids("city") if i in catalogue.cities]
    return [join_or(specialties or services), join_or(cities)]
