"""The dictionaries of the sandbox world: towns, facilities, services, doctors, packages."""

import hashlib
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.sandbox.doctors import Doctor, hire
from bot.sandbox.files import load_yaml
from bot.sandbox.paging import fingerprint

Doc = dict[str, Any]
_ONLINE_HOURS = [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "07:00", "to": "24:00"}]
_ROUND_THE_CLOCK_ONLINE = ("internista", "pediatra")


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the API shows it (`wire`) and what only the portal knows."""

    wire: Doc
    specialty_id: str | None
    price: str | None
    place: str
    day: tuple[int, int]
    related: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return str(self.wire["id"])

    @property
    def kind(self) -> str:
        return str(self.wire["kind"])

    @property
    def minutes(self) -> int:
        return int(self.wire["duration_minutes"])


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that is the same for every patient."""

    cities: dict[str, Doc]
    places: dict[str, tuple[float, float]]
    facilities: dict[str, Doc]
    services: dict[str, Service]
    specialties: dict[str, Doc]
    doctors: dict[str, Doctor]
    languages: list[Doc]
    packages: dict[str, Doc]

    def dictionary(self, name: str) -> list[Doc]:
        """Items of a dictionary as the API lists them."""
        lists: dict[str, list[Doc]] = {
            "cities": list(self.cities.values()),
            "services": [service.wire for service in self.services.values()],
            "facilities": list(self.facilities.values()),
            "doctors": [doctor.wire for doctor in self.doctors.values()],
            "languages": self.languages,
        }
        return lists[name]

    def rooms(self, service: Service) -> tuple[str, ...]:
        """Own facilities where a test or treatment is done."""
        return tuple(f["id"] for f in self.facilities.values() if _offered(service, f))

    def distance(self, city_a: str, city_b: str) -> float:
        """Rough distance in km."""
        (lat_a, lon_a), (lat_b, lon_b) = self.places[city_a], self.places[city_b]
        east = (lon_a - lon_b) * math.cos(math.radians((lat_a + lat_b) / 2))
        return math.hypot(lat_a - lat_b, east) * 111.2


@cache
def catalogue() -> Catalogue:
    """The one world; loaded once a process."""
    towns = load_yaml("cities.yml")
    consultations = load_yaml("specialties.yml")
    specialties = consultations["specialties"]
    cities = _cities(towns)
    facilities = _facilities(towns)
    return Catalogue(
        cities=cities,
        places={town["id"]: tuple(town["at"]) for group in ("own", "partner") for town in towns[group]},
        facilities=facilities,
        services=_services(consultations, load_yaml("exams.yml")),
        specialties={s["id"]: {"id": s["id"], "name": s["name"]} for s in specialties},
        doctors=hire(
            specialties, facilities, load_yaml("people.yml"), [lang["id"] for lang in towns["languages"]]
        ),
        languages=towns["languages"],
        packages={package["id"]: package for package in load_yaml("packages.yml")["packages"]},
    )


@cache
def dictionary_tag(name: str) -> str:
    """Strong ETag of a dictionary."""
    return f'"{fingerprint(catalogue().dictionary(name))}"'


def _cities(towns: Doc) -> dict[str, Doc]:
    found = {}
    for group in ("own", "partner"):
        for town in towns[group]:
            districts = [f["district"] for f in town["facilities"] if "district" in f]
            found[town["id"]] = {
                "id": town["id"],
                "name": town["name"],
                "aliases": town["aliases"],
                "own_facilities": group == "own",
                "districts": districts,
            }
    return found


def _facilities(towns: Doc) -> dict[str, Doc]:
    own_name: str = towns["own_facility_name"]
    found = {}
    for group in ("own", "partner"):
        for town in towns[group]:
            for number, entry in enumerate(town["facilities"], 1):
                facility_id = f"{town['id']}-{number}" if group == "own" else f"{town['id']}-p{number}"
                district = entry.get("district")
                found[facility_id] = {
                    "id": facility_id,
                    "name": entry.get("name") or own_name.format(city=town["name"], district=district),
                    "type": group,
                    "city_id": town["id"],
                    "district": district,
                    "address": f"{entry['street']}, {town['name']}",
                    "phone": entry.get("phone"),
                }
    return found


def _services(consultations: Doc, exams: Doc) -> dict[str, Service]:
    names = consultations["kind_names"]
    services = [_consultation(s, kind, names) for s in consultations["specialties"] for kind in s["offers"]]
    texts = exams["preparations"]
    for kind in ("exams", "rehab", "occupational", "home"):
        services += [_procedure(entry, "exam" if kind == "exams" else kind, texts) for entry in exams[kind]]
    return {service.id: service for service in services}


def _consultation(specialty: Doc, kind: str, names: dict[str, str]) -> Service:
    online = kind == "online"
    hours = _ONLINE_HOURS if online and specialty["id"] in _ROUND_THE_CLOCK_ONLINE else None
    price = specialty.get("price", {}).get("onsite" if kind == "control" else kind)
    return Service(
        wire={
            "id": f"{specialty['id']}-{kind}",
            "name": names[kind].format(name=specialty["name"]),
            "kind": kind,
            "specialty": {"id": specialty["id"], "name": specialty["name"]},
            "aliases": [specialty["name"], *specialty["aliases"]],
            "min_level": "full" if online else "basic",
            "referral": "required" if kind == "control" else "none",
            "bookable": not online,
            "hours": hours,
            "city_required": kind in ("onsite", "control"),
            "age": _ages(specialty),
            "duration_minutes": specialty["minutes"],
            "preparation": [],
        },
        specialty_id=specialty["id"],
        price=None if price is None else f"{price}.00",
        place="doctor",
        day=(7 * 60, 20 * 60),
        related=tuple(specialty.get("related", [])) if kind == "onsite" else (),
    )


def _procedure(entry: Doc, kind: str, texts: dict[str, str]) -> Service:
    start, end = entry.get("day", ["08:00", "18:00"])
    price = entry.get("price")
    weekdays = [{"days": [1, 2, 3, 4, 5], "from": start, "to": end}]
    return Service(
        wire={
            "id": entry["id"],
            "name": entry["name"],
            "kind": kind,
            "specialty": None,
            "aliases": entry["aliases"],
            "min_level": "full" if kind == "rehab" else "basic",
            "referral": "required" if kind == "rehab" else entry.get("referral", "none"),
            "bookable": kind != "home",
            "hours": None if kind == "home" else weekdays,
            "city_required": kind != "home",
            "age": _ages(entry),
            "duration_minutes": entry["minutes"],
            "preparation": [texts[name] for name in entry.get("prep", [])],
        },
        specialty_id=None,
        price=None if price is None else f"{price}.00",
        place=entry.get("where", "some"),
        day=(minutes_of(start), minutes_of(end)),
    )


def minutes_of(clock: str) -> int:
    """Minutes since midnight of "HH:MM"."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _ages(entry: Doc) -> Doc | None:
    if "min" not in entry and "max" not in entry:
        return None
    return {"min": entry.get("min"), "max": entry.get("max")}


def _offered(service: Service, facility: Doc) -> bool:
    if facility["type"] != "own" or service.kind in ("home", "online"):
        return False
    number = int(facility["id"].rsplit("-", 1)[1])
    if service.place == "all":
        return True
    if service.place == "some":
        # The first facility of a town does everything ordinary, the others about half of it.
        return number == 1 or hashlib.blake2b(f"{service.id}{facility['id']}".encode()).digest()[0] < 128
    return number == 1
