"""A question that a yes or a no does not answer, told by how it begins."""

from __future__ import annotations

import pytest

from bot.language.cues import cue
from bot.language.questions import asks, looks_like_question


@pytest.mark.parametrize(
    "text", ["a ile się czeka", "kto to w ogóle czyta?", "ale jak długo?", "gdzie to jest"]
)
def test_questions(text: str) -> None:
    assert looks_like_question(text)


@pytest.mark.parametrize(
    "text", ["może być mailem?", "nie wiem kiedy", "wczoraj", "lekarz nie wiedział, co robi", ""]
)
def test_others(text: str) -> None:
    assert not looks_like_question(text)


def test_a_co_behind_a_noun_asks_nothing() -> None:
    assert not asks("chcę potwierdzić rezerwację co mam")
    assert asks("chcę wiedzieć co mam zabrać")


@pytest.mark.parametrize("text", ["pzełożyć okulistę", "przlożyć mi to"])
def test_one_slip_of_the_hand_is_nearly_the_word(text: str) -> None:
    assert cue("puts_off").nearly(text)
    assert not cue("puts_off").heard(text)


def test_short_and_other_words_are_not_near() -> None:
    assert not cue("puts_off").nearly("położyć się, założyć konto, złożyć wniosek")
