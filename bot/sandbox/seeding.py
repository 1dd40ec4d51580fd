"""From named patients (and a test's patch of them) to documents of the store."""

import copy
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.sandbox.catalogue import catalogue
from bot.sandbox.clock import WARSAW, rfc3339, warsaw_date
from bot.sandbox.files import load_yaml
from bot.sandbox.relative import birth_date, date_of, moment_of
from bot.sandbox.schedule import Slot, at, day_off, doctors_of, rooms_of
from bot.sandbox.store import Doc, Row, dump

_LISTS = (
    "dependants", "visits", "holds", "referrals", "prereservations", "files", "results", "prescriptions",
    "recommendations", "refunds", "preferential",
)  # fmt: skip


def patient_id(key: str) -> str:
    """Id of a named patient."""
    return f"pat-{key.replace('_', '-')}"


@lru_cache(maxsize=8)
def base_world(now: datetime) -> tuple[Row, ...]:
    """Rows of all named patients as of `now`."""
    return tuple(row for key, entry in named_patients().items() for row in patient_rows(key, entry, now))


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return load_yaml("patients.yml")


def named_patients() -> dict[str, Doc]:
    """The patients of the data file, by key."""
    patients: dict[str, Doc] = _file()["patients"]
    return patients


def patched(key: str, patch: Doc) -> Doc:
    """A named patient with a patch: lists replace the old ones, `add_<list>` is appended to them.

    A key nobody has is a new adult with full access. ValueError for an unknown field.
    """
    fresh = _file()["newcomer"]
    entry: Doc = copy.deepcopy(named_patients().get(key, fresh))
    known = {*fresh, *_LISTS, "age", "partner", "many_visits"}
    if "age" in patch:
        entry.pop("born", None)
    if "visits" in patch:
        entry.pop("many_visits", None)
    for name, value in patch.items():
        target = name.removeprefix("add_")
        if target not in known:
            raise ValueError(f"unknown field of a patient: {name}")
        entry[target] = [*entry.get(target, []), *value] if name.startswith("add_") else value
    return entry


def patient_rows(key: str, entry: Doc, now: datetime) -> Iterator[Row]:
    """The account and everything it owns."""
    account = patient_id(key)
    for kind, doc in _documents(key, entry, now):
        yield kind, doc["id"], account, dump(doc)


def slot_of(spec: Doc, now: datetime) -> Slot:
    """The slot a visit or a free term is written for: service, at, and doctor, facility or city."""
    service = catalogue().services[spec["service"]]
    facility = spec.get("facility")
    doctor = spec.get("doctor")
    if facility is None and service.kind != "phone":
        facility = _facility(service.id, spec.get("city", "warszawa"), doctor)
    if doctor is None and service.specialty_id and not _partner(facility):
        doctor = _doctor(service.specialty_id, facility)
    start = moment_of(str(spec["at"]), now).astimezone(WARSAW)
    minutes = int(spec.get("minutes", service.minutes))
    place = None if service.kind == "phone" else facility
    return Slot(
        service.id, service.kind, doctor, place, start, minutes, bool(spec.get("preferential", False))
    )


def _documents(key: str, entry: Doc, now: datetime) -> Iterator[tuple[str, Doc]]:
    account = patient_id(key)
    yield "account", _account(key, entry, now)
    for child in entry.get("dependants", []):
        yield "dependant", _dependant(account, child, now)
    visits = [*entry.get("visits", []), *_many_visits(entry.get("many_visits"), now)]
    for number, spec in enumerate(visits, 1):
        yield "reservation", _visit(account, number, spec, now)
    for number, spec in enumerate(entry.get("holds", []), 1):
        yield "hold", _hold(account, number, spec, now)
    makers = {
        "referrals": ("referral", _referral),
        "prereservations": ("prereservation", _prereservation),
        "files": ("attachment", _file_entry),
        "results": ("result", _result),
        "prescriptions": ("prescription", _prescription),
        "recommendations": ("recommendation", _recommendation),
        "refunds": ("refund", _refund),
    }
    for name, (kind, make) in makers.items():
        for number, spec in enumerate(entry.get(name, []), 1):
            doc = {
                "id": spec.get("id", f"{kind}-{account}-{number}"),
                "account": account,
                **make(account, spec, now),
            }
            yield kind, doc


