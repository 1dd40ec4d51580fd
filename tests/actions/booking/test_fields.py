"""Corrections by the name of what is wrong."""

import pytest

from bot.actions.booking.fields import named


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("chcę zmienić miasto", "city"),
        ("nie ta miejscowość", "city"),
        ("miasto i placówka", "city"),
        ("dzień dobry, to nie to miasto", "city"),
        ("nie ta przychodnia", "place"),
        ("pomyliłem datę", "when"),
        ("zmień godzinę", "when"),
        ("zły dzień", "when"),
        ("to nie ta osoba", "who"),
        ("jednak inny specjalista", "service"),
    ],
)
def test_named(text: str, field: str) -> None:
    assert named(text) == field


@pytest.mark.parametrize("text", ["", "coś innego", "i godzina, i osoba"])
def test_nothing_or_several(text: str) -> None:
    assert named(text) is None


def test_a_greeting_names_no_day() -> None:
    assert named("dzień dobry") is None
