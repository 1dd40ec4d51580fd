"""Reward: the facts that had to be said were said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatch
from typing import Any

from bot.language.times.model import WARSAW
from bot.rehearsal.expect import BOOKED
from bot.rehearsal.stage import URGENT, Reply
from bot.rehearsal.tasks.heard import Heard, hear
from bot.rehearsal.tasks.reward.evidence import Evidence, changes, wanted_visits


def fact_problems(evidence: Evidence) -> Iterator[str]:
    """Facts that had to be said and were not."""
    replies = evidence.replies
    for fact in evidence.task.say:
        if not said(fact, replies, evidence.now):
            yield f"not said: {dict(fact)}"
    new, gone = changes(evidence.before, evidence.after)
    for visit in new if not evidence.task.gold.get("left_open") else ():
        yield from _visit_told(visit, [r for r in replies if r.response in BOOKED], evidence)
    for visit in gone if not wanted_visits(evidence.task, evidence.wordings) else ():
        yield from _visit_told(
            visit, [r for r in replies if r.response.startswith("utter_cancelled")], evidence
        )


def said(fact: Mapping[str, Any], replies: Sequence[Reply], now: datetime) -> bool:
    """Whether a typed fact was said: all its values in one reply."""
    return any(_holds(fact, reply, hear([reply.text], now)) for reply in replies)


def _holds(fact: Mapping[str, Any], reply: Reply, heard: Heard) -> bool:
    return all(_value_said(name, value, reply, heard) for name, value in fact.items())


def _value_said(name: str, value: Any, reply: Reply, heard: Heard) -> bool:
    match name:
        case "rule":
            return (
                reply.values.get("rule") == value
                or re.search(rf"_{value}(?:_|$)", reply.response) is not None
            )
        case "code":
            return reply.values.get("code") == value or reply.response.endswith(str(value))
        case "answer":
            return any(fnmatch(reply.response, f"utter_{name}*") for name in _listed(value))
        case "date":
            return _day(value) in heard.dates
        case "time":
            return str(value) in heard.times
        case "price":
            return Decimal(str(value)) in heard.amounts
        case "phone":
            return re.sub(r"\D", "", str(value)) in heard.phones | {str(n) for n in heard.numbers}
        case "minutes":
            return int(value) in heard.minutes
        case "number":
            return int(value) in heard.numbers
        case "urgent":
            return reply.response == URGENT
    return heard.names(str(value))


def _visit_told(visit: Mapping[str, Any], replies: Sequence[Reply], evidence: Evidence) -> Iterator[str]:
    """A visit is told with its day, hour and doctor."""
    start = datetime.fromisoformat(str(visit["slot"]["start"])).astimezone(WARSAW)
    doctor = evidence.catalogue.doctors.get(str(visit["slot"].get("doctor_id")))
    for reply in replies:
        heard = hear([reply.text], evidence.now)
        told = start.date() in heard.dates and start.strftime("%H:%M") in heard.times
        if told and (doctor is None or heard.surname(doctor.last_name, str(doctor.gender))):
            return
    yield f"the visit of {start:%d.%m %H:%M} was not told"


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
