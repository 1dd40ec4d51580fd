"""Holding a slot for 10 minutes."""

from datetime import timedelta

from bot.sandbox.clock import parse_moment, rfc3339
from bot.sandbox.context import Answer, Call, Context
from bot.sandbox.coverage import Coverage, judge, money
from bot.sandbox.gates import check_booking, check_cancel, is_active
from bot.sandbox.problems import Problem, label
from bot.sandbox.registry import operation
from bot.sandbox.schedule import Slot
from bot.sandbox.search import Availability, slot_from_wire
from bot.sandbox.store import Doc
from bot.sandbox.views import reservation

HOLD_LIFETIME = timedelta(minutes=10)
# One may have several visits of these at a time: a referral for ten treatments is ten visits.
REPEATABLE = ("rehab",)


@operation("createHold", scope="reservations:write")
def create_hold(ctx: Context, call: Call) -> Answer:
    """Every gate, then the slot is this account's for 10 minutes."""
    if ctx.taken_by_fault:
        raise Problem("SLOT_TAKEN", {"slot_id": call.body["slot_id"]})
    person = ctx.person(call.body["patient_id"])
    replaces = call.body.get("replaces")
    if replaces is not None:
        check_cancel(ctx, ctx.mine("reservation", replaces))
    free_holds(ctx)
    slot = Availability(ctx.session, ctx.now).find(call.body["slot_id"])
    grant = check_booking(ctx, person, slot, call.body.get("referral_id"), replaces=replaces, follow_up=False)
    referral_id = grant.referral["id"] if grant.referral else None
    doc = place_hold(ctx, slot, person.id, referral_id=referral_id, replaces=replaces)
    return Answer(201, hold_view(ctx, doc, grant.coverage))


@operation("getHold", scope="reservations:read")
def get_hold(ctx: Context, call: Call) -> Answer:
    return Answer(200, shown(ctx, live_hold(ctx, call.path["hold_id"])))


@operation("releaseHold", scope="reservations:write")
def release_hold(ctx: Context, call: Call) -> Answer:
    """Always 204: what is not held, or is not yours, is not held by you afterwards either."""
    doc = ctx.session.get("hold", call.path["hold_id"])
    if doc is not None and doc["account"] == ctx.account_id:
        _drop(ctx, doc)
    return Answer(204, None)


@operation("extendHold", scope="reservations:write")
def extend_hold(ctx: Context, call: Call) -> Answer:
    """Once."""
    doc = live_hold(ctx, call.path["hold_id"])
    if doc["extended"]:
        raise Problem("HOLD_CONFLICT", {"reason": "extended", "expires_at": doc["expires_at"]})
    expires = ctx.now + HOLD_LIFETIME
    doc |= {"extended": True, "expires_at": rfc3339(expires)}
    ctx.save("hold", doc)
    ctx.session.unclaim(doc["id"])
    ctx.session.claim(doc["claim"], doc["id"], ctx.account_id, ctx.now, expires)
    return Answer(200, shown(ctx, doc))


def live_hold(ctx: Context, hold_id: str) -> Doc:
    """The account's hold; Problem NOT_FOUND or HOLD_EXPIRED."""
    doc = ctx.mine("hold", hold_id)
    if parse_moment(doc["expires_at"]) <= ctx.now:
        raise Problem("HOLD_EXPIRED", {"hold_id": hold_id, "expired_at": doc["expires_at"]})
    return doc


def free_holds(ctx: Context) -> None:
    """One live hold an account: the new one frees the old one. Expired ones stay known as expired."""
    for doc in ctx.all_mine("hold"):
        if parse_moment(doc["expires_at"]) > ctx.now:
            _drop(ctx, doc)


