"""The portal's answer in words, and the one tap into booking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.actions.booking.read_back import price_of
from bot.actions.booking.slots import KIND, SERVICE, SPECIALTY, WHO, WHO_CANDIDATES, who_index
from bot.actions.booking.steps import REFUSED, Ctx, describer, ways_out
from bot.actions.coverage.judge import Answer
from bot.actions.coverage.subject import BOOKING, LISTED_THINGS
from bot.actions.coverage.where import where
from bot.dialogue.state import Frame, Option
from bot.language.cues import cue, synonyms
from bot.language.speech import counted, join_and
from bot.portal.models import Coverage, CoverageLimit, ReferralNeed
from bot.portal.rules.outcome import Allowed, NextStep, Refused

_ASKED_ONLY = frozenset({WHO_CANDIDATES, LISTED_THINGS})
"""Facts of the question that a booking has no use for."""


async def tell(ctx: Ctx, answers: Sequence[Answer], *, offer: bool, instead: Sequence[Answer] = ()) -> None:
    """Says what the portal said; with `offer` a booking of it is one tap away.

    `instead` are other kinds of the same consultation that the package covers.
    """
    whom = await _whom(ctx)
    if len(answers) == 1:
        response, values = _one(ctx, answers[0], whom)
        if instead and "details" in values:
            kinds = join_and([_kind(ctx, answer) for answer in instead])
            values["details"] += " " + ctx.speaker.texts.get("utter_piece_coverage_instead", kinds=kinds)
    else:
        response, values = "utter_coverage_kinds", _kinds(ctx, answers, whom)
    if offer:
        _offer(ctx, answers, response, values, instead)
    else:
        ctx.speaker.say(response, **values)


async def tell_several(
    ctx: Ctx, asked: Sequence[tuple[dict[str, str], list[Answer]]], *, offer: bool
) -> None:
    """Several services in one answer, each in a line of its own; each can be booked in one tap."""
    texts = ctx.speaker.texts
    lines = "\n".join(_line(ctx, answer, answer.service.name) for _, found in asked for answer in found)
    values: dict[str, Any] = {"whom": await _whom(ctx), "lines": lines}
    if not offer:
        ctx.speaker.say("utter_coverage_several", **values)
        return
    names = ctx.world.signed_in()[1].specialty_names
    options = []
    for thing, found in asked:
        if any(answer.outcome.ok and answer.service.bookable for answer in found):
            name = names.get(str(thing.get(SPECIALTY))) or found[0].service.name
            act = {"do": "switch", "facts": thing}
            options.append(Option(texts.label("book_thing", name=name), act, [name]))
    booking = Frame(BOOKING, {WHO: ctx.facts[WHO]} if ctx.facts.get(WHO) else {})
    booking.data[LISTED_THINGS] = ctx.facts.get(LISTED_THINGS)  # for "a dla syna?"
    ctx.conversation.stack.append(booking)
    ctx.speaker.ask(
        REFUSED, "utter_coverage_several", options or ways_out(ctx, [NextStep.CALL_INFOLINE]), **values
    )
    ctx.conversation.park(booking)


def only_covered(answers: Sequence[Answer]) -> bool:
    """Whether the portal gives no price at all: it does so only for what no package pays."""
    return all(answer.coverage is None or answer.coverage.price is None for answer in answers)


def no_private_price(ctx: Ctx, answers: Sequence[Answer]) -> None:
    """The price for whoever has no package: not in the portal of this patient, the Infolinia knows it."""
    service = answers[0].service
    named = service.specialty.name if len(answers) > 1 and service.specialty else service.name
    ctx.speaker.say("utter_coverage_privately", service=named)


def held(ctx: Ctx, valuation: Mapping[str, Any]) -> None:
    """What the visit costs that is held: the portal's own valuation of it."""
    ctx.speaker.say("utter_coverage_held", price=price_of(ctx, dict(valuation)))


def unlisted(ctx: Ctx, service: str) -> None:
    """The portal does not list the service: where else to look (R91, R92)."""
    ctx.speaker.say("utter_coverage_unlisted", service=service, where=where(ctx.world, ctx.speaker.texts))


async def _whom(ctx: Ctx) -> str:
    """ ", dla Leona"; nothing for the patient."""
    if who_index(ctx.facts) is None:
        return ""
    name = describer(ctx).who(ctx.facts, await ctx.world.dependants())
    return ctx.speaker.texts.get("utter_piece_coverage_for", who=name)


def _one(ctx: Ctx, answer: Answer, whom: str) -> tuple[str, dict[str, Any]]:
    coverage, outcome = answer.coverage, answer.outcome
    values = {"service": answer.service.name, "whom": whom}
    if isinstance(outcome, Refused) and coverage is None:
        response = f"utter_coverage_{outcome.code}"
        if ctx.speaker.texts.has(response):
            return response, values | {"code": outcome.code}
        detail = outcome.reason_params.get("detail") or ctx.speaker.texts.get("utter_no_detail")
        return "utter_portal_refused", values | {"detail": detail, "code": outcome.code}
    if isinstance(outcome, Allowed) and outcome.params.get("urgent"):
        return "utter_coverage_urgent", values
    if coverage is None:
        return "utter_coverage_unknown", values | {"where": where(ctx.world, ctx.speaker.texts)}
    values["details"] = _details(ctx, coverage)
    if isinstance(outcome, Allowed):
        return "utter_coverage_covered", values | {"payer": _payer(ctx, coverage)}
    if isinstance(outcome, Refused) and outcome.rule == "R124":
        return "utter_refused_R124", values | {"rule": outcome.rule}
    if coverage.price is not None:
        return "utter_coverage_paid", values | {"price": amount(coverage.price.amount)}
    return "utter_coverage_not_covered", values


