"""Terms: what always stands (visit kinds, relations, ...) and what the portal's dictionaries list."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from bot.language.attach import colloquial, derived, speaks_of_kind, unattached
from bot.language.cases import Case
from bot.language.data import load
from bot.language.inflection import street
from bot.language.relations import age_terms
from bot.language.terms import Gender, PersonName, Term
from bot.language.text import fold, words

Record = Mapping[str, Any] | object
"""A mapping or a dataclass with the field names of the booking API."""

IGNORED = "ignored"
"""Kind of phrases that are matched only to keep their words from meaning something else."""

UNLISTED = "unlisted"
UNLISTED_CITY = "unlisted_city"
"""Kinds of specialists and towns that the portal does not list."""

_EXAM_KINDS = frozenset({"exam", "rehab", "occupational"})
_STREET = re.compile(
    r"(?:\b(ul|al|pl|os)\b\.?\s*)?([^\d,\s]+(?:\s+[^\d,\s]+){0,9}?)\s+(\d+\w*)", re.IGNORECASE
)


def _get(record: Record, name: str, default: Any = None) -> Any:
    if isinstance(record, Mapping):
        return record.get(name, default)
    return getattr(record, name, default)


@lru_cache(maxsize=1)
def _standing() -> tuple[Term, ...]:
    data = load("standing")
    terms = [
        Term(kind, term_id, aliases[0], tuple(aliases[1:]))
        for kind in ("visit_kind", "relation", "refine")
        for term_id, aliases in data[kind].items()
    ]
    ignored = data["ignored"]
    return (*terms, *age_terms(), Term(IGNORED, IGNORED, ignored[0], tuple(ignored[1:])))


def standing_terms() -> list[Term]:
    """Kinds of visit, relations, refinements: words that no portal dictionary lists."""
    return list(_standing())


def dictionary_terms(
    services: Iterable[Record] = (),
    cities: Iterable[Record] = (),
    facilities: Iterable[Record] = (),
    doctors: Iterable[Record] = (),
    dependants: Iterable[Record] = (),
) -> list[Term]:
    """Kinds service, specialty, city, district (id „city/name”), facility, doctor, dependant."""
    listed = list(services)
    listed_cities = list(cities)
    return [
        *_specialties(listed),
        *(_service(service) for service in listed if _is_exam(service)),
        *_cities(listed_cities),
        *(term for city in listed_cities for term in _districts(city)),
        *(_facility(facility) for facility in facilities),
        *(_doctor(doctor) for doctor in doctors),
        *(_dependant(dependant) for dependant in dependants),
    ]


def unlisted_terms(terms: Iterable[Term]) -> list[Term]:
    """Specialists (kind „unlisted”) and towns („unlisted_city”) that patients name and no dictionary lists.

    `terms` are the listed ones; an id is the usual Polish name.
    """
    known = list(terms)
    taken = {fold(name) for term in known for name in (term.name, *term.aliases)}
    specialties = [term.name for term in known if term.kind == "specialty"]
    specialists = [
        Term(UNLISTED, key, key, tuple(alias for alias in aliases if fold(alias) not in taken))
        for key, aliases in unattached("specialties", "specialties", specialties)
        if fold(key) not in taken
    ]
    towns = [Term(UNLISTED_CITY, town, town) for town in load("cities")["towns"] if fold(town) not in taken]
    return [*specialists, *towns]


def _kind(service: Record) -> str:
    return str(getattr(_get(service, "kind"), "value", _get(service, "kind")))


def _is_exam(service: Record) -> bool:
    return _kind(service) in _EXAM_KINDS or _get(service, "specialty") is None


def _specialties(services: list[Record]) -> Iterator[Term]:
    """One term for all consultations of a specialty; tests that a specialist does do not name him."""
    names: dict[str, str] = {}
    said: dict[str, dict[str, None]] = {}
    for service in services:
        specialty = _get(service, "specialty")
        if specialty is None or _is_exam(service):
            continue
        specialty_id = str(_get(specialty, "id"))
        names[specialty_id] = str(_get(specialty, "name"))
        own = [str(_get(service, "name")), *map(str, _get(service, "aliases") or ())]
        said.setdefault(specialty_id, {}).update(
            dict.fromkeys(name for name in own if not speaks_of_kind(name))
        )
    for specialty_id, name in names.items():
        words_for = (
            *said[specialty_id],
            *colloquial("specialties", "specialties", [name]),
            *derived(name),
        )
        yield Term("specialty", specialty_id, name, tuple(dict.fromkeys(words_for)))


def _service(service: Record) -> Term:
    name = str(_get(service, "name"))
    own = tuple(map(str, _get(service, "aliases") or ()))
    aliases = dict.fromkeys((*own, *colloquial("exams", "exams", [name])))
    return Term("service", str(_get(service, "id")), name, tuple(aliases))


def _cities(cities: list[Record]) -> Iterator[Term]:
    data = load("cities")
    ids: dict[str, str] = {}
    for city in cities:
        name, city_id = str(_get(city, "name")), str(_get(city, "id"))
        ids[name] = city_id
        own = tuple(map(str, _get(city, "aliases") or ()))
        yield Term("city", city_id, name, tuple(dict.fromkeys((*own, *data["cities"].get(name, ())))))
    for group in data["groups"]:
        for name in group["cities"]:
            if name in ids:
                yield Term("city", ids[name], group["names"][0], tuple(group["names"][1:]))


def district_id(city_id: str, name: str) -> str:
    """The id of a district; the portal's cities list districts by name only."""
    return f"{city_id}/{name}"