def place_hold(
    ctx: Context,
    slot: Slot,
    patient_id: str,
    *,
    referral_id: str | None = None,
    replaces: str | None = None,
    prereservation_id: str | None = None,
) -> Doc:
    """Claim the slot and remember why; Problem SLOT_TAKEN when another was faster."""
    expires = ctx.now + HOLD_LIFETIME
    doc: Doc = {
        "id": ctx.session.new_id("hold"),
        "account": ctx.account_id,
        "patient_id": patient_id,
        "slot": slot.wire(),
        "claim": slot.claim_key,
        "expires_at": rfc3339(expires),
        "extended": False,
        "referral_id": referral_id,
        "prereservation_id": prereservation_id,
        "replaces": replaces,
    }
    if not ctx.session.claim(slot.claim_key, doc["id"], ctx.account_id, ctx.now, expires):
        raise Problem("SLOT_TAKEN", {"slot_id": slot.id})
    ctx.save("hold", doc)
    return doc


def valuations(doc: Doc, coverage: Coverage) -> list[Doc]:
    """Ways to settle: the package pays, also on a referral or for a kept follow-up, or the patient does."""
    if coverage.covered:
        kind = "referral" if doc["referral_id"] or doc["prereservation_id"] else "package"
        return [
            {
                "id": kind,
                "kind": kind,
                "label_pl": coverage.payer or label(f"valuation_{kind}"),
                "price": None,
            }
        ]
    price = money(coverage.price)
    return [{"id": "payment", "kind": "payment", "label_pl": label("valuation_payment"), "price": price}]


def conflicts(ctx: Context, doc: Doc, without: str | None) -> list[Doc]:
    """The same person's active visits at the same time or of the same service."""
    found = []
    start, end = parse_moment(doc["slot"]["start"]), parse_moment(doc["slot"]["end"])
    for visit in ctx.all_mine("reservation"):
        if visit["patient_id"] != doc["patient_id"] or visit["id"] == without or not is_active(ctx, visit):
            continue
        other = visit["slot"]
        if parse_moment(other["start"]) < end and start < parse_moment(other["end"]):
            found.append({"code": "OVERLAP", "reservation": reservation(ctx, visit)})
        elif visit["service_id"] == doc["slot"]["service_id"] and other["kind"] not in REPEATABLE:
            found.append({"code": "DUPLICATE_SERVICE", "reservation": reservation(ctx, visit)})
    return found


def hold_view(ctx: Context, doc: Doc, coverage: Coverage) -> Doc:
    """Hold of the document."""
    service = ctx.service(doc["slot"]["service_id"])
    fields = ("id", "expires_at", "extended", "slot", "patient_id", "referral_id", "prereservation_id")
    return {
        **{name: doc[name] for name in fields},
        "valuations": valuations(doc, coverage),
        "related": [
            {"service_id": other, "label_pl": ctx.service(other).wire["name"]} for other in service.related
        ],
        "conflicts": conflicts(ctx, doc, doc["replaces"]),
        "preparation": service.wire["preparation"],
    }


def shown(ctx: Context, doc: Doc) -> Doc:
    """A stored hold with its valuations as of now; whether it may still be confirmed is judged at confirm."""
    referral = ctx.session.get("referral", doc["referral_id"]) if doc["referral_id"] else None
    urgent = doc["prereservation_id"] is not None or bool(referral and referral["urgent"])
    person, service = ctx.person(doc["patient_id"]), ctx.service(doc["slot"]["service_id"])
    return hold_view(ctx, doc, judge(ctx, person, service, urgent=urgent))


def recheck(ctx: Context, doc: Doc, replaces: str | None) -> Coverage:
    """The gates once more, for the hold's own slot."""
    person = ctx.person(doc["patient_id"])
    follow_up = doc["prereservation_id"] is not None
    slot = slot_from_wire(doc["slot"])
    return check_booking(
        ctx, person, slot, doc["referral_id"], replaces=replaces, follow_up=follow_up
    ).coverage


def _drop(ctx: Context, doc: Doc) -> None:
    ctx.session.unclaim(doc["id"])
    ctx.session.delete("hold", doc["id"])
