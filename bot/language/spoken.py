"""Pieces of spoken Polish: dates, hours, plurals and lists. All times are in Europe/Warsaw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.language.morphology import Form, forms

_WARSAW = ZoneInfo("Europe/Warsaw")
_MINUTES_IN_HOUR = 60


def spoken_date(day: date, today: date) -> str:
    """„jutro, we wtorek 24 listopada”; the year only when it is not this one."""
    near = _data()["near"].get((day - today).days)
    named = f"{weekday_on(day)} {day_and_month(day)}{_year(day, today)}"
    return phrase("near_date", near=near, date=named) if near else named


def spoken_time(moment: time) -> str:
    """„15:30”."""
    return moment.strftime("%H:%M").removeprefix("0")


def spoken_slot(start: datetime, now: datetime) -> str:
    """„we wtorek 24 listopada o 15:30”; both aware, ValueError otherwise."""
    local, today = _local(start), _local(now).date()
    return phrase("slot", date=spoken_date(local.date(), today), time=spoken_time(local.time()))


def short_slot(start: datetime, now: datetime) -> str:
    """„wt. 24.11, 15:30”, for a button; both aware, ValueError otherwise."""
    local, today = _local(start), _local(now).date()
    year = f".{local.year}" if local.year != today.year else ""
    weekday = _data()["weekdays_short"][local.isoweekday()]
    return f"{weekday} {local.day}.{local.month:02}{year}, {spoken_time(local.time())}"


def spoken_range(first: date, last: date) -> str:
    """„od 24 do 28 listopada”; both ends inclusive, years only when the ends differ in it."""
    if first == last:
        return day_and_month(first)
    if (first.year, first.month) == (last.year, last.month):
        return phrase("range_in_month", first=str(first.day), last=day_and_month(last))
    years = first.year != last.year
    ends = [day_and_month(day) + (f" {day.year}" if years else "") for day in (first, last)]
    return phrase("range", first=ends[0], last=ends[1])


def plural(n: int, one: str, few: str, many: str) -> str:
    """The form that goes with the number: 1 plik, 2 pliki, 5 plików."""
    n = abs(n)
    if n == 1:
        return one
    if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
        return few
    return many


def counted(n: int, noun: str) -> str:
    """„2 pliki”, „5 wolnych terminów”; the noun with its adjectives is given in the dictionary form.

    A word that SGJP does not know stays as it is.
    """
    return f"{n} {plural(n, noun, _agreeing(noun, few=True), _agreeing(noun, few=False))}"


def spoken_duration(minutes: int) -> str:
    """„5 godzin i 59 minut”; ValueError below zero."""
    if minutes < 0:
        raise ValueError("a duration is not negative")
    hours, rest = divmod(minutes, _MINUTES_IN_HOUR)
    parts = [counted(hours, _data()["hour"])] if hours else []
    if rest or not hours:
        parts.append(counted(rest, _data()["minute"]))
    return join_and(parts)


def join_or(parts: Sequence[str]) -> str:
    """„a, b lub c”."""
    return _joined(parts, phrase("or"))


def join_and(parts: Sequence[str]) -> str:
    """„a, b i c”."""
    return _joined(parts, phrase("and"))


def weekday_on(day: date) -> str:
    """„we wtorek”."""
    return str(_data()["weekdays_on"][day.isoweekday()])


def day_and_month(day: date) -> str:
    """„24 listopada”."""
    return f"{day.day} {_data()['months_genitive'][day.month]}"


def day_of(day: date, today: date) -> str:
    """„24 listopada”, with the year when it is not this one."""
    return day_and_month(day) + _year(day, today)


def day_title(day: date, today: date) -> str:
    """„wtorek, 24 listopada”; near days first: „jutro, wtorek 24 listopada”."""
    named = words_for("weekdays", day.isoweekday())
    near = _data()["near"].get((day - today).days)
    if near:
        return f"{near}, {named} {day_of(day, today)}"
    return f"{named}, {day_of(day, today)}"


def words_for(table: str, number: int) -> str:
    """A form of a weekday or month, from the tables of `data/speech.yml`."""
    return str(_data()[table][number])


def part_of_day(name: str) -> str | None:
    """„przed południem” for "forenoon"; None when that part has no name of its own."""
    found = _data()["parts"].get(name)
    return str(found) if found else None


def phrase(name: str, **parts: str) -> str:
    """A fixed piece of speech with its blanks filled."""
    return str(_data()["phrases"][name]).format(**parts)


def _year(day: date, today: date) -> str:
    return f" {day.year}" if day.year != today.year else ""


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("times must be aware")
    return moment.astimezone(_WARSAW)


def _joined(parts: Sequence[str], last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + last + parts[-1]


@lru_cache(maxsize=1_000)
def _agreeing(noun: str, *, few: bool) -> str:
    """Nominative plural behind 2-4, genitive plural behind 5 and more (and always for men)."""
    irregular = _data()["irregular"].get(noun)
    if irregular:
        return str(irregular[0 if few else 1])
    *adjectives, head = noun.split()
    head_forms = [form for form in forms(head) if form.pos == "subst"]
    gender = next((_gender(form) for form in head_forms if ":sg:" in form.tag), "")
    case = "nom" if few and gender != "m1" else "gen"
    described = [_pick(word, "adj", case, gender) for word in adjectives]
    return " ".join([*described, _pick(head, "subst", case, gender)])


def _pick(lemma: str, pos: str, case: str, gender: str) -> str:
    for form in forms(lemma):
        parts = form.tag.split(":")
        if form.pos != pos or len(parts) < 4 or parts[1] != "pl" or case not in parts[2].split("."):
            continue
        if gender in parts[3].split(".") or not gender:
            return form.text
    return lemma


def _gender(form: Form) -> str:
    parts = form.tag.split(":")
    return parts[3] if len(parts) > 3 else ""


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = files("bot.language").joinpath("data/speech.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
