"""Which sums a message names: invoices, and what was refunded already."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.actions.booking.steps import Ctx
from bot.language.amounts import Amount, clauses, find_amounts
from bot.language.cues import cue

AMOUNT = "amount"
"""Fact: the invoices of one quarter, PLN, as texts."""
USED = "used"
"""Fact: what the patient says was refunded in the quarter already, PLN."""
FOREIGN = "foreign"
"""Data: the sum was in another currency."""
TASK = "reimbursement"
_LATER = frozenset({"documents", "where", "waiting", "quarter", "entitled", "less", "scope"})
"""Facts about something else than the sum: a sum beside them is only told."""


def take(ctx: Ctx) -> bool:
    """Reads the turn into the facts; False when no sum is named."""
    asked = ctx.frame.prompt is not None
    if not asked and not _about_a_sum(ctx):
        return False
    invoices, used = _sums(ctx.turn.text)
    ctx.data[FOREIGN] = any(amount.foreign for amount in invoices)
    paid = [str(amount.value) for amount in invoices if not amount.foreign for _ in range(amount.count)]
    if paid and asked and _only_asks_again(ctx, paid):
        return True
    if paid:
        known = _known(ctx) if _one_more(ctx, asked=asked) else []
        ctx.facts[AMOUNT] = [*known, *paid]
    if used is not None:
        ctx.facts[USED] = str(used)
    return bool(paid or used is not None or ctx.data[FOREIGN])


def _about_a_sum(ctx: Ctx) -> bool:
    """Whether an opening message wants a sum worked out, and does not only tell one."""
    return ctx.turn.fact not in _LATER or cue("sum_wanted").heard(ctx.turn.text)


def _sums(text: str) -> tuple[list[Amount], Decimal | None]:
    invoices: list[Amount] = []
    used: Decimal | None = None
    for clause in clauses(text):
        found = find_amounts(clause, bare=True)
        if found and cue("already_refunded").heard(clause):
            used = sum((amount.total for amount in found), used or Decimal(0))
        else:
            invoices += found
    return invoices, used


def _one_more(ctx: Ctx, *, asked: bool) -> bool:
    """Whether the sum comes on top of those before: "a druga na 500", or a bare number after an estimate."""
    text = ctx.turn.text
    if cue("one_more_invoice").heard(text):
        return True
    return asked and not cue("what_if").heard(text)


def _only_asks_again(ctx: Ctx, paid: list[str]) -> bool:
    """ "Czyli całe osiemset, na pewno?": the sum of the estimate, and no further invoice."""
    text = ctx.turn.text
    doubted = ("?" in text or cue("so_then").heard(text)) and not cue("one_more_invoice").heard(text)
    return doubted and set(paid) <= set(_known(ctx))


def _known(ctx: Ctx) -> list[str]:
    """Invoices of this conversation so far, also of the estimate that was set aside."""
    parked = ctx.conversation.parked
    before: dict[str, Any] = ctx.facts if AMOUNT in ctx.facts else {}
    if not before and parked is not None and parked.task == TASK:
        before = parked.facts
    return list(before.get(AMOUNT) or ())


def total(facts: dict[str, Any]) -> Decimal:
    """All invoices together."""
    return sum((Decimal(value) for value in facts[AMOUNT]), Decimal(0))