def _account(key: str, entry: Doc, now: datetime) -> Doc:
    packages = [{"id": p} if isinstance(p, str) else p for p in entry.get("packages", [])]
    end_of_year = date(warsaw_date(now).year + 1, 12, 31).isoformat()
    return {
        "id": patient_id(key),
        "key": key,
        "first_name": entry["first_name"],
        "last_name": entry["last_name"],
        "gender": entry["gender"],
        "birth_date": birth_date(entry, now).isoformat(),
        "phone_masked": f"*** *** {sum(map(ord, key)) % 900 + 100}",
        "level": entry["level"],
        "packages": [{"id": p["id"], "valid_to": p.get("valid_to", end_of_year)} for p in packages],
        "partner": bool(entry.get("partner", False)),
        "preferential": list(entry.get("preferential", [])),
        "shows": entry.get("shows", ""),
    }


def _dependant(account: str, child: Doc, now: datetime) -> Doc:
    return {
        "id": f"{account}-{child['key']}",
        "account": account,
        "first_name": child["first_name"],
        "gender": child["gender"],
        "birth_date": birth_date(child, now).isoformat(),
        "relation": child.get("relation", "child"),
        "proxy": bool(child.get("proxy", True)),
    }


def _many_visits(spec: Doc | None, now: datetime) -> Iterator[Doc]:
    """As many different services as asked for, one a working day."""
    if spec is None:
        return
    day = warsaw_date(now) + timedelta(days=2)
    # The less usual tests, early in the morning: tests and demonstrations rarely book those.
    exams = [s.wire for s in catalogue().services.values() if s.kind == "exam"]
    services = [
        wire["id"] for wire in reversed(exams) if wire["referral"] != "required" and wire["age"] is None
    ]
    for service in services[: spec["count"]]:
        while day_off(day) or day.isoweekday() == 6:
            day += timedelta(days=1)
        yield {"service": service, "at": at(day, 7 * 60 + 10).isoformat(), "city": spec["city"]}
        day += timedelta(days=1)


def _visit(account: str, number: int, spec: Doc, now: datetime) -> Doc:
    slot = slot_of(spec, now)
    child = spec.get("for")
    return {
        "id": spec.get("id", f"res-{account}-{number}"),
        "account": account,
        "patient_id": f"{account}-{child}" if child else account,
        "service_id": slot.service_id,
        "slot": slot.wire(),
        "claim": slot.claim_key,
        "status": spec.get("status", "booked"),
        "booked_by": spec.get("booked_by", "portal"),
        "facility_type": "partner" if _partner(slot.facility_id) else "own",
        "valuation": None,
        "referral_id": spec.get("referral_id"),
        "prereservation_id": None,
        "cancelled_by": spec.get("cancelled_by"),
    }


def _hold(account: str, number: int, spec: Doc, now: datetime) -> Doc:
    slot = slot_of(spec, now)
    child = spec.get("for")
    return {
        "id": spec.get("id", f"hold-{account}-{number}"),
        "account": account,
        "patient_id": f"{account}-{child}" if child else account,
        "slot": slot.wire(),
        "claim": slot.claim_key,
        "expires_at": rfc3339(moment_of(str(spec.get("expires", "+10min")), now)),
        "extended": False,
        "referral_id": None,
        "prereservation_id": None,
        "replaces": None,
    }


def _referral(account: str, spec: Doc, now: datetime) -> Doc:
    total = int(spec.get("total", 1))
    return {
        "kind": spec["kind"],
        "service_ids": list(spec["services"]),
        "issuer": spec.get("issuer", "luxmed"),
        "total": total,
        "remaining": int(spec.get("remaining", total)),
        "urgent": bool(spec.get("urgent", False)),
        "expires": date_of(spec["expires"], now).isoformat() if spec.get("expires") else None,
        "issued_on": date_of(spec.get("issued", "-7d"), now).isoformat(),
        "patient_id": f"{account}-{spec['for']}" if spec.get("for") else account,
    }


