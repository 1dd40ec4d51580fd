"""A term that the portal told of, taken with one tap (R50, R59): held like one chosen from an offer.

The tap carries ids of the portal's own event. For whom and for what is asked of the portal: of the watch
that found the term, or of the visit that the clinic cancelled.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from bot.actions.booking.slots import CITY, DOCTOR, FACILITY, FREED, KIND, OFFERED, SERVICE, SPECIALTY, WHO
from bot.actions.booking.steps import Ctx, slot_to_json
from bot.actions.booking.who import SELF, ref
from bot.portal.errors import PortalProblem
from bot.portal.models import Slot
from bot.portal.records import Watch


async def take(ctx: Ctx) -> bool:
    """Reads a tap under an event into the facts; False when the turn is none. Raises PortalError."""
    tap = ctx.turn.tap
    if not tap or not ctx.world.logged_in:
        return False
    slot, watch = _slot(tap.get("slot")), await _watch(ctx, tap.get("watch"))
    if watch is not None:
        await _of_watch(ctx, watch)
    elif tap.get("visit"):
        await _of_visit(ctx, str(tap["visit"]))
    if slot is not None:
        _of_slot(ctx, slot)
        ctx.data[OFFERED] = [slot_to_json(slot)]
        notice = watch.min_notice_hours if watch is not None else None
        ctx.data[FREED] = {"slot": slot_to_json(slot), "notice": notice or 0}
    return True


def due(ctx: Ctx) -> Slot | None:
    """The tapped term, None when it begins sooner than the patient wanted to know of it."""
    tapped = ctx.data.pop(FREED)
    slot = Slot(**tapped["slot"])
    soon = slot.start - ctx.world.now < timedelta(hours=int(tapped["notice"]))
    if soon:
        ctx.data.pop(OFFERED, None)
    return None if soon else slot


def _slot(shown: Any) -> Slot | None:
    try:
        return Slot(**shown) if isinstance(shown, dict) else None
    except (ValidationError, TypeError):
        return None


async def _watch(ctx: Ctx, watch: Any) -> Watch | None:
    """The watch as it is now; None when it is over."""
    if not watch:
        return None
    page = await ctx.world.signed_in()[0].watches()
    return next((item for item in page.items if item.id == str(watch)), None)


async def _of_watch(ctx: Ctx, watch: Watch) -> None:
    """What was watched for is what else would do."""
    _what(ctx, watch.service_id)
    await _whom(ctx, watch.patient_id)
    for fact, ids in ((CITY, watch.city_ids), (FACILITY, watch.facility_ids), (DOCTOR, watch.doctor_ids)):
        if ids:
            ctx.facts[fact] = list(ids)


async def _of_visit(ctx: Ctx, reservation: str) -> None:
    """Another term for the visit that was cancelled."""
    try:
        visit = await ctx.world.signed_in()[0].reservation(reservation)
    except PortalProblem:
        return  # not there any more: what the term itself says is enough
    _what(ctx, visit.service_id)
    await _whom(ctx, visit.patient_id)
    if visit.slot.city_id:
        ctx.facts[CITY] = [visit.slot.city_id]


def _of_slot(ctx: Ctx, slot: Slot) -> None:
    if SERVICE not in ctx.facts:
        _what(ctx, slot.service_id)
    ctx.facts[KIND] = str(slot.kind.value)
    if CITY not in ctx.facts and slot.city_id:
        ctx.facts[CITY] = [slot.city_id]


def _what(ctx: Ctx, service_id: str) -> None:
    service = ctx.world.signed_in()[1].services.get(service_id)
    ctx.facts[SERVICE] = service_id
    if service is None:
        return
    ctx.facts[KIND] = str(service.kind.value)
    if service.specialty is not None:
        ctx.facts[SPECIALTY] = service.specialty.id


async def _whom(ctx: Ctx, patient_id: str) -> None:
    me = await ctx.world.me()
    places = [i for i, person in enumerate(me.dependants) if person.id == patient_id]
    ctx.facts[WHO] = ref(places[0]) if places else SELF
