"""A portal's event as a message: what happened, and one tap for each thing one may want to do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels import texts
from bot.channels.messages import Option, Outgoing
from bot.channels.reading import ACKNOWLEDGED
from bot.language.spoken import short_slot

SHOWN = 3
"""Slots that are offered at once."""
_OF_A_SLOT = (
    "id", "start", "end", "service_id", "kind", "doctor_id", "facility_id", "city_id", "preferential",
)  # fmt: skip
Ahead = tuple[datetime, Mapping[str, Any]]
"""When a term begins, and the term as the portal shows it."""
NameOf = Callable[[str, str], str]
"""(list of the portal, id) -> Polish name, "" when it is not known."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message; `until`: of no use after that; `urgent`: may not wait for the morning if it is near."""

    message: Outgoing
    until: datetime | None = None
    urgent: bool = False


def told(kind: str, data: Mapping[str, Any], now: datetime, name_of: NameOf) -> Told | None:
    """The message for an event, None for a kind we do not know or a thing that is over."""
    if kind in {"result.ready", "prescription.ready"}:
        name = "event_result" if kind == "result.ready" else "event_prescription"
        return Told(Outgoing(texts.message(name), links=(texts.link("portal"),)))
    if kind == "watch.slot_found":
        return _slot_found(data, now, name_of)
    visit = data.get("reservation") or {}
    start, number = _moment((visit.get("slot") or {}).get("start")), str(visit.get("id") or "")
    if start is None or start <= now or not number:
        return None
    what = name_of("services", str(visit.get("service_id") or ""))
    values = {"visit": ", ".join(part for part in (what, short_slot(start, now)) if part)}
    if kind == "visit.reminder":
        return Told(_reminder(values, number), until=start)
    if kind == "visit.cancelled_by_clinic":
        ahead = _ahead(data.get("slots") or (), now, timedelta(0))
        if not ahead:
            return Told(_cancelled(values, number), urgent=True)
        message = texts.message("event_cancelled", **values)
        return replace(_terms(message, ahead, now, name_of, visit=number), urgent=True)
    return None


def _slot_found(data: Mapping[str, Any], now: datetime, name_of: NameOf) -> Told | None:
    """Freed terms that leave the patient the time they asked for."""
    watch = data.get("watch") or {}
    service = name_of("services", str(watch.get("service_id") or ""))
    notice = timedelta(hours=int(watch.get("min_notice_hours") or 0))
    ahead = _ahead(data.get("slots") or (), now, notice)
    if not ahead or not service or not watch.get("id"):
        return None
    message = texts.message("event_slot_found" if len(ahead) == 1 else "event_slots_found", service=service)
    return _terms(message, ahead, now, name_of, watch=str(watch["id"]))


def _reminder(values: Mapping[str, str], visit: str) -> Outgoing:
    options = (
        Option(texts.button_label("event_confirm"), f"{ACKNOWLEDGED}event_confirmed", "act"),
        _tap("event_move", "reschedule_visit", visit=visit),
        _tap("event_cancel", "cancel_visit", visit=visit),
    )
    return Outgoing(texts.message("event_reminder", **values), options)


def _cancelled(values: Mapping[str, str], visit: str) -> Outgoing:
    message = texts.message("event_cancelled_only", **values)
    return Outgoing(message, (_tap("event_other", "book_visit", visit=visit),))


def _terms(message: str, ahead: Sequence[Ahead], now: datetime, name_of: NameOf, **about: str) -> Told:
    """Free terms, each with one tap that holds it, and one for the others."""
    shown = ahead[:SHOWN]
    options = [
        Option(_label(start, slot, now, name_of), _payload("book_visit", slot=_slot(slot), **about), "act")
        for start, slot in shown
    ]
    options.append(_tap("event_other", "book_visit", **about))
    return Told(Outgoing(message, tuple(options)), until=max(start for start, _ in shown))


def _ahead(slots: Sequence[Mapping[str, Any]], now: datetime, notice: timedelta) -> list[Ahead]:
    """Terms that can still be reached, the nearest first."""
    found = [(start, slot) for slot in slots if (start := _moment(slot.get("start"))) is not None]
    return sorted(((s, slot) for s, slot in found if s > now and s - now >= notice), key=lambda item: item[0])


def _label(start: datetime, slot: Mapping[str, Any], now: datetime, name_of: NameOf) -> str:
    city = name_of("cities", str(slot.get("city_id") or ""))
    return ", ".join(part for part in (short_slot(start, now), city) if part)


def _slot(slot: Mapping[str, Any]) -> dict[str, Any]:
    return {name: slot[name] for name in _OF_A_SLOT if slot.get(name) is not None}


def _tap(label: str, intent: str, **about: Any) -> Option:
    return Option(texts.button_label(label), _payload(intent, **about), "act")


def _payload(intent: str, **about: Any) -> str:
    """What a tap means: ids of the portal's, nobody's name; behind an opaque token like every payload."""
    return f"/{intent}{json.dumps({'tap': about}, ensure_ascii=False)}"


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
