"""What a message says of an urgent need: where, what hurts, a child or an adult, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from bot.dialogue.turn import Turn
from bot.language.cues import cue
from bot.language.lexicon import Lexicon, dictionary_terms
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.rules.urgent import Problem, cities

CITY, OTHER_CITY, PROBLEM, CHILD, AT, DAY_ONLY = "city", "other_city", "problem", "child", "at", "day_only"
"""Facts: names of towns (nominative), a Problem, true or false, a moment, and whether only its day counts."""

_ADULT = 18
_BY_WORDS = (Problem.DENTAL, Problem.TRAUMA, Problem.SURGERY, Problem.PAEDIATRICIAN, Problem.INTERNIST)
"""The first that is heard: "złamany ząb" is the dentist's, "rana po upadku" is looked at as an injury."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The facts of one frame, typed."""

    cities: tuple[str, ...]
    other_city: str | None
    problem: Problem | None
    child: bool | None
    at: datetime
    day_only: bool

    @classmethod
    def of(cls, facts: dict[str, Any], now: datetime) -> Wanted:
        """Out of a frame; without a time it is now (Europe/Warsaw)."""
        at = datetime.fromisoformat(facts[AT]) if facts.get(AT) else now.astimezone(WARSAW)
        return cls(
            tuple(facts.get(CITY) or ()),
            facts.get(OTHER_CITY),
            Problem(facts[PROBLEM]) if facts.get(PROBLEM) else None,
            facts.get(CHILD),
            at,
            bool(facts.get(DAY_ONLY)),
        )


def read(facts: dict[str, Any], turn: Turn, now: datetime, names: Mapping[str, str] | None = None) -> bool:
    """Takes over what the message says; False when it says nothing of these.

    `names` are the portal's towns by id, where they are known: a district ("na Woli") tells its town.
    """
    before = dict(facts)
    _read_place(facts, turn, names or {})
    problem = next((each for each in _BY_WORDS if cue(f"problem_{each.value}").heard(turn.text)), None)
    if problem is not None:
        facts[PROBLEM] = problem.value
    child = _child(turn, problem)
    if child is not None:
        facts[CHILD] = child
        _same_doctor_for(facts, child, named=problem is not None)
    if turn.when is not None:
        _read_time(facts, turn.when, now)
    return facts != before


def _same_doctor_for(facts: dict[str, Any], child: bool, *, named: bool) -> None:
    """ "A dla dziecka?" after the internist asks for the paediatrician, and the other way round."""
    if not named and facts.get(PROBLEM) in (Problem.INTERNIST, Problem.PAEDIATRICIAN):
        facts[PROBLEM] = (Problem.PAEDIATRICIAN if child else Problem.INTERNIST).value


def _read_place(facts: dict[str, Any], turn: Turn, names: Mapping[str, str]) -> None:
    found = [mention for mention in _towns().find(turn.text) if not mention.negated]
    known = [name.partition("/")[0] for mention in found for name in mention.ids]  # of a district its town
    if not known:
        districts = (each.ids[0].partition("/")[0] for each in turn.said("district"))
        known = [names[town] for town in districts if names.get(town) in cities()]
    if known:
        facts[CITY] = list(dict.fromkeys(known))
        facts.pop(OTHER_CITY, None)
        return
    other = turn.said("city", "unlisted_city")
    if other:
        facts[OTHER_CITY] = other[-1].ids[0] if other[-1].kind == "unlisted_city" else other[-1].text
        facts.pop(CITY, None)


@cache
def _towns() -> Lexicon:
    """The towns of the documents in every form: the portal's dictionary is not there for a visitor (R118)."""
    return Lexicon.build(dictionary_terms(cities=[{"id": name, "name": name} for name in cities()]))


def _child(turn: Turn, problem: Problem | None) -> bool | None:
    ages = [mention.age for mention in turn.mentions if mention.age is not None]
    if ages:
        return min(ages) < _ADULT
    if cue("child_patient").heard(turn.text) or problem is Problem.PAEDIATRICIAN:
        return True
    if cue("adult_patient").heard(turn.text) or problem is Problem.INTERNIST:
        return False
    return None


def _read_time(facts: dict[str, Any], when: When, now: datetime) -> None:
    """A named day or hour; the next one from now on."""
    if not (when.has_day or when.has_hours):
        return
    day = _day(when, now.astimezone(WARSAW).date())
    hour = when.exact_time or when.time_from
    at = datetime.combine(day, hour or time(12), WARSAW)
    if hour is not None and not when.has_day and at < now:
        at += timedelta(days=1)
    facts[AT] = at.isoformat()
    facts[DAY_ONLY] = hour is None


def _day(when: When, today: date) -> date:
    if when.dates:
        return min(when.dates)
    first = max(when.date_from or today, today)
    if when.weekdays:
        return next(
            first + timedelta(days=n)
            for n in range(7)
            if (first + timedelta(days=n)).isoweekday() in when.weekdays
        )
    return first
