"""Stories, as against requests and questions; marks."""

from __future__ import annotations

import pytest

from bot.language.rating import find_rating
from bot.language.telling import questions, tells


@pytest.mark.parametrize(
    "text",
    [
        "Czekałam godzinę i nikt nie przeprosił",
        "czekalam dwie godziny pod gabinetem",
        "pani w recepcji mnie wyzwala, chce to zglosic",
        "kazano mi wyjść z gabinetu",
        "gdzie był lekarz?? pięćdziesiąt osób czekało pod gabinetem i nikt nam nic nie powiedział, co to ma być?",
    ],
)
def test_a_story(text: str) -> None:
    assert tells(text)


@pytest.mark.parametrize(
    "text",
    [
        "chciałabym umówić wizytę na jutro",
        "chce zlozyc skarge na lekarza",
        "umów mnie do dermatologa w Gdańsku na piątek",
        "a ile się czeka na odpowiedź?",
        "dzial rehabilitacji w Krakowie na jutro",
        "zgubiłam",
    ],
)
def test_no_story(text: str) -> None:
    assert not tells(text)


def test_questions() -> None:
    assert questions("jak długo to trwa")
    assert not questions("lekarz nie przyszedł")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("5/5 dla pana doktora", 5),
        ("9 na 10", 5),
        ("czwórka", 4),
        ("trzy gwiazdki", 3),
        ("oceniam na 2", 2),
        ("daję szóstkę", 5),
        ("byłem o 5 rano", None),
    ],
)
def test_a_mark(text: str, mark: int | None) -> None:
    assert find_rating(text) == mark


def test_a_bare_mark_only_where_it_was_asked_for() -> None:
    assert find_rating("4") is None
    assert find_rating("4", asked=True) == 4
