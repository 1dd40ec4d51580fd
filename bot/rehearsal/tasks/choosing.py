"""How a patient picks from what is on offer, and compares what is read back with what was wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.actions.catalogue import Catalogue
from bot.language.text import fold
from bot.language.times.model import WARSAW
from bot.rehearsal.expect import slot_problems
from bot.rehearsal.stage import Reply
from bot.rehearsal.tasks.heard import Heard, hear
from bot.rehearsal.tasks.task import Goal, Task
from bot.rehearsal.tasks.wordings import Wordings

_NAMED = ("city", "district", "facility", "doctor", "specialty", "service")


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot on offer that suits."""

    index: int
    hour: str
    """ "15:20"."""
    only_at_hour: bool
    """No other slot on offer begins at that hour."""


def wished(goal: Goal, wordings: Wordings, task: Task) -> dict[str, Any]:
    """Limits of a goal: what its values mean, with the task's own on top."""
    limits: dict[str, Any] = {}
    for slot, key in goal.values.items():
        limits |= wordings.means(slot, key, task.clock)
    return limits | dict(goal.limits)


def fitting_slot(
    slots: Sequence[Mapping[str, Any]], limits: Mapping[str, Any], catalogue: Catalogue, *, last: bool
) -> Choice | None:
    """The first (or last) slot that breaks no limit."""
    hours = [_start(slot).strftime("%H:%M") if slot else "" for slot in slots]
    fitting = [n for n, slot in enumerate(slots) if slot and not list(slot_problems(limits, slot, catalogue))]
    if not fitting:
        return None
    index = fitting[-1 if last else 0]
    return Choice(index, hours[index], hours.count(hours[index]) == 1)


def _start(slot: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(slot["start"])).astimezone(WARSAW)


def slot_fits_text(limits: Mapping[str, Any], text: str, now: datetime, *, short: bool = False) -> list[str]:
    """Where a visit in words differs from what is wanted; a `short` text need not name everything.

    Only what words can show is compared: dates, hours, names.
    """
    heard = hear([text], now)
    problems = [*_date_problems(limits, heard), *_time_problems(limits, heard)]
    for name in _NAMED:
        wanted = limits.get(name)
        if wanted and not heard.names(str(wanted)) and not (short and name not in {"specialty", "service"}):
            problems.append(f"no {wanted} in it")
        unwanted = limits.get(f"not_{name}")
        if unwanted and heard.names(str(unwanted)):
            problems.append(f"{unwanted} in it")
    return problems


def _date_problems(limits: Mapping[str, Any], heard: Heard) -> list[str]:
    if not heard.dates:
        return []
    first, last = _date(limits.get("date_from")), _date(limits.get("date_to"))
    weekdays, dates = limits.get("weekdays"), [_date(day) for day in limits.get("dates") or ()]
    fitting = [
        day
        for day in heard.dates
        if (first is None or day >= first)
        and (last is None or day <= last)
        and (not weekdays or day.isoweekday() in weekdays)
        and day.isoweekday() not in limits.get("not_weekdays", ())
        and (not dates or day in dates)
    ]
    return [] if fitting else [f"another day: {sorted(map(str, heard.dates))}"]


def _time_problems(limits: Mapping[str, Any], heard: Heard) -> list[str]:
    if not heard.times:
        return []
    at, first, last = (limits.get(name) for name in ("at", "from", "to"))
    fitting = [
        hour
        for hour in map(time.fromisoformat, heard.times)
        if (at is None or hour == time.fromisoformat(str(at)))
        and (first is None or hour >= time.fromisoformat(str(first)))
        and (last is None or hour <= time.fromisoformat(str(last)))
    ]
    return [] if fitting else [f"another hour: {sorted(heard.times)}"]


def _date(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def named_button(value: str, reply: Reply) -> tuple[str, str] | None:
    """The option whose label names a value."""
    wanted = fold(value)
    return next(
        ((label, payload) for label, payload in reply.buttons if wanted and wanted in fold(label)), None
    )
