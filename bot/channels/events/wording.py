"""A portal's event as a message: what happened, and one tap for each thing one may want to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels import texts
from bot.channels.messages import Option, Outgoing
from bot.channels.reading import ACKNOWLEDGED
from bot.channels.turn import PATIENTS_ZONE
from bot.language.spoken import day_and_month, short_slot, spoken_time

SHOWN = 3
"""Slots that are offered at once."""
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
        service = str((data.get("watch") or {}).get("service_id") or "")
        return _offer("event_slot_found", service, data.get("slots") or (), now, name_of)
    visit = data.get("reservation") or {}
    start = _moment((visit.get("slot") or {}).get("start"))
    if start is None or start <= now:
        return None
    what = name_of("services", str(visit.get("service_id") or ""))
    values = {"visit": ", ".join(part for part in (what, short_slot(start, now)) if part)}
    if kind == "visit.reminder":
        return Told(_reminder(values, _words(what, start)), until=start)
    if kind == "visit.cancelled_by_clinic":
        offer = _offer(
            "event_cancelled",
            str(visit.get("service_id") or ""),
            data.get("slots") or (),
            now,
            name_of,
            values,
        )
        return offer or Told(_cancelled(values, what), urgent=True)
    return None


def _reminder(values: Mapping[str, str], words: str) -> Outgoing:
    options = (
        Option(texts.button_label("event_confirm"), f"{ACKNOWLEDGED}event_confirmed", "act"),
        Option(texts.button_label("event_move"), texts.words("event_move", visit=words)),
        Option(texts.button_label("event_cancel"), texts.words("event_cancel", visit=words)),
    )
    return Outgoing(texts.message("event_reminder", **values), options)


def _cancelled(values: Mapping[str, str], service: str) -> Outgoing:
    options = (Option(texts.button_label("event_other"), texts.words("event_other", service=service)),)
    return Outgoing(texts.message("event_cancelled_only", **values), options)


def _offer(
    name: str,
    service_id: str,
    slots: Sequence[Mapping[str, Any]],
    now: datetime,
    name_of: NameOf,
    values: Mapping[str, str] | None = None,
) -> Told | None:
    """Free terms, each with one tap; None when none of them lies ahead."""
    service = name_of("services", service_id)
    ahead = [(start, slot) for slot in slots if (start := _moment(slot.get("start"))) and start > now]
    if not ahead or not service:
        return None
    options = [_term(service, start, slot, now, name_of) for start, slot in ahead[:SHOWN]]
    options.append(Option(texts.button_label("event_other"), texts.words("event_other", service=service)))
    message = Outgoing(texts.message(name, service=service, **(values or {})), tuple(options))
    return Told(message, until=max(start for start, _ in ahead), urgent=name == "event_cancelled")


def _term(service: str, start: datetime, slot: Mapping[str, Any], now: datetime, name_of: NameOf) -> Option:
    city = name_of("cities", str(slot.get("city_id") or ""))
    label = ", ".join(part for part in (short_slot(start, now), city) if part)
    return Option(label, texts.words("event_book", visit=_words(service, start, city)))


def _words(service: str, start: datetime, city: str = "") -> str:
    """A visit as the patient would name it, so that the assistant understands it like anything said."""
    local = start.astimezone(PATIENTS_ZONE)
    when = f"{day_and_month(local.date())} o {spoken_time(local.time())}"
    return ", ".join(part for part in (service.replace("–", ","), city, when) if part)


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
