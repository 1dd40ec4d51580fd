"""After the portal said "booked": what R19, R23 and R52 ask for, and what may come next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.actions.booking.holds import old_visit
from bot.actions.booking.read_back import details, summary
from bot.actions.booking.slots import BOOKED, HOLD, KIND, MOVES, REFERRAL, REPLACES, WHEN, when_of
from bot.actions.booking.steps import AGAIN, Ctx, describer, say_intent
from bot.actions.calendar_file import visit_file
from bot.dialogue.state import DONE, Frame
from bot.language.cues import synonyms
from bot.language.speech import counted, spoken_slot, spoken_time
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.errors import PortalError
from bot.portal.models import Reservation, ServiceKind
from bot.portal.rules.decisions import DEFAULT_DECISIONS

log = logging.getLogger(__name__)
REMINDER = timedelta(hours=24)
"""R53: how long before a visit the SMS comes."""

_LINES = ("what", "doctor", "when", "where", "preparation")


async def done(ctx: Ctx, reservation: Reservation) -> bool:
    """Says that the visit is booked. True when the task goes on (another procedure of the referral)."""
    held = ctx.data.pop(HOLD, None) or {}
    words = describer(ctx)
    slot = reservation.slot
    held.setdefault("preparation", list(reservation.preparation))
    lines: dict[str, Any] = summary(ctx, words, slot, held)
    start = slot.start.astimezone(WARSAW)
    phone = slot.kind == ServiceKind.PHONE
    replaced = ctx.data.pop(REPLACES, None)
    ctx.conversation.booked = reservation.id
    tell: Callable[..., None] = _with_a_way_back(ctx, reservation) if replaced else ctx.speaker.say
    tell(
        f"utter_{'moved' if replaced else 'booked'}_{'phone' if phone else 'onsite'}",
        card=visit_file(lines, slot, ctx.world.now, ctx.speaker.texts),
        **lines,
        who=held.get("who") or "",
        details=details(ctx, lines, _LINES),
        time=spoken_time(start.time()),
        number=_number(ctx, held.get("number")),
        good_to_know=_good_to_know(ctx, start),
        reservation=reservation.id,
        old=(replaced or {}).get("old") or "",
    )
    if reservation.can_attach and held.get("full"):
        ctx.speaker.say("utter_booked_attach")
    return await _more_procedures(ctx)


def _with_a_way_back(ctx: Ctx, reservation: Reservation) -> Callable[..., None]:
    """Says it with a button that looks for the old term: a moving of what was just moved, set aside."""
    moves = ctx.facts.get(MOVES) or {}
    back = moves.get("back")
    if not back:  # another booking of the same service was replaced
        return ctx.speaker.say
    start = reservation.slot.start.isoformat()
    facts = {
        **ctx.facts,
        **back,
        MOVES: {"id": reservation.id, "old": old_visit(ctx, reservation), "start": start},
    }
    frame = Frame(ctx.frame.task, facts={name: value for name, value in facts.items() if value is not None})
    label = replace(ctx.option("old_term", {"do": "search"}, *synonyms("old_term")), cue="wants_old_term")

    def say(response: str, **values: Any) -> None:
        ctx.conversation.stack.append(frame)
        ctx.speaker.ask(DONE, response, [label], **values)
        ctx.conversation.park(frame)

    return say


def _number(ctx: Ctx, masked: str | None) -> str:
    """The patient's number as the portal masks it; dots, since asterisks are markup in a chat (R23)."""
    return masked.replace("*", "•") if masked else ctx.speaker.texts.get("utter_piece_your_number")


def _good_to_know(ctx: Ctx, start: datetime) -> str:
    """The reminder 24 hours before and the last moment to cancel (R52), where they still lie ahead."""
    texts, now = ctx.speaker.texts, ctx.world.now
    last = start - DEFAULT_DECISIONS.cancel_notice
    pieces = []
    if start - now > REMINDER:
        pieces.append(texts.get("utter_piece_reminder"))
    if now <= last:
        pieces.append(texts.get("utter_piece_cancel", until=spoken_slot(last, now)))
    else:
        pieces.append(texts.get("utter_piece_cancel_late"))
    return " ".join(pieces)


async def _more_procedures(ctx: Ctx) -> bool:
    """R31: procedures are booked one by one; the portal counts how many are left."""
    referral = ctx.facts.get(REFERRAL)
    queued = any(frame is not ctx.frame for frame in ctx.conversation.stack)
    treatment = ctx.facts.get(KIND) == ServiceKind.REHAB
    if not referral or not treatment or queued:  # what was asked for comes before what may be offered
        return False
    try:
        page = await ctx.world.signed_in()[0].referrals()
    except PortalError as error:
        log.warning("booked, but what is left of the referral is not known: %s", error)
        return False
    left = next((r.remaining for r in page.items if r.id == referral), None)
    if not left:
        if left == 0:
            ctx.speaker.say("utter_rehabilitation_all_booked")
        return False
    restart(ctx.frame)
    ctx.speaker.ask(
        AGAIN,
        "utter_rehabilitation_next",
        [
            ctx.option("book_next", {"do": "search"}),
            say_intent(ctx, "that_is_all", "cancel_task", *synonyms("that_is_all")),
        ],
        left=counted(left, "zabieg"),
    )
    return True


def restart(frame: Frame) -> None:
    """The same service again: facts and the part of the day stay, the day, the slot and the offer go."""
    frame.data.clear()
    wish = when_of(frame.facts)
    frame.facts[WHEN] = When(
        time_from=wish.time_from,
        time_to=wish.time_to,
        excluded_weekdays=wish.excluded_weekdays,
        excluded_hours=wish.excluded_hours,
    ).to_json()
    frame.facts[BOOKED] = True
