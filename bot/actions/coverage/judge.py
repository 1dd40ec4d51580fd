"""The portal's answer on one service, for one person (R93, R124)."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.actions.booking import rehabilitation
from bot.actions.booking.slots import CITO
from bot.actions.booking.steps import Ctx, person
from bot.portal.clock import local_date
from bot.portal.errors import AuthProblem, PortalError, RuleProblem
from bot.portal.models import Coverage, Referral, Service
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.coverage import covered
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused
from bot.portal.rules.referrals import usable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal and the rules say. `coverage` is None when the portal did not say."""

    service: Service
    coverage: Coverage | None
    outcome: Outcome


async def judge(ctx: Ctx, service: Service) -> Answer:
    """Asks the portal. Raises AuthProblem (the session); any other failure is an answer without facts."""
    whom = (await person(ctx)).id
    try:
        coverage = await ctx.world.signed_in()[0].coverage(service.id, whom)
    except AuthProblem:
        raise
    except RuleProblem as problem:
        steps = (NextStep.CALL_INFOLINE,)
        return Answer(service, None, Refused("R7", problem.code, {"detail": problem.detail_pl}, steps))
    except PortalError as error:
        log.warning("coverage of %s not known: %s", service.id, error)
        coverage = None
    paid_by_package = coverage is not None and coverage.covered and coverage.payer is not None
    referral = None if paid_by_package else await _urgent(ctx, service, whom)
    outcome = covered(coverage, referral)
    if ctx.facts.get(CITO) and coverage is not None and not isinstance(outcome, Allowed):
        outcome = Refused("R124", "NOT_COVERED", remedies=(NextStep.CALL_INFOLINE,))  # not on record
    return Answer(service, coverage, outcome)


async def _urgent(ctx: Ctx, service: Service, whom: str) -> Referral | None:
    """An urgent referral for the service that is on record; none when it cannot be read."""
    try:
        if not may_use(await ctx.world.me(), Capability.REFERRALS, ctx.world.now).ok:
            return None
        found = await rehabilitation.referrals(ctx)
    except AuthProblem:
        raise
    except PortalError as error:
        log.warning("referrals not known: %s", error)
        return None
    fitting = usable(found or (), service.id, whom, local_date(ctx.world.now))
    return next((referral for referral in fitting if referral.urgent), None)
