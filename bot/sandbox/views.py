"""Stored documents as the API shows them."""

from datetime import timedelta

from bot.sandbox.clock import parse_moment, rfc3339
from bot.sandbox.context import Context
from bot.sandbox.gates import CANCEL_NOTICE, cancel_code, is_active
from bot.sandbox.problems import label
from bot.sandbox.store import Doc

_CHECK_IN_OPENS = timedelta(hours=24)


def reservation_status(ctx: Context, visit: Doc) -> str:
    """A booked visit is completed once it has ended."""
    if visit["status"] == "cancelled":
        return "cancelled"
    return "completed" if parse_moment(visit["slot"]["end"]) <= ctx.now else "booked"


def reservation(ctx: Context, visit: Doc) -> Doc:
    """ReservationData of the document."""
    service = ctx.service(visit["service_id"])
    attach = _attach(ctx, visit)
    return {
        "id": visit["id"],
        "status": reservation_status(ctx, visit),
        "slot": visit["slot"],
        "patient_id": visit["patient_id"],
        "service_id": visit["service_id"],
        "booked_by": visit["booked_by"],
        "facility_type": visit["facility_type"],
        "can_attach": attach["allowed"],
        "actions": {
            "cancel": _change(ctx, visit),
            "reschedule": _change(ctx, visit),
            "attach": attach,
            "check_in": _check_in(ctx, visit),
        },
        "preparation": service.wire["preparation"],
        "valuation": visit["valuation"],
        "referral_id": visit["referral_id"],
        "cancelled_by": visit["cancelled_by"],
    }


def _change(ctx: Context, visit: Doc) -> Doc:
    code = cancel_code(ctx, visit)
    start = parse_moment(visit["slot"]["start"])
    late_allowed = ctx.world.get("late_cancel_policy", "refuse") != "refuse"
    until = start if late_allowed else start - CANCEL_NOTICE
    return {"allowed": code is None, "until": rfc3339(until) if code is None else None, "code": code}


def _attach(ctx: Context, visit: Doc) -> Doc:
    code = attach_code(ctx, visit)
    return {"allowed": code is None, "until": visit["slot"]["start"] if code is None else None, "code": code}


def attach_code(ctx: Context, visit: Doc) -> str | None:
    """Files go with phone consultations, full account only (R77, R83, A13)."""
    if not is_active(ctx, visit):
        return "NOT_ACTIVE"
    if not ctx.full:
        return "ACCOUNT_LEVEL_REQUIRED"
    return None if visit["slot"]["kind"] == "phone" else "NOT_ELIGIBLE"


def _check_in(ctx: Context, visit: Doc) -> Doc:
    """e-check in: own facility, on site, from 24 hours before (R19, R20)."""
    code: str | None = None
    own_place = visit["facility_type"] == "own" and visit["slot"]["facility_id"] is not None
    if not is_active(ctx, visit):
        code = "NOT_ACTIVE"
    elif not own_place or parse_moment(visit["slot"]["start"]) - ctx.now > _CHECK_IN_OPENS:
        code = "NOT_ELIGIBLE"
    return {"allowed": code is None, "until": visit["slot"]["start"] if code is None else None, "code": code}


def referral(doc: Doc) -> Doc:
    return _public(doc)


def result(doc: Doc) -> Doc:
    shown = _public(doc)
    return {**shown, "portal_url": label("portal_url") if doc["status"] == "ready" else None}


def recommendation(doc: Doc) -> Doc:
    return {**_public(doc), "portal_url": label("portal_url")}


def prescription(ctx: Context, doc: Doc) -> Doc:
    """Date and doctor only, never the medicine."""
    today = ctx.today.isoformat()
    status = "active" if doc["expires_on"] >= today else "expired"
    if doc["used"]:
        status = "used"
    if doc["renewal"] is not None:
        status = "renewal_requested"
    fields = ("id", "issued_on", "expires_on", "doctor_id", "renewable", "patient_id")
    return {**{name: doc[name] for name in fields}, "status": status, "portal_url": label("portal_url")}


def attachment(doc: Doc) -> Doc:
    hidden = ("account", "expires_at", "sha256")
    return {name: value for name, value in doc.items() if name not in hidden}


def question(doc: Doc) -> Doc:
    fields = ("id", "reservation_id", "status", "asked_at")
    return {**{name: doc[name] for name in fields}, "portal_url": label("portal_url")}


def complaint(doc: Doc) -> Doc:
    fields = ("id", "case_number", "status", "filed_at", "reservation_id")
    return {**{name: doc[name] for name in fields}, "reply_channel": doc["reply"]["channel"]}


def watch(doc: Doc) -> Doc:
    return _public(doc)


def _public(doc: Doc) -> Doc:
    return {name: value for name, value in doc.items() if name != "account"}
