"""What of the invoices might come back: the portal's estimate, else the rule of the one known contract."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

from bot.actions.booking.steps import Ctx
from bot.actions.reimbursement.reading import USED, total
from bot.language.money import in_pln
from bot.language.spoken import spoken_range
from bot.portal.clock import local_date
from bot.portal.errors import AuthProblem, PortalError
from bot.portal.models import Window
from bot.portal.records import Estimate
from bot.portal.rules.outcome import Refused
from bot.portal.rules.reimbursement import may_claim, refund

log = logging.getLogger(__name__)


async def reply(ctx: Ctx) -> tuple[str, dict[str, str]]:
    """The response and its values. Raises AuthProblem; any other failure leaves the general rule."""
    estimate = await _portal(ctx, total(ctx.facts))
    if estimate is None or estimate.entitled is None:
        return _example(ctx)
    if isinstance(may_claim(estimate.entitled), Refused):
        return "utter_reimbursement_not_entitled", {"rule": "R139"} | _example(ctx)[1]
    if estimate.refund is None:
        return _example(ctx)
    values = {
        "paid": in_pln(estimate.amount.amount),
        "refund": in_pln(estimate.refund.amount),
        "rate": str(estimate.rate_percent or ""),
        "quarter": _quarter(estimate.quarter),
    }
    if estimate.quarter_limit is None:
        return "utter_reimbursement_estimate_uncapped", values | {"rule": "R138"}
    used = estimate.quarter_used.amount
    values |= {"limit": in_pln(estimate.quarter_limit.amount), "used": in_pln(used), "rule": "R137"}
    left = estimate.quarter_limit.amount - used - estimate.refund.amount
    piece = "utter_piece_refund_left" if left > 0 else "utter_piece_refund_used_up"
    values["rest"] = ctx.speaker.texts.get(piece, left=in_pln(max(left, Decimal(0))))
    return "utter_reimbursement_estimate" + ("_used" if used else ""), values


async def left(ctx: Ctx) -> dict[str, Any] | None:
    """What is left of this quarter's limit, by the portal; None when it does not say. Raises AuthProblem."""
    estimate = await _portal(ctx, Decimal(1))
    if estimate is None or not estimate.entitled or estimate.quarter_limit is None:
        return None
    limit, used = estimate.quarter_limit.amount, estimate.quarter_used.amount
    return {
        "left": in_pln(max(limit - used, Decimal(0))),
        "limit": in_pln(limit),
        "used": in_pln(used),
        "quarter": _quarter(estimate.quarter),
        "rule": "R137",
    }


async def _portal(ctx: Ctx, paid: Decimal) -> Estimate | None:
    if not ctx.world.logged_in:
        return None
    try:
        return await ctx.world.signed_in()[0].estimate_reimbursement(paid)
    except AuthProblem:
        raise
    except PortalError as error:
        log.warning("refund not estimated: %s", error)
        return None


def _example(ctx: Ctx) -> tuple[str, dict[str, str]]:
    """By the only contract whose terms are known (A22), and the patient's word on what was refunded."""
    paid = total(ctx.facts)
    used = Decimal(ctx.facts.get(USED) or 0)
    found = refund(paid, local_date(ctx.world.now), refunded_this_quarter=used)
    values = {
        "paid": in_pln(paid),
        "refund": in_pln(found.amount),
        "rate": str(found.rate_percent),
        "limit": in_pln(found.cap or Decimal(0)),
        "used": in_pln(used),
        "quarter": _quarter(found.quarter),
        "rule": "R137",
    }
    return "utter_reimbursement_example" + ("_used" if used else ""), values


def _quarter(window: Window) -> str:
    return spoken_range(window.start, window.end)
