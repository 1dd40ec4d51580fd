"""Who works where: doctors made of ordinary names, the same ones every time."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Doc = dict[str, Any]
_LARGE_TOWNS = ("warszawa", "krakow", "wroclaw", "poznan", "gdansk", "katowice", "lodz")
_BUSY = ("internista", "pediatra", "ginekolog", "rodzinny")
# Every other doctor of these also sees patients as an internist.
_ALSO_INTERNIST = ("kardiolog", "gastrolog", "diabetolog", "pulmonolog")
_RARE_TOWNS = 2


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor as the API shows one."""

    wire: Doc

    @property
    def id(self) -> str:
        return str(self.wire["id"])


def hire(
    specialties: list[Doc], facilities: dict[str, Doc], people: Doc, languages: list[str]
) -> dict[str, Doctor]:
    """A doctor for each post, by id."""
    by_city: dict[str, list[str]] = {}
    for facility in facilities.values():
        if facility["type"] == "own":
            by_city.setdefault(facility["city_id"], []).append(facility["id"])
    taken: set[tuple[str, str]] = set()
    doctors: dict[str, Doctor] = {}
    for number, (specialty, city) in enumerate(_posts(specialties, list(by_city)), 1):
        wire = _person(number, specialty, people, taken)
        wire["facility_ids"] = _workplaces(number, by_city[city])
        wire["languages"] = [
            languages[0],
            *[lang for lang in languages[1:] if _pick(f"lang{number}{lang}", 5) == 0],
        ]
        doctors[wire["id"]] = Doctor(wire)
    return doctors


def _posts(specialties: list[Doc], cities: list[str]) -> Iterator[tuple[Doc, str]]:
    large = [city for city in cities if city in _LARGE_TOWNS]
    for specialty in specialties:
        if not specialty["offers"]:
            continue
        if specialty["tier"] == "core":
            towns = [*cities, "warszawa", *(large if specialty["id"] in _BUSY else [])]
        elif specialty["tier"] == "common":
            towns = large
        else:
            others = large[1:]
            start = _pick(specialty["id"], len(others))
            towns = [large[0], *[others[(start + step) % len(others)] for step in range(_RARE_TOWNS - 1)]]
        for town in towns:
            yield specialty, town


def _person(number: int, specialty: Doc, people: Doc, taken: set[tuple[str, str]]) -> Doc:
    gender = "f" if specialty["id"] == "polozna" or _pick(f"gender{number}", 2) else "m"
    names = people["first_names"][gender]
    surnames = people["surnames"]
    first = _pick(f"first{number}", len(names))
    pair = surnames[(number - 1) % len(surnames)]
    last = pair[1 if gender == "f" else 0]
    while (names[first], last) in taken:
        first = (first + 1) % len(names)
    taken.add((names[first], last))
    plain = people["plain_titles"].get(specialty["id"])
    titles = people["titles"]
    internist_too = specialty["id"] in _ALSO_INTERNIST and number % 2 == 0
    return {
        "id": f"doc-{number:03d}",
        "title": plain or titles[_pick(f"title{number}", len(titles))],
        "first_name": names[first],
        "last_name": last,
        "gender": gender,
        "specialties": [specialty["id"], *(["internista"] if internist_too else [])],
        "phone_consultations": "phone" in specialty["offers"] and _pick(f"phone{number}", 5) > 0,
    }


def _workplaces(number: int, facilities: list[str]) -> list[str]:
    first = number % len(facilities)
    second = (first + 1) % len(facilities)
    return [facilities[first]] if second == first or number % 3 else [facilities[first], facilities[second]]


def _pick(seed: str, size: int) -> int:
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=4).digest(), "big") % size
