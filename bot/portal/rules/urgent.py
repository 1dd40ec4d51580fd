"""Section N: urgent help comes before everything else; where duty is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import holidays
import yaml

from bot.portal.clock import WARSAW, local
from bot.portal.rules.hours import minutes
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused

_A_WEEK_AND_MORE = 8
"""Days: every duty of the documents opens at least once within."""


class Problem(StrEnum):
    INTERNIST = "internist"
    PAEDIATRICIAN = "paediatrician"
    DENTAL = "dental"
    TRAUMA = "trauma"
    SURGERY = "surgery"


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty at a site; without hours it never closes."""

    problem: Problem
    patients: str = "all"
    free_days_only: bool = False
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class Site:
    id: str
    rule: str
    city: str
    name: str
    address: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Where to go; ``site`` is None when a phone call decides. ``until`` is the usual closing time."""

    rule: str
    site: Site | None = None
    until: time | None = None
    remedies: tuple[str, ...] = (NextStep.CALL_URGENT_HELP, NextStep.CALL_INFOLINE)


def while_urgent(red_flag: bool) -> Outcome:
    """R110, R121, R135, R145 [S1], A17: no form, limit, e-mail or booking is an answer to a red flag."""
    if not red_flag:
        return Allowed()
    return Refused("R121", "URGENT_HELP_FIRST", {}, (NextStep.CALL_EMERGENCY, NextStep.CALL_URGENT_HELP))


def on_duty(
    city: str,
    problem: Problem,
    now: datetime,
    *,
    child: bool = False,
    is_holiday: Callable[[date], bool] | None = None,
) -> OnDuty:
    """R114-R119, R122 [S1]: by town (nominative), problem, adult or child, and time.

    Every answer goes with the two numbers to call before setting out.
    """
    free = is_holiday or polish_holiday
    for site in sites():
        if site.city == city:
            for duty in site.duties:
                if _fits(duty, problem, child) and _open(duty, now, free):
                    return OnDuty(site.rule, site, duty.closes)
    if problem is Problem.DENTAL:
        return OnDuty("R122", remedies=(NextStep.CALL_URGENT_HELP,))
    by_phone = _data()["cities_by_phone"]
    if city in by_phone["names"]:
        return OnDuty(by_phone["rule"], until=_time(by_phone["until"]))
    return OnDuty("R118", remedies=(NextStep.CALL_URGENT_HELP,))


def cities() -> tuple[str, ...]:
    """Towns (nominative) of which the documents say anything: with sites, or with a word to call (R117)."""
    named = dict.fromkeys(site.city for site in sites())
    return (*named, *_data()["cities_by_phone"]["names"])


def closed_for_the_night(duty: OnDuty, now: datetime) -> bool:
    """R117 [S1]: whether the usual closing hour has passed; the small hours belong to the night before."""
    if duty.until is None:
        return False
    here = local(now).time()
    return here >= duty.until or here < _time(_data()["cities_by_phone"]["night_until"])


def next_opening(duty: Duty, now: datetime, is_holiday: Callable[[date], bool] | None = None) -> datetime:
    """When a duty with hours opens next (Europe/Warsaw); the moment itself while it is open."""
    free = is_holiday or polish_holiday
    here = local(now)
    if _open(duty, here, free) or duty.opens is None:
        return here
    for ahead in range(_A_WEEK_AND_MORE):
        start = datetime.combine(here.date() + timedelta(days=ahead), duty.opens, WARSAW)
        if start > here and _open(duty, start, free):
            return start
    raise LookupError("a duty that never opens")


def is_open(duty: Duty, moment: datetime, is_holiday: Callable[[date], bool] | None = None) -> bool:
    """R114, R122 [S1]: whether duty is kept at a moment; the opening belongs, the closing does not."""
    return _open(duty, moment, is_holiday or polish_holiday)


def serves(duty: Duty, problem: Problem | None, child: bool | None) -> bool:
    """R119 [S1]: whether a duty is for this problem and patient; None where the patient did not say."""
    if problem is not None and duty.problem is not problem:
        return False
    return child is None or duty.patients in ("all", "children" if child else "adults")


def _fits(duty: Duty, problem: Problem, child: bool) -> bool:
    return serves(duty, problem, child)


def _open(duty: Duty, now: datetime, is_holiday: Callable[[date], bool]) -> bool:
    here = local(now)
    if duty.free_days_only and here.isoweekday() < 6 and not is_holiday(here.date()):
        return False
    if duty.opens is None or duty.closes is None:
        return True
    return duty.opens <= here.time() < duty.closes


def polish_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Poland."""
    return day in _calendar()


@cache
def sites() -> tuple[Site, ...]:
    """The duty sites of the documents."""
    return tuple(
        Site(
            raw["id"],
            raw["rule"],
            raw["city"],
            raw["name"],
            raw["address"],
            tuple(_duty(item) for item in raw["duties"]),
        )
        for raw in _data()["sites"]
    )


def _duty(raw: Mapping[str, Any]) -> Duty:
    return Duty(
        Problem(raw["problem"]),
        raw.get("patients", "all"),
        raw.get("days") == "free",
        _time(raw["from"]) if "from" in raw else None,
        _time(raw["to"]) if "to" in raw else None,
    )


def _time(text: str) -> time:
    return time(*divmod(minutes(text), 60))


@cache
def _data() -> Mapping[str, Any]:
    text = files("bot.portal.rules").joinpath("on_duty.yml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def _calendar() -> Mapping[date, str]:
    calendar: Mapping[date, str] = holidays.country_holidays("PL")
    return calendar
