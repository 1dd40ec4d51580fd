"""What is booked, as it was asked for: all of it, one day, one doctor, one person, the next one (R2)."""

from __future__ import annotations

from typing import Any

from bot.actions.booking.slots import WHO
from bot.actions.booking.steps import Ctx, say_intent
from bot.actions.cancellation import wanted
from bot.actions.cancellation.choosing import SEEN, VISIT, WANTED, booked
from bot.actions.visits import words
from bot.dialogue.state import LISTED, Option
from bot.language.speech import counted
from bot.portal.models import Reservation
from bot.portal.rules.cancellation import may_cancel, may_reschedule
from bot.portal.rules.outcome import Refused

SHOWN = 10
ASKS = "asks"
"""Data: the answer ends in a question, and a "tak" takes its first option."""
FROM = "from"
"""Data: how many visits were listed before ("pokaż dalsze")."""


async def tell(ctx: Ctx) -> None:
    """Answers the question about booked visits. Raises PortalError."""
    visits = await booked(ctx)
    said = dict(ctx.facts.get(WANTED) or {})
    said.pop(wanted.EVERY, None)
    if not visits:
        ctx.speaker.say("utter_visits_none")
        ctx.end()
        return
    found = wanted.matching(visits, said, ctx.world.signed_in()[1], await ctx.world.me())
    if not found:
        await _not_there(ctx, said, visits)
    elif len(found) == 1:
        await one(ctx, found[0])
    else:
        await several(ctx, found, whole=len(found) == len(visits))


async def say_all(ctx: Ctx) -> None:
    """The booked visits in words, in the middle of something else. Raises PortalError."""
    visits = await booked(ctx)
    if not visits:
        ctx.speaker.say("utter_visits_none")
        return
    shown = visits[:SHOWN]
    ctx.speaker.say(
        "utter_visits", count=counted(len(visits), "wizyta"), visits=await words.lines(ctx, shown)
    )


async def one(ctx: Ctx, visit: Reservation) -> None:
    """Everything about one visit, and what can be done with it in one tap."""
    ctx.facts[VISIT] = visit.id
    ctx.data[SEEN] = [visit.id]
    put(ctx, "utter_visit", _changes(ctx, visit), visit=await words.details(ctx, visit))


def _changes(ctx: Ctx, visit: Reservation) -> list[Option]:
    """Moving and cancelling where the portal lets the patient (R54, R57); a file where it may go (R83)."""
    now, decisions = ctx.world.now, ctx.world.decisions
    options = []
    if not isinstance(may_reschedule(visit, now, decisions), Refused):
        options.append(ctx.option("move_it", {"do": "change", "task": "rescheduling", "visit": visit.id}))
    if not isinstance(may_cancel(visit, now, decisions), Refused):
        options.append(ctx.option("cancel_this", {"do": "change", "task": "cancellation", "visit": visit.id}))
    if visit.can_attach:
        options.append(ctx.option("add_file", {"do": "change", "task": "attachments", "visit": visit.id}))
    if not options:  # too late, or booked elsewhere: why, in one tap
        options.append(ctx.option("cancel_this", {"do": "change", "task": "cancellation", "visit": visit.id}))
    return options


async def several(ctx: Ctx, found: list[Reservation], *, whole: bool) -> None:
    """A list; each visit is a button that shows it."""
    start = int(ctx.data.get(FROM) or 0)
    shown = found[start : start + SHOWN]
    ctx.data[SEEN] = [visit.id for visit in shown]
    options = [await words.option(ctx, visit) for visit in shown]
    left = len(found) - start - len(shown)
    if left > 0:
        options.append(ctx.option("more_visits", {"do": "more", "from": start + SHOWN}))
    response = "utter_visits_further" if start else "utter_visits" if whole else "utter_visits_such"
    lines = await words.lines(ctx, shown)
    put(ctx, response, options, count=counted(len(found), "wizyta"), visits=lines)


async def _not_there(ctx: Ctx, said: dict[str, Any], visits: list[Reservation]) -> None:
    """No such visit: says so with what was asked, and names the nearest one of that person."""
    ctx.facts.pop(VISIT, None)
    ctx.data[SEEN] = []
    asked = await words.asked(ctx, said)
    theirs = {WHO: said[WHO]} if said.get(WHO) else {}
    near = wanted.matching(visits, theirs, ctx.world.signed_in()[1], await ctx.world.me())[:1]
    response = "utter_visits_no_such" if asked else "utter_visits_no_such_unnamed"
    if near:
        told = (await words.line(ctx, near[0])).removeprefix("- ")
        ctx.data[SEEN] = [near[0].id]  # "to ją przełóż"
        nearest = " " + ctx.speaker.texts.get("utter_piece_nearest_visit", visit=told)
    options = [_all(ctx), say_intent(ctx, "book_one", "book_visit")]
    put(ctx, response, options, asked=asked, nearest=nearest if near else "")


def _all(ctx: Ctx) -> Option:
    return ctx.option("all_visits", {"do": "all"})


def put(ctx: Ctx, response: str, options: list[Option], *, asks: bool = False, **values: Any) -> None:
    """Says it. With nothing else open its buttons stay alive; a task below gets its own question back."""
    ctx.data[ASKS] = asks
    below = [frame for frame in ctx.conversation.stack if frame is not ctx.frame]
    if below:
        ctx.speaker.say(response, **values)
        ctx.end()
        return
    ctx.speaker.ask(LISTED, response, options, **values)
    ctx.park()
