"""A wish about time: what it allows, how later messages change it, how it is gathered and kept."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.language.times import TimeExpression, When, find_times, to_when

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=WARSAW)  # a Wednesday


def wish(text: str) -> When:
    """What one message asks for."""
    found = to_when(find_times(text, NOW), NOW)
    assert found is not None
    return found


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A slot in Warsaw in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("text", "allowed", "refused"),
    [
        ("jutro po 16", [at(19, 16), at(19, 18)], [at(19, 15, 59), at(20, 16)]),
        ("w przyszłym tygodniu, byle nie w środę", [at(23, 9), at(29, 9)], [at(25, 9), at(22, 9), at(30, 9)]),
        ("we wtorek albo w czwartek", [at(24, 9), at(19, 9)], [at(20, 9), at(26, 9)]),
        ("we wtorek albo w czwartek po 15", [at(24, 15), at(19, 16)], [at(24, 14), at(19, 9)]),
        ("jutro rano albo w piątek po 16", [at(19, 8), at(20, 16)], [at(19, 16), at(20, 8)]),
        ("w poniedziałki i środy rano", [at(23, 8), at(25, 8)], [at(24, 8), at(23, 12)]),
        ("codziennie oprócz piątku", [at(19, 8), at(22, 8)], [at(20, 8)]),
        ("przed 12", [at(19, 11, 45)], [at(19, 12)]),
        ("do 12", [at(19, 12)], [at(19, 12, 15)]),
        ("nie rano", [at(19, 12)], [at(19, 8)]),
        ("od 15 do 20 grudnia", [at(15, 8, month=12), at(20, 20, month=12)], [at(21, 8, month=12)]),
        ("od poniedziałku, najpóźniej do środy", [at(23, 8), at(25, 8)], [at(20, 8), at(26, 8)]),
        ("w nocy", [at(19, 23), at(19, 3)], [at(19, 12)]),
        ("o 10 albo 11", [at(19, 10), at(20, 11)], [at(19, 12)]),
        ("nie w przyszłym tygodniu", [at(20, 9), at(30, 9)], [at(23, 9), at(29, 9)]),
        ("jak najszybciej", [at(18, 11), at(30, 9)], []),
    ],
)
def test_allows(text: str, allowed: list[datetime], refused: list[datetime]) -> None:
    when = wish(text)
    assert [slot for slot in allowed if not when.allows(slot)] == []
    assert [slot for slot in refused if when.allows(slot)] == []


def test_slots_are_compared_in_warsaw() -> None:
    assert wish("jutro o 15:30").allows(datetime(2026, 11, 19, 14, 30, tzinfo=UTC))
    assert not wish("jutro").allows(datetime(2026, 11, 19, 23, 30, tzinfo=UTC))


def test_naive_times_are_refused() -> None:
    naive = datetime(2026, 11, 19, 14, 30)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        When().allows(naive)
    with pytest.raises(ValueError, match="aware"):
        When().is_past(naive)
    with pytest.raises(ValueError, match="aware"):
        find_times("jutro", naive)


def test_a_new_day_keeps_the_hours() -> None:
    merged = wish("jutro po 16").merge(wish("w piątek"))
    assert (merged.date_from, merged.date_to, merged.time_from) == (
        date(2026, 11, 20),
        date(2026, 11, 20),
        time(16),
    )


def test_new_hours_keep_the_day() -> None:
    merged = wish("w piątek po 16").merge(wish("o 9:20"))
    assert (merged.date_from, merged.exact_time, merged.time_from) == (date(2026, 11, 20), time(9, 20), None)


def test_exclusions_add_up() -> None:
    merged = wish("w przyszłym tygodniu").merge(wish("byle nie w środę")).merge(wish("i nie w piątek"))
    assert merged.excluded_weekdays == {3, 5}
    assert merged.date_from == date(2026, 11, 23)


def test_a_day_asked_for_is_no_longer_excluded() -> None:
    merged = wish("byle nie w piątek").merge(wish("w piątek"))
    assert merged.excluded_weekdays == frozenset()
    assert merged.allows(at(20, 9))


def test_other_readings_are_merged_too() -> None:
    merged = wish("po 16").merge(wish("w środę"))
    assert merged.date_from == date(2026, 11, 25)
    assert [other.date_from for other in merged.ambiguous] == [date(2026, 11, 18)]
    assert merged.ambiguous[0].time_from == time(16)


def test_new_hours_do_not_settle_the_day() -> None:
    merged = wish("w środę").merge(wish("po 16"))
    assert merged.should_ask
    assert [other.date_from for other in merged.ambiguous] == [date(2026, 11, 18)]
    assert merged.ambiguous[0].time_from == time(16)


def test_what_settles_a_reading_removes_it() -> None:
    assert wish("jutro o 8").merge(wish("o 9:20")).ambiguous == ()
    assert wish("w środę").merge(wish("25 listopada")).ambiguous == ()


def test_options_are_replaced_by_a_plain_day() -> None:
    merged = wish("jutro rano albo w piątek po 16").merge(wish("w poniedziałek"))
    assert merged.options == ()
    assert merged.allows(at(23, 9))


def test_a_day_is_asked_about_and_an_hour_is_not() -> None:
    assert wish("w środę").should_ask
    assert wish("w przyszły piątek").should_ask
    eight = wish("jutro o 8")
    assert eight.exact_time == time(8)
    assert [other.exact_time for other in eight.ambiguous] == [time(20)]
    assert not eight.should_ask
    assert not wish("w piątek").should_ask


@pytest.mark.parametrize(
    ("text", "past"),
    [
        ("wczoraj", True),
        ("dziś o 9", True),
        ("dziś o 11", False),
        ("dziś", False),
        ("jutro", False),
        ("po 16", False),
    ],
)
def test_is_past(text: str, past: bool) -> None:
    assert wish(text).is_past(NOW) is past


def test_nothing_to_use() -> None:
    assert to_when([], NOW) is None
    impossible = find_times("31 lutego", NOW)
    assert [said.impossible for said in impossible] == [True]
    assert to_when(impossible, NOW) is None


def test_the_old_date_of_a_moved_visit_is_left_out() -> None:
    found = find_times("przełóż z wtorku na czwartek", NOW)
    assert [said.relation for said in found] == ["origin", "at"]
    assert wish("przełóż z wtorku na czwartek").date_from == date(2026, 11, 19)
    assert wish("poproszę tę wizytę z 4 grudnia o 7:45").date_from == date(2026, 12, 4)


@pytest.mark.parametrize(
    "text",
    [
        "jutro po 16",
        "w przyszły piątek o 8",
        "we wtorek albo w czwartek po 15, byle nie w piątek",
        "jutro rano albo w piątek po 16",
        "jak najszybciej, nie rano",
        "w poniedziałki i środy od 8 do 12",
        "31 lutego",
        "nie 24 grudnia",
    ],
)
def test_json_round_trip(text: str) -> None:
    for said in find_times(text, NOW):
        assert TimeExpression.from_json(json.loads(json.dumps(said.to_json()))) == said
    when = to_when(find_times(text, NOW), NOW)
    if when is not None:
        assert When.from_json(json.loads(json.dumps(when.to_json()))) == when


@pytest.mark.parametrize(
    ("before", "later", "day"),
    [
        ("w przyszłym tygodniu", "a może czwartek", "2026-11-26"),
        ("w przyszłym tygodniu", "środa mi wypada, to czwartek", "2026-11-26"),
        ("w przyszłym tygodniu", "jednak w ten czwartek", "2026-11-19"),
        ("w tym tygodniu", "w piątek", "2026-11-20"),
        ("w grudniu", "w czwartek", "2026-11-19"),
    ],
)
def test_a_bare_day_belongs_to_the_week_asked_for(before: str, later: str, day: str) -> None:
    merged = wish(before).merge(wish(later))
    assert (merged.date_from, merged.date_to) == (date.fromisoformat(day), date.fromisoformat(day))


def test_a_bare_weekday_after_a_day_of_a_later_week_is_that_weeks() -> None:
    later = wish("we wtorek w przyszłym tygodniu").merge(wish("a w środę?"))
    assert (later.date_from, later.date_to) == (date(2026, 11, 25), date(2026, 11, 25))
    soon = wish("jutro").merge(wish("a w poniedziałek?"))
    assert (soon.date_from, soon.date_to) == (date(2026, 11, 23), date(2026, 11, 23))
