"""Every hard check before a booking, made at hold and again at confirm."""

from dataclasses import dataclass
from datetime import timedelta

from bot.sandbox.catalogue import Service, minutes_of
from bot.sandbox.clock import WARSAW, parse_moment
from bot.sandbox.context import Context, Person
from bot.sandbox.coverage import Coverage, judge
from bot.sandbox.problems import Problem, remedy
from bot.sandbox.schedule import Slot
from bot.sandbox.store import Doc

BASIC_LIMIT = 10
COUNTED_KINDS = ("phone", "onsite", "exam")
CANCEL_NOTICE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Grant:
    """What the checks found: the referral that is used and who pays."""

    referral: Doc | None
    coverage: Coverage


def is_active(ctx: Context, visit: Doc) -> bool:
    """Booked and not begun."""
    return bool(visit["status"] == "booked" and parse_moment(visit["slot"]["start"]) > ctx.now)


def reservations_used(ctx: Context, without: str | None = None) -> int:
    """Active future visits that count to the limit of the basic account (R43, A6)."""
    return sum(
        1
        for visit in ctx.all_mine("reservation")
        if is_active(ctx, visit)
        and visit["slot"]["kind"] in COUNTED_KINDS
        and visit["facility_type"] == "own"
        and visit["prereservation_id"] is None
        and visit["id"] != without
    )


def check_service(ctx: Context, person: Person, service: Service, referral_id: str | None) -> Grant:
    """Whether this person may have this service at all: what `GET /slots` applies too."""
    if service.wire["min_level"] == "full":
        ctx.require_full()
    if not service.wire["bookable"]:
        raise _not_bookable(service)
    referral = _referral(ctx, person, service, referral_id)
    coverage = judge(ctx, person, service, urgent=bool(referral and referral["urgent"]))
    if not coverage.obtainable:
        raise Problem("NOT_COVERED", {"service_id": service.id})
    return Grant(referral, coverage)


def check_age(person: Person, service: Service, slot: Slot) -> None:
    """Completed years on the day of the visit."""
    if not fits_age(person, service, slot):
        raise Problem("AGE_RESTRICTED", dict(service.wire["age"]))


def fits_age(person: Person, service: Service, slot: Slot) -> bool:
    limits = service.wire["age"]
    if limits is None:
        return True
    age = person.age(slot.start.date())
    return bool(
        (limits["min"] is None or age >= limits["min"]) and (limits["max"] is None or age <= limits["max"])
    )


def check_booking(
    ctx: Context,
    person: Person,
    slot: Slot,
    referral_id: str | None,
    *,
    replaces: str | None,
    follow_up: bool,
) -> Grant:
    """All gates for one slot. A follow-up needs no referral and no place in the limit (A6, A10)."""
    service = ctx.service(slot.service_id)
    if not person.proxy:
        raise Problem("PROXY_NOT_ALLOWED")
    check_partner(ctx, slot.facility_id)
    if follow_up:
        grant = Grant(None, judge(ctx, person, service, urgent=True))
    else:
        grant = check_service(ctx, person, service, referral_id)
        check_pool(ctx, person, slot, grant)
        check_limit(ctx, service, replaces)
    check_age(person, service, slot)
    check_hours(service, slot)
    return grant


def check_limit(ctx: Context, service: Service, replaces: str | None) -> None:
    """R42: ten services on a basic account; R44: none on a full one; R34: occupational is not counted."""
    if ctx.full or service.kind not in COUNTED_KINDS:
        return
    used = reservations_used(ctx, without=replaces)
    if used >= BASIC_LIMIT:
        raise Problem("RESERVATION_LIMIT_REACHED", {"used": used, "max": BASIC_LIMIT})


def check_partner(ctx: Context, facility_id: str | None) -> None:
    """R67: visits in partner facilities are made there, by phone or in person."""
    if facility_id is None or ctx.catalogue.facilities[facility_id]["type"] == "own":
        return
    raise partner_problem([ctx.catalogue.facilities[facility_id]])


def partner_problem(facilities: list[Doc]) -> Problem:
    """The refusal, with the facilities' own phones as ways out."""
    return Problem(
        "PARTNER_NOT_BOOKABLE",
        {"facility_ids": [facility["id"] for facility in facilities]},
        remedies=[
            {
                "rel": "partner-facility",
                "label_pl": f"{f['name']}, {f['address']}: {f['phone']}",
                "tel": f["phone"],
            }
            for f in facilities
        ],
    )


