"""Where own facilities are, from the portal's dictionary; what it does not say is not made up (section 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from bot.actions.answer import answer_to
from bot.actions.booking import facts
from bot.actions.booking.slots import CITY
from bot.actions.booking.steps import Ctx
from bot.actions.facilities import partner
from bot.actions.places import Places, own_facilities, places_in
from bot.actions.world import World
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Frame, Option
from bot.dialogue.task import Task
from bot.language.cues import synonyms
from bot.language.inflection import locative_city
from bot.language.questions import elliptical
from bot.language.speech import join_and
from bot.portal.models import Facility

PLACE = "place"
BIGGEST = 4
"""How many towns are offered as buttons."""
_THINGS = ("service", "specialty")
_WHERE = (None, "phone")
"""Facts of `ask_facility` that a town answers; the others have a reply of their own."""


class Facilities(Task[World]):
    """Says where own facilities are, with district, address and telephone (section 7, R66)."""

    name = "facilities"
    topic = "ask_facility"
    only_asks = True
    slots: ClassVar[Mapping[str, SlotSpec]] = {PLACE: SlotSpec(PLACE)}

    async def take(self, ctx: Ctx) -> bool:
        """Reads the place."""
        places = places_in(ctx.turn)
        if places:
            ctx.facts[PLACE] = places.to_json()
        return bool(places)

    async def advance(self, ctx: Ctx) -> None:
        """Answers, or asks for the town when nothing else is open."""
        asked = ctx.turn.fact if ctx.turn.intent == "ask_facility" else None
        places = Places.from_json(ctx.facts.get(PLACE))
        if places and elliptical(ctx.turn.text):  # "a w Łodzi?" asks where, as before
            asked = None
        if asked == "services" and ctx.world.logged_in and ctx.turn.said(*_THINGS):
            _look_for(ctx)
        elif asked not in _WHERE or not ctx.world.logged_in:
            ctx.speaker.say(answer_to(ctx.turn, ctx.speaker.texts) if asked else "utter_ask_facility")
            ctx.end()
        elif places:
            await self._tell(ctx, places)
        elif asked == "phone":
            ctx.speaker.say(answer_to(ctx.turn, ctx.speaker.texts))
            ctx.end()
        else:
            self._towns(ctx)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """ "Umów wizytę tutaj": a booking that knows the town already."""
        if act.get("do") != "book":
            await self.advance(ctx)
            return
        ctx.end()
        ctx.conversation.parked = None
        ctx.conversation.stack.append(Frame("booking", dict(act["facts"]), {"at_once": True}))

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """A bare "tak" or "nie" to the question that went with the answer."""
        prompt = ctx.frame.prompt
        if ctx.turn.intent == "affirm" and prompt is not None and len(prompt.options) == 1:
            await self.act(ctx, prompt.options[0].act)
            return True
        if about == PLACE and ctx.turn.intent == "deny":
            ctx.end()
            ctx.speaker.say("utter_task_left")
            return True
        return False

    async def _tell(self, ctx: Ctx, places: Places) -> None:
        catalogue = ctx.world.signed_in()[1]
        found = own_facilities(catalogue, places)
        if not found:
            await partner.tell(ctx, places, instead=not places.facilities)
            return
        towns = list(dict.fromkeys(facility.city_id for facility in found))
        values = {
            "where": join_and([locative_city(catalogue.cities[town].name) for town in towns]),
            "facilities": "\n".join(_line(ctx, each, several=len(towns) > 1) for each in found),
        }
        response = "utter_facilities_one" if len(found) == 1 else "utter_facilities"
        missing = [each for each in places.districts if not catalogue.has_district(*each.split("/", 1))]
        if missing and not places.facilities:
            values["district"] = join_and([each.partition("/")[2] for each in missing])
            response = "utter_facilities_elsewhere"
        finish(ctx, response, [_book(ctx, towns)], values)

    def _towns(self, ctx: Ctx) -> None:
        catalogue = ctx.world.signed_in()[1]
        cities = catalogue.own_cities
        options = [_town(each.id, each.name, each.aliases) for each in cities[:BIGGEST]]
        towns = join_and(sorted((each.name for each in cities), key=str.casefold))
        below = len(ctx.conversation.stack) > 1
        finish(
            ctx,
            "utter_facilities_towns" if below else "utter_ask_facilities_place",
            options,
            {"towns": towns},
        )


def finish(ctx: Ctx, response: str, options: Sequence[Option], values: Mapping[str, Any]) -> None:
    """Says the answer. With no other task open, its buttons and a next town in words stay alive."""
    if len(ctx.conversation.stack) > 1:
        ctx.end()
        ctx.speaker.say(response, **values)
        return
    ctx.speaker.ask(PLACE, response, list(options), **values)
    ctx.park()


def _town(city: str, name: str, aliases: Sequence[str]) -> Option:
    return Option(name, {"do": "fill", "facts": {PLACE: Places((city,)).to_json()}}, list(aliases))


def _book(ctx: Ctx, towns: Sequence[str]) -> Option:
    return ctx.option("book_here", {"do": "book", "facts": {CITY: list(towns)}}, *synonyms("book_this"))


def _named(ctx: Ctx) -> str:
    """The portal's name of what was asked for."""
    catalogue = ctx.world.signed_in()[1]
    thing = ctx.turn.said(*_THINGS)[-1].ids[0]
    service = catalogue.services.get(thing)
    return service.name if service is not None else catalogue.specialty_names.get(thing, thing)


def _look_for(ctx: Ctx) -> None:
    """ "Gdzie robicie gastroskopię?": the dictionary does not say, free terms do; one tap looks for them."""
    wish: dict[str, Any] = {}
    facts.read(wish, ctx.world.signed_in()[1], ctx.turn)
    named = _named(ctx)
    finish(
        ctx,
        "utter_facilities_service",
        [ctx.option("look_for_terms", {"do": "book", "facts": wish}, *synonyms("book_this"))],
        {"service": named},
    )


def _line(ctx: Ctx, facility: Facility, *, several: bool) -> str:
    """ "- Mokotów: ul. Rzymowskiego 17"; with the town when there are several."""
    city = ctx.world.signed_in()[1].cities[facility.city_id].name
    part = facility.district or facility.name
    place = f"{city} {part}" if several and facility.district else part
    response = "utter_piece_facility_phone" if facility.phone else "utter_piece_facility"
    address = facility.address.removesuffix(f", {city}")
    return ctx.speaker.texts.get(response, place=place, address=address, phone=facility.phone or "")