def _districts(city: Record) -> Iterator[Term]:
    data: dict[str, list[str]] = load("cities")["districts"]
    for name in _get(city, "districts") or ():
        yield Term("district", district_id(str(_get(city, "id")), name), name, tuple(data.get(name, ())))
    listed = {fold(name) for name in _get(city, "districts") or ()}
    for name in load("cities")["without_a_facility"].get(str(_get(city, "name")), ()):
        if fold(name) not in listed:  # patients name it all the same; who has no facility there says so
            yield Term("district", district_id(str(_get(city, "id")), name), name)


def _facility(facility: Record) -> Term:
    name = str(_get(facility, "name"))
    return Term(
        "facility", str(_get(facility, "id")), name, tuple(_streets(str(_get(facility, "address") or "")))
    )


def _streets(address: str) -> Iterator[str]:
    """„na Puławskiej”, „ul. Puławska”, „Puławska 15”: a street's bare name may be anything else."""
    found = _STREET.search(address)
    if found is None:
        return
    marker, name, number = (found.group(1) or "ul").lower(), found.group(2).strip(), found.group(3)
    leads: dict[str, list[str]] = load("streets")["leads"].get(marker, {})
    for case, words_before in leads.items():
        for part in dict.fromkeys((name, words(name)[-1].text)):  # „Adama Branickiego”: „na Branickiego”
            said = street(part, Case(case))
            for lead in words_before:
                yield from (f"={lead} {said} {number}", f"={lead} {said}")
    yield f"={name} {number}"


def _doctor(doctor: Record) -> Term:
    first, last = str(_get(doctor, "first_name")), str(_get(doctor, "last_name"))
    name = PersonName(str(_get(doctor, "title") or ""), first, last, _gender(doctor, first))
    return Term("doctor", str(_get(doctor, "id")), f"{first} {last}", person=name)


def _gender(person: Record, first_name: str) -> Gender:
    """As the portal says; by the first name when it does not say."""
    said = str(getattr(_get(person, "gender"), "value", _get(person, "gender")))
    if said == "f" or (said != "m" and first_name.endswith("a")):
        return "f"
    return "m"


def _dependant(dependant: Record) -> Term:
    first = str(_get(dependant, "first_name"))
    return Term("dependant", str(_get(dependant, "id")), first, other_names(first))


def other_names(first: str) -> tuple[str, ...]:
    """Pet names of a first name; of a pet name ("Hania") also the name it stands for."""
    pet_names: dict[str, list[str]] = load("first_names")["pet_names"]
    found = list(pet_names.get(first, ()))
    for name, pets in pet_names.items():
        if first in pets:
            found += [name, *pets]
    return tuple(dict.fromkeys(name for name in found if name != first))
