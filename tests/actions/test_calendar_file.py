"""A visit as a calendar file (RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.actions.calendar_file import visit_file
from bot.dialogue.texts import Texts
from bot.language.times.model import WARSAW
from bot.portal.models import ServiceKind, Slot

TEXTS = Texts({"utter_piece_calendar_title": "Wizyta: {what}", "utter_label_calendar": "Dodaj do kalendarza"})
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
LINES = {"what": "dermatolog", "where": "Puławska 12, Warszawa", "doctor": "dr Anna Zięba", "preparation": ""}


def made(start: datetime = datetime(2026, 11, 24, 15, 30, tzinfo=WARSAW), **lines: str) -> str:
    end = start + timedelta(minutes=20)
    slot = Slot(id="s1", start=start, end=end, service_id="skin", kind=ServiceKind.ONSITE)
    card = visit_file(LINES | lines, slot, NOW, TEXTS)
    assert (card["kind"], card["media_type"]) == ("file", "text/calendar")
    content: str = card["content"]
    return content


def unfolded(content: str) -> list[str]:
    return content.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


@pytest.mark.parametrize(("month", "hour"), [(11, "143000"), (7, "133000")])
def test_times_are_utc_in_winter_and_summer(month: int, hour: str) -> None:
    lines = unfolded(made(datetime(2026, month, 24, 15, 30, tzinfo=WARSAW)))
    assert f"DTSTART:2026{month:02}24T{hour}Z" in lines
    assert "DTSTAMP:20261123T080000Z" in lines


def test_lines_end_as_the_standard_says_and_every_part_is_closed() -> None:
    content = made()
    assert content.endswith("END:VCALENDAR\r\n")
    assert content.count("\n") == content.count("\r\n")
    lines = unfolded(content)
    begun = [line.removeprefix("BEGIN:") for line in lines if line.startswith("BEGIN:")]
    ended = [line.removeprefix("END:") for line in lines if line.startswith("END:")]
    assert begun == ended[::-1] == ["VCALENDAR", "VEVENT", "VALARM"]


def test_what_has_a_meaning_in_the_format_is_escaped() -> None:
    content = made(preparation="na czczo; 8 h,\nbez C:\\leki")
    assert r"na czczo\; 8 h\,\nbez C:\\leki" in "".join(unfolded(content))
    assert r"LOCATION:Puławska 12\, Warszawa" in unfolded(content)


def test_long_lines_are_folded_by_octets_and_no_letter_is_cut() -> None:
    text = "zażółć gęślą jaźń " * 20
    content = made(preparation=text)
    for line in content.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # raises when a letter was cut
    assert any(text in line for line in unfolded(content))
