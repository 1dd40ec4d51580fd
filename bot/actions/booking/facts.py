"""Reads booking facts out of a turn: anything, in any order, several at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.actions.booking import gender
from bot.actions.booking.slots import CITY, DOCTOR, KIND, SERVICE, WHEN, WHO
from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Mention, Turn
from bot.language.text import fold, words
from bot.language.times import When
from bot.portal.models import ServiceKind

_URGENT = "cito"
"""The patient says the referral is urgent (R124)."""
MAX_CANDIDATES = 8
"""More services than this behind one word are not a choice: the patient is asked in words."""
_AT_ONCE = frozenset("teraz zaraz natychmiast razu".split())
"""A phone call at once may be Konsultacja Online: the patient is asked which one is meant."""
CONSULTATION_KINDS = frozenset({"phone", "onsite", "online"})


class FactReader:
    """Puts what one turn says into the facts of a booking; remembers what changed."""

    def __init__(self, facts: dict[str, Any], catalogue: Catalogue, forget: Any) -> None:
        self._facts = facts
        self._catalogue = catalogue
        self._forget = forget
        self.changed: set[str] = set()
        self.strangers: list[str] = []
        """Doctors named who do not see patients in the specialty asked for."""
        self.elsewhere: list[str] = []
        """Doctors named earlier who do not see patients in the town named now."""

    def read(self, turn: Turn) -> bool:
        """True when the turn said anything a booking can use."""
        self._kind(turn)
        self._service(turn)
        self._place(turn)
        self._doctor(turn)
        self._when(turn)
        self._narrow_doctors(moved=turn.has("city", "district") and not turn.said("doctor"))
        if _URGENT in {word.folded for word in words(fold(turn.text))}:
            self._facts["cito"] = True
        if self.changed and self._facts.pop("prereservation", None):
            self._facts["ordinary"] = True  # other wishes than the visit that is kept
        return bool(self.changed)

    def _put(self, slot: str, value: Any) -> None:
        if self._facts.get(slot) == value:
            self.changed.add(slot)  # said again: an answer all the same
            return
        if slot in self._facts:
            self._forget(self._facts, slot)
        self._facts[slot] = value
        self.changed.add(slot)

    # --- what

    def _kind(self, turn: Turn) -> None:
        kinds = [m.ids[0] for m in turn.said("visit_kind")]
        excluded = {m.ids[0] for m in turn.unwanted("visit_kind")}
        if excluded & {"phone", "online"} and not kinds:
            kinds = ["onsite"]
        elif "onsite" in excluded and not kinds:
            kinds = ["phone"]
        if not kinds:
            return
        kind = kinds[-1]
        if kind == "exam" and turn.has("specialty") and not turn.has("service"):
            return  # "badanie u okulisty" is a consultation
        if kind == "phone" and _AT_ONCE & {word.folded for word in words(fold(turn.text))}:
            self._facts.pop(KIND, None)
            self._facts["at_once"] = True
            self.changed.add(KIND)
            return
        self._facts.pop("at_once", None)
        self._put(KIND, kind)
        if kind not in CONSULTATION_KINDS and not _services_named(turn):
            self._services([s.id for s in self._catalogue.of_kind(kind) if s.bookable])

    def _service(self, turn: Turn) -> None:
        services = _services_named(turn)
        specialties = turn.said("specialty")
        if services:
            self._services(self._known(services[-1].ids))
        elif specialties:
            self._specialty(specialties[-1])

    def _known(self, ids: Iterable[str]) -> list[str]:
        return [i for i in ids if i in self._catalogue.services]

    def _specialty(self, mention: Mention) -> None:
        kind = self._facts.get(KIND)
        known = [i for i in mention.ids if i in self._catalogue.specialty_names]
        if not known:
            return
        if self._facts.get("specialty") == known[0]:
            self.changed.add(SERVICE)
            return
        first = not any(self._facts.get(name) for name in (SERVICE, "specialty", "candidates"))
        doctors = self._facts.get(DOCTOR)
        self._forget(self._facts, SERVICE)
        if kind in CONSULTATION_KINDS or kind == ServiceKind.CONTROL:
            self._facts[KIND] = kind
        if first and doctors:
            self._facts[DOCTOR] = doctors  # named before the specialty was: still wanted
        self._facts["specialty"] = known[0]
        self.changed.add(SERVICE)

    def _services(self, ids: list[str]) -> None:
        if not ids:
            return
        if len(ids) == 1:
            if self._facts.get(SERVICE) != ids[0]:
                kind = self._facts.get(KIND)
                self._forget(self._facts, SERVICE)
                self._facts[SERVICE] = ids[0]
                self._facts[KIND] = str(self._catalogue.services[ids[0]].kind.value) or kind
            self.changed.add(SERVICE)
            return
        offered = self._facts.get("candidates") or []
        both = [i for i in ids if i in offered]
        if len(both) == 1:
            self._services(both)
            return
        kind = self._facts.get(KIND)
        self._forget(self._facts, SERVICE)
        self._facts.pop(SERVICE, None)
        if kind:
            self._facts[KIND] = kind
        self._facts["candidates"] = ids[:MAX_CANDIDATES]
        self.changed.add(SERVICE)

    # --- where

    def _place(self, turn: Turn) -> None:
        cities = _ids(turn.said("city"))
        if cities:
            self._put(CITY, cities)
            self._facts["not_city"] = [c for c in self._facts.get("not_city", []) if c not in cities]
        unwanted = _ids(turn.unwanted("city"))
        if unwanted:
            self._facts["not_city"] = _union(self._facts.get("not_city"), unwanted)
            if set(unwanted) & set(self._facts.get(CITY) or ()):
                self._forget(self._facts, CITY)
            self.changed.add(CITY)
        self._district(turn)
        facilities = [i for i in _ids(turn.said("facility")) if i in self._catalogue.facilities]
        if facilities:
            if CITY not in self._facts or not self._in_cities(facilities):
                self._put(CITY, _unique(self._catalogue.facilities[f].city_id for f in facilities))
            self._put("facility", [f for f in facilities if self._in_cities([f])])

    def _district(self, turn: Turn) -> None:
        said = _unique(self._nearest_district(mention) for mention in turn.said("district"))
        cities = _unique(place.partition("/")[0] for place in said)
        if len(said) > 1 and len(cities) == 1:  # "Mokotów albo Ursynów"
            self._put(CITY, cities)
            self._facts.pop("district", None)
            names = [place.partition("/")[2] for place in said]
            found = [f.id for name in names for f in self._catalogue.facilities_in(cities, name)]
            self._put("facility", found)
            return
        for place in said:
            city, _, district = place.partition("/")
            if city not in (self._facts.get(CITY) or ()) or len(self._facts[CITY]) > 1:
                self._put(CITY, [city])
            self._facts.pop("facility", None)
            self._put("district", district)

    def _nearest_district(self, mention: Mention) -> str:
        """ "city/district" in a town asked for, or else the likeliest."""
        fitting = [i for i in mention.ids if i.partition("/")[0] in (self._facts.get(CITY) or ())]
        return (fitting or list(mention.ids))[0]

    def _in_cities(self, facilities: list[str]) -> bool:
        cities = self._facts.get(CITY) or ()
        return all(self._catalogue.facilities[f].city_id in cities for f in facilities)

    # --- with whom

    def _doctor(self, turn: Turn) -> None:
        wanted = turn.said("doctor")
        if wanted:
            ids = [i for i in wanted[-1].ids if i in self._catalogue.doctors]
            offered = self._facts.get(DOCTOR)
            if isinstance(offered, list) and len(set(ids) & set(offered)) == 1:
                ids = [i for i in ids if i in offered]
            if ids:
                self._put(DOCTOR, ids)
                self._facts["not_doctor"] = [d for d in self._facts.get("not_doctor", []) if d not in ids]
        unwanted = self._of_specialty(_ids(turn.unwanted("doctor")))
        if unwanted:
            self._facts["not_doctor"] = _union(self._facts.get("not_doctor"), unwanted)
            if isinstance(self._facts.get(DOCTOR), list) and set(unwanted) & set(self._facts[DOCTOR]):
                self._facts.pop(DOCTOR)
            self.changed.add(DOCTOR)
        wished = gender.wished(turn)
        if wished is not None:
            self._facts[gender.FACT] = wished.value
            self.changed.add(DOCTOR)

    def _of_specialty(self, doctors: list[str]) -> list[str]:
        """Those of a surname who see patients in the specialty asked for; all when none is known."""
        specialty = self._facts.get("specialty") or self._specialty_of_service()
        known = self._catalogue.doctors
        return [d for d in doctors if d in known and specialty in known[d].specialties] or doctors

    def _narrow_doctors(self, *, moved: bool) -> None:
        """A surname shared by several doctors is narrowed by what else is known.

        A doctor who is not there does not follow a patient who `moved` the search to another town.
        """
        doctors = self._facts.get(DOCTOR)
        if not isinstance(doctors, list) or not doctors:
            return
        specialty = self._facts.get("specialty") or self._specialty_of_service()
        known = self._catalogue.doctors
        if specialty:
            fitting = [d for d in doctors if specialty in known[d].specialties]
            if not fitting:
                self.strangers = doctors
                self._facts.pop(DOCTOR)
                return
            doctors = fitting
        elif not self._facts.get("candidates") and not self._facts.get(SERVICE):
            common = set.intersection(*(set(known[d].specialties) for d in doctors))
            if len(common) == 1:
                self._facts["specialty"] = common.pop()
        cities = self._facts.get(CITY)
        if cities and self._facts.get(KIND) != ServiceKind.PHONE:
            there = [d for d in doctors if set(self._catalogue.cities_of_doctors([d])) & set(cities)]
            if moved and not there:
                self.elsewhere = doctors
                self._facts.pop(DOCTOR)
                return
            doctors = there or doctors
        self._facts[DOCTOR] = doctors

    def _specialty_of_service(self) -> str | None:
        service = self._catalogue.services.get(self._facts.get(SERVICE) or "")
        return service.specialty.id if service and service.specialty else None

    # --- when

    def _when(self, turn: Turn) -> None:
        if turn.when is None:
            return
        before = self._facts.get(WHEN)
        merged = When.from_json(before).merge(turn.when) if isinstance(before, dict) else turn.when
        self._facts[WHEN] = merged.to_json()
        self.changed.add(WHEN)


def _services_named(turn: Turn) -> list[Mention]:
    """Services said by a name of their own: "medycyna pracy" is the kind, whatever is an alias of it."""
    kinds = {(m.start, m.end) for m in turn.said("visit_kind") if m.ids[0] == ServiceKind.OCCUPATIONAL}
    return [m for m in turn.said("service") if (m.start, m.end) not in kinds]


def when_of(facts: dict[str, Any]) -> When:
    """What is known of the time; an empty wish when nothing is."""
    value = facts.get(WHEN)
    return When.from_json(value) if isinstance(value, dict) else When()


def who_index(facts: dict[str, Any]) -> int | None:
    """Place of the dependant in the portal's list, None for the patient."""
    who = str(facts.get(WHO) or "self")
    return int(who.partition(":")[2]) if who.startswith("dependant:") else None


def _ids(mentions: Iterable[Mention]) -> list[str]:
    return _unique(identifier for mention in mentions for identifier in mention.ids)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _union(old: list[str] | None, new: list[str]) -> list[str]:
    return _unique([*(old or []), *new])
