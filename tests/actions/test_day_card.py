"""Which days a calendar beside a question lets be chosen."""

from __future__ import annotations

from datetime import date

from bot.actions.day_card import calendar, calendar_of, day_card

NOV_27, NOV_30, DEC_2 = date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 2)


def test_every_day_of_a_span_unless_told_otherwise() -> None:
    assert calendar(NOV_27, DEC_2) == {"min": "2026-11-27", "max": "2026-12-02"}
    assert calendar(NOV_27, DEC_2, [NOV_30])["excluded"] == ["2026-11-30"]


def test_days_between_free_ones_are_taken_and_later_ones_are_not_known() -> None:
    days = calendar_of([DEC_2, NOV_27, DEC_2, NOV_30], last=date(2027, 1, 26))
    assert days == {
        "min": "2026-11-27",
        "max": "2027-01-26",
        "excluded": ["2026-11-28", "2026-11-29", "2026-12-01"],
    }


def test_a_free_day_beyond_the_end_is_within_reach() -> None:
    assert calendar_of([DEC_2], last=NOV_30) == {"min": "2026-12-02", "max": "2026-12-02"}


def test_the_card_says_its_kind() -> None:
    assert day_card(calendar(NOV_27, DEC_2))["kind"] == "date"
