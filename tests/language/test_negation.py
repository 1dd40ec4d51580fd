from pathlib import Path

import pytest
import yaml

from bot.language.lexicon import Lexicon, Mention, PersonName, Term, dictionary_terms, standing_terms
from bot.language.negation import scopes

_CASES: list[tuple[str, str]] = [
    (text, expected)
    for text, expected in yaml.safe_load(
        Path(__file__).with_name("negation_cases.yml").read_text(encoding="utf-8")
    )
]
_MARKS = {"not": "!", "instead": "+"}


@pytest.fixture(scope="module")
def names() -> Lexicon:
    doctors = [("Tomasz", "Kowalski", "m"), ("Anna", "Nowak", "f"), ("Ewa", "Wrońska", "f")]
    specialties = ("dermatolog", "okulista")
    return Lexicon.build(
        [
            *standing_terms(),
            *(Term("specialty", name, name) for name in specialties),
            *dictionary_terms(cities=[{"id": name, "name": name} for name in ("Warszawa", "Łódź")]),
            *(
                Term(
                    "doctor", f"{a} {b}", f"{a} {b}", person=PersonName("dr", a, b, "f" if g == "f" else "m")
                )
                for a, b, g in doctors
            ),
        ]
    )


def _marked(mention: Mention) -> str:
    mark = _MARKS[mention.contrast] if mention.contrast else "-" if mention.negated else ""
    return mark + mention.ids[0].replace(" ", "_")


@pytest.mark.parametrize(("text", "expected"), _CASES)
def test_what_a_refusal_reaches(names: Lexicon, text: str, expected: str) -> None:
    assert " ".join(_marked(mention) for mention in names.find(text) if mention.kind != "refine") == expected


@pytest.mark.parametrize(
    "text", ["", "nie", "nie nie nie", "tylko nie", "zamiast", "byle nie", "nie,", "oprócz"]
)
def test_a_cue_with_nothing_to_reach(text: str) -> None:
    assert all(scope.start < scope.end <= len(text) for scope in scopes(text))


def test_scopes_are_in_order_and_inside() -> None:
    text = "Nie chcę do Kowalskiego, tylko do Nowak, byle nie w poniedziałek."
    found = scopes(text)
    assert [scope.start for scope in found] == sorted(scope.start for scope in found)
    assert {text[scope.start : scope.end] for scope in found if scope.kind == "not"} == {"do Kowalskiego"}


def test_a_hostile_text_takes_linear_time() -> None:
    assert len(scopes("nie chcę, " * 400)) <= 800