def _prereservation(account: str, spec: Doc, now: datetime) -> Doc:
    service = catalogue().services[spec["service"]]
    facility = _facility(service.id, spec.get("city", "warszawa"), spec.get("doctor"))
    return {
        "service_id": service.id,
        "doctor_id": spec.get("doctor") or _doctor(str(service.specialty_id), facility),
        "patient_id": f"{account}-{spec['for']}" if spec.get("for") else account,
        "suggested_date": date_of(spec["suggested"], now).isoformat(),
        "doctor_available": bool(spec.get("doctor_available", True)),
    }


def _file_entry(account: str, spec: Doc, now: datetime) -> Doc:
    return {
        "file_name": spec["name"],
        "content_type": spec["type"],
        "size": int(spec["size"]),
        "description": spec.get("description", ""),
        "status": spec.get("status", "stored"),
        "reservation_id": spec.get("reservation_id"),
        "created_at": rfc3339(moment_of(spec.get("added", "-3d 18:00"), now)),
        "expires_at": None,
    }


def _result(account: str, spec: Doc, now: datetime) -> Doc:
    own = spec.get("type", "own") == "own"
    ready = moment_of(spec["ready"], now) if spec.get("ready") and own else None
    return {
        "name": spec["name"],
        "status": "not_in_portal" if not own else "ready" if ready else "pending",
        "ordered_on": date_of(spec["ordered"], now).isoformat(),
        "ready_at": rfc3339(ready) if ready else None,
        "patient_id": f"{account}-{spec['for']}" if spec.get("for") else account,
        "facility_type": spec.get("type", "own"),
    }


def _prescription(account: str, spec: Doc, now: datetime) -> Doc:
    return {
        "issued_on": date_of(spec["issued"], now).isoformat(),
        "expires_on": date_of(spec["expires"], now).isoformat(),
        "doctor_id": spec.get("doctor"),
        "renewable": bool(spec.get("renewable", True)),
        "used": bool(spec.get("used", False)),
        "renewal": None,
        "patient_id": f"{account}-{spec['for']}" if spec.get("for") else account,
    }


def _recommendation(account: str, spec: Doc, now: datetime) -> Doc:
    return {
        "service_id": spec["service"],
        "reservation_id": spec.get("reservation_id"),
        "doctor_id": spec.get("doctor"),
        "issued_on": date_of(spec["issued"], now).isoformat(),
        "patient_id": f"{account}-{spec['for']}" if spec.get("for") else account,
    }


def _refund(account: str, spec: Doc, now: datetime) -> Doc:
    return {"amount": spec["amount"], "paid_on": date_of(spec["paid"], now).isoformat()}


def _facility(service_id: str, city: str, doctor: str | None) -> str:
    if doctor is not None:
        return str(catalogue().doctors[doctor].wire["facility_ids"][0])
    service = catalogue().services[service_id]
    if service.specialty_id is None:
        return next(f for f in rooms_of(service_id) if catalogue().facilities[f]["city_id"] == city)
    doctors = [catalogue().doctors[d].wire for d in doctors_of(service.specialty_id)]
    here = [f for d in doctors for f in d["facility_ids"] if catalogue().facilities[f]["city_id"] == city]
    return str(here[0] if here else f"{city}-1")


def _doctor(specialty_id: str, facility: str | None) -> str:
    doctors = [catalogue().doctors[d].wire for d in doctors_of(specialty_id)]
    here = [
        d["id"]
        for d in doctors
        if facility in d["facility_ids"] or (facility is None and d["phone_consultations"])
    ]
    return str(here[0] if here else doctors[0]["id"])


def _partner(facility: str | None) -> bool:
    return facility is not None and catalogue().facilities[facility]["type"] == "partner"
