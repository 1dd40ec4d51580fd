"""Times of a reason are no wishes: „po południu, bo rano mam wnuki”."""

from datetime import date, datetime, time

import pytest

from bot.language.times import When, find_times, to_when, without_reasons
from bot.language.times.model import WARSAW

NOW = datetime(2026, 11, 23, 9, tzinfo=WARSAW)  # a Monday


def _wish(text: str) -> When:
    wish = to_when(without_reasons(text, find_times(text, NOW)), NOW)
    assert wish is not None
    return wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("wieczorem, bo po południu mam korepetycje", When(time_from=time(18), time_to=time(22))),
        ("po 17 bo do 16 siedzę w pracy", When(time_from=time(17))),
        ("coś później, bo pracuję do 15", When(time_from=time(15))),
        ("inny dzień bo w czwartki pilnuję wnuczki", When(excluded_weekdays=frozenset({4}))),
        ("nie pasuje, bo jutro wyjeżdżamy", When(excluded_dates=frozenset({date(2026, 11, 24)}))),
    ],
)
def test_what_keeps_somebody_busy_is_no_wish(text: str, wish: When) -> None:
    assert _wish(text) == wish


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("na pojutrze, bo boli od trzech tygodni", date(2026, 11, 25)),
        ("z czwartku, bo w czwartek pracuję, na piątek", date(2026, 11, 27)),
        ("kiedy indziej, bo dopiero w środę mam wolne", date(2026, 11, 25)),
        ("bo rano mam zajęcia, ale w piątek mogę", date(2026, 11, 27)),
        ("skoro jutro nic nie ma, to pojutrze", date(2026, 11, 25)),
    ],
)
def test_what_is_wished_for_stays(text: str, day: date) -> None:
    wish = _wish(text)
    assert (wish.date_from, wish.date_to) == (day, day)
