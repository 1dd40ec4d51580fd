"""What the modules of booking share: the context of a turn, its stages, and options as buttons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from bot.actions.booking.describe import Describer
from bot.actions.booking.slots import WHEN, who_index
from bot.actions.day_card import calendar, calendar_of
from bot.actions.world import World
from bot.dialogue.state import CONSENT as CONSENT
from bot.dialogue.state import REFUSED as REFUSED
from bot.dialogue.state import Option
from bot.dialogue.task import TaskContext
from bot.portal.clock import local_date
from bot.portal.models import Dependant, Patient, Slot

Ctx = TaskContext[World]

OFFER = "offer"
CHANGE = "change"
NOTHING = "nothing"
AGAIN = "again"
"""Stages of booking that ask something which is not a fact."""
HORIZON = timedelta(days=60)
"""How far a search without a date looks, and how far ahead a calendar goes."""
OF_TERMS = frozenset({OFFER, CHANGE, NOTHING, CONSENT, WHEN})
"""Where a time is talked about: "później" wishes for a later one."""


def describer(ctx: Ctx) -> Describer:
    """Words for this turn's world."""
    return Describer(ctx.world.signed_in()[1], ctx.speaker.texts, ctx.world.now)


def days_ahead(ctx: Ctx, at_least: date | None = None) -> dict[str, Any]:
    """Days a visit may be wished for: from today as far as a search looks, or to the last slot shown."""
    today = local_date(ctx.world.now)
    return calendar(today, max(today + HORIZON, at_least or today))


def free_days(ctx: Ctx, found: Iterable[Slot]) -> dict[str, Any]:
    """The calendar of a search that named no day: only days on which it found something are chosen."""
    return calendar_of([local_date(slot.start) for slot in found], local_date(ctx.world.now) + HORIZON)


async def person(ctx: Ctx) -> Patient | Dependant:
    """Whom the visit is for."""
    me = await ctx.world.me()
    index = who_index(ctx.facts)
    return me.patient if index is None else me.dependants[index]


def say_intent(ctx: Ctx, label: str, intent: str, *names: str) -> Option:
    """A button that means the same as saying it."""
    return ctx.option(label, {"do": "say", "intent": intent}, *names)


def fill(ctx: Ctx, label: str, facts: dict[str, Any], *names: str, **values: Any) -> Option:
    """A button with a label of its own that fills facts."""
    return ctx.option(label, {"do": "fill", "facts": facts}, *names, **values)


def named(text: str, facts: dict[str, Any], *names: str) -> Option:
    """A button labelled with data of the portal (a city, a service) that fills facts."""
    return Option(text, {"do": "fill", "facts": facts}, list(names))


def ways_out(ctx: Ctx, steps: Iterable[str]) -> list[Option]:
    """Buttons for the remedies of a rule; those that the channel cannot do in one tap are left out."""
    options = []
    for step in steps:
        act = _WAYS.get(str(step))
        if act is not None:
            options.append(ctx.option(f"way_{step}", act))
    return options


_WAYS: dict[str, dict[str, Any]] = {
    "show_reservations": {"do": "leave", "action": "list_visits"},
    "confirm_identity": {"do": "tell", "response": "utter_confirm_identity"},
    "call_infoline": {"do": "tell", "response": "utter_infoline"},
    "call_urgent_help": {"do": "tell", "response": "utter_urgent_help_line"},
    "book_phone_consultation": {"do": "switch", "facts": {"kind": "phone"}},
    "book_consultation": {"do": "consult"},
    "start_online_consultation": {"do": "tell", "response": "utter_online_start"},
    "search_again": {"do": "search"},
    "search_same_doctor": {"do": "search"},
    "search_other_doctors": {"do": "refine", "what": "other_doctor"},
}


def slot_to_json(slot: Slot) -> dict[str, Any]:
    """A slot for the frame."""
    return {
        "id": slot.id,
        "start": slot.start.isoformat(),
        "end": slot.end.isoformat(),
        "service_id": slot.service_id,
        "kind": str(slot.kind.value),
        "doctor_id": slot.doctor_id,
        "facility_id": slot.facility_id,
        "city_id": slot.city_id,
        "preferential": slot.preferential,
    }


def slot_from_json(data: dict[str, Any]) -> Slot:
    """The slot kept in the frame."""
    return Slot(**data)
