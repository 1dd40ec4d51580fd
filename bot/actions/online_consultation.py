"""Konsultacja Online: level, hours and who is there now; explained and linked, never reserved (R96-R100)."""

from __future__ import annotations

import logging

from bot.actions.booking import refusals
from bot.actions.booking.slots import KIND, SERVICE, SPECIALTY
from bot.actions.booking.steps import REFUSED, Ctx, ways_out
from bot.actions.catalogue import Catalogue
from bot.dialogue.state import Option
from bot.language.speech import join_or
from bot.portal.errors import AuthProblem, PortalError
from bot.portal.models import Service
from bot.portal.records import OnlineQueue
from bot.portal.rules.online import FIRST_CONTACT, may_start
from bot.portal.rules.outcome import Refused

log = logging.getLogger(__name__)
QUICK = 5
"""How many specialists are offered as buttons."""
ONLINE = "online"
TOPIC = "ask_online_consultation"
"""What "a kamerka potrzebna?" is about, once this was explained."""


async def explain(ctx: Ctx) -> bool:
    """Says whether and how it can start now; with no specialty named, who is there.

    False when the specialty has none: what it has is to be chosen from.
    """
    catalogue = ctx.world.signed_in()[1]
    ctx.frame.topic = TOPIC
    specialty = str(ctx.facts.get(SPECIALTY) or "")
    service = catalogue.consultation(specialty, ONLINE) if specialty else None
    if specialty and service is None:
        name = catalogue.specialty_names.get(specialty, "")
        ctx.speaker.say("utter_online_other_specialty", specialty=name)
        return False
    if service is None:
        await _whom(ctx, catalogue)
    else:
        await _one(ctx, catalogue, service)
    return True


async def _one(ctx: Ctx, catalogue: Catalogue, service: Service) -> None:
    specialty = service.specialty.id if service.specialty else ""
    me = await ctx.world.me()
    first = specialty in FIRST_CONTACT
    outcome = may_start(me, service, ctx.world.now, first_contact=first)
    queue = None
    if outcome.ok:
        queue = await _queue(ctx, specialty)
        outcome = may_start(me, service, ctx.world.now, queue=queue, first_contact=first)
    by_phone = catalogue.consultation(specialty, "phone") is not None
    name = service.specialty.name if service.specialty else service.name
    if isinstance(outcome, Refused) and outcome.rule == "R100":
        ways = ["book_phone_consultation"] if by_phone else []
        response = "utter_refused_R100" if by_phone else "utter_refused_R100_no_phone"
        ctx.speaker.ask(
            REFUSED, response, ways_out(ctx, ways), specialty=name, rule="R100", code=outcome.code
        )
    elif isinstance(outcome, Refused):
        refusals.refuse(ctx, outcome)
    else:
        ways = ["start_online_consultation", *(["book_phone_consultation"] if by_phone else [])]
        ctx.speaker.ask(
            REFUSED, "utter_online_how", ways_out(ctx, ways), specialty=name, wait=_wait(ctx, queue)
        )


async def _whom(ctx: Ctx, catalogue: Catalogue) -> None:
    """Which specialist: those who are there now, one tap each."""
    services = [service for service in catalogue.of_kind(ONLINE) if service.specialty is not None]
    me = await ctx.world.me()
    ready: list[Service] = []
    refused: Refused | None = None
    for service in services:
        specialty = service.specialty.id if service.specialty else ""
        outcome = may_start(me, service, ctx.world.now, first_contact=specialty in FIRST_CONTACT)
        if isinstance(outcome, Refused):
            refused = outcome
            if outcome.code == "OUTSIDE_SERVICE_HOURS":
                continue
            break
        queue = await _queue(ctx, specialty)
        if queue is None or queue.available:
            ready.append(service)
    if not ready:
        if refused is not None:
            refusals.refuse(ctx, refused)
        else:
            ctx.speaker.ask(
                REFUSED, "utter_online_nobody", ways_out(ctx, ["book_phone_consultation"]), rule="R100"
            )
        return
    ready.sort(key=lambda s: (s.specialty is None or s.specialty.id not in FIRST_CONTACT, s.name))
    names = [service.specialty.name for service in ready if service.specialty]
    options = [_option(service) for service in ready[:QUICK]]
    options += ways_out(ctx, ["book_phone_consultation"])
    ctx.speaker.ask(REFUSED, "utter_online_whom", options, specialties=join_or(names))


def _option(service: Service) -> Option:
    specialty = service.specialty
    facts = {SPECIALTY: specialty.id if specialty else "", KIND: ONLINE, SERVICE: None}
    return Option(specialty.name if specialty else service.name, {"do": "switch", "facts": facts})


async def _queue(ctx: Ctx, specialty: str) -> OnlineQueue | None:
    """The portal's live answer; None when it does not say, the hours decide then."""
    try:
        return await ctx.world.signed_in()[0].online_queue(specialty)
    except AuthProblem:
        raise
    except PortalError as error:
        log.warning("online queue not known: %s", error)
        return None


def _wait(ctx: Ctx, queue: OnlineQueue | None) -> str:
    """R99: what the portal says of the wait, never promised."""
    texts = ctx.speaker.texts
    if queue is None or not queue.wait_minutes:
        return texts.get("utter_piece_wait_usual")
    if queue.wait_minutes == 1:
        return texts.get("utter_piece_wait_one")
    return texts.get("utter_piece_wait", minutes=str(queue.wait_minutes))