def check_hours(service: Service, slot: Slot) -> None:
    """The slot begins and ends inside the service's hours."""
    hours = service.wire["hours"]
    if hours is None:
        return
    start = slot.start.astimezone(WARSAW)
    begin = start.hour * 60 + start.minute
    for span in hours:
        inside = minutes_of(span["from"]) <= begin and begin + slot.minutes <= minutes_of(span["to"])
        if start.isoweekday() in span["days"] and inside:
            return
    raise Problem("OUTSIDE_SERVICE_HOURS", {"from": hours[0]["from"], "to": hours[0]["to"]})


def preferential_reason(ctx: Context, person: Person, service: Service, referral: Doc | None) -> str | None:
    """Why this person may use preferential slots: CITO (R124), under 3 (R125), cancelled by the clinic (R59),
    a follow-up whose doctor is gone (R63); None = may not."""
    if referral is not None and referral["urgent"]:
        return "urgent"
    if person.under_three(ctx.today):
        return "under_three"
    if service.id in ctx.account["preferential"]:
        return "cancelled_by_clinic"
    for kept in ctx.all_mine("prereservation", person.id):
        same = ctx.service(kept["service_id"]).specialty_id == service.specialty_id
        if same and service.specialty_id is not None and not kept["doctor_available"]:
            return "follow_up"
    return None


def check_pool(ctx: Context, person: Person, slot: Slot, grant: Grant) -> None:
    """Preferential slots only for those entitled to them."""
    if (
        slot.preferential
        and preferential_reason(ctx, person, ctx.service(slot.service_id), grant.referral) is None
    ):
        raise Problem("NOT_ELIGIBLE", {"reason": "preferential"})


def cancel_code(ctx: Context, visit: Doc) -> str | None:
    """Why a visit cannot be cancelled or moved here; None = it can (R6, R54, R57, A2, A7)."""
    if not is_active(ctx, visit):
        return "NOT_ACTIVE"
    if visit["facility_type"] == "partner":
        return "PARTNER_NOT_BOOKABLE"
    if visit["booked_by"] != "portal":
        return "NOT_PORTAL_BOOKING"
    if is_late(ctx, visit) and ctx.world.get("late_cancel_policy", "refuse") == "refuse":
        return "LATE_CANCELLATION"
    return None


def is_late(ctx: Context, visit: Doc) -> bool:
    """Less than 6 hours left; exactly 6 h 00 is on time (A7). Elapsed time, so DST nights count right."""
    left: timedelta = parse_moment(visit["slot"]["start"]) - ctx.now
    return left < CANCEL_NOTICE


def check_cancel(ctx: Context, visit: Doc) -> None:
    """Problem with the reason when the visit cannot be cancelled or moved."""
    code = cancel_code(ctx, visit)
    if code is None:
        return
    if code == "PARTNER_NOT_BOOKABLE":
        raise partner_problem([ctx.catalogue.facilities[visit["slot"]["facility_id"]]])
    start = parse_moment(visit["slot"]["start"])
    params = {"reservation_id": visit["id"]}
    if code == "LATE_CANCELLATION":
        params |= {
            "start": visit["slot"]["start"],
            "minutes_left": str(int((start - ctx.now).total_seconds() // 60)),
        }
    raise Problem(code, params)


def usable_referral(ctx: Context, person: Person, service: Service, referral: Doc) -> str | None:
    """Why a referral does not serve for the service; None = it does (R31: rehab only from LUX MED)."""
    if referral["patient_id"] != person.id or service.id not in referral["service_ids"]:
        return "default"
    if service.kind == "rehab" and referral["issuer"] != "luxmed":
        return "external"
    if referral["expires"] is not None and referral["expires"] < ctx.today.isoformat():
        return "expired"
    return "used" if referral["remaining"] <= 0 else None


def _referral(ctx: Context, person: Person, service: Service, referral_id: str | None) -> Doc | None:
    """The referral to use: the named one, else the patient's first that serves."""
    needed = service.wire["referral"] == "required"
    named = [ctx.mine("referral", referral_id)] if referral_id else None
    reasons = []
    for referral in named or ctx.all_mine("referral", person.id):
        reason = usable_referral(ctx, person, service, referral)
        if reason is None:
            return referral
        reasons.append(reason)
    if not needed and named is None:
        return None
    telling = next((r for r in ("used", "expired", "external") if r in reasons), None)
    reason = telling or ("luxmed" if service.kind == "rehab" else "default")
    raise Problem("REFERRAL_REQUIRED", {"reason": reason, "service_id": service.id})


def _not_bookable(service: Service) -> Problem:
    ways = {"online": "portal", "home": "urgent-help"}
    extra = [remedy(ways[service.kind])] if service.kind in ways else []
    return Problem("SERVICE_NOT_BOOKABLE", {"reason": service.kind, "service_id": service.id}, remedies=extra)
