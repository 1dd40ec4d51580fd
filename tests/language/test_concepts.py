"""Concepts of words and phrases, in every inflected form."""

import json

import pytest

from bot.language.concepts import Concepts, concepts
from bot.language.data import load
from bot.language.text import folded_words


def meant(text: str, known: Concepts | None = None) -> set[str]:
    found = (known or concepts()).find(folded_words(text))
    return {concept for meanings in found for concept in meanings}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("rezygnuję z jutrzejszego terminu", "call_off"),
        ("odwolalbym", "call_off"),
        ("Nie dam rady przyjść", "cannot_come"),
        ("niestety wypadlo mi cos waznego", "cannot_come"),
        ("boli mnie kolano", "pain"),
        ("z moją córeczką", "child"),
        ("ile zaplace za wizyte", "ask_how_much"),
        ("zapomniałam hasła", "login_trouble"),
        ("mój królik jest chory", "animal"),
        ("odwołaliście mi wizytę", "clinic_cancelled"),
    ],
)
def test_forms_and_phrases_have_their_concept(text: str, concept: str) -> None:
    assert concept in meant(text)


def test_longest_phrase_wins() -> None:
    known = Concepts.of_entries({"refuse": ["nie"], "cannot": ["nie mogę"], "can": ["móc"]})
    assert known.find(["nie", "moge", "nie"]) == [["cannot"], ["refuse"]]
    assert known.find(["mozemy"]) == [["can"]]


def test_a_phrase_that_is_not_finished_gives_its_words() -> None:
    known = Concepts.of_entries({"a": ["karta"], "b": ["karta ciąży"]})
    assert known.find(folded_words("kartą płacę, a karty ciąży nie mam")) == [["a"], ["b"]]


def test_a_word_of_several_concepts_has_them_all() -> None:
    known = Concepts.of_entries({"b": ["kontrola"], "a": ["kontrola"]})
    assert known.find(["kontroli"]) == [["a", "b"]]


def test_as_written_means_no_other_form() -> None:
    known = Concepts.of_entries({"clinic_cancelled": ["=odwołano"]})
    assert meant("odwołano", known) == {"clinic_cancelled"}
    assert meant("odwołać", known) == set()


def test_negated_participles_are_no_forms() -> None:
    assert meant("nieopłacony", Concepts.of_entries({"pay": ["opłacić"]})) == set()


def test_read_back_from_json_it_finds_the_same() -> None:
    arrays, content = concepts().parts()
    stored = Concepts.from_parts(arrays, json.loads(json.dumps(content)))
    text = folded_words("nie dam rady przyjść na kontrolę, proszę o zwrot pieniędzy")
    assert stored.find(text) == concepts().find(text)


def test_every_entry_is_found_as_it_is_written() -> None:
    for concept, entries in load("concepts")["concepts"].items():
        for entry in entries:
            assert concept in meant(entry), f"{concept}: {entry}"


def test_no_entry_stands_twice_in_a_concept() -> None:
    for concept, entries in load("concepts")["concepts"].items():
        assert len(entries) == len(set(entries)), concept
