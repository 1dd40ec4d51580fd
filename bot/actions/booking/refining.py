"""Other slots than those shown: "wcześniej", "pokaż więcej", "inny lekarz"."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from bot.actions.booking import holds, offer
from bot.actions.booking.place import ask_other_place
from bot.actions.booking.questions import ask_when
from bot.actions.booking.reading import restore_wish
from bot.actions.booking.slots import DOCTOR, NOT_DOCTOR, WINDOW, when_of
from bot.actions.booking.steps import Ctx
from bot.actions.booking.told import union
from bot.language.cues import cue
from bot.language.text import folded_words
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
_COMPLAINT = 6
"""Words; in a longer message "za późno" may be about anything."""


def too_soon_or_late(text: str) -> str | None:
    """ "Za późno", "to trochę za wcześnie" of the terms shown: the other way is wished for."""
    said = folded_words(text)
    if "?" in text or len(said) > _COMPLAINT or cue("refused").among(said):
        return None
    pairs = list(pairwise(said))
    if any(cue("before_too").matches(one) and cue("too_late").matches(other) for one, other in pairs):
        return "earlier"
    too_soon = any(cue("before_too").matches(one) and cue("too_soon").matches(other) for one, other in pairs)
    return "later" if too_soon else None


async def refine(ctx: Ctx, what: str) -> None:
    """Searches again as asked; asks first where that alone does not say what is wanted."""
    await holds.release(ctx)
    restore_wish(ctx)
    if _prepare(ctx, what):
        await offer.show(ctx)
    elif what == "other_place":
        await ask_other_place(ctx)
    else:
        await ask_when(ctx)


def _prepare(ctx: Ctx, what: str) -> bool:
    """Prepares the next search; False when the patient has to be asked first."""
    slots = offer.offered(ctx)
    if not slots:
        return True
    first, last = slots[0], slots[-1]
    seen = [*(ctx.data.get(WINDOW) or {}).get("skip", []), *(slot.id for slot in slots)]
    match what:
        case "earlier":
            now = ctx.world.now.isoformat()
            ctx.data[WINDOW] = {"from": now, "to": first.start.isoformat(), "open": True, "what": what}
        case "later":
            after = last.start + timedelta(minutes=1)
            ctx.data[WINDOW] = {"from": after.isoformat(), "open": True, "what": what}
        case "more":
            kept = ctx.data.get(WINDOW) or {}  # "pokaż więcej" after "inny dzień" stays with the other days
            ctx.data[WINDOW] = {**kept, "skip": seen, "what": what}
        case "other_day":
            _other_day(ctx, slots)
        case "other_doctor":
            _other_doctor(ctx, slots)
        case _:
            return False
    return True


def _other_day(ctx: Ctx, slots: list[Slot]) -> None:
    ctx.data.pop(WINDOW, None)
    wish = when_of(ctx.facts)
    days = {slot.start.astimezone(WARSAW).date() for slot in slots}
    if wish.has_day and len(days) == 1:
        ctx.data[WINDOW] = {
            "from": ctx.world.now.isoformat(),
            "open": True,
            "not_days": [day.isoformat() for day in days],
            "what": "other_day",
        }
        return
    last = max(slot.start for slot in slots)
    next_day = (last.astimezone(WARSAW) + timedelta(days=1)).replace(hour=0, minute=0)
    ctx.data[WINDOW] = {"from": next_day.isoformat(), "open": True, "what": "other_day"}


def _other_doctor(ctx: Ctx, slots: list[Slot]) -> None:
    ctx.data.pop(WINDOW, None)
    shown = [slot.doctor_id for slot in slots if slot.doctor_id]
    if not shown:  # the portal does not tell who does it
        ctx.speaker.say("utter_booking_doctor_not_known")
    ctx.facts[NOT_DOCTOR] = union(ctx.facts.get(NOT_DOCTOR), shown)
    ctx.facts.pop(DOCTOR, None)
