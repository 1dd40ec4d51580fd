"""For whom the visit is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.actions.booking.who import NotOnAccountError, fitting, in_passing, read_who, suits
from bot.dialogue.turn import Turn
from bot.portal.models import AgeRange, Dependant, Gender, Service, ServiceKind

ZOSIA = Dependant(id="z", first_name="Zofia", age=6, gender=Gender.FEMALE, relation="daughter")
ANTEK = Dependant(id="a", first_name="Antoni", age=9, gender=Gender.MALE, relation="son")
MOTHER = Dependant(id="m", first_name="Halina", age=70, gender=Gender.FEMALE, relation="mother")
FAMILY = (ZOSIA, ANTEK, MOTHER)


def read(turn: Turn, people: tuple[Dependant, ...] = FAMILY, **known: Any) -> tuple[dict[str, Any], bool]:
    found = read_who(known, turn, people)
    return known, found


def test_nobody_is_named(said: Callable[..., Turn]) -> None:
    assert read(said("jutro rano")) == ({}, False)


def test_for_oneself(said: Callable[..., Turn]) -> None:
    turn = said("dla mnie", ("relation", "self", "mnie"))
    assert read(turn, who="dependant:0") == ({"who": "self"}, True)


@pytest.mark.parametrize(
    ("text", "relation", "who"),
    [
        ("dla córki", "daughter", "dependant:0"),
        ("synowi", "son", "dependant:1"),
        ("mama", "mother", "dependant:2"),
    ],
)
def test_a_relation_that_means_one(said: Callable[..., Turn], text: str, relation: str, who: str) -> None:
    word = text.split()[-1]
    assert read(said(text, ("relation", relation, word))) == ({"who": who}, True)


def test_a_word_for_several_leaves_it_open(said: Callable[..., Turn]) -> None:
    turn = said("dla dziecka", ("relation", "child", "dziecka"))
    assert read(turn, who="self") == ({"who_candidates": ["dependant:0", "dependant:1"]}, True)


@pytest.mark.parametrize(("years", "found"), [(6, ["dependant:0"]), (8, ["dependant:1"]), (3, [])])
def test_an_age_tells_children_apart(said: Callable[..., Turn], years: int, found: list[str]) -> None:
    child = replace(said("sześciolatka", ("relation", "child", "sześciolatka")).mentions[0], age=years)
    assert fitting(child, FAMILY) == found


def test_by_name_in_another_case(said: Callable[..., Turn]) -> None:
    assert read(said("dla Zofii")) == ({"who": "dependant:0"}, True)


def test_not_for_oneself_asks_for_whom(said: Callable[..., Turn]) -> None:
    turn = said("to nie dla mnie", not_=[("relation", "self", "mnie")])
    known, found = read(turn, who="self")
    assert found
    assert known == {"who_candidates": ["dependant:0", "dependant:1", "dependant:2"]}


def test_somebody_who_is_not_on_the_account(said: Callable[..., Turn]) -> None:
    with pytest.raises(NotOnAccountError):
        read(said("dla męża", ("relation", "husband", "męża")))


@pytest.mark.parametrize(
    ("text", "relation", "word"),
    [
        ("córka mi poradziła dermatologa", "daughter", "córka"),
        ("mam skierowanie od syna", "son", "syna"),
        ("na Woli, bo tam brat mieszka", "brother", "brat"),
        ("ja we wtorki mam wnuka", "grandson", "wnuka"),
        ("córka mówi tato ty musisz iść do laryngologa", "father", "tato"),
        ("a ona do mnie: mamo, zapisz się wreszcie", "mother", "mamo"),
        ("byłam u córki i trzeba mi okulisty", "daughter", "córki"),
        ("żona mnie wysłała do kardiologa", "wife", "żona"),
        ("dla mnie lepiej rano", "self", "mnie"),
        ("dla mnie za wcześnie", "self", "mnie"),
    ],
)
def test_somebody_in_passing(said: Callable[..., Turn], text: str, relation: str, word: str) -> None:
    turn = said(text, ("relation", relation, word))
    assert in_passing(text, turn.mentions[0])
    assert read(turn) == ({}, False)


@pytest.mark.parametrize(
    ("text", "relation", "word"),
    [
        ("dla syna", "son", "syna"),
        ("dla mnie za tydzień", "self", "mnie"),
        ("mam chorego syna", "son", "syna"),
        ("mój tato potrzebuje kardiologa", "father", "tato"),
        ("mama musi iść do okulisty", "mother", "mama"),
    ],
)
def test_somebody_who_is_meant(said: Callable[..., Turn], text: str, relation: str, word: str) -> None:
    assert not in_passing(text, said(text, ("relation", relation, word)).mentions[0])


@pytest.mark.parametrize(("age", "fits"), [(17, False), (18, True), (None, True)])
def test_age(age: int | None, fits: bool) -> None:
    adults = Service(id="x", name="x", kind=ServiceKind.ONSITE, age=AgeRange(min=18))
    assert suits(age, adults) is fits
    assert suits(age, None)
