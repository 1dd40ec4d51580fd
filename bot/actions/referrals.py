"""Referrals: what for, until when, how much is left, and a booking from one in one tap (R103, R124)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from bot.actions.access import (
    BOOKING,
    FullAccountTask,
    admitted,
    for_whom,
    offer_booking,
    told_how,
    who_of,
    whose_or_told,
)
from bot.actions.booking.slots import CANDIDATES, KIND, SERVICE, SPECIALTY, WHO
from bot.actions.booking.steps import Ctx
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Option
from bot.language.cues import cue, synonyms
from bot.language.likeness import alike
from bot.language.speech import counted, join_and
from bot.language.spoken import day_of
from bot.language.times.model import WARSAW
from bot.portal.clock import local_date
from bot.portal.models import Issuer, Referral, ReferralKind, Service
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.referrals import standing

NEEDED, VALIDITY = "needed", "validity"
"""Facts of `ask_referral`: whether a service needs one, and until when one is valid."""
_SAID = frozenset({"none", "optional", "required"})
SHOWN = 8
BUTTONS = 4
_NAMES = 4
"""Services of one referral that are named; a referral for more says "and others"."""


class Referrals(FullAccountTask):
    """Lists the referrals on the account; those that can be used now are one tap from a booking."""

    name = "referrals"
    topic = "ask_referral"
    slots: ClassVar[Mapping[str, SlotSpec]] = {}

    async def take(self, ctx: Ctx) -> bool:
        """Everything that counts is in the message; nothing is asked."""
        return True

    async def advance(self, ctx: Ctx) -> None:
        """The list, or why there is none."""
        whether = ctx.turn.fact == NEEDED or (ctx.turn.fact is None and cue("is_needed").heard(ctx.turn.text))
        if whether and self._needed(ctx):
            return
        if not await self._tells_validity(ctx) and told_how(ctx):
            return
        if not await admitted(ctx, Capability.REFERRALS, "utter_ask_referral"):
            return
        goes_on, patient = await whose_or_told(ctx)
        if not goes_on:
            return
        page = await ctx.world.signed_in()[0].referrals(patient)
        if not page.items:
            ctx.speaker.say("utter_referrals_none")
            ctx.end()
            return
        asked = _asked(ctx, page.items)
        if asked is not None and not asked:
            ctx.speaker.say("utter_referrals_not_that_one")
        await _tell(ctx, (asked or list(page.items))[:SHOWN])

    async def _tells_validity(self, ctx: Ctx) -> bool:
        """ "Do kiedy ważne?" is answered by the list, where there is one; prolonging is not (R150)."""
        if ctx.turn.fact != VALIDITY or cue("prolongs").heard(ctx.turn.text) or not ctx.world.logged_in:
            return False
        if not may_use(await ctx.world.me(), Capability.REFERRALS, ctx.world.now).ok:
            return False
        return bool((await ctx.world.signed_in()[0].referrals()).items)

    def _needed(self, ctx: Ctx) -> bool:
        """ "Czy trzeba skierowanie?": what the portal's list says; False when no service is meant."""
        service = _meant(ctx)
        if service is None:
            return False
        ctx.speaker.say(f"utter_referral_{service.referral.value}", service=service.name)
        ctx.end()
        return True


def _meant(ctx: Ctx) -> Service | None:
    """The service that is named, else that of the booking which the question interrupts."""
    if ctx.world.catalogue is None:
        return None
    catalogue = ctx.world.catalogue
    named = [mention.ids[0] for mention in ctx.turn.said("service", "specialty")]
    below = next((frame for frame in reversed(ctx.conversation.stack) if frame.task == BOOKING), None)
    if not named and below is not None:
        named = [str(below.facts.get(SERVICE) or below.facts.get(SPECIALTY) or "")]
    for name in named:
        services = [catalogue.services[name]] if name in catalogue.services else catalogue.consultations(name)
        known = [service for service in services if service.referral.value in _SAID]
        if known:
            return known[0]
    return None


def _services(ctx: Ctx, referral: Referral) -> list[Service]:
    services = ctx.world.signed_in()[1].services
    return [services[i] for i in referral.service_ids if i in services]


