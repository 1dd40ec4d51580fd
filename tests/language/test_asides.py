"""What short questions ask about whatever is talked about."""

from __future__ import annotations

import pytest

from bot.language.asides import find_aside, names_of_asides

ASKED = [
    ("a jak długo to potrwa?", "duration"),
    ("ile mniej wiecej sie czeka", "duration"),
    ("kiedy odpowiedzą?", "duration"),
    ("a do kiedy mi odpiszą", "duration"),
    ("muszę coś za to zapłacić?", "cost"),
    ("a to jest za darmo?", "cost"),
    ("ok, a ile kosztuje", "cost"),
    ("a do kiedy mogę to zrobić?", "deadline"),
    ("na jak długo to jest ważne?", "deadline"),
    ("gdzie to potem zobaczę?", "where"),
    ("a kto to będzie widział?", "who_sees"),
    ("czy to anonimowe", "who_sees"),
    ("jakie papiery są potrzebne", "papers"),
    ("mogę jeszcze coś dopisać później?", "more"),
    ("a da się to cofnąć?", "undo"),
    ("i co dalej?", "next"),
    ("a potrzebne skierowanie?", "referral"),
    ("trzeba najpierw zadzwonić?", "call_first"),
    ("a co mi to da?", "gain"),
]


@pytest.mark.parametrize(("text", "asked"), ASKED)
def test_a_bare_question_is_heard(text: str, asked: str) -> None:
    found = find_aside(text)
    assert found is not None
    assert asked in found.asks
    assert found.names == ()


def test_two_questions_in_one_message() -> None:
    found = find_aside("a ile to trwa i czy trzeba płacić?")
    assert found is not None
    assert {"duration", "cost"} == set(found.asks)


@pytest.mark.parametrize(
    ("text", "person", "asks"),
    [
        ("a moja córka 16 lat też może?", "córka", True),
        ("a za mamę też mogę?", "mamę", True),
        ("a dla córki?", "córki", False),
        ("moja córka ma gorączkę", "córka", False),
    ],
)
def test_may_somebody_else(text: str, person: str, asks: bool) -> None:
    at = text.index(person)
    found = find_aside(text, [(at, at + len(person))])
    assert (found is not None and found.asks == ("for_other",)) == asks


@pytest.mark.parametrize(
    "text",
    [
        "gotowe",
        "tak",
        "mbank",
        "jutro po 15",
        "lekarz się spóźnił",
        "umów mnie do kardiologa",
        "kiedy mam wizytę?",
    ],
)
def test_other_messages_ask_nothing_of_the_kind(text: str) -> None:
    assert find_aside(text) is None


def test_what_it_is_about_is_left_over() -> None:
    found = find_aside("ile kosztuje rezonans kolana?")
    assert found is not None
    assert found.names == ("rezonans", "kolana")


def test_names_are_known() -> None:
    assert {asked for _, asked in ASKED} <= names_of_asides()
