"""Where, out of a turn: towns, districts and facilities, wanted or not."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.booking.slots import CITY, DISTRICT, FACILITY, NOT_CITY, forget
from bot.actions.booking.told import Told, ids, union, unique
from bot.dialogue.turn import Mention, Turn


def read(told: Told, turn: Turn) -> None:
    """The wider place first: a facility named is looked for in the town named."""
    _cities(told, turn)
    _districts(told, turn.said("district"))
    _facilities(told, turn)


def _cities(told: Told, turn: Turn) -> None:
    facts = told.facts
    wanted, unwanted = ids(turn.said("city")), ids(turn.unwanted("city"))
    if wanted:
        told.put(CITY, wanted)
        facts[NOT_CITY] = [city for city in facts.get(NOT_CITY, []) if city not in wanted]
    if unwanted:
        facts[NOT_CITY] = union(facts.get(NOT_CITY), unwanted)
        if set(unwanted) & set(facts.get(CITY) or ()):
            forget(facts, CITY)
        told.changed.add(CITY)


def _districts(told: Told, mentions: Sequence[Mention]) -> None:
    facts = told.facts
    said = unique(_nearest_district(told, mention) for mention in mentions)
    cities = unique(place.partition("/")[0] for place in said)
    if len(said) > 1 and len(cities) == 1:  # "Mokotów albo Ursynów"
        told.put(CITY, cities)
        facts.pop(DISTRICT, None)
        names = [place.partition("/")[2] for place in said]
        found = [f.id for name in names for f in told.catalogue.facilities_in(cities, name)]
        told.put(FACILITY, found)
        return
    for place in said:
        city, _, district = place.partition("/")
        if facts.get(CITY) != [city]:
            told.put(CITY, [city])
        facts.pop(FACILITY, None)
        if told.catalogue.has_district(city, district):
            told.put(DISTRICT, district)
        else:  # the whole town is looked through
            facts.pop(DISTRICT, None)
            told.no_facility = district
            told.changed.add(DISTRICT)


def _nearest_district(told: Told, mention: Mention) -> str:
    """ "city/district" in a town asked for, or else the likeliest."""
    fitting = [i for i in mention.ids if i.partition("/")[0] in (told.facts.get(CITY) or ())]
    return (fitting or list(mention.ids))[0]


def _facilities(told: Told, turn: Turn) -> None:
    known = told.catalogue.facilities
    said = [i for i in ids(turn.said("facility")) if i in known]
    if not said:
        return
    if not all(_in_cities(told, facility) for facility in said):
        told.put(CITY, unique(known[facility].city_id for facility in said))
    told.put(FACILITY, [facility for facility in said if _in_cities(told, facility)])


def _in_cities(told: Told, facility: str) -> bool:
    return told.catalogue.facilities[facility].city_id in (told.facts.get(CITY) or ())
