"""Typing errors: where they may fall, and that they repeat."""

import random

import pytest

from bot.language.text import words
from bot.nlu.features import Token, Views
from bot.nlu.slips import Perturbation, misspell, perturb, spoiled_copy, strip_letters

TEXT = "Chciałabym przełożyć wizytę u okulisty, może być w środę?"


def changed(before: str, after: str) -> int:
    pairs = zip(words(before), words(after), strict=True)
    return sum(one.text != other.text for one, other in pairs)


@pytest.mark.parametrize("seed", range(40))
def test_one_slip_is_one_edit(seed: int) -> None:
    word = "wizyta"
    spoiled = misspell(word, random.Random(seed))
    assert spoiled != word
    assert spoiled[0] == word[0]
    assert abs(len(spoiled) - len(word)) <= 1
    assert len(set(spoiled) - set(word)) <= 1


@pytest.mark.parametrize(
    ("how", "expected"),
    [(Perturbation.ONE_TYPO, 1), (Perturbation.TWO_TYPOS, 2)],
)
@pytest.mark.parametrize("seed", range(10))
def test_as_many_words_suffer_as_asked(how: Perturbation, expected: int, seed: int) -> None:
    assert changed(TEXT, perturb(TEXT, how, random.Random(seed))) == expected


def test_stripping_letters_keeps_the_rest() -> None:
    assert strip_letters("Źdźbło, ŁÓDŹ i 15:30?") == "Zdzblo, LODZ i 15:30?"
    assert perturb(TEXT, Perturbation.LETTERS, random.Random(1)) == strip_letters(TEXT)


def test_short_messages_survive() -> None:
    assert perturb("tak", Perturbation.TWO_TYPOS, random.Random(1)) == "tak"
    assert perturb("", Perturbation.ONE_TYPO, random.Random(1)) == ""


def test_the_same_seed_gives_the_same_slip() -> None:
    once, again = (perturb(TEXT, Perturbation.TWO_TYPOS, random.Random(7)) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("seed", range(10))
def test_training_copies_spare_names(seed: int) -> None:
    views = Views((Token("wizyta"), Token("dermatologa", "specialty")), ("?",))
    copy = spoiled_copy(views, random.Random(seed))
    assert copy.tokens[1] == views.tokens[1]
    assert copy.tokens[0].text != "wizyta"
    assert copy.marks in (("?",), ())
