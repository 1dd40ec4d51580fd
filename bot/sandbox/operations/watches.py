"""Standing requests for an earlier slot."""

from collections.abc import Container

from bot.sandbox.context import Answer, Call, Context
from bot.sandbox.gates import check_service
from bot.sandbox.paging import page
from bot.sandbox.problems import Problem
from bot.sandbox.registry import operation
from bot.sandbox.store import Doc
from bot.sandbox.views import watch

WATCH_LIMIT = 10
_MIN_NOTICE_HOURS = 24


@operation("listWatches", scope="slots:read")
def list_watches(ctx: Context, call: Call) -> Answer:
    return Answer(200, page([watch(doc) for doc in _live(ctx)], call.query))


@operation("createWatch", scope="reservations:write")
def create_watch(ctx: Context, call: Call) -> Answer:
    """At most 10 live ones; a watch for a service the patient may not have is refused at once."""
    body = call.body
    service = ctx.service(body["service_id"])
    person = ctx.person(body.get("patient_id"))
    check_service(ctx, person, service, None)
    _check_lists(ctx, body)
    if body["expires_on"] < ctx.today.isoformat():
        raise Problem("INVALID_REQUEST", {"field": "expires_on"})
    if len(_live(ctx)) >= WATCH_LIMIT:
        raise Problem("WATCH_LIMIT_REACHED", {"used": WATCH_LIMIT, "max": WATCH_LIMIT})
    doc: Doc = {
        "id": ctx.session.new_id("watch"),
        "account": ctx.account_id,
        "service_id": service.id,
        "patient_id": person.id,
        "city_ids": body.get("city_ids", []),
        "facility_ids": body.get("facility_ids", []),
        "doctor_ids": body.get("doctor_ids", []),
        "from": body.get("from"),
        "to": body.get("to"),
        "part_of_day": body.get("part_of_day"),
        "min_notice_hours": body.get("min_notice_hours", _MIN_NOTICE_HOURS),
        "expires_on": body["expires_on"],
    }
    ctx.save("watch", doc)
    return Answer(201, watch(doc))


@operation("deleteWatch", scope="reservations:write")
def delete_watch(ctx: Context, call: Call) -> Answer:
    doc = ctx.mine("watch", call.path["watch_id"])
    ctx.session.delete("watch", doc["id"])
    return Answer(204, None)


def _live(ctx: Context) -> list[Doc]:
    today = ctx.today.isoformat()
    return [doc for doc in ctx.all_mine("watch") if doc["expires_on"] >= today]


def _check_lists(ctx: Context, body: Doc) -> None:
    world = ctx.catalogue
    known: dict[str, Container[str]] = {
        "city_ids": world.cities,
        "facility_ids": world.facilities,
        "doctor_ids": world.doctors,
    }
    for name, dictionary in known.items():
        if any(one not in dictionary for one in body.get(name, [])):
            raise Problem("NOT_FOUND")
