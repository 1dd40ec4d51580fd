"""Pre-reservations of follow-up visits (R61-R65)."""

from datetime import date, timedelta

from bot.sandbox.context import Answer, Call, Context
from bot.sandbox.gates import check_booking
from bot.sandbox.operations.holds import free_holds, hold_view, place_hold
from bot.sandbox.paging import page
from bot.sandbox.problems import Problem
from bot.sandbox.registry import operation
from bot.sandbox.relative import months_before
from bot.sandbox.schedule import Slot
from bot.sandbox.search import Availability, Wish
from bot.sandbox.store import Doc

_SEARCH_AROUND = timedelta(days=21)


@operation("listPrereservations", scope="reservations:read")
def list_prereservations(ctx: Context, call: Call) -> Answer:
    docs = [_view(ctx, doc) for doc in ctx.all_mine("prereservation", call.query["patient_id"])]
    return Answer(200, page(docs, call.query))


@operation("holdPrereservation", scope="reservations:write")
def hold_prereservation(ctx: Context, call: Call) -> Answer:
    """The kept doctor's slot nearest to the suggested date, inside the window only (R62)."""
    doc = ctx.mine("prereservation", call.path["prereservation_id"])
    view = _view(ctx, doc)
    if view["status"] == "too_early":
        raise Problem("PREBOOK_TOO_EARLY", dict(view["window"]))
    if view["status"] == "expired":
        raise Problem("PREBOOK_EXPIRED", dict(view["window"]))
    if not doc["doctor_available"]:
        raise Problem("NOT_ELIGIBLE", {"reason": "doctor_unavailable"}, remedies=[_others(ctx, doc)])
    free_holds(ctx)
    slot = _nearest(ctx, doc)
    person = ctx.person(doc["patient_id"])
    grant = check_booking(ctx, person, slot, None, replaces=None, follow_up=True)
    hold = place_hold(ctx, slot, person.id, prereservation_id=doc["id"])
    return Answer(201, hold_view(ctx, hold, grant.coverage))


def window(suggested: date) -> tuple[date, date]:
    """From 3 calendar months to 7 days before, both inclusive (R62, A9)."""
    return months_before(suggested, 3), suggested - timedelta(days=7)


def _view(ctx: Context, doc: Doc) -> Doc:
    first, last = window(date.fromisoformat(doc["suggested_date"]))
    status = "too_early" if ctx.today < first else "expired" if ctx.today > last else "open"
    fields = ("id", "service_id", "doctor_id", "patient_id", "suggested_date", "doctor_available")
    return {
        **{name: doc[name] for name in fields},
        "window": {"from": first.isoformat(), "to": last.isoformat()},
        "status": status,
    }


def _nearest(ctx: Context, doc: Doc) -> Slot:
    suggested = date.fromisoformat(doc["suggested_date"])
    wish = Wish(
        service=ctx.service(doc["service_id"]),
        first=max(suggested - _SEARCH_AROUND, ctx.today),
        last=suggested + _SEARCH_AROUND,
        doctors=frozenset([doc["doctor_id"]]),
    )
    slots = Availability(ctx.session, ctx.now).search(wish, lambda _: False).slots
    if not slots:
        raise Problem("NOT_ELIGIBLE", {"reason": "doctor_unavailable"}, remedies=[_others(ctx, doc)])
    return min(slots, key=lambda slot: (abs(slot.start.date() - suggested), slot.start))


def _others(ctx: Context, doc: Doc) -> Doc:
    """Other doctors of the specialty, on preferential conditions (R63)."""
    specialty = ctx.service(doc["service_id"]).specialty_id
    name = ctx.catalogue.specialties[str(specialty)]["name"]
    return {
        "rel": "slots",
        "label_pl": name,
        "href": f"/v1/slots?service_id={specialty}-onsite&pool=preferential",
    }
