"""Section Q: refunds of treatment outside the network (one group contract only, A22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

from bot.portal.models import Window
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, Warned

_GROSZ = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Refund:
    """An estimate in PLN. ``cap`` is None when none is known to apply, ``cap_known`` says which."""

    amount: Decimal
    rate_percent: int
    cap: Decimal | None
    cap_known: bool
    quarter: Window


def may_claim(entitled: bool | None) -> Outcome:
    """R139 [S1], A22: only when the patient's contract has it; unknown: it depends on the contract."""
    if entitled:
        return Allowed()
    ways = (NextStep.ASK_HR, NextStep.CALL_INFOLINE)
    if entitled is None:
        return Warned("R139", {"known": False}, ways)
    return Refused("R139", "NOT_ELIGIBLE", {"reason": "contract"}, ways)


def quarter(on: date) -> Window:
    """R137: the calendar quarter of a day."""
    start = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    return Window(start=start, end=start + relativedelta(months=3) - timedelta(days=1))


def refund(
    invoice: Decimal,
    on: date,
    *,
    refunded_this_quarter: Decimal = Decimal(0),
    vip: bool = False,
    decisions: Decisions = DEFAULT_DECISIONS,
) -> Refund:
    """R136-R138 [S1], A19: 90 % up to 650 PLN a quarter; Premium VIP 100 %, its cap is not stated."""
    rate = decisions.vip_refund_percent if vip else decisions.refund_percent
    capped = not vip or decisions.vip_cap == "applies"
    share = (invoice * rate / 100).quantize(_GROSZ, ROUND_HALF_UP)
    cap = Decimal(decisions.refund_quarter_limit) if capped else None
    left = max(Decimal(0), cap - refunded_this_quarter) if cap is not None else share
    return Refund(
        amount=min(share, left).quantize(_GROSZ),
        rate_percent=rate,
        cap=cap,
        cap_known=not vip or decisions.vip_cap != "unknown",
        quarter=quarter(on),
    )
