"""A visit as a calendar file (.ics, RFC 5545) that a patient can open on a phone or computer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.dialogue.texts import Texts
from bot.portal.models import Slot

_LINE = 73
"""RFC 5545 folds lines at 75 octets; two are left for the folding itself."""


def visit_file(lines: Mapping[str, str], slot: Slot, now: datetime, texts: Texts) -> dict[str, Any]:
    """Card of kind "file" with the calendar file inside. Times are written in UTC."""
    title = texts.get("utter_piece_calendar_title", what=lines["what"])
    content = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Asystent Portalu Pacjenta//PL",
        "BEGIN:VEVENT",
        f"UID:{slot.id}@asystent",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(slot.start)}",
        f"DTEND:{_utc(slot.end)}",
        f"SUMMARY:{_escape(title)}",
        f"LOCATION:{_escape(lines.get('where', ''))}",
        f"DESCRIPTION:{_escape(' '.join(filter(None, (lines.get('doctor'), lines.get('preparation')))))}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escape(title)}",
        "TRIGGER:-PT2H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return {
        "kind": "file",
        "label": texts.label("calendar"),
        "name": "wizyta.ics",
        "media_type": "text/calendar",
        "content": "\r\n".join(part for line in content for part in _fold(line)) + "\r\n",
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: str) -> list[str]:
    """Lines of at most 75 octets, never cut inside a letter."""
    parts, current = [], ""
    for letter in line:
        if len((current + letter).encode()) > _LINE:
            parts.append(current)
            current = " "
        current += letter
    return [*parts, current]
