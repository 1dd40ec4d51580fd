"""What the portal's side can do to a patient between two messages."""

from datetime import date, datetime
from typing import Any

from bot.sandbox.clock import rfc3339
from bot.sandbox.problems import label
from bot.sandbox.search import preferential_slots, slots_for_watch
from bot.sandbox.store import Doc, Session

KINDS = (
    "visit.reminder",
    "visit.cancelled_by_clinic",
    "watch.slot_found",
    "result.ready",
    "prescription.ready",
)


def happen(session: Session, kind: str, account: str, data: Doc, now: datetime) -> Doc:
    """Apply it and return its event; ValueError when it does not fit, KeyError without the object."""
    if kind not in KINDS:
        raise ValueError(f"type is one of {', '.join(KINDS)}")
    if session.get("account", account) is None:
        raise KeyError(account)
    makers: dict[str, Any] = {
        "visit.reminder": _reminder,
        "visit.cancelled_by_clinic": _cancelled,
        "watch.slot_found": _slot_found,
        "result.ready": _result_ready,
        "prescription.ready": _prescription_ready,
    }
    return {
        "id": session.new_id("event"),
        "type": kind,
        "occurred_at": rfc3339(now),
        "patient_id": account,
        "data": makers[kind](session, account, data, now),
    }


def _owned(session: Session, kind: str, account: str, object_id: object) -> Doc:
    doc = session.get(kind, str(object_id))
    if doc is None or doc["account"] != account:
        raise KeyError(object_id)
    return doc


def _visit_facts(visit: Doc) -> Doc:
    return {name: visit[name] for name in ("id", "patient_id", "service_id", "slot", "facility_type")}


def _reminder(session: Session, account: str, data: Doc, now: datetime) -> Doc:
    return {"reservation": _visit_facts(_owned(session, "reservation", account, data.get("reservation_id")))}


def _cancelled(session: Session, account: str, data: Doc, now: datetime) -> Doc:
    """R59: the visit is gone and preferential slots of its service are open to the patient."""
    visit = _owned(session, "reservation", account, data.get("reservation_id"))
    visit |= {"status": "cancelled", "cancelled_by": "clinic"}
    session.put("reservation", account, visit)
    session.unclaim(visit["id"])
    owner = _owned_account(session, account)
    owner["preferential"] = sorted({*owner["preferential"], visit["service_id"]})
    session.put("account", account, owner)
    city = visit["slot"]["city_id"]
    slots = preferential_slots(session, visit["service_id"], city, now)
    return {"reservation": _visit_facts(visit), "slots": slots}


def _slot_found(session: Session, account: str, data: Doc, now: datetime) -> Doc:
    watch = _owned(session, "watch", account, data.get("watch_id"))
    slots = slots_for_watch(session, watch, now)
    return {"watch": {name: value for name, value in watch.items() if name != "account"}, "slots": slots}


def _result_ready(session: Session, account: str, data: Doc, now: datetime) -> Doc:
    result = _owned(session, "result", account, data.get("result_id"))
    result |= {"status": "ready", "ready_at": rfc3339(now)}
    session.put("result", account, result)
    return {"result_id": result["id"], "portal_url": label("portal_url")}


def _prescription_ready(session: Session, account: str, data: Doc, now: datetime) -> Doc:
    """A renewal was granted: the prescription is valid for a year again."""
    doc = _owned(session, "prescription", account, data.get("prescription_id"))
    today: date = now.date()
    doc |= {"renewal": None, "used": False, "issued_on": today.isoformat()}
    doc["expires_on"] = today.replace(year=today.year + 1, day=min(today.day, 28)).isoformat()
    session.put("prescription", account, doc)
    return {"prescription_id": doc["id"], "portal_url": label("portal_url")}


def _owned_account(session: Session, account: str) -> Doc:
    doc = session.get("account", account)
    if doc is None:
        raise KeyError(account)
    return doc
