from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from bot.portal.rules.outcome import Allowed, NextStep, Refused
from bot.portal.rules.urgent import (
    Duty,
    Problem,
    cities,
    closed_for_the_night,
    is_open,
    next_opening,
    on_duty,
    polish_holiday,
    serves,
    sites,
    while_urgent,
)


def test_r121_nothing_but_help_answers_a_red_flag() -> None:
    assert while_urgent(False) == Allowed()
    outcome = while_urgent(True)
    assert isinstance(outcome, Refused)
    assert outcome.remedies == (NextStep.CALL_EMERGENCY, NextStep.CALL_URGENT_HELP)


@pytest.mark.parametrize(
    ("problem", "child", "rule", "site"),
    [
        (Problem.SURGERY, True, "R115", "carolina"),
        (Problem.SURGERY, False, "R116", "szpital_sw_elzbiety"),
        (Problem.TRAUMA, True, "R115", "carolina"),
        (Problem.TRAUMA, False, "R115", "carolina"),
        (Problem.INTERNIST, False, "R114", "lux_med_1_sierpnia"),
        (Problem.PAEDIATRICIAN, True, "R114", "lux_med_1_sierpnia"),
    ],
)
def test_r119_warsaw_by_problem_and_age_at_any_hour(
    problem: Problem, child: bool, rule: str, site: str, warsaw: Callable[..., datetime]
) -> None:
    for moment in (warsaw(2026, 11, 23, 3), warsaw(2026, 11, 22, 15)):
        duty = on_duty("Warszawa", problem, moment, child=child)
        assert duty.rule == rule
        assert duty.site is not None
        assert duty.site.id == site
        assert duty.remedies == (NextStep.CALL_URGENT_HELP, NextStep.CALL_INFOLINE)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "open_"),
    [
        (22, 8, 0, True),  # Sunday
        (22, 19, 59, True),
        (22, 20, 0, False),
        (22, 7, 59, False),
        (21, 12, 0, True),  # Saturday
        (23, 12, 0, False),  # Monday
        (11, 12, 0, True),  # Wednesday, Independence Day
    ],
)
def test_r114_r122_dental_duty_on_free_days(
    day: int, hour: int, minute: int, open_: bool, warsaw: Callable[..., datetime]
) -> None:
    duty = on_duty("Warszawa", Problem.DENTAL, warsaw(2026, 11, day, hour, minute))
    if open_:
        assert duty.site is not None
        assert (duty.rule, duty.until) == ("R114", time(20))
    else:
        assert (duty.rule, duty.site, duty.remedies) == ("R122", None, (NextStep.CALL_URGENT_HELP,))


def test_holidays_can_be_given(warsaw: Callable[..., datetime]) -> None:
    monday = warsaw(2026, 11, 23, 12)
    assert on_duty("Warszawa", Problem.DENTAL, monday, is_holiday=lambda day: True).site is not None


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 1, 6), True),
        (date(2026, 4, 6), True),  # Easter Monday
        (date(2026, 6, 4), True),  # Corpus Christi
        (date(2026, 12, 24), True),  # since 2025
        (date(2024, 12, 24), False),
        (date(2026, 11, 12), False),
    ],
)
def test_polish_holidays(day: date, holiday: bool) -> None:
    assert polish_holiday(day) is holiday


@pytest.mark.parametrize("city", ["Kraków", "Gdynia", "Poznań", "Wrocław", "Katowice"])
def test_r117_other_cities_have_no_address_to_give(city: str, warsaw: Callable[..., datetime]) -> None:
    duty = on_duty(city, Problem.TRAUMA, warsaw(2026, 11, 23, 12))
    assert (duty.rule, duty.site, duty.until) == ("R117", None, time(22))
    assert NextStep.CALL_INFOLINE in duty.remedies


def test_r118_elsewhere_the_urgent_line(warsaw: Callable[..., datetime]) -> None:
    duty = on_duty("Płock", Problem.TRAUMA, warsaw(2026, 11, 23, 12))
    assert (duty.rule, duty.site, duty.remedies) == ("R118", None, (NextStep.CALL_URGENT_HELP,))


def test_r114_next_opening_is_the_next_free_day(warsaw: Callable[..., datetime]) -> None:
    dental = next(duty for site in sites() for duty in site.duties if duty.problem is Problem.DENTAL)
    assert next_opening(dental, warsaw(2026, 11, 22, 20, 30)) == warsaw(
        2026, 11, 28, 8
    )  # Sunday, after hours
    assert next_opening(dental, warsaw(2026, 11, 10, 12)) == warsaw(2026, 11, 11, 8)  # a public holiday
    assert next_opening(dental, warsaw(2026, 11, 22, 9)) == warsaw(2026, 11, 22, 9)  # open now
    assert is_open(dental, warsaw(2026, 11, 22, 8))
    assert not is_open(dental, warsaw(2026, 11, 22, 20))


@pytest.mark.parametrize(("hour", "closed"), [(21, False), (22, True), (3, True), (6, False)])
def test_r117_designated_facilities_close_for_the_night(
    hour: int, closed: bool, warsaw: Callable[..., datetime]
) -> None:
    now = warsaw(2026, 11, 24, hour)
    assert closed_for_the_night(on_duty("Poznań", Problem.INTERNIST, now), now) is closed


def test_r119_a_duty_serves_whom_it_is_for() -> None:
    children = Duty(Problem.SURGERY, "children")
    assert serves(children, Problem.SURGERY, True)
    assert serves(children, None, None)
    assert not serves(children, Problem.SURGERY, False)
    assert not serves(children, Problem.TRAUMA, True)


def test_towns_are_those_of_the_documents() -> None:
    assert cities()[0] == "Warszawa"
    assert {"Kraków", "Gdynia", "Sopot", "Katowice"} <= set(cities())
