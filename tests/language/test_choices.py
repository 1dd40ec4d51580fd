"""Picking from a numbered list."""

import pytest

from bot.language.choices import Choice, find_choice

ANY = Choice(None, any=True)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("2", 1),
        ("2.", 1),
        ("nr 3", 2),
        ("numer 3 poproszę", 2),
        ("opcja 1", 0),
        ("opcja nr 4", 3),
        ("poproszę 2", 1),
        ("niech będzie 3", 2),
        ("trzy", 2),
        ("ten drugi", 1),
        ("ten drugi poproszę", 1),
        ("druga", 1),
        ("drugą opcję", 1),
        ("DRUGA OPCJA", 1),
        ("druga propozycja mi pasuje", 1),
        ("ten pierwszy", 0),
        ("pierwszy", 0),
        ("to ja wezmę ten trzeci", 2),
        ("czwartego", 3),
        ("piaty", 4),
        ("ostatni", 4),
        ("ta ostatnia", 4),
        ("ostatniego", 4),
        ("przedostatni", 3),
        ("środkowy", 2),
        ("ten srodkowy", 2),
        ("dwójka", 1),
        ("biorę trójkę", 2),
        ("jedynke", 0),
        ("nie pierwszy, tylko drugi", 1),
        ("nie, drugi", 1),
        ("nie ten pierwszy tylko trzeci", 2),
        ("dobra, to drugi", 1),
    ],
)
def test_picked(text: str, index: int) -> None:
    assert find_choice(text, 5) == Choice(index)


@pytest.mark.parametrize(
    "text",
    [
        "obojętnie który",
        "obojetnie",
        "dowolny",
        "wszystko jedno",
        "którykolwiek",
        "bez różnicy",
        "pierwszy lepszy",
    ],
)
def test_any_will_do(text: str) -> None:
    found = find_choice(text, 3)
    assert found is not None
    assert found.any or found.index == 0


def test_any_is_any() -> None:
    assert find_choice("obojętnie który", 3) == ANY
    assert find_choice("wszystko mi jedno", 3) == ANY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tak",
        "15.30",
        "o 2",
        "o drugiej",
        "2 lata",
        "mam 2 dzieci",
        "od drugiego grudnia",
        "drugiego grudnia",
        "2 grudnia",
        "3 tabletki",
        "druga opinia",
        "pierwszy raz",
        "drugi tydzień",
        "za drugim razem",
        "po pierwsze nie wiem",
        "po drugiej",
        "do pierwszego",
        "12",
        "szósty",
        "nie pierwszy",
        "pierwszy albo drugi",
        "3.12",
        "0",
        "601 202 303",
        "boli mnie druga noga",
        "w pierwszej kolejności",
        "piątek też odpada",
        "jednak piątek i w Krakowie",
    ],
)
def test_no_pick(text: str) -> None:
    assert find_choice(text, 5) is None


def test_beyond_the_list() -> None:
    assert find_choice("ten trzeci", 2) is None
    assert find_choice("przedostatni", 1) is None
    assert find_choice("ostatni", 1) == Choice(0)
    assert find_choice("pierwszy", 0) is None


def test_the_middle_needs_an_odd_list() -> None:
    assert find_choice("środkowy", 4) is None
    assert find_choice("środkowy", 3) == Choice(1)
