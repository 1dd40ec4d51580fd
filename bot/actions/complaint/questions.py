"""What is asked, in this order: what happened, which visit (or where and when), how to answer, its datum."""

from __future__ import annotations

from bot.actions.booking.steps import Ctx, fill, named, say_intent
from bot.actions.complaint import reply, visits
from bot.actions.complaint.slots import CHANNEL, CONTACT, DAY, DESCRIPTION, FACILITY, SLOTS, TOWN, VISIT
from bot.actions.day_card import calendar, day_card
from bot.dialogue.state import Option
from bot.dialogue.task import ANY
from bot.language.contact import has_contact
from bot.language.cues import synonyms
from bot.portal.clock import local_date

TASK = "complaint"
_SHOWN = 8
_HURRIED = "hurried"
"""Data: the open question that was answered with a mere yes."""


async def ask_next(ctx: Ctx, *, again: bool) -> bool:
    """Puts the next open question; False when everything is known."""
    facts = ctx.facts
    if DESCRIPTION not in facts:
        ask(ctx, DESCRIPTION, again=again)
    elif VISIT not in facts and not (FACILITY in facts and DAY in facts):
        return await _ask_visit(ctx, again=again)
    else:
        return _ask_rest(ctx, again=again)
    return True


def hurries(ctx: Ctx, about: str) -> bool:
    """ "Tak, wysyłaj" while something is still asked: said once a question that it is missing."""
    if about not in SLOTS or about == ctx.data.get(_HURRIED) or DESCRIPTION not in ctx.facts:
        return False
    if ctx.turn.intent != "affirm" or ctx.turn.mentions or has_contact(ctx.turn.text):
        return False
    ctx.data[_HURRIED] = about
    ctx.speaker.say("utter_complaint_before_sending")
    return True


def _ask_rest(ctx: Ctx, *, again: bool) -> bool:
    facts = ctx.facts
    about_a_visit = facts.get(VISIT, ANY) != ANY
    if not about_a_visit and FACILITY not in facts:
        _ask_facility(ctx, again=again)
    elif not about_a_visit and DAY not in facts:
        _ask_day(ctx, again=again)
    elif CHANNEL not in facts:
        ask(ctx, CHANNEL, _channels(ctx), again=again)
    elif CONTACT not in facts:
        response = reply.question(ctx, again=again)
        ctx.speaker.ask(CONTACT, response, _other_channels(ctx), spec=SLOTS[CONTACT])
    else:
        return False
    return True


def ask(ctx: Ctx, slot: str, options: list[Option] | None = None, *, again: bool = False) -> None:
    """The question of a slot."""
    spec = SLOTS[slot]
    ctx.speaker.ask(slot, spec.question(TASK, again=again), options or [], spec=spec)


async def _ask_visit(ctx: Ctx, *, again: bool) -> bool:
    found = await visits.recent(ctx)
    if not found:
        ctx.facts[VISIT] = ANY
        return await ask_next(ctx, again=again)
    options = [visits.option(ctx, visit) for visit in found[: visits.SHOWN]]
    options.append(fill(ctx, "no_visit", {VISIT: ANY}, *synonyms("no_visit")))
    ask(ctx, VISIT, options, again=again)
    return True


def _ask_facility(ctx: Ctx, *, again: bool) -> None:
    catalogue = ctx.world.signed_in()[1]
    known = [catalogue.facilities[name] for name in ctx.data.get(TOWN) or () if name in catalogue.facilities]
    options = [named(facility.name, {FACILITY: facility.id}) for facility in known[:_SHOWN]]
    options.append(fill(ctx, "no_facility", {FACILITY: ANY}, *synonyms("no_facility")))
    ask(ctx, FACILITY, options, again=again)


def _ask_day(ctx: Ctx, *, again: bool) -> None:
    spec, today = SLOTS[DAY], local_date(ctx.world.now)
    options = [say_intent(ctx, "do_not_remember", "skip", *synonyms("do_not_remember"))]
    card = day_card(calendar(today - visits.BACK, today))
    ctx.speaker.ask(DAY, spec.question(TASK, again=again), options, card=card, spec=spec)


def _channels(ctx: Ctx) -> list[Option]:
    return [_channel(ctx, channel) for channel in (reply.LETTER, reply.EMAIL, reply.PHONE)]


def _channel(ctx: Ctx, channel: str) -> Option:
    name = f"reply_{channel}"
    return fill(ctx, name, {CHANNEL: channel}, *synonyms(name))


def _other_channels(ctx: Ctx) -> list[Option]:
    """Another way of answering, for who would rather not give this datum."""
    others = (reply.LETTER, reply.EMAIL, reply.PHONE)
    return [_channel(ctx, channel) for channel in others if channel != ctx.facts[CHANNEL]]
