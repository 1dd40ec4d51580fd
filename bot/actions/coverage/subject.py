"""What is asked about: the service named, or the one of the booking that is open; and for whom."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from bot.actions.booking import facts, story, what
from bot.actions.booking.facts_what import CONSULTATION_KINDS
from bot.actions.booking.questions import ask
from bot.actions.booking.slots import (
    CANDIDATES,
    CITY,
    DISTRICT,
    FACILITY,
    HOLD,
    KIND,
    MISSED,
    NOT_CITY,
    NOT_ON_ACCOUNT,
    SERVICE,
    SPECIALTY,
    UNLISTED,
    WHEN,
    WHO,
    WHO_CANDIDATES,
)
from bot.actions.booking.steps import Ctx
from bot.actions.booking.who import SELF, NotOnAccountError, read_who
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Frame
from bot.language.cues import cue
from bot.language.questions import elliptical
from bot.language.text import folded_words
from bot.portal.models import Service

BOOKING = "booking"
_SUBJECT = (SERVICE, SPECIALTY, KIND, CANDIDATES, WHO)
_BESIDE = (CITY, DISTRICT, FACILITY, NOT_CITY, WHEN)
"""Said beside an earlier question ("ile się czeka w Gdańsku"), for the booking that may follow."""
_THINGS = ("service", "specialty")
LISTED_THINGS = "listed_things"
"""Fact: the things asked about in one breath, as (kind, id)."""
_HELD = "held"
"""What the held visit costs, when that is what is asked (frame.data)."""


async def take(ctx: Ctx) -> bool:
    """Reads the turn; False when it said nothing of use."""
    if not ctx.world.logged_in:
        return True
    ctx.turn = story.wish(ctx.turn, ctx.world.now)
    borrowed = not known(ctx) and _borrow(ctx)
    _list_things(ctx)
    _without_kind_words(ctx)
    asked = ctx.frame.prompt is not None and ctx.frame.prompt.about == SERVICE
    said = bool(facts.read(ctx.facts, ctx.world.signed_in()[1], ctx.turn).changed)
    said = (asked and what.choose_by_words(ctx)) or said
    unlisted = ctx.turn.said("unlisted")
    if unlisted and not ctx.turn.has(*_THINGS):
        ctx.data[UNLISTED] = unlisted[-1].ids[0]
    whom = await _whom(ctx)
    if borrowed and not whom and not ctx.turn.said("visit_kind"):
        _borrow_price(ctx)
        asks_anew = ctx.turn.intent in {"check_coverage", "ask_payment"}
        bare = elliptical(ctx.turn.text) and not ctx.turn.has_facts
        if bare and not asks_anew:  # "a Basia?": nobody on this account
            ctx.facts.pop(WHO, None)
            ctx.data[NOT_ON_ACCOUNT] = True
    return bool(borrowed or said or unlisted or whom)


def _list_things(ctx: Ctx) -> None:
    """ "Dermatologa, okulistę i morfologię": all are remembered, the facts hold the first."""
    things = story.listed(ctx.turn)
    if not things:
        if ctx.turn.said(*_THINGS):
            ctx.facts.pop(LISTED_THINGS, None)
        return
    ctx.facts[LISTED_THINGS] = [[thing.kind, thing.ids[0]] for thing in things]
    ctx.turn = replace(ctx.turn, mentions=tuple(m for m in ctx.turn.mentions if m not in things[1:]))


def things(ctx: Ctx) -> list[dict[str, str]]:
    """Facts of each thing asked about in one breath; empty when it is one thing."""
    names = {"specialty": SPECIALTY, "service": SERVICE}
    return [{names[kind]: identifier} for kind, identifier in ctx.facts.get(LISTED_THINGS) or ()]


def services_of(ctx: Ctx, thing: dict[str, str]) -> list[Service]:
    """What the portal is asked about for one of several things."""
    catalogue = ctx.world.signed_in()[1]
    if SERVICE in thing:
        return [catalogue.services[thing[SERVICE]]]
    found = catalogue.consultations(thing[SPECIALTY])
    kind = ctx.facts.get(KIND)
    return [s for s in found if s.kind in what.BOOKABLE and kind in {None, s.kind.value}] or found


def other_kinds(ctx: Ctx, service: Service) -> list[Service]:
    """The same specialty in the other ways it can be booked."""
    if service.specialty is None:
        return []
    found = ctx.world.signed_in()[1].consultations(service.specialty.id)
    return [s for s in found if s.kind in what.BOOKABLE and s.id != service.id]


def known(ctx: Ctx) -> bool:
    """Whether anything is named that the portal could be asked about."""
    return what.subject_known(ctx)


def several(ctx: Ctx) -> bool:
    """Whether the word may mean several services, and which one is still open."""
    return not services(ctx)


def services(ctx: Ctx) -> list[Service]:
    """The service asked about; without a kind every bookable consultation of the specialty."""
    service = what.settle(ctx)
    if service is not None:
        return [service]
    catalogue = ctx.world.signed_in()[1]
    found = catalogue.consultations(str(ctx.facts.get(SPECIALTY) or ""))
    return [s for s in found if s.kind in what.BOOKABLE] or found


def privately(ctx: Ctx) -> bool:
    """Whether the price without a package is asked for: "prywatnie", "a jak nie mam pakietu?"."""
    if cue("privately").heard(ctx.turn.text):
        return True
    said = [word for word in folded_words(ctx.turn.text) if not cue("beside_without").matches(word)]
    return any(
        cue("without").matches(one) and cue("no_package").matches(other) for one, other in pairwise(said)
    )


def open_booking(ctx: Ctx) -> Frame | None:
    """The booking that this question interrupts."""
    return next((f for f in reversed(ctx.conversation.stack) if f.task == BOOKING), None)


def held(ctx: Ctx) -> dict[str, Any] | None:
    """The way of paying of the held visit, when that visit is asked about."""
    return ctx.data.get(_HELD)


def ask_service(ctx: Ctx, spec: SlotSpec) -> None:
    """Which service, with the most common ones as buttons."""
    response = spec.question("coverage", again=bool(ctx.data.get(MISSED)))
    ask(ctx, SERVICE, response, what.quick_options(ctx))


def ask_which(ctx: Ctx) -> None:
    """Which of the services that the word may mean."""
    response = "utter_ask_coverage_which_service" + ("_again" if ctx.data.get(MISSED) else "")
    ask(ctx, SERVICE, response, what.candidate_options(ctx))


def _borrow(ctx: Ctx) -> bool:
    """The subject of the open booking, or of the one just offered, unless another one is named."""
    source = _booking(ctx)
    if source is None:
        return False
    if elliptical(ctx.turn.text) and source.facts.get(WHO):  # "a okulista?" asks for the same person
        ctx.facts[WHO] = source.facts[WHO]
    if source is ctx.conversation.parked:  # the offer will be replaced by this question's own
        for name in _BESIDE:
            if source.facts.get(name):
                ctx.facts.setdefault(name, source.facts[name])
    named = {i for mention in ctx.turn.said(*_THINGS) for i in mention.ids}
    if named and not named & {source.facts.get(SERVICE), source.facts.get(SPECIALTY)}:
        return False
    if ctx.turn.said("unlisted") and not named:
        return False
    for name in _SUBJECT:
        if source.facts.get(name):
            ctx.facts[name] = source.facts[name]
    if not known(ctx) and source.data.get(LISTED_THINGS):  # all of them once more, for somebody else
        ctx.facts[LISTED_THINGS] = source.data[LISTED_THINGS]
        ctx.facts.update(things(ctx)[0])
    return known(ctx)


def _booking(ctx: Ctx) -> Frame | None:
    parked = ctx.conversation.parked
    return open_booking(ctx) or (parked if parked is not None and parked.task == BOOKING else None)


def _borrow_price(ctx: Ctx) -> None:
    frame = open_booking(ctx)
    valuation = (frame.data.get(HOLD) or {}).get("valuation") if frame is not None else None
    if valuation:
        ctx.data[_HELD] = valuation


def _without_kind_words(ctx: Ctx) -> None:
    """ "To badanie", "ten zabieg" stand for the service that is known; "przez telefon" changes it."""
    if not known(ctx):
        return
    kept = tuple(m for m in ctx.turn.mentions if m.kind != "visit_kind" or m.ids[0] in CONSULTATION_KINDS)
    ctx.turn = replace(ctx.turn, mentions=kept)


async def _whom(ctx: Ctx) -> bool:
    dependants = await ctx.world.dependants()
    try:
        said = read_who(ctx.facts, ctx.turn, dependants)
    except NotOnAccountError:
        ctx.facts.pop(WHO, None)
        ctx.data[NOT_ON_ACCOUNT] = True
        return True
    if not said and WHO not in ctx.facts and cue("asks_for_self").heard(ctx.turn.text):
        ctx.facts.setdefault(WHO_CANDIDATES, [SELF])  # unless their age does not fit the service
    return said
