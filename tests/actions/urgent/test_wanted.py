"""What a message says of an urgent need."""

from datetime import date, datetime, time
from typing import Any

import pytest

from bot.actions.urgent.wanted import Wanted, read
from bot.dialogue.turn import Mention, Turn
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.rules.urgent import Problem

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)  # a Monday


def wanted(
    text: str, *mentions: Mention, when: When | None = None, facts: dict[str, Any] | None = None
) -> Wanted:
    known = dict(facts or {})
    read(known, Turn(text=text, intent="urgent_help", mentions=mentions, when=when), NOW)
    return Wanted.of(known, NOW)


@pytest.mark.parametrize(
    ("text", "problem", "child"),
    [
        ("gdzie chirurg dla dziecka w Warszawie", Problem.SURGERY, True),
        ("chirurg dla dorosłego", Problem.SURGERY, False),
        ("boli mnie ząb", Problem.DENTAL, None),
        ("syn skręcił kostkę", Problem.TRAUMA, True),
        ("pediatra w nocy", Problem.PAEDIATRICIAN, True),
        ("internista o tej porze?", Problem.INTERNIST, False),
        ("rana do zszycia, mama ma 80 lat", Problem.SURGERY, False),
        ("potrzebny dyżur", None, None),
    ],
)
def test_problem_and_person(text: str, problem: Problem | None, child: bool | None) -> None:
    need = wanted(text)
    assert (need.problem, need.child) == (problem, child)


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("dyżur w Warszawie", ("Warszawa",)),
        ("w krakowie", ("Kraków",)),
        ("w Trójmieście", ("Gdańsk", "Gdynia", "Sopot")),
        ("gdziekolwiek", ()),
    ],
)
def test_towns_of_the_documents_in_any_form(text: str, cities: tuple[str, ...]) -> None:
    assert set(wanted(text).cities) == set(cities)


def test_another_town_is_remembered_as_such() -> None:
    need = wanted("dyżur w Radomiu", Mention("unlisted_city", ("Radom",), "Radomiu", 9, 16))
    assert need.other_city == "Radom"
    assert need.cities == ()


def test_an_age_tells_a_child() -> None:
    assert (
        wanted("ma 17 lat", Mention("relation", ("child",), "siedemnastolatka", 0, 8, age=17)).child is True
    )
    assert (
        wanted("ma 18 lat", Mention("relation", ("child",), "osiemnastolatka", 0, 8, age=18)).child is False
    )


def test_a_child_after_the_internist_means_the_paediatrician() -> None:
    facts = {"city": ["Warszawa"], "problem": "internist", "child": False}
    assert wanted("a dla dziecka?", facts=facts).problem is Problem.PAEDIATRICIAN


@pytest.mark.parametrize(
    ("when", "at", "day_only"),
    [
        (None, NOW, False),
        (
            When(date_from=date(2026, 11, 29), date_to=date(2026, 11, 29)),
            datetime(2026, 11, 29, 12, tzinfo=WARSAW),
            True,
        ),
        (
            When(date_from=date(2026, 11, 29), date_to=date(2026, 11, 29), exact_time=time(19)),
            datetime(2026, 11, 29, 19, tzinfo=WARSAW),
            False,
        ),
        (When(exact_time=time(7)), datetime(2026, 11, 24, 7, tzinfo=WARSAW), False),
        (When(weekdays=frozenset({6})), datetime(2026, 11, 28, 12, tzinfo=WARSAW), True),
    ],
)
def test_the_time_asked_for(when: When | None, at: datetime, day_only: bool) -> None:
    need = wanted("dyżur", when=when)
    assert (need.at, need.day_only) == (at, day_only)


def test_a_district_tells_its_town_where_the_portal_is_known() -> None:
    said = Turn("na Woli", "urgent_help", mentions=(Mention("district", ("w1/Wola",), "Woli", 3, 7),))
    facts: dict[str, Any] = {}
    read(facts, said, NOW, {"w1": "Warszawa"})
    assert Wanted.of(facts, NOW).cities == ("Warszawa",)
