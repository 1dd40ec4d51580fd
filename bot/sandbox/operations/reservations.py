"""Visits: confirming, listing, cancelling."""

from bot.sandbox.clock import parse_moment, warsaw_date
from bot.sandbox.context import Answer, Call, Context
from bot.sandbox.gates import check_cancel, is_late
from bot.sandbox.operations.holds import conflicts, live_hold, recheck, valuations
from bot.sandbox.paging import page
from bot.sandbox.problems import Problem
from bot.sandbox.registry import operation
from bot.sandbox.store import Doc
from bot.sandbox.views import reservation, reservation_status


@operation("createReservation", scope="reservations:write")
def create_reservation(ctx: Context, call: Call) -> Answer:
    """All gates again, then hold becomes visit; the replaced visit is freed in the same transaction."""
    hold = live_hold(ctx, call.body["hold_id"])
    if ctx.taken_by_fault:
        raise Problem("SLOT_TAKEN", {"slot_id": hold["slot"]["id"]})
    replaced = _replaced(ctx, hold, call.body.get("replaces"))
    coverage = recheck(ctx, hold, replaced["id"] if replaced else None)
    valuation = next((v for v in valuations(hold, coverage) if v["id"] == call.body["valuation_id"]), None)
    if valuation is None:
        raise Problem("HOLD_CONFLICT", {"reason": "valuation"})
    _check_conflicts(ctx, hold, replaced)
    visit = _book(ctx, hold, valuation)
    if replaced is not None:
        _free(ctx, replaced)
    return Answer(201, reservation(ctx, visit))


@operation("listReservations", scope="reservations:read")
def list_reservations(ctx: Context, call: Call) -> Answer:
    """Earliest first. History is a function of the full account (R3)."""
    status = call.query["status"]
    if status == "completed":
        ctx.require_full()
    visits = []
    for visit in ctx.all_mine("reservation", call.query["patient_id"]):
        state = reservation_status(ctx, visit)
        hidden = state == "completed" and not ctx.full
        if (status is None or state == status) and not hidden and _within(visit, call.query):
            visits.append(visit)
    visits.sort(key=lambda visit: (parse_moment(visit["slot"]["start"]), visit["id"]))
    return Answer(200, page([reservation(ctx, visit) for visit in visits], call.query))


@operation("getReservation", scope="reservations:read")
def get_reservation(ctx: Context, call: Call) -> Answer:
    visit = ctx.mine("reservation", call.path["reservation_id"])
    if reservation_status(ctx, visit) == "completed":
        ctx.require_full()
    return Answer(200, reservation(ctx, visit))


@operation("cancelReservation", scope="reservations:write")
def cancel_reservation(ctx: Context, call: Call) -> Answer:
    """R54, R57, A2, A7."""
    visit = ctx.mine("reservation", call.path["reservation_id"])
    check_cancel(ctx, visit)
    late = is_late(ctx, visit)
    _free(ctx, visit)
    return Answer(200, {"reservation_id": visit["id"], "status": "cancelled", "late": late})


def _replaced(ctx: Context, hold: Doc, named: str | None) -> Doc | None:
    """The visit that is moved; a hold made for moving must be confirmed as that."""
    if hold["replaces"] is not None and named != hold["replaces"]:
        raise Problem("HOLD_CONFLICT", {"reason": "replaces"})
    if named is None:
        return None
    visit = ctx.mine("reservation", named)
    if visit["patient_id"] != hold["patient_id"]:
        raise Problem("HOLD_CONFLICT", {"reason": "replaces"})
    check_cancel(ctx, visit)
    return visit


def _check_conflicts(ctx: Context, hold: Doc, replaced: Doc | None) -> None:
    found = conflicts(ctx, hold, replaced["id"] if replaced else None)
    if found:
        first = next((c for c in found if c["code"] == "OVERLAP"), found[0])
        raise Problem(first["code"], {"reservation_id": first["reservation"]["id"]})


def _book(ctx: Context, hold: Doc, valuation: Doc) -> Doc:
    visit: Doc = {
        "id": ctx.session.new_id("res"),
        "account": ctx.account_id,
        "patient_id": hold["patient_id"],
        "service_id": hold["slot"]["service_id"],
        "slot": hold["slot"],
        "claim": hold["claim"],
        "status": "booked",
        "booked_by": "portal",
        "facility_type": "own",
        "valuation": valuation,
        "referral_id": hold["referral_id"],
        "prereservation_id": hold["prereservation_id"],
        "cancelled_by": None,
    }
    ctx.session.unclaim(hold["id"])
    ctx.session.delete("hold", hold["id"])
    if not ctx.session.claim(hold["claim"], visit["id"], ctx.account_id, ctx.now, None):
        raise Problem("SLOT_TAKEN", {"slot_id": hold["slot"]["id"]})
    ctx.save("reservation", visit)
    _use_referral(ctx, visit, -1)
    if hold["prereservation_id"] is not None:
        ctx.session.delete("prereservation", hold["prereservation_id"])
    return visit


def _free(ctx: Context, visit: Doc) -> None:
    visit |= {"status": "cancelled", "cancelled_by": "patient"}
    ctx.save("reservation", visit)
    ctx.session.unclaim(visit["id"])
    _use_referral(ctx, visit, +1)


def _use_referral(ctx: Context, visit: Doc, step: int) -> None:
    """Count down what remains of the referral, or give it back."""
    if visit["referral_id"] is None:
        return
    referral = ctx.mine("referral", visit["referral_id"])
    referral["remaining"] = min(max(referral["remaining"] + step, 0), referral["total"])
    ctx.save("referral", referral)


def _within(visit: Doc, query: Doc) -> bool:
    day = warsaw_date(parse_moment(visit["slot"]["start"])).isoformat()
    return bool((query["from"] or day) <= day <= (query["to"] or day))
