"""Every expression of the corpus: exact value, interval and grain; nothing where no time is meant."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.language.times import TimeExpression, find_times

CORPUS = Path(__file__).with_name("times_corpus.yml")
GROUPS: list[dict[str, Any]] = yaml.load(CORPUS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
_VALUE = re.compile(
    r"(?P<excluded>!?)(?P<days>[\d.-]+(?:/[\d.-]+)?)? ?(?:W(?P<weekdays>[\d,]+))?(?:T(?P<hours>.+))?$"
)


def _cases() -> list[Any]:
    return [
        pytest.param(group, entry, id=f"{group['now']} {entry[0]}")
        for group in GROUPS
        for entry in group["say"]
    ]


def _silent() -> list[Any]:
    return [pytest.param(group, text, id=text) for group in GROUPS for text in group.get("none", [])]


def read(group: dict[str, Any], text: str) -> list[TimeExpression]:
    """The expressions of a text at the group's moment."""
    now = datetime.fromisoformat(group["now"]).replace(tzinfo=ZoneInfo("Europe/Warsaw"))
    return find_times(text, now, prefer=group.get("prefer", "future"))


def said(expressions: list[TimeExpression]) -> str:
    """Values in the notation of the corpus."""
    return "; ".join(
        " | ".join([one.value, *(other.value for other in one.alternatives)]) for one in expressions
    )


@pytest.mark.parametrize(("group", "entry"), _cases())
def test_value_interval_and_grain(group: dict[str, Any], entry: list[str]) -> None:
    text, value, grain = entry
    found = read(group, text)
    assert said(found) == value
    assert "; ".join(one.grain for one in found) == grain
    for one in found:
        assert text[one.start : one.end] == one.text
        for reading in (one, *one.alternatives):
            _check_fields(reading)


@pytest.mark.parametrize(("group", "text"), _silent())
def test_nothing_is_found(group: dict[str, Any], text: str) -> None:
    assert said(read(group, text)) == ""


def test_the_corpus_is_large_enough() -> None:
    assert len(_cases()) >= 950
    assert len(_silent()) >= 280


def _check_fields(one: TimeExpression) -> None:
    """Fields hold what the value says, read from it independently."""
    if one.value in ("asap", "impossible"):
        assert (one.asap, one.impossible) == (one.value == "asap", one.value == "impossible")
        assert one.date_from is None
        return
    parts = _VALUE.match(one.value)
    assert parts is not None
    assert one.excluded == bool(parts["excluded"])
    first, last = _ends(parts["days"])
    assert one.date_from == (date.fromisoformat(first) if first else None)
    assert one.date_to == (date.fromisoformat(last) if last else None)
    first, last = _ends(parts["hours"])
    assert one.time_from == (time.fromisoformat(first) if first else None)
    assert one.time_to == (time.fromisoformat(last) if last else None)
    assert one.weekdays == {int(day) for day in (parts["weekdays"] or "").split(",") if day}


def _ends(interval: str | None) -> tuple[str | None, str | None]:
    first, _, last = (interval or "").partition("/")
    last = last or first
    return (None if first in ("", "..") else first), (None if last in ("", "..") else last)
