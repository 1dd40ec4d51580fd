"""From what was said to one visit: found in the portal's list, or asked for; never guessed (R56)."""

from __future__ import annotations

from typing import Any

from bot.actions.booking.slots import WHO
from bot.actions.booking.steps import Ctx, describer, say_intent
from bot.actions.booking.who import SELF
from bot.actions.cancellation import wanted
from bot.dialogue.acts import REFINING
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Option
from bot.language.choices import find_choice
from bot.language.cues import cue
from bot.language.speech import short_slot
from bot.portal.models import Reservation, ReservationStatus
from bot.portal.paging import every_page
from bot.portal.rules.cancellation import one_match
from bot.portal.rules.outcome import Allowed

VISIT = "visit"
"""Fact: the id of the visit that is meant."""
WANTED = "wanted"
"""Fact: what was said of it; see wanted.py."""
SEEN = "seen"
"""Data of the task `visits`: ids of the visits it listed, in that order."""
SHOWN = 10
_PAGES = 5
SLOTS = {VISIT: SlotSpec(VISIT)}


async def booked(ctx: Ctx) -> list[Reservation]:
    """What is booked and has not begun, the nearest first. Raises PortalError."""
    portal, _ = ctx.world.signed_in()
    now = ctx.world.now
    visits = await every_page(
        lambda cursor: portal.reservations(ReservationStatus.BOOKED, now, cursor=cursor), most=_PAGES
    )
    return sorted((visit for visit in visits if visit.slot.start > now), key=lambda visit: visit.slot.start)


async def tell(ctx: Ctx, said: dict[str, Any]) -> None:
    """Puts what a message says into the facts: it narrows what was said before, or replaces it."""
    before = dict(ctx.facts.get(WANTED) or {})
    if said.keys() & wanted.SUBJECTS:  # "nie tę, internistę": another thing, not a further word for the first
        before = {name: value for name, value in before.items() if name not in wanted.SUBJECTS}
    ctx.facts.pop(VISIT, None)
    both = {**before, **said}
    _, catalogue = ctx.world.signed_in()
    me = await ctx.world.me()
    narrowed = wanted.matching(await booked(ctx), both, catalogue, me) if before else []
    ctx.facts[WANTED] = both if narrowed else said


def pointed_at(ctx: Ctx, said: dict[str, Any]) -> str | None:
    """The visit meant by "odwołaj ją", "tę drugą", "tę, co właśnie umówiłam": shown or booked just now."""
    latest = wanted.booked_when(ctx.turn.text) or ctx.turn.intent in REFINING
    if latest and not said and ctx.conversation.booked:
        return ctx.conversation.booked
    parked = ctx.conversation.parked
    if parked is None:
        return None
    kept = parked.facts.get(VISIT) if parked.task == "cancellation" and parked.prompt is None else None
    if kept and said.keys() <= {wanted.PLACE} and not cue("visit_word").heard(ctx.turn.text):
        return str(kept)  # "zostaw ją ... a godzinę da się zmienić na późniejszą?"
    if said or parked.task != "visits":
        return None
    seen = [str(visit) for visit in parked.data.get(SEEN) or ()]
    if len(seen) == 1:
        return seen[0]
    choice = find_choice(ctx.turn.text, len(seen)) if seen else None
    return seen[choice.index] if choice is not None and choice.index is not None else None


async def one(ctx: Ctx) -> Reservation | None:
    """The visit that is meant; asks which, or says that there is none, and gives None."""
    visits = await booked(ctx)
    if not visits:
        ctx.speaker.say("utter_visits_none")
        ctx.end()
        return None
    chosen = next((visit for visit in visits if visit.id == ctx.facts.get(VISIT)), None)
    if chosen is not None:
        return chosen
    if ctx.turn.tap:  # cancelled or moved since the portal told of it; another one is not meant
        ctx.speaker.say("utter_visit_gone")
        ctx.end()
        return None
    said = ctx.facts.get(WANTED) or {}
    found = wanted.matching(visits, said, ctx.world.signed_in()[1], await ctx.world.me())
    if isinstance(one_match(found), Allowed):
        ctx.facts[VISIT] = found[0].id
        return found[0]
    if not found:
        ctx.speaker.say("utter_visit_not_found")
        ctx.facts.pop(WANTED, None)
    elif wanted.booked_when(ctx.turn.text):
        ctx.speaker.say("utter_visits_booking_day_unknown")
    await ask_which(ctx, found or visits)
    return None


async def ask_which(ctx: Ctx, visits: list[Reservation]) -> None:
    """Lists the visits that may be meant, as buttons."""
    options = [await _option(ctx, visit) for visit in visits[:SHOWN]]
    options.append(say_intent(ctx, "leave_visits", "cancel_task"))
    question = SLOTS[VISIT].question(ctx.frame.task, again=bool(ctx.frame.misses))
    ctx.speaker.ask(VISIT, question, options)
    if len(visits) > SHOWN:
        ctx.speaker.say("utter_visits_more", count=str(len(visits) - SHOWN), shown=str(SHOWN))


async def _option(ctx: Ctx, visit: Reservation) -> Option:
    words = describer(ctx)
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    name = service.name if service else ""
    parts = [short_slot(visit.slot.start, ctx.world.now), name, await whom(ctx, visit)]
    label = " · ".join(part for part in parts if part)
    names = [name, words.doctor_short(visit.slot.doctor_id), words.place_short(visit.slot)]
    act = {"do": "fill", "facts": {VISIT: visit.id}}
    return Option(label, act, [name for name in names if name])


async def describe(ctx: Ctx, visit: Reservation) -> str:
    """ "dermatolog, we wtorek 24 listopada o 15:30, dr Anna Zięba, Centrum ..., dla Zosi"."""
    words = describer(ctx)
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    parts = (
        service.name if service else "",
        words.when(visit.slot),
        words.doctor(visit.slot.doctor_id),
        words.place(visit.slot),
        await whom(ctx, visit),
    )
    return ", ".join(part for part in parts if part)


async def whom(ctx: Ctx, visit: Reservation) -> str:
    """For a dependant: "dla Zosi"; the patient's own visits need no name."""
    me = await ctx.world.me()
    who = wanted.whose(visit, me)
    return "" if who == SELF else describer(ctx).who({WHO: who}, me.dependants)
