"""Dictionaries, facilities near a town, and online consultations that start now."""

import hashlib

from bot.sandbox.catalogue import dictionary_tag, minutes_of
from bot.sandbox.clock import WARSAW
from bot.sandbox.context import Answer, Call, Context, Handler
from bot.sandbox.paging import page
from bot.sandbox.problems import Problem, label
from bot.sandbox.registry import operation
from bot.sandbox.store import Doc

_DICTIONARIES = {
    "listCities": "cities",
    "listServices": "services",
    "listFacilities": "facilities",
    "listDoctors": "doctors",
    "listLanguages": "languages",
}


def _serve(name: str) -> Handler:
    def list_dictionary(ctx: Context, call: Call) -> Answer:
        """The whole dictionary, with its version."""
        body: Doc = {"items": ctx.catalogue.dictionary(name), "next_cursor": None}
        return Answer(200, body, {"ETag": dictionary_tag(name)})

    return list_dictionary


for _operation_id, _name in _DICTIONARIES.items():
    operation(_operation_id, scope="profile:read")(_serve(_name))


@operation("findFacilities", scope="profile:read")
def find_facilities(ctx: Context, call: Call) -> Answer:
    """By distance from a town when one is named."""
    near = call.query["near"]
    if near is not None and near not in ctx.catalogue.cities:
        raise Problem("NOT_FOUND")
    kind = call.query["type"]
    found = [f for f in ctx.catalogue.facilities.values() if kind in (None, f["type"])]
    if near is not None:
        found.sort(key=lambda facility: (ctx.catalogue.distance(near, facility["city_id"]), facility["id"]))
    return Answer(200, page(found, call.query))


@operation("getOnlineQueue", scope="slots:read")
def get_online_queue(ctx: Context, call: Call) -> Answer:
    """Full account (R96); internists and paediatricians 7-24, "24" being midnight (R97, A15)."""
    specialty = call.query["specialty"]
    service = ctx.catalogue.services.get(f"{specialty}-online")
    if service is None:
        raise Problem("NOT_FOUND")
    ctx.require_full()
    local = ctx.now.astimezone(WARSAW)
    for span in service.wire["hours"] or ():
        if not minutes_of(span["from"]) <= local.hour * 60 + local.minute < minutes_of(span["to"]):
            raise Problem("OUTSIDE_SERVICE_HOURS", {"from": span["from"], "to": span["to"]})
    chance = hashlib.blake2b(f"{specialty}:{local:%Y%m%d%H}".encode(), digest_size=2).digest()
    on_duty = service.wire["hours"] is not None or chance[0] < 170
    body: Doc = {
        "specialty_id": specialty,
        "service_id": service.id,
        "available": on_duty,
        "wait_minutes": chance[1] % 8 + 1 if on_duty else None,
        "forms": ["chat", "voice", "video"],
        "portal_url": label("portal_url"),
    }
    return Answer(200, body)