def _kinds(ctx: Ctx, answers: Sequence[Answer], whom: str) -> dict[str, Any]:
    """Each kind of consultation of a specialty in one line, what is alike only once."""
    specialty = answers[0].service.specialty
    details = dict.fromkeys(_details(ctx, a.coverage) for a in answers if a.coverage is not None)
    return {
        "specialty": specialty.name if specialty else "",
        "whom": whom,
        "lines": "\n".join(_line(ctx, answer) for answer in answers),
        "details": "".join(f"\n{said.strip()}" for said in details if said),
    }


def _kind(ctx: Ctx, answer: Answer) -> str:
    return ctx.speaker.texts.get(f"utter_piece_kind_{answer.service.kind.value}")


def _line(ctx: Ctx, answer: Answer, name: str = "") -> str:
    texts, coverage = ctx.speaker.texts, answer.coverage
    name = name or _kind(ctx, answer)
    if isinstance(answer.outcome, Allowed) and answer.outcome.params.get("urgent"):
        return texts.get("utter_piece_coverage_urgent", kind=name)
    if coverage is None:
        return texts.get("utter_piece_coverage_unknown", kind=name)
    if isinstance(answer.outcome, Allowed):
        return texts.get("utter_piece_coverage_covered", kind=name, payer=_payer(ctx, coverage))
    if coverage.price is not None:
        return texts.get("utter_piece_coverage_paid", kind=name, price=amount(coverage.price.amount))
    return texts.get("utter_piece_coverage_not", kind=name)


def _payer(ctx: Ctx, coverage: Coverage) -> str:
    return coverage.payer or ctx.speaker.texts.get("utter_piece_coverage_package")


def amount(value: Decimal) -> str:
    """ "180", "49,50" (PLN)."""
    return f"{value:.2f}".replace(".", ",").removesuffix(",00")


def _details(ctx: Ctx, coverage: Coverage) -> str:
    """Conditions in the portal's words, what is left of a limit, and whether a referral is needed."""
    parts = list(coverage.conditions)
    if coverage.limit is not None:
        parts.append(_limit(ctx, coverage.limit))
    told = cue("speaks_of_referral").heard(" ".join(coverage.conditions))
    if coverage.referral == ReferralNeed.REQUIRED and not told:
        parts.append(ctx.speaker.texts.get("utter_piece_coverage_referral"))
    elif coverage.referral == ReferralNeed.NONE and coverage.covered:
        parts.append(ctx.speaker.texts.get("utter_piece_coverage_no_referral"))
    said = " ".join(part for part in parts if part)
    return f" {said}" if said else ""


def _limit(ctx: Ctx, limit: CoverageLimit) -> str:
    """ "Limit: 4 wizyty w roku, zostały 3"; units that are not known are left to the number."""
    if limit.total is None or limit.remaining is None:
        return ""
    texts = ctx.speaker.texts
    noun = f"utter_piece_unit_{limit.unit}"
    total = counted(limit.total, texts.get(noun)) if texts.has(noun) else str(limit.total)
    return texts.get("utter_piece_coverage_limit", total=total, left=str(limit.remaining))


def _offer(
    ctx: Ctx,
    answers: Sequence[Answer],
    response: str,
    values: Mapping[str, Any],
    instead: Sequence[Answer] = (),
) -> None:
    """Puts a booking with these facts aside: one tap or a "tak" takes it up, anything else is free."""
    facts = {name: value for name, value in ctx.facts.items() if name not in _ASKED_ONLY}
    if len(answers) > 1:
        for name in (SERVICE, KIND):
            facts.pop(name, None)
    booking = Frame(BOOKING, facts)
    ctx.conversation.stack.append(booking)
    options = [
        ctx.option(
            f"kind_{a.service.kind.value}", {"do": "switch", "facts": {SERVICE: a.service.id, **_of(a)}}
        )
        for a in instead
    ]
    ctx.speaker.ask(REFUSED, response, options + _options(ctx, answers), **values)
    ctx.conversation.park(booking)


def _of(answer: Answer) -> dict[str, Any]:
    return {KIND: answer.service.kind.value}


def _options(ctx: Ctx, answers: Sequence[Answer]) -> list[Option]:
    possible = any(answer.outcome.ok and answer.service.bookable for answer in answers)
    options = [ctx.option("book_this", {"do": "search"}, *synonyms("book_this"))] if possible else []
    if not all(isinstance(answer.outcome, Allowed) for answer in answers):
        options += ways_out(ctx, [NextStep.CALL_INFOLINE])
    return options
