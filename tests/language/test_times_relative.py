"""Times said by another one, against a visit on Wednesday 2 December 2026 at 10:20."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.language.times import relative_wish
from bot.language.times.model import WARSAW

START = datetime(2026, 12, 2, 10, 20, tzinfo=WARSAW)


def _day(number: int) -> date:
    return date(2026, 12, number)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("tydzień później", _day(9), _day(9)),
        ("przesuń o tydzień do przodu", _day(9), _day(9)),
        ("przełóż dermatologa o 2 tygodnie", _day(16), _day(16)),
        ("dzien wczesniej", _day(1), _day(1)),
        ("o dwa dni później", _day(4), _day(4)),
        ("kilka dni później", _day(4), _day(7)),
        ("na następny dzień", _day(3), _day(3)),
        ("tego samego dnia, ale później", _day(2), _day(2)),
        ("o godzinę później", _day(2), _day(2)),
        ("moge prosic o inna godzine tego dnia", _day(2), _day(2)),
        ("przełóż o jeden dzień", _day(3), _day(3)),
    ],
)
def test_days(text: str, first: date, last: date) -> None:
    wish = relative_wish(text, START)
    assert wish is not None
    assert (wish.date_from, wish.date_to) == (first, last)


@pytest.mark.parametrize(
    ("text", "early", "late"),
    [
        ("o tej samej porze", time(8, 50), time(11, 50)),
        ("w piątek o tej samej godzinie", time(8, 50), time(11, 50)),
        ("o godzinę później", time(10, 50), time(11, 50)),
        ("o pół godziny wcześniej", time(9, 35), time(10, 5)),
        ("tego samego dnia, ale później", time(10, 21), None),
    ],
)
def test_hours(text: str, early: time, late: time | None) -> None:
    wish = relative_wish(text, START)
    assert wish is not None
    assert (wish.time_from, wish.time_to) == (early, late)


@pytest.mark.parametrize(
    "text",
    [
        "za tydzień",
        "przełóż na piątek o godzinie 15",
        "na cały dzień jestem zajęta",
        "w przyszłym tygodniu po południu",
        "dobrze, niech będzie",
        "proszę o dłuższą wizytę, całą godzinę",
    ],
)
def test_what_is_no_relation(text: str) -> None:
    assert relative_wish(text, START) is None


def test_another_day_leaves_out_the_day_of_the_visit() -> None:
    wish = relative_wish("ten sam lekarz, inny dzień", START)
    assert wish is not None
    assert not wish.allows(START)
    assert wish.allows(START.replace(day=3))
