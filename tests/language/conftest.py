"""A small portal world for the tests of names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.language.lexicon import Lexicon, Mention, Term, dictionary_terms, standing_terms, unlisted_terms

_SPECIALTIES = [
    "internista",
    "pediatra",
    "ginekolog",
    "dermatolog",
    "okulista",
    "otolaryngolog",
    "kardiolog",
    "neurolog",
    "nefrolog",
    "ortopeda",
    "urolog",
    "chirurg ogólny",
    "chirurg dziecięcy",
    "chirurg naczyniowy",
    "psychiatra",
    "psycholog",
    "endokrynolog",
    "gastroenterolog",
    "alergolog",
    "lekarz rodzinny",
    "lekarz chorób zakaźnych",
]
_EXAMS = [
    "USG jamy brzusznej",
    "USG tarczycy",
    "USG piersi",
    "USG Doppler żył kończyn dolnych",
    "EKG spoczynkowe",
    "Echo serca",
    "RTG klatki piersiowej",
    "RTG kręgosłupa",
    "Rezonans magnetyczny głowy",
    "Rezonans magnetyczny stawu kolanowego",
    "Tomografia komputerowa głowy",
    "Morfologia krwi",
    "Badanie ogólne moczu",
    "Gastroskopia",
    "Szczepienie przeciw grypie",
]
_CITIES = {
    "Warszawa": ["Ursynów", "Wola", "Śródmieście", "Ochota"],
    "Kraków": ["Nowa Huta", "Śródmieście"],
    "Łódź": [],
    "Wrocław": [],
    "Gdańsk": ["Wrzeszcz"],
    "Gdynia": [],
    "Sopot": [],
    "Bielsko-Biała": [],
    "Nowy Sącz": [],
    "Piła": [],
    "Tychy": [],
    "Marki": [],
    "Koło": [],
    "Zielona Góra": [],
}
_DOCTORS = [
    "Anna Nowak f",
    "Jan Nowak m",
    "Ewa Nowak f",
    "Tomasz Kowalski m",
    "Maria Zięba f",
    "Adam Wrona m",
    "Karol Maj m",
    "Julia Sobota f",
    "Ewa Konieczna f",
    "Marta Konieczny f",
    "Jan Dudek m",
    "Alicja Walczak-Nowacka f",
    "Zenon Kowal m",
    "Paweł Brzęczyszczykiewicz m",
    "Marek Lis m",
    "Olga Zdrój f",
    "Piotr Król m",
]
_STREETS = {"Ursynów": "ul. Puławska 455", "Gdańska": "ul. Gdańska 80", "Opolska": "al. Opolska 114"}


def _consultation(name: str, kind: str) -> dict[str, Any]:
    label = {"onsite": "wizyta w placówce", "phone": "Konsultacja Telefoniczna"}[kind]
    specialty = {"id": name, "name": name}
    return {
        "id": f"{name}-{kind}",
        "name": f"{name} – {label}",
        "kind": kind,
        "specialty": specialty,
        "aliases": [],
    }


def _dictionaries() -> list[Term]:
    services = [_consultation(name, kind) for name in _SPECIALTIES for kind in ("onsite", "phone")]
    services += [
        {"id": name, "name": name, "kind": "exam", "specialty": None, "aliases": []} for name in _EXAMS
    ]
    doctors = []
    for entry in _DOCTORS:
        first, last, gender = entry.split()
        doctors.append(
            {"id": f"{first} {last}", "title": "dr", "first_name": first, "last_name": last, "gender": gender}
        )
    return dictionary_terms(
        services=services,
        cities=[
            {"id": name, "name": name, "aliases": [], "districts": names} for name, names in _CITIES.items()
        ],
        facilities=[{"id": n, "name": f"Centrum Medyczne {n}", "address": a} for n, a in _STREETS.items()],
        doctors=doctors,
    )


@pytest.fixture(scope="session")
def world_terms() -> list[Term]:
    listed = _dictionaries()
    return [*standing_terms(), *listed, *unlisted_terms(listed)]


@pytest.fixture(scope="session")
def lexicon(world_terms: list[Term]) -> Lexicon:
    return Lexicon.build(world_terms)


@pytest.fixture(scope="session")
def found(lexicon: Lexicon) -> Callable[[str], list[str]]:
    """Mentions of a text written short: „kind:id|id”."""

    def find(text: str) -> list[str]:
        return [short(mention) for mention in lexicon.find(text)]

    return find


def short(mention: Mention) -> str:
    """„kind:id|id” of one mention."""
    return f"{mention.kind}:{'|'.join(mention.ids)}"


@pytest.fixture(scope="session")
def names_matrix() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("names_matrix.yml").read_text(encoding="utf-8")
    )
    return loaded
