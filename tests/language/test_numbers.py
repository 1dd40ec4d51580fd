"""Numerals in words and digits."""

import pytest

from bot.language.numbers import Number, cardinal, find_number, find_numbers, number_words, ordinal

CASES = ("sg:nom", "sg:gen", "sg:dat", "sg:acc", "sg:inst", "sg:loc")


@pytest.mark.parametrize("value", range(101))
def test_cardinals_there_and_back(value: int) -> None:
    found = find_number(cardinal(value))
    assert found is not None
    assert (found.value, found.ordinal) == (value, False)


@pytest.mark.parametrize("value", range(1, 101))
def test_ordinals_there_and_back(value: int) -> None:
    found = find_number(ordinal(value))
    assert found is not None
    assert (found.value, found.ordinal) == (value, True)


@pytest.mark.parametrize(
    ("text", "value", "is_ordinal"),
    [
        ("dwiema", 2, False),
        ("dwóch", 2, False),
        ("pięciu", 5, False),
        ("trojga", 3, False),
        ("dwudziestego piątego", 25, True),
        ("trzydziestą pierwszą", 31, True),
        ("drugiej", 2, True),
        ("setnym", 100, True),
        ("dwadziescia piec", 25, False),
        ("piatego", 5, True),
        ("mam 42 pytania", 42, False),
    ],
)
def test_inflected_and_folded(text: str, value: int, is_ordinal: bool) -> None:
    found = find_number(text)
    assert found is not None
    assert (found.value, found.ordinal) == (value, is_ordinal)


def test_offsets_cover_the_words() -> None:
    text = "poproszę dwudziesty drugi termin"
    assert find_number(text) == Number(22, 9, 25, ordinal=True)
    assert text[9:25] == "dwudziesty drugi"


def test_separate_numbers_stay_separate() -> None:
    assert [number.value for number in find_numbers("dwadzieścia, pięć i dwudziesta pięć")] == [20, 5, 20, 5]


@pytest.mark.parametrize("text", ["", "nie wiem", "witamina B12", "USG3", "9" * 40, "siostra"])
def test_no_number(text: str) -> None:
    assert find_number(text) is None


def test_feminine_forms_are_known_as_such() -> None:
    table = number_words()
    assert {table[word].kind for word in ("osmej", "osma", "pietnasta", "drugiej")} == {"feminine"}
    assert {table[word].kind for word in ("osmego", "pietnastego", "drugiego")} == {"genitive"}


@pytest.mark.parametrize("value", [-1, 200])
def test_no_words_outside_the_range(value: int) -> None:
    with pytest.raises(ValueError, match="words"):
        cardinal(value)
    with pytest.raises(ValueError, match="ordinal"):
        ordinal(value)