def _asked(ctx: Ctx, referrals: Sequence[Referral]) -> list[Referral] | None:
    """The referrals for what the message names; None when it names nothing."""
    named = ctx.turn.said("service", "specialty", "unlisted")
    if not named:
        return None
    ids = {i for mention in named for i in mention.ids}
    return [
        referral
        for referral in referrals
        if any(
            service.id in ids
            or (service.specialty is not None and service.specialty.id in ids)
            or any(alike(mention.text, service.name) for mention in named)
            for service in _services(ctx, referral)
        )
    ]


async def _tell(ctx: Ctx, referrals: Sequence[Referral]) -> None:
    lines = "\n".join([await _line(ctx, referral) for referral in referrals])
    today = local_date(ctx.world.now)
    useful = [referral for referral in referrals if standing(referral, today) == "usable"]
    options = [option for r in useful[:BUTTONS] if (option := await _option(ctx, r, len(useful))) is not None]
    urgent = any(referral.urgent for referral in useful)
    if not options:
        ctx.speaker.say("utter_referrals", referrals=lines)
        ctx.end()
    else:
        response = "utter_referrals_urgent" if urgent else "utter_referrals_book"
        offer_booking(ctx, response, {}, options, referrals=lines)


async def _line(ctx: Ctx, referral: Referral) -> str:
    texts, today = ctx.speaker.texts, local_date(ctx.world.now)
    state = standing(referral, today)
    parts = [
        _named(ctx, referral),
        await for_whom(ctx, referral.patient_id),
        texts.get("utter_piece_referral_urgent") if referral.urgent else "",
        _left(ctx, referral) if state == "usable" else "",
        texts.get(f"utter_piece_referral_{state}") if state != "usable" else "",
    ]
    if referral.expires is not None:
        day = day_of(referral.expires, ctx.world.now.astimezone(WARSAW).date())
        parts.append(texts.get("utter_piece_referral_expires", day=day))
    return texts.get("utter_piece_item", item=", ".join(part for part in parts if part))


def _named(ctx: Ctx, referral: Referral) -> str:
    texts = ctx.speaker.texts
    if referral.kind == ReferralKind.CONTROL:
        specialty = next((s.specialty.name for s in _services(ctx, referral) if s.specialty), "")
        return texts.get("utter_piece_referral_control", specialty=specialty)
    names = [service.name for service in _services(ctx, referral)]
    if not names:
        return texts.get("utter_piece_referral_unnamed")
    return join_and(names) if len(names) <= _NAMES else ", ".join(names[:_NAMES]) + "..."


def _left(ctx: Ctx, referral: Referral) -> str:
    """ "zostało 7 zabiegów z 10"; nothing for a referral for one thing that is not used yet."""
    if referral.remaining is None or referral.total is None or referral.total < 2 or not referral.remaining:
        return ""
    noun = "utter_piece_procedure" if referral.kind == ReferralKind.REHAB else "utter_piece_service_noun"
    left = counted(referral.remaining, ctx.speaker.texts.get(noun))
    return ctx.speaker.texts.get("utter_piece_referral_left", left=left, total=str(referral.total))


async def _option(ctx: Ctx, referral: Referral, several: int) -> Option | None:
    facts = _facts(ctx, referral)
    if facts is None:
        return None
    facts[WHO] = who_of(referral.patient_id, await ctx.world.me())
    act = {"do": "switch", "facts": facts}
    if several == 1:
        return ctx.option("book_this", act, *synonyms("book_this"))
    what = _named(ctx, referral)
    return ctx.option("book_from_referral", act, what, what=what)


def _facts(ctx: Ctx, referral: Referral) -> dict[str, Any] | None:
    """What a booking from this referral knows; None when nothing of it is booked here."""
    services = [service for service in _services(ctx, referral) if service.bookable]
    if referral.kind == ReferralKind.REHAB:
        return {KIND: "rehab"} if referral.issuer != Issuer.EXTERNAL else None
    if not services:
        return None
    if referral.kind == ReferralKind.CONTROL and services[0].specialty is not None:
        return {KIND: "control", SPECIALTY: services[0].specialty.id}
    if len(services) == 1:
        return {SERVICE: services[0].id, KIND: str(services[0].kind.value)}
    return {CANDIDATES: [service.id for service in services]}
