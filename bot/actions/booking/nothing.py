"""Nothing free: what is nearest instead, a watch for freed slots, and the Infolinia (R50)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from bot.actions.booking import search
from bot.actions.booking.slots import (
    CITY,
    DISTRICT,
    DOCTOR,
    DOCTOR_GENDER,
    FACILITY,
    FAILED,
    KIND,
    NEARBY,
    NOT_CITY,
    SERVICE,
    WHEN,
    doctors_of,
    when_of,
)
from bot.actions.booking.spread import nearest
from bot.actions.booking.steps import NOTHING, Ctx, describer, free_days, say_intent, slot_to_json, ways_out
from bot.actions.catalogue import Catalogue
from bot.actions.day_card import day_card
from bot.dialogue.state import Option
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import FacilityType, ServiceKind, Slot

INFOLINE_AFTER = 2
"""R50: after so many searches without a result the Infolinia is offered."""
ALTERNATIVES = 4
ENOUGH = 20
ENOUGH_DAYS = 150
"""How many slots are looked through for one alternative; the nearest day may lie weeks ahead."""
TOWNS = 3
"""How many of the nearest other towns are looked at; beyond them the phone is nearer."""


async def say_nothing_free(ctx: Ctx, patient_id: str, *, preferential: bool) -> None:
    """Says what was searched, shows the nearest alternatives, and the ways out."""
    ctx.data[FAILED] = int(ctx.data.get(FAILED) or 0) + 1
    ctx.data.pop(NEARBY, None)
    offered = [option async for option in _alternatives(ctx, patient_id, preferential=preferential)]
    offered.append(say_intent(ctx, "watch", "watch_slot"))
    if ctx.data[FAILED] >= INFOLINE_AFTER:
        offered += ways_out(ctx, ["call_infoline"])
    _put(ctx, offered, found=offered[0].act.get("do") == "slot")
    if ctx.data[FAILED] >= INFOLINE_AFTER:
        ctx.speaker.say("utter_booking_infoline_after_failures")
    elif _for_today(when_of(ctx.facts), ctx.world.now.astimezone(WARSAW).date()):
        ctx.speaker.say("utter_booking_cannot_wait")


def _for_today(wish: When, today: date) -> bool:
    """Whether today is asked for, alone or among other wishes: it may be urgent (R110)."""
    days = wish.dates or (wish.date_from,)
    if wish.options:
        return any(_for_today(option, today) for option in wish.options)
    return days[0] == today and (bool(wish.dates) or wish.date_to == today)


def options(ctx: Ctx) -> list[Option]:
    """What was offered instead, while the question is open."""
    prompt = ctx.frame.prompt
    return list(prompt.options) if prompt is not None and prompt.about == NOTHING else []


def put_again(ctx: Ctx) -> None:
    """The same once more, without another search: a failed one is counted once (R50)."""
    offered = options(ctx)
    found = any(option.act.get("do") == "slot" for option in offered)
    _put(ctx, offered, found=found)


def _put(ctx: Ctx, offered: list[Option], *, found: bool) -> None:
    response = "utter_booking_nothing_free_but" if found else "utter_booking_nothing_free"
    labels = [option.label for option in offered if option.act.get("do") == "slot"]
    lines = "\n".join(f"{number}. {label}" for number, label in enumerate(labels, 1))
    search_words = describer(ctx).search(ctx.facts)
    days = ctx.data.get(NEARBY)
    card = day_card(days) if days else None
    ctx.speaker.ask(NOTHING, response, offered, card=card, search=search_words, alternatives=lines)


async def _alternatives(ctx: Ctx, patient_id: str, *, preferential: bool) -> AsyncIterator[Option]:
    """One slot for each thing that could be let go, and what taking it changes."""
    portal, catalogue = ctx.world.signed_in()
    words = describer(ctx)
    shown: set[tuple[Any, ...]] = set()
    for label, relaxed in relaxations(ctx.facts, catalogue):
        if len(shown) >= ALTERNATIVES:
            return
        slot, facts = None, relaxed
        for facts in await _nearest_towns(ctx, relaxed):
            wanted = search.build(facts, catalogue, ctx.world.now, patient_id)
            enough = ENOUGH_DAYS if label == "other_day" else ENOUGH
            found = await search.run(portal, wanted, preferential=preferential, enough=enough)
            if label == "other_day" and found and not preferential:
                ctx.data[NEARBY] = free_days(ctx, found)
            best = _best_first(label, found, when_of(ctx.facts))
            slot = next((slot for slot in best if _identity(slot) not in shown), None)
            if slot is not None:
                break
        if slot is None:
            continue
        shown.add(_identity(slot))
        yield Option(
            ctx.speaker.texts.label(f"alternative_{label}", slot=words.option(slot)),
            {"do": "slot", "slot": slot_to_json(slot), "facts": _changes(ctx.facts, facts)},
        )


def _best_first(label: str, found: list[Slot], wish: When) -> list[Slot]:
    """What is let go is kept as near as can be: the hour, or the day, that was asked for."""
    if label == "other_hour":
        return nearest(found, wish)
    day = min(wish.dates, default=None) or wish.date_from
    if label != "other_day" or day is None:
        return found
    return sorted(
        found, key=lambda slot: (abs((slot.start.astimezone(WARSAW).date() - day).days), slot.start)
    )


async def _nearest_towns(ctx: Ctx, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """ "Another town" as searches of the nearest ones, one after another; anything else as it is."""
    if not facts.get(NOT_CITY):
        return [facts]
    portal, _ = ctx.world.signed_in()
    page = await portal.find_facilities(FacilityType.OWN, near=facts[NOT_CITY][0])
    towns = [town for town in dict.fromkeys(f.city_id for f in page.items) if town not in facts[NOT_CITY]]
    return [{**_without(facts, NOT_CITY), CITY: [town]} for town in towns[:TOWNS]]


def relaxations(facts: dict[str, Any], catalogue: Catalogue) -> Iterator[tuple[str, dict[str, Any]]]:
    """The wish with one thing let go at a time, the least important first."""
    wish = when_of(facts)
    if wish.has_hours:
        hours = replace(wish, time_from=None, time_to=None, exact_time=None)
        yield "other_hour", {**facts, WHEN: hours.to_json()}
    if wish.has_day:
        days = replace(wish, date_from=None, date_to=None, dates=(), weekdays=frozenset(), options=())
        yield "other_day", {**facts, WHEN: days.to_json()}
    if doctors_of(facts):
        yield "other_doctor", _without(facts, DOCTOR)
    if facts.get(DOCTOR_GENDER):
        yield "other_doctor", _without(facts, DOCTOR_GENDER)
    if facts.get(FACILITY) or facts.get(DISTRICT):
        yield "other_place", _without(facts, FACILITY, DISTRICT)
    elif facts.get(CITY):
        yield "other_place", {**_without(facts, CITY), NOT_CITY: list(facts[CITY])}
    phone = _by_phone(facts, catalogue)
    if phone is not None:
        yield "by_phone", {**_without(facts, CITY, FACILITY, DISTRICT), SERVICE: phone, KIND: "phone"}


def _by_phone(facts: dict[str, Any], catalogue: Catalogue) -> str | None:
    service = catalogue.services[facts[SERVICE]]
    if service.kind != ServiceKind.ONSITE or service.specialty is None:
        return None
    phone = catalogue.consultation(service.specialty.id, "phone")
    return phone.id if phone is not None and phone.bookable else None


def _without(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}


def _changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What the patient accepts by choosing the alternative; None clears a fact."""
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    return changed | {name: None for name in old if name not in new}


def _identity(slot: Slot) -> tuple[Any, ...]:
    return slot.id, slot.service_id
