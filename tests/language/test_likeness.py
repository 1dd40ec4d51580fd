"""Names of the same thing, in any form and spelling."""

import pytest

from bot.language.likeness import alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wyniki krwi", "morfologia krwi"),
        ("usuń rtg kolana", "RTG prawego kolana"),
        ("znamieniem", "Znamię na ramieniu"),
        ("karte wypisowa", "Karta wypisowa"),
    ],
)
def test_the_same_thing(one: str, other: str) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("wynik badania", "badanie moczu"), ("plik", "plik z USG"), ("tarczyca", "kolano")]
)
def test_words_of_any_document_tell_nothing(one: str, other: str) -> None:
    assert not alike(one, other)
