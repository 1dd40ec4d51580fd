"""GET /v1/slots."""

from collections.abc import Container
from datetime import date, timedelta

from bot.sandbox.catalogue import Service
from bot.sandbox.context import Answer, Call, Context, Person
from bot.sandbox.gates import check_service, fits_age, partner_problem, preferential_reason
from bot.sandbox.paging import read_cursor, write_cursor
from bot.sandbox.problems import Problem
from bot.sandbox.registry import operation
from bot.sandbox.schedule import Slot
from bot.sandbox.search import Availability, Wish
from bot.sandbox.store import Doc

_LONGEST_SEARCH = timedelta(days=366)


@operation("listSlots", scope="slots:read")
def list_slots(ctx: Context, call: Call) -> Answer:
    """Free slots of one service for one person."""
    query = call.query
    service = ctx.service(query["service_id"])
    person = ctx.person(query["patient_id"])
    grant = check_service(ctx, person, service, query["referral_id"])
    preferential = query["pool"] == "preferential"
    if preferential and preferential_reason(ctx, person, service, grant.referral) is None:
        raise Problem("NOT_ELIGIBLE", {"reason": "preferential"})
    availability = Availability(ctx.session, ctx.now)
    wish = _wish(ctx, service, query, availability, preferential=preferential)
    _check_ages(person, service, wish)
    return Answer(200, _page(availability, person, wish, query))


def _wish(
    ctx: Context, service: Service, query: Doc, availability: Availability, *, preferential: bool
) -> Wish:
    first = max(date.fromisoformat(query["from"]), ctx.today) if query["from"] else ctx.today
    last = date.fromisoformat(query["to"]) if query["to"] else max(availability.horizon(service), first)
    if last < first:
        raise Problem("INVALID_REQUEST", {"field": "to"})
    if service.kind != "phone":
        _check_places(ctx, query)
    _check_known([*query["doctor_id"], *query["exclude_doctor_id"]], ctx.catalogue.doctors)
    return Wish(
        service=service,
        first=first,
        last=min(last, max(first, ctx.today + _LONGEST_SEARCH)),
        cities=frozenset(query["city_id"]),
        facilities=frozenset(query["facility_id"]),
        doctors=frozenset(query["doctor_id"]),
        not_doctors=frozenset(query["exclude_doctor_id"]),
        weekdays=frozenset(query["weekday"]),
        part_of_day=query["part_of_day"],
        language=query["language"],
        preferential=preferential,
    )


def _check_places(ctx: Context, query: Doc) -> None:
    """Partner facilities and towns that have nothing else cannot be searched (R67)."""
    cities, facilities = ctx.catalogue.cities, ctx.catalogue.facilities
    _check_known(query["city_id"], cities)
    _check_known(query["facility_id"], facilities)
    named = [facilities[f] for f in query["facility_id"]]
    if named and all(f["type"] == "partner" for f in named):
        raise partner_problem(named)
    if query["city_id"] and not any(cities[c]["own_facilities"] for c in query["city_id"]):
        raise partner_problem([f for f in facilities.values() if f["city_id"] in query["city_id"]])


def _check_known(ids: list[str], known: Container[str]) -> None:
    if any(one not in known for one in ids):
        raise Problem("NOT_FOUND")


def _check_ages(person: Person, service: Service, wish: Wish) -> None:
    """Refused when the person has the wrong age all through the searched time; single slots are filtered."""
    limits = service.wire["age"]
    if limits is None:
        return
    too_young = limits["min"] is not None and person.age(wish.last) < limits["min"]
    too_old = limits["max"] is not None and person.age(wish.first) > limits["max"]
    if too_young or too_old:
        raise Problem("AGE_RESTRICTED", dict(limits))


def _page(availability: Availability, person: Person, wish: Wish, query: Doc) -> Doc:
    limit = int(query["limit"])
    identity = {name: value for name, value in query.items() if name not in ("cursor", "limit")}
    after: str | None = read_cursor(query["cursor"], identity)
    reached: list[Slot] = []

    def later(slot: Slot) -> bool:
        return after is None or _position(slot) > after

    def stop(slot: Slot) -> bool:
        if fits_age(person, wish.service, slot) and later(slot):
            reached.append(slot)
        return len(reached) > limit

    found = availability.search(wish, stop)
    part = reached[:limit]
    more = len(reached) > limit
    return {
        "items": [slot.wire() for slot in part],
        "next_cursor": write_cursor(_position(part[-1]), identity) if more else None,
        "searched": {"from": wish.first.isoformat(), "to": wish.last.isoformat()},
        "days": found.days,
    }


def _position(slot: Slot) -> str:
    return f"{slot.start.timestamp():012.0f}:{slot.doctor_id or ''}:{slot.facility_id or ''}"
