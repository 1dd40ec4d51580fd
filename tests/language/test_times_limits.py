"""Speed, hostile input and offsets."""

from __future__ import annotations

import random
import time
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.language.times import find_times

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
MESSAGES = [
    "Dzień dobry, chciałabym umówić się do ginekologa na przyszły wtorek po 16, najlepiej na Ursynowie",
    "poprosze termin we wtorek albo czwartek, ale tylko po 15, bo wczesniej jestem w pracy",
    "nie moge sie zalogowac na konto i nie wiem co zrobic prosze o pomoc z haslem",
]
HOSTILE = [
    "1 ", "8-",
    "w ", "wtorek i ", "15 i ", "15:", ".1", "nie w ", "poniedzialek", "od 8 do ", "1 i 2 ", "12.10-",
    "a ", "za 2 tyg ", "a-", "a@", "9", "0 0 0 ", "piatek ", "z samego ", "-.,/:;", "ul. 1 ", "12/", "www.",
    "dwadzieścia ", "w środę nie mogę ", "oprócz ", "i ", " ", "\n", "⁰", "15⁰⁰", "601 ", "x.pdf",
]  # fmt: skip


def _best(text: str, rounds: int) -> float:
    """Processor seconds of the quickest of several readings, so that a busy machine matters little."""
    times = []
    for _ in range(rounds):
        started = time.thread_time()
        find_times(text, NOW)
        times.append(time.thread_time() - started)
    return min(times)


@pytest.mark.parametrize("text", MESSAGES)
def test_a_message_takes_less_than_a_millisecond(text: str) -> None:
    assert _best(text, 50) < 0.001


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_length_and_no_faster(unit: str) -> None:
    text = unit * 8_000
    assert _best(text[:2_000], 3) < 0.25
    # Eight times the text: linear is 8, quadratic 64.
    assert _best(text[:8_000], 3) < 40 * max(_best(text[:1_000], 5), 0.0005)


def test_any_text_is_read_without_error() -> None:
    chance = random.Random(7)
    pieces = [
        *HOSTILE,
        "31",
        "13",
        "0",
        "00",
        "2026",
        "99.99",
        "24:60",
        "grudnia",
        "pierwszy",
        "po",
        "przed",
        "za",
        "od",
    ]
    pieces += [
        "koniec",
        "tydzień",
        "weekend",
        "święta",
        "rano",
        "o",
        "z",
        "na",
        "kwadrans",
        "pół",
        "i",
        "lub",
        ",",
        ".",
    ]
    pieces += [
        "środy",
        "piątego",
        "lutego",
        "każdy",
        "codziennie",
        "miesiąca",
        "godz",
        "godzin",
        "ostatni",
        "roku",
    ]
    for _ in range(1_500):
        text = " ".join(chance.choices(pieces, k=chance.randint(1, 12)))
        for prefer in ("future", "past"):
            for said in find_times(text, NOW, prefer=prefer):  # type: ignore[arg-type]
                assert text[said.start : said.end] == said.text
                assert said.value
                if said.date_from and said.date_to:
                    assert said.date_from <= said.date_to


def test_expressions_come_in_order_and_do_not_overlap() -> None:
    text = "wtorek 24.11 o 15:30 albo w czwartek rano, byle nie w piątek; od poniedziałku najlepiej po 16"
    found = find_times(text, NOW)
    assert len(found) >= 4
    assert all(first.end <= second.start for first, second in pairwise(found))


def test_dates_of_one_text_are_read_at_the_given_moment_only() -> None:
    later = datetime(2027, 3, 1, 10, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
    first, second = find_times("jutro", NOW), find_times("jutro", later)
    assert (first[0].value, second[0].value) == ("2026-11-19", "2027-03-02")
