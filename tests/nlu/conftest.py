"""A small world of names for the tests of understanding."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.language.lexicon import Lexicon
from bot.nlu import dictionaries
from bot.nlu.dictionaries import Dictionaries, DictionaryHolder, build_lexicon

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Warsaw"))


def consultation(key: str, name: str) -> dict[str, object]:
    return {"id": f"{key}-onsite", "name": name, "kind": "onsite", "specialty": {"id": key, "name": name}}


def world() -> Dictionaries:
    """Lists as the portal's API returns them."""
    return {
        "services": [
            consultation("dermatolog", "dermatolog"),
            consultation("okulista", "okulista"),
            {"id": "morfologia", "name": "morfologia krwi", "kind": "exam", "specialty": None},
        ],
        "cities": [
            {"id": "gdansk", "name": "Gdańsk", "districts": ["Wrzeszcz"]},
            {"id": "lodz", "name": "Łódź", "districts": []},
        ],
        "facilities": [],
        "doctors": [
            doctor("1", "Anna", "Nowak", "f"),
            doctor("2", "Piotr", "Nowak", "m"),
            doctor("3", "Ewa", "Maj", "f"),
        ],
    }


def doctor(key: str, first: str, last: str, gender: str) -> dict[str, object]:
    return {"id": key, "title": "lek.", "first_name": first, "last_name": last, "gender": gender}


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return build_lexicon(world())


@pytest.fixture
def empty_holder(monkeypatch: pytest.MonkeyPatch) -> DictionaryHolder:
    """The process's holder, as it is in a fresh process."""
    fresh = DictionaryHolder()
    monkeypatch.setattr(dictionaries, "_HOLDER", fresh)
    return fresh
