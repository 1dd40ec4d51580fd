"""The offer: five slots, and every way of choosing one or asking for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.actions.booking import search
from bot.actions.booking.facts import when_of
from bot.actions.booking.nothing import say_nothing_free
from bot.actions.booking.slots import DOCTOR, WHEN
from bot.actions.booking.steps import (
    CHANGE,
    OFFER,
    Ctx,
    describer,
    say_intent,
    slot_from_json,
    slot_to_json,
)
from bot.dialogue.speaker import press_payload
from bot.dialogue.state import Option
from bot.dialogue.turn import Turn
from bot.language.choices import find_choice
from bot.language.text import fold, words
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import Slot

REFINES = {
    "show_earlier": "earlier",
    "show_later": "later",
    "show_more": "more",
    "other_doctor": "other_doctor",
    "other_day": "other_day",
    "other_place": "other_place",
}
"""Intents that ask for other slots than those shown."""


_NONE = ("zaden", "zadn")


async def show(ctx: Ctx, patient_id: str, *, preferential: bool) -> None:
    """Searches and offers; the search that found nothing says so and offers what is near."""
    portal, catalogue = ctx.world.signed_in()
    window = ctx.data.get("window")
    wanted = search.build(ctx.facts, catalogue, ctx.world.now, patient_id, window)
    found = await search.run(portal, wanted, preferential=preferential)
    shown = search.spread(found)
    if not shown:
        if window and ctx.data.get("offer"):
            _no_others(ctx)
            return
        await say_nothing_free(ctx, patient_id, preferential=preferential)
        return
    ctx.data["failed"] = 0
    ctx.data["offer"] = [slot_to_json(slot) for slot in shown]
    ctx.data["fitted"] = dict(ctx.facts)
    put(ctx)


def put(ctx: Ctx, *, watch: bool = False) -> None:
    """Puts the offer found last; `watch` adds a notice of what may still be freed."""
    speech = describer(ctx)
    slots = offered(ctx)
    options = [
        Option(speech.option(slot), {"do": "slot", "slot": slot_to_json(slot), "look": "slot"})
        for slot in slots
    ]
    options += [
        say_intent(ctx, "show_more", "show_more"),
        say_intent(ctx, "other_day", "other_day"),
        *([say_intent(ctx, "watch", "watch_slot")] if watch else []),
        say_intent(ctx, "stop_task", "cancel_task"),
    ]
    number = ctx.conversation.prompts + 1
    rows = [speech.slot_card(slot, press_payload(f"{number}.{index}")) for index, slot in enumerate(slots)]
    response = "utter_booking_offer_one" if len(slots) == 1 else "utter_booking_offer"
    if all(slot.preferential for slot in slots):
        ctx.speaker.say("utter_booking_preferential")
    ctx.speaker.ask(
        OFFER,
        response,
        options,
        card={
            "kind": "slots",
            "title": ctx.speaker.texts.get("utter_head_slots"),
            "lead": ctx.speaker.texts.get("utter_lead_offer", search=searched(ctx)),
            "items": rows,
        },
        search=searched(ctx),
        facts={"slots": [slot_to_json(slot) for slot in slots]},
        slots="\n".join(f"{i}. {speech.option(slot)}" for i, slot in enumerate(slots, 1)),
    )


def searched(ctx: Ctx) -> str:
    """What the offer is for; beyond the day asked for ("inny dzień") that day is not named any more."""
    facts = ctx.facts
    window = ctx.data.get("window") or {}
    if window.get("open"):
        facts = {**facts, WHEN: search.loosened(when_of(facts), window).to_json()}
    return describer(ctx).search(facts)


def offered(ctx: Ctx) -> list[Slot]:
    """The slots on offer."""
    return [slot_from_json(data) for data in ctx.data.get("offer") or ()]


def choose(ctx: Ctx) -> Slot | None:
    """The one slot of the offer that the message means; None when it means none or several."""
    slots = offered(ctx)
    turn = ctx.turn
    if not slots or none_of_them(turn):
        return None
    if turn.intent == "affirm" and len(slots) == 1:
        return slots[0]
    picked = _by_position(turn, len(slots))
    if picked is not None:
        return slots[picked] if _agrees(ctx, turn, slots[picked]) else None
    if turn.intent == "no_preference" or (turn.when is not None and turn.when == When(asap=True)):
        return slots[0]
    fitting = [slot for slot in slots if _agrees(ctx, turn, slot) and _matches(ctx, turn, slot)]
    return fitting[0] if len(fitting) == 1 and len(slots) >= 1 else None


def choose_instead(ctx: Ctx) -> Slot | None:
    """At the read-back: another slot of the same offer ("nie, ten o 10"); a bare number is none."""
    turn = ctx.turn
    pointed = turn.intent == "choose_option" and turn.when is not None
    if turn.intent not in {"deny", "correct"} and not pointed:
        return None
    slot = choose(ctx)
    return slot if slot is not None and slot.id != ctx.data["hold"]["slot"]["id"] else None


def same_day(turn: Turn, slot: Slot) -> Turn:
    """ "Za wcześnie, coś po 9" after a day that was named means other hours of that day."""
    wish = turn.when
    if wish is None or wish.has_day or not wish.has_hours:
        return turn
    day = slot.start.astimezone(WARSAW).date()
    return replace(turn, when=replace(wish, date_from=day, date_to=day))


def alternative(ctx: Ctx, options: Sequence[Option]) -> Option | None:
    """Of what is offered instead, the one that the message points at ("ten telefoniczny o 7:30")."""
    turn = ctx.turn
    fitting = []
    for option in options:
        if option.act.get("do") != "slot":
            continue
        slot = slot_from_json(option.act["slot"])
        named = turn.says("visit_kind", str(slot.kind.value)) or _matches(ctx, turn, slot)
        if named and _agrees(ctx, turn, slot):
            fitting.append(option)
    return fitting[0] if len(fitting) == 1 else None


def none_of_them(turn: Turn) -> bool:
    """ "Żaden", "żadna z tych"."""
    return any(word.folded.startswith(_NONE) for word in words(fold(turn.text)))


def _by_position(turn: Turn, count: int) -> int | None:
    choice = find_choice(turn.text, count)
    if choice is None:
        return None
    if choice.any:
        return 0
    return choice.index if choice.index is not None and choice.index < count else None


def _agrees(ctx: Ctx, turn: Turn, slot: Slot) -> bool:
    """Whether nothing that was said speaks against the slot ("piątek, ale w Krakowie" is a new wish)."""
    own = {
        "doctor": slot.doctor_id,
        "city": slot.city_id,
        "facility": slot.facility_id,
        "visit_kind": str(slot.kind.value),
        "specialty": ctx.facts.get("specialty"),
    }
    if turn.unwanted(*own) or (turn.when is not None and not turn.when.allows(slot.start)):
        return False
    return all(own.get(m.kind) in {None, *m.ids} for m in turn.mentions)


def _matches(ctx: Ctx, turn: Turn, slot: Slot) -> bool:
    """Whether everything the turn says of time, doctor and place fits this slot; saying nothing fits none."""
    said = False
    if turn.when is not None:
        if not turn.when.allows(slot.start):
            return False
        said = _points(turn)
    doctors = turn.said(DOCTOR)
    if doctors:
        if slot.doctor_id not in doctors[-1].ids:
            return False
        said = True
    facilities = turn.said("facility")
    if facilities:
        if slot.facility_id not in facilities[-1].ids:
            return False
        said = True
    return said


def _points(turn: Turn) -> bool:
    """Whether the time said points at a slot: "o 15", "w piątek"; "po południu" alone is a new wish."""
    wish = turn.when
    if wish is None or not (wish.has_day or wish.has_hours):
        return False
    one_day = wish.date_from is not None and wish.date_from == wish.date_to
    named = bool(wish.dates or wish.weekdays or wish.exact_time or one_day)
    return named or turn.intent == "choose_option"


def refine(ctx: Ctx, what: str) -> bool:
    """Prepares the next search; False when the patient has to be asked first."""
    slots = offered(ctx)
    if not slots:
        return True
    first, last = slots[0], slots[-1]
    seen = [*(ctx.data.get("window") or {}).get("skip", []), *(slot.id for slot in slots)]
    match what:
        case "earlier":
            now = ctx.world.now.isoformat()
            ctx.data["window"] = {"from": now, "to": first.start.isoformat(), "open": True, "what": what}
        case "later":
            after = last.start + timedelta(minutes=1)
            ctx.data["window"] = {"from": after.isoformat(), "open": True, "what": what}
        case "more":
            kept = ctx.data.get("window") or {}  # "pokaż więcej" after "inny dzień" stays with the other days
            ctx.data["window"] = {**kept, "skip": seen, "what": what}
        case "other_day":
            _other_day(ctx, slots)
        case "other_doctor":
            _other_doctor(ctx, slots)
        case _:
            return False
    return True


def _other_day(ctx: Ctx, slots: list[Slot]) -> None:
    ctx.data.pop("window", None)
    wish = when_of(ctx.facts)
    days = {slot.start.astimezone(WARSAW).date() for slot in slots}
    if wish.has_day and len(days) == 1:
        ctx.data["window"] = {
            "from": ctx.world.now.isoformat(),
            "open": True,
            "not_days": [day.isoformat() for day in days],
            "what": "other_day",
        }
        return
    last = max(slot.start for slot in slots)
    next_day = (last.astimezone(WARSAW) + timedelta(days=1)).replace(hour=0, minute=0)
    ctx.data["window"] = {"from": next_day.isoformat(), "open": True, "what": "other_day"}


def _other_doctor(ctx: Ctx, slots: list[Slot]) -> None:
    ctx.data.pop("window", None)
    shown = [slot.doctor_id for slot in slots if slot.doctor_id]
    ctx.facts["not_doctor"] = list(dict.fromkeys([*(ctx.facts.get("not_doctor") or []), *shown]))
    ctx.facts.pop(DOCTOR, None)


def _no_others(ctx: Ctx) -> None:
    """Nothing beyond what was shown: says so and keeps the offer open."""
    window: Mapping[str, Any] = ctx.data.pop("window", None) or {}
    what = str(window.get("what") or "more")
    ctx.speaker.say(f"utter_booking_no_{what}")
    put(ctx, watch=what == "earlier")


def ask_what_to_change(
    ctx: Ctx, response: str = "utter_booking_what_to_change", options: Sequence[Option] = ()
) -> None:
    """After "nie": one tap to what should be different; `options` when others are open already."""
    usual = ("other_day", "show_later", "other_doctor", "other_place")
    ctx.speaker.ask(
        CHANGE,
        response,
        options
        or [
            *(say_intent(ctx, name, name) for name in usual),
            say_intent(ctx, "stop_task", "cancel_task"),
        ],
    )
