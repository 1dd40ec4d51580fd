"""Which towns, districts and facilities a message names, for the topics that tell where something is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Turn
from bot.portal.models import Facility, FacilityType

PLACES = ("city", "district", "facility", "unlisted_city")


@dataclass(frozen=True, slots=True)
class Places:
    """Ids of the portal's dictionaries, in the order said; `unlisted` are towns it does not know, by name."""

    cities: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cities or self.facilities or self.unlisted)

    def to_json(self) -> dict[str, list[str]]:
        """For a frame."""
        return {
            "cities": list(self.cities),
            "districts": list(self.districts),
            "facilities": list(self.facilities),
            "unlisted": list(self.unlisted),
        }

    @classmethod
    def from_json(cls, data: dict[str, list[str]] | None) -> Places:
        """Out of a frame."""
        return cls(**{name: tuple(values) for name, values in (data or {}).items()})


def places_in(turn: Turn) -> Places:
    """What a message says about where; a district brings its town along."""
    districts = _ids(turn, "district")
    cities = [*_ids(turn, "city"), *(district.partition("/")[0] for district in districts)]
    return Places(
        tuple(dict.fromkeys(cities)),
        tuple(districts),
        tuple(_ids(turn, "facility")),
        tuple(_ids(turn, "unlisted_city")),
    )


def own_facilities(catalogue: Catalogue, places: Places) -> list[Facility]:
    """Own facilities in these places: those named, else those of the districts, else of the whole towns."""
    named = [catalogue.facilities[each] for each in places.facilities if each in catalogue.facilities]
    if named:
        return [facility for facility in named if facility.type == FacilityType.OWN]
    here = catalogue.facilities_in(places.cities)
    in_districts = [each for each in here if f"{each.city_id}/{each.district}" in places.districts]
    return in_districts or here


def _ids(turn: Turn, kind: str) -> list[str]:
    return list(dict.fromkeys(each for mention in turn.said(kind) for each in mention.ids))
