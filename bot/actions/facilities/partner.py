"""Partner facilities: the nearest ones, with their telephones; only they book there (R66-R76)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.actions.booking.slots import KIND
from bot.actions.booking.steps import Ctx
from bot.actions.places import Places, places_in
from bot.actions.world import World
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Frame, Option
from bot.dialogue.task import Task
from bot.language.cues import synonyms
from bot.language.inflection import locative_city
from bot.language.speech import join_and
from bot.portal.models import Facility, FacilityType

PLACE = "place"
SHOWN = 3
_NEAR = (None, "booking")
"""Facts of `ask_partner_facility` that a town answers."""


class Partner(Task[World]):
    """Finds the nearest partner facility by town; never books there (R67, A11)."""

    name = "partner"
    topic = "ask_partner_facility"
    only_asks = True
    slots: ClassVar[Mapping[str, SlotSpec]] = {PLACE: SlotSpec(PLACE)}

    async def take(self, ctx: Ctx) -> bool:
        """Reads the town."""
        places = places_in(ctx.turn)
        if places:
            ctx.facts[PLACE] = places.to_json()
        return bool(places)

    async def advance(self, ctx: Ctx) -> None:
        """The facts that were asked for, the facilities near the town, or the question of the town."""
        asked = ctx.turn.fact if ctx.turn.intent == "ask_partner_facility" else None
        if ctx.turn.intent == "book_visit":
            asked = "booking"
        places = Places.from_json(ctx.facts.get(PLACE))
        if not ctx.world.logged_in or asked not in _NEAR:
            ctx.speaker.say(_reply(asked))
            ctx.end()
        elif places:
            await tell(ctx, places)
        else:
            self._ask(ctx, _reply(asked) if asked else "utter_ask_partner_place")

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """ "Umów Konsultację Telefoniczną": a booking by phone, which needs no town (R73)."""
        if act.get("do") != "phone":
            await self.advance(ctx)
            return
        ctx.end()
        ctx.conversation.parked = None
        ctx.conversation.stack.append(Frame("booking", {KIND: "phone"}, {"at_once": True}))

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """A bare "nie" to the question of the town."""
        if about == PLACE and ctx.turn.intent == "deny":
            ctx.end()
            ctx.speaker.say("utter_task_left")
            return True
        return False

    def _ask(self, ctx: Ctx, response: str) -> None:
        if len(ctx.conversation.stack) > 1:
            ctx.speaker.say("utter_ask_partner_facility")
            ctx.end()
            return
        ctx.speaker.ask(PLACE, response, [_phone(ctx)])
        ctx.park()


def _reply(asked: str | None) -> str:
    return f"utter_ask_partner_facility/{asked}" if asked else "utter_ask_partner_facility"


async def tell(ctx: Ctx, places: Places, *, instead: bool = False) -> None:
    """The named facilities, or the nearest to the town; without any the Infolinia (R69). Sets the task aside.

    `instead`: an own facility was asked for, and the town has none.
    """
    catalogue = ctx.world.signed_in()[1]
    named = [catalogue.facilities[each] for each in places.facilities if each in catalogue.facilities]
    found = [each for each in named if each.type == FacilityType.PARTNER]
    town = places.cities[0] if places.cities else None
    if not found and town is not None:
        found = list((await ctx.world.signed_in()[0].partner_facilities(town)).items)[:SHOWN]
    here = [each for each in found if each.city_id == town]
    shown = here or found
    lines = "\n".join(_line(ctx, facility, town) for facility in shown)
    where = _where(ctx, places)
    if not shown:
        response = "utter_partner_none"
    elif named or here:
        response = "utter_partner_instead" if instead else "utter_partner_here"
    elif town is not None and catalogue.cities[town].own_facilities:
        response = "utter_partner_near_own"
    else:
        response = "utter_partner_near"
    values: dict[str, Any] = {"where": where, "facilities": lines, "rule": "R67"}
    if len(ctx.conversation.stack) > 1:
        ctx.end()
        ctx.speaker.say(response, **values)
        return
    ctx.speaker.ask(PLACE, response, [_phone(ctx)], **values)
    ctx.park()


def _where(ctx: Ctx, places: Places) -> str:
    """ "w Suwałkach"; towns the portal does not know as the patient's word in its usual form."""
    catalogue = ctx.world.signed_in()[1]
    names = [catalogue.cities[each].name for each in places.cities if each in catalogue.cities]
    return join_and([locative_city(name) for name in names or places.unlisted])


def _phone(ctx: Ctx) -> Option:
    return ctx.option("way_book_phone_consultation", {"do": "phone"}, *synonyms("by_phone_instead"))


def _line(ctx: Ctx, facility: Facility, town: str | None) -> str:
    catalogue = ctx.world.signed_in()[1]
    response = "utter_piece_partner" if facility.phone else "utter_piece_partner_unnumbered"
    city = catalogue.cities[facility.city_id].name if facility.city_id in catalogue.cities else ""
    address = (
        facility.address
        if city in facility.address or facility.city_id == town
        else f"{facility.address}, {city}"
    )
    return ctx.speaker.texts.get(response, name=facility.name, address=address, phone=facility.phone or "")
