"""Replies in plain Polish."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.language.speech import (
    counted,
    join_and,
    join_or,
    plural,
    short_slot,
    spoken_date,
    spoken_duration,
    spoken_range,
    spoken_slot,
    spoken_time,
    spoken_when,
)
from bot.language.times import When, find_times, to_when

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 18), "dziś, w środę 18 listopada"),
        (date(2026, 11, 19), "jutro, w czwartek 19 listopada"),
        (date(2026, 11, 20), "pojutrze, w piątek 20 listopada"),
        (date(2026, 11, 17), "wczoraj, we wtorek 17 listopada"),
        (date(2026, 11, 24), "we wtorek 24 listopada"),
        (date(2026, 11, 22), "w niedzielę 22 listopada"),
        (date(2027, 1, 2), "w sobotę 2 stycznia 2027"),
        (date(2026, 12, 7), "w poniedziałek 7 grudnia"),
    ],
)
def test_dates(day: date, said: str) -> None:
    assert spoken_date(day, TODAY) == said


def test_the_example_of_the_tomorrow() -> None:
    assert spoken_date(date(2026, 11, 24), date(2026, 11, 23)) == "jutro, we wtorek 24 listopada"


def test_slots_are_spoken_in_warsaw() -> None:
    start = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    assert spoken_slot(start, NOW) == "we wtorek 24 listopada o 15:30"
    assert short_slot(start, NOW) == "wt. 24.11, 15:30"
    assert (
        short_slot(datetime(2027, 1, 5, 8, 5, tzinfo=ZoneInfo("Europe/Warsaw")), NOW) == "wt. 5.01.2027, 8:05"
    )


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        spoken_slot(datetime(2026, 11, 24, 15, 30), NOW)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        spoken_when(When(), datetime(2026, 11, 24, 15, 30))  # noqa: DTZ001


def test_hours() -> None:
    assert spoken_time(time(15, 30)) == "15:30"
    assert spoken_time(time(8, 0)) == "8:00"
    assert spoken_time(time(0, 15)) == "0:15"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 24), date(2026, 11, 28), "od 24 do 28 listopada"),
        (date(2026, 11, 24), date(2026, 12, 3), "od 24 listopada do 3 grudnia"),
        (date(2026, 12, 28), date(2027, 1, 3), "od 28 grudnia 2026 do 3 stycznia 2027"),
        (date(2026, 11, 24), date(2026, 11, 24), "24 listopada"),
    ],
)
def test_ranges(first: date, last: date, said: str) -> None:
    assert spoken_range(first, last) == said


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"), (14, "many"),
     (21, "many"), (22, "few"), (25, "many"), (101, "many"), (102, "few"), (112, "many"), (1002, "few")],
)  # fmt: skip
def test_plural(n: int, form: str) -> None:
    assert plural(n, "one", "few", "many") == form


@pytest.mark.parametrize(
    ("n", "noun", "said"),
    [
        (1, "plik", "1 plik"),
        (2, "plik", "2 pliki"),
        (5, "plik", "5 plików"),
        (3, "wizyta", "3 wizyty"),
        (6, "wizyta", "6 wizyt"),
        (2, "wolny termin", "2 wolne terminy"),
        (12, "wolny termin", "12 wolnych terminów"),
        (2, "lekarz", "2 lekarzy"),
        (2, "dzień", "2 dni"),
        (7, "dzień", "7 dni"),
        (2, "rok", "2 lata"),
        (5, "rok", "5 lat"),
        (3, "skierowanie", "3 skierowania"),
        (8, "skierowanie", "8 skierowań"),
        (22, "minuta", "22 minuty"),
        (5, "tydzień", "5 tygodni"),
        (3, "miesiąc", "3 miesiące"),
        (2, "osoba", "2 osoby"),
    ],
)
def test_counted(n: int, noun: str, said: str) -> None:
    assert counted(n, noun) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (359, "5 godzin i 59 minut"),
        (60, "1 godzina"),
        (61, "1 godzina i 1 minuta"),
        (0, "0 minut"),
        (122, "2 godziny i 2 minuty"),
        (45, "45 minut"),
    ],
)
def test_durations(minutes: int, said: str) -> None:
    assert spoken_duration(minutes) == said


def test_a_duration_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        spoken_duration(-1)


def test_lists() -> None:
    assert join_or(["a", "b", "c"]) == "a, b lub c"
    assert join_and(["a", "b"]) == "a i b"
    assert join_and(["a"]) == "a"
    assert join_or([]) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("w przyszłym tygodniu po 16, byle nie w piątek", "w przyszłym tygodniu, po 16:00, bez piątku"),
        ("jutro rano", "jutro, w czwartek 19 listopada, rano"),
        ("jak najszybciej", "jak najszybciej"),
        ("w poniedziałki i środy po 16", "w poniedziałki i środy, po 16:00"),
        ("od poniedziałku do piątku przed 12", "od poniedziałku do piątku, przed 12:00"),
        ("codziennie po 15", "codziennie, po 15:00"),
        ("w grudniu", "w grudniu"),
        ("w styczniu", "w styczniu 2027"),
        ("w tym tygodniu", "w tym tygodniu"),
        ("w weekend", "w ten weekend"),
        ("od 1 grudnia", "od 1 grudnia"),
        ("do 15 grudnia", "do 15 grudnia"),
        ("15-20 grudnia między 10 a 12", "od 15 do 20 grudnia, między 10:00 a 12:00"),
        ("nie rano", "ale nie rano"),
        ("jutro po 16, byle nie o 18", "jutro, w czwartek 19 listopada, po 16:00, ale nie o 18:00"),
        ("w piątek o 15:30", "pojutrze, w piątek 20 listopada, o 15:30"),
        ("wtorek lub środa 25 listopada", "we wtorek 24 listopada lub w środę 25 listopada"),
    ],
)
def test_a_wish_said_back(text: str, said: str) -> None:
    when = to_when(find_times(text, NOW), NOW)
    assert when is not None
    assert spoken_when(when, NOW) == said


def test_no_wish_is_any_time() -> None:
    assert spoken_when(When(), NOW) == "w dowolnym terminie"


def test_excluded_dates_are_spoken_as_ranges() -> None:
    days = frozenset({date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 27)})
    said = spoken_when(When(excluded_dates=days), NOW)
    assert said == "bez 24 listopada – 25 listopada i 27 listopada"
