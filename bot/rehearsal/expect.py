"""What a dialogue must and must not do: said as facts, and the portal's state at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.actions.catalogue import Catalogue
from bot.language.text import fold
from bot.language.times.model import WARSAW
from bot.rehearsal.script import Script, Step
from bot.rehearsal.stage import Reply

BOOKED = ("utter_booked_onsite", "utter_booked_phone", "utter_moved_onsite", "utter_moved_phone")
_HOLE = re.compile(r"\{\w+\}")


def check_turn(step: Step, replies: Sequence[Reply], script: Script, catalogue: Catalogue) -> Iterator[str]:
    """Problems of one turn, in words; none when all is well."""
    responses = [reply.response for reply in replies]
    # `utter_ask_reminders` stands for the replies to its facts too, such as `utter_ask_reminders/when`.
    said = {*responses, *(name.partition("/")[0] for name in responses)}
    if not replies:
        yield "the turn ended in silence"
    for name in step.says:
        if name not in said:
            yield f"expected {name}, got {responses}"
    for name in (*step.unsaid, *script.never):
        if name in said:
            yield f"{name} must not be said here"
    if "utter_internal_error" in responses and not script.errors:
        yield "an internal error was answered"
    for reply in replies:
        if _HOLE.search(reply.text):
            yield f"a variable was left open in: {reply.text}"
    labels = [label for reply in replies for label, _ in reply.buttons]
    for wanted in step.options:
        if not any(fold(wanted) in fold(label) for label in labels):
            yield f"no option {wanted!r} among {labels}"
    if step.offer is not None:
        yield from _check_offer(step.offer, replies, catalogue)
    if step.calendar is not None:
        yield from _check_calendar(step.calendar, replies)
    for name, value in step.facts.items():
        yield from _check_fact(name, value, replies)


def _check_fact(name: str, value: Any, replies: Sequence[Reply]) -> Iterator[str]:
    said = [reply.values[name] for reply in replies if name in reply.values]
    if not any(_equal(value, other) for other in said):
        yield f"fact {name} should be {value!r}, said {said!r}"


def _equal(wanted: Any, said: Any) -> bool:
    if isinstance(wanted, str) and isinstance(said, str):
        return fold(wanted) in fold(said)
    return bool(wanted == said)


def offered(replies: Sequence[Reply]) -> list[Mapping[str, Any]]:
    """Slots on offer in the turn, as facts."""
    return [slot for reply in replies for slot in (reply.values.get("facts") or {}).get("slots") or ()]


def _check_offer(wanted: Mapping[str, Any], replies: Sequence[Reply], catalogue: Catalogue) -> Iterator[str]:
    slots = offered(replies)
    if not slots:
        yield f"no slots on offer, got {[reply.response for reply in replies]}"
        return
    if len(slots) > 5:
        yield f"{len(slots)} slots on offer, at most five (R49)"
    if "count" in wanted and len(slots) != wanted["count"]:
        yield f"{len(slots)} slots on offer, expected {wanted['count']}"
    for slot in slots:
        for problem in slot_problems(wanted, slot, catalogue):
            yield f"offered slot {slot['start']}: {problem}"


def _check_calendar(wanted: Mapping[str, Any], replies: Sequence[Reply]) -> Iterator[str]:
    """The calendar of the last question: where it begins and ends, and what can be chosen in it."""
    found = [reply.card["calendar"] for reply in replies if reply.card and "calendar" in reply.card]
    if not found:
        yield f"no calendar under {[reply.response for reply in replies]}"
        return
    days = found[-1]
    for name in ("min", "max"):
        if name in wanted and str(wanted[name]) != days[name]:
            yield f"the calendar's {name} is {days[name]}, not {wanted[name]}"
    full = set(days.get("excluded") or ())
    for day in map(str, wanted.get("full", ())):
        if day not in full:
            yield f"{day} can be chosen"
    for day in map(str, wanted.get("free", ())):
        if day in full or not days["min"] <= day <= days["max"]:
            yield f"{day} cannot be chosen"


def slot_problems(wanted: Mapping[str, Any], slot: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    """Where a slot (or a reservation's slot) differs from what is wanted. Keys of `wanted`:
    weekdays, not_weekdays (ISO numbers), dates, date_from, date_to, from, to, at (HH:MM), city, not_city,
    district, facility, doctor, not_doctor (surname), specialty, service, kind, preferential."""
    start = datetime.fromisoformat(str(slot["start"])).astimezone(WARSAW)
    yield from _time_problems(wanted, start)
    for name, actual in _names(slot, catalogue).items():
        if name in wanted and fold(str(wanted[name])) not in fold(actual):
            yield f"{name} is {actual!r}, not {wanted[name]!r}"
        if f"not_{name}" in wanted and fold(str(wanted[f"not_{name}"])) in fold(actual):
            yield f"{name} is {actual!r}"
    if "preferential" in wanted and bool(slot.get("preferential")) != wanted["preferential"]:
        yield f"preferential is {slot.get('preferential')}"


def _time_problems(wanted: Mapping[str, Any], start: datetime) -> Iterator[str]:
    weekday, hour = start.isoweekday(), start.time()
    if "weekdays" in wanted and weekday not in wanted["weekdays"]:
        yield f"weekday {weekday}"
    if weekday in wanted.get("not_weekdays", ()):
        yield f"weekday {weekday}"
    if "dates" in wanted and start.date() not in [_date(day) for day in wanted["dates"]]:
        yield "another date"
    if "date_from" in wanted and start.date() < _date(wanted["date_from"]):
        yield "too early a date"
    if "date_to" in wanted and start.date() > _date(wanted["date_to"]):
        yield "too late a date"
    if "from" in wanted and hour < time.fromisoformat(str(wanted["from"])):
        yield "too early an hour"
    if "to" in wanted and hour > time.fromisoformat(str(wanted["to"])):
        yield "too late an hour"
    if "at" in wanted and hour != time.fromisoformat(str(wanted["at"])):
        yield "another hour"


def _names(slot: Mapping[str, Any], catalogue: Catalogue) -> dict[str, str]:
    service = catalogue.services.get(str(slot.get("service_id")))
    facility = catalogue.facilities.get(str(slot.get("facility_id")))
    doctor = catalogue.doctors.get(str(slot.get("doctor_id")))
    city = catalogue.cities.get(str(slot.get("city_id")))
    return {
        "city": city.name if city else "",
        "district": (facility.district or "") if facility else "",
        "facility": facility.name if facility else "",
        "doctor": f"{doctor.first_name} {doctor.last_name}" if doctor else "",
        "specialty": service.specialty.name if service and service.specialty else "",
        "service": service.name if service else "",
        "kind": str(slot.get("kind") or ""),
    }


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def check_portal(
    script: Script,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    calls: Sequence[Mapping[str, Any]],
    replies: Sequence[Reply],
    catalogue: Catalogue,
) -> Iterator[str]:
    """Problems of the portal's state at the end. Without `holds` none may be left; without `booked`
    nothing may have been booked; what was told as booked and what is booked are always compared."""
    known = {reservation["id"] for reservation in before["reservations"]}
    made = [r for r in after["reservations"] if r["id"] not in known]  # one may be moved or cancelled since
    new = [r for r in made if r["status"] == "booked"]
    told = sum(reply.response in BOOKED for reply in replies)
    if told != len(made) and not script.portal.get("untold"):
        yield f"{told} visits told as booked, {len(made)} booked"
    wanted = script.portal.get("booked") or ()
    if len(wanted) != len(new):
        yield f"{len(new)} reservations made, expected {len(wanted)}"
    for want, reservation in zip(wanted, sorted(new, key=lambda r: str(r["slot"]["start"])), strict=False):
        for problem in slot_problems(want, reservation["slot"], catalogue):
            yield f"reservation: {problem}"
        if "patient" in want and reservation.get("patient") != want["patient"]:
            yield f"reservation is for {reservation.get('patient')!r}, not {want['patient']!r}"
    yield from _check_rest(script.portal, before, after)
    for kind in ("complaints", "opinions"):
        yield from _check_sent(kind, script.portal.get(kind) or (), before, after)
    yield from _check_calls(script.portal.get("calls") or {}, calls)


def _check_rest(
    wanted: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    live = len(after.get("holds") or ())
    if live != int(wanted.get("holds") or 0):
        yield f"{live} holds left, expected {wanted.get('holds') or 0}"
    watches = len(after.get("watches") or ()) - len(before.get("watches") or ())
    if watches != int(wanted.get("watches") or 0):
        yield f"{watches} watches made, expected {wanted.get('watches') or 0}"
    gone = [r["id"] for r in after["reservations"] if r["status"] == "cancelled"]
    old = [r["id"] for r in before["reservations"] if r["status"] == "cancelled"]
    if len(gone) - len(old) != int(wanted.get("cancelled") or 0):
        yield f"{len(gone) - len(old)} visits cancelled, expected {wanted.get('cancelled') or 0}"


def _check_sent(
    kind: str, wanted: Sequence[Mapping[str, Any]], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    """What patients sent; none unless listed. Texts need only hold what is wanted, None means not there."""
    sent = list(after.get(kind) or ())[len(before.get(kind) or ()) :]
    if len(sent) != len(wanted):
        yield f"{len(sent)} {kind} sent, expected {len(wanted)}"
    for want, found in zip(wanted, sent, strict=False):
        flat = {**found, **(found.get("reply") or {})}
        for name, value in want.items():
            if not (flat.get(name) is None if value is None else _equal(value, flat.get(name))):
                yield f"{kind}: {name} is {flat.get(name)!r}, not {value!r}"


def _check_calls(wanted: Mapping[str, Any], calls: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    made = [f"{call['method']} {call['path']}" for call in calls]
    for pattern in wanted.get("never") or ():
        found = [call for call in made if re.fullmatch(pattern, call)]
        if found:
            yield f"the portal must not be asked {pattern}: {found[0]}"
    for pattern in wanted.get("made") or ():
        if not any(re.fullmatch(pattern, call) for call in made):
            yield f"the portal was not asked {pattern}"
