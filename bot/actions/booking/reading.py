"""What a message tells: facts of any kind, in any order, and for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.actions.booking import facts, holds, people, queue, story, what
from bot.actions.booking.slots import (
    CITY,
    ELSEWHERE,
    KIND,
    MOVES,
    NO_FACILITY,
    NOT_ON_ACCOUNT,
    OF_OLD_FACTS,
    SERVICE,
    SPECIALTY,
    STRANGER,
    UNLISTED,
    UNLISTED_CITY,
    WHEN,
    WHO,
    WISH,
    forget,
    when_of,
)
from bot.actions.booking.steps import Ctx
from bot.actions.booking.who import NotOnAccountError, read_who
from bot.dialogue.hearing import orders_booking
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.times import When, relative_wish
from bot.portal.models import ServiceKind

_KINDS = ("service", "specialty", "city", "district", "facility", "doctor", "visit_kind", "relation")


_KINDS_OF_SUBJECTS = ("service", "specialty", "doctor", "unlisted")
_KINDS_OF_WISHES = {
    "ask_online_consultation": ServiceKind.ONLINE,
    "ask_phone_consultation": ServiceKind.PHONE,
    "ask_rehabilitation": ServiceKind.REHAB,
}
"""Intents that wish for a kind of visit."""


async def take(ctx: Ctx) -> bool:
    """Reads the turn into the facts; False when it said nothing of use. Several wishes are queued."""
    if not ctx.world.logged_in:
        return True
    ctx.turn = people.for_children(story.wish(ctx.turn, ctx.world.now), ctx.world.signed_in()[1])
    ctx.turn = about_the_answer(ctx)
    if queue.second_request(ctx):
        return True
    ctx.turn = await queue.for_each(ctx) or queue.in_turn(ctx)
    restore_wish(ctx)
    said = [
        _facts(ctx),
        _by_the_old_visit(ctx),
        _kind_of_wish(ctx),
        await _whom(ctx),
        _unlisted(ctx),
        _unlisted_city(ctx),
    ]
    if any(said):
        await changed(ctx)
        return True
    return ctx.turn.intent == "book_visit" and not what.subject_known(ctx)


def about_the_answer(ctx: Ctx) -> Turn:
    """ "Umów wizytę" right under an answer about a service or specialty, and nothing else named: that one."""
    turn, subject = ctx.turn, ctx.conversation.subject
    begins = ctx.frame.prompt is None and not what.subject_known(ctx)
    wished = turn.intent in {"book_visit", "affirm", "affirm_weak"} or orders_booking(turn)
    if not subject or not begins or not wished or turn.has(*_KINDS_OF_SUBJECTS):
        return turn
    meant = [Mention(kind, (name,), "", 0, 0) for kind, name in subject.items()]
    return replace(turn, mentions=(*turn.mentions, *meant))


def _facts(ctx: Ctx) -> bool:
    asked = ctx.frame.prompt is not None and ctx.frame.prompt.about == SERVICE
    told = facts.read(ctx.facts, ctx.world.signed_in()[1], ctx.turn)
    said = bool(told.changed)
    if asked or ctx.facts.get(KIND) == ServiceKind.OCCUPATIONAL:
        said = what.choose_by_words(ctx) or said
    if told.strangers:
        ctx.data[STRANGER] = told.strangers[0]
    if told.elsewhere:
        ctx.data[ELSEWHERE] = told.elsewhere[0]
    if told.no_facility:
        ctx.data[NO_FACILITY] = told.no_facility
    return said


def by_the_old_visit(ctx: Ctx) -> When | None:
    """ "O tej samej porze", "dzień później": told by the visit that is being moved (R60)."""
    start = (ctx.facts.get(MOVES) or {}).get("start")
    return relative_wish(ctx.turn.text, datetime.fromisoformat(start)) if start else None


def _by_the_old_visit(ctx: Ctx) -> bool:
    wish = by_the_old_visit(ctx)
    if wish is None:
        return False
    ctx.facts[WHEN] = when_of(ctx.facts).merge(wish).to_json()
    return True


def _kind_of_wish(ctx: Ctx) -> bool:
    """ "Czy ktoś jest teraz?", "zapisz mnie na zabiegi": the kind itself is not said."""
    kind = _KINDS_OF_WISHES.get(ctx.turn.intent)
    if ctx.turn.intent == "book_visit" and cue("treatments").heard(ctx.turn.text):
        kind = ServiceKind.REHAB
    if kind is None or ctx.turn.has("visit_kind"):
        return False
    if kind != ServiceKind.ONLINE and (KIND in ctx.facts or ctx.turn.has("service", "specialty")):
        return False
    ctx.facts[KIND] = kind.value
    return True


async def _whom(ctx: Ctx) -> bool:
    """For whom; who is not on the account is remembered until it is clear for whom instead."""
    dependants = await ctx.world.dependants()
    several = people.several(ctx.turn, dependants) if what.subject_known(ctx) else []
    if several:
        await people.one_by_one(ctx, several)
        return True
    try:
        return read_who(ctx.facts, ctx.turn, dependants)
    except NotOnAccountError:
        ctx.facts.pop(WHO, None)
        ctx.data[NOT_ON_ACCOUNT] = True
        return True


def _unlisted(ctx: Ctx) -> bool:
    """A service that the portal does not list, and none that it does."""
    unlisted = ctx.turn.said("unlisted")
    if not unlisted or ctx.turn.has("service", "specialty"):
        return False
    ctx.data[UNLISTED] = unlisted[-1].ids[0]
    return True


def _unlisted_city(ctx: Ctx) -> bool:
    """A town without a facility, and no other place."""
    if ctx.turn.has("city", "district", "facility"):
        ctx.data.pop(UNLISTED_CITY, None)
        return False
    towns = ctx.turn.said("unlisted_city")
    if not towns:
        return False
    ctx.data[UNLISTED_CITY] = towns[-1].ids[0]
    forget(ctx.facts, CITY)
    return True


def restore_wish(ctx: Ctx) -> None:
    """What was let go for an alternative holds again once the alternative is not taken."""
    wish = ctx.data.pop(WISH, None)
    if wish is not None:
        ctx.frame.facts = wish


async def changed(ctx: Ctx) -> None:
    """New facts: what was found and held for the old ones no longer counts."""
    await holds.release(ctx)
    for name in OF_OLD_FACTS:
        ctx.data.pop(name, None)


def facts_said(turn: Turn) -> bool:
    """Whether the message has facts of its own, so that it is more than a bare answer."""
    return turn.has(*_KINDS) or turn.when is not None


def stops(ctx: Ctx) -> bool:
    """ "Zostaw, chcę telefonicznie" changes the wish; "rezygnuję z ortopedy" stops."""
    wished = {"visit_kind": ctx.facts.get(KIND), "specialty": ctx.facts.get(SPECIALTY)}
    return all(wished[m.kind] in {None, *m.ids} for m in ctx.turn.said(*wished))
