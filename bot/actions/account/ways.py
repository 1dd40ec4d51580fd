"""The ways of confirming identity, as options and as replies (R12-R18)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.actions.booking.steps import Ctx, fill
from bot.dialogue.state import Option
from bot.language.banks import banks_in
from bot.language.cues import cue, synonyms
from bot.portal.rules.outcome import NextStep

WAY, BANK, STEP = "way", "bank", "step"
"""Facts: a name of `WAYS`, the name of a bank; data: which step of the bank's way is open, from 0."""

BY_BANK = "bank"
WAYS = (BY_BANK, "infoline", "form", "facility", "number")
STEPS = 4
"""Log in, "Potwierdź tożsamość", the bank and its log-in, its instructions (R13)."""

_OF_RULE = {
    NextStep.CALL_INFOLINE: "infoline",
    NextStep.CONFIRM_IDENTITY_FORM: "form",
    NextStep.VISIT_OWN_FACILITY: "facility",
    NextStep.CONFIRM_IDENTITY: BY_BANK,
}


def read(ctx: Ctx) -> bool:
    """Takes over a bank or a way that the message names; False when it names none."""
    text = ctx.turn.text
    banks = banks_in(text)
    if banks:
        ctx.facts[BANK] = banks[-1]
        ctx.facts[WAY] = BY_BANK
        return True
    if (cue("bank_word").heard(text) and cue("has_none").heard(text)) or cue("far_from_a_bank").heard(text):
        ctx.facts.pop(BANK, None)
        ctx.facts.pop(WAY, None)
        ctx.data["no_bank"] = True
        return True
    for way in WAYS:
        if cue(f"way_{way}").heard(text):
            ctx.facts[WAY] = way
            return True
    return False


def only_names_a_bank(text: str) -> bool:
    """ "Ale ja mam mbank" at a step of the way: which bank it is, not that the step is done."""
    return bool(banks_in(text)) and not cue("step_surely_done").heard(text)


def other_named(text: str) -> bool:
    """Whether a message names another way than the bank ("wolę przez infolinię")."""
    return any(cue(f"way_{way}").heard(text) for way in WAYS if way != BY_BANK)


def options(ctx: Ctx, steps: Iterable[str]) -> list[Option]:
    """Buttons for the ways that a rule leaves open."""
    names = [_OF_RULE[NextStep(step)] for step in steps if step in _OF_RULE]
    return [fill(ctx, f"account_{name}", {WAY: name}, *synonyms(f"account_{name}")) for name in names]


def done(ctx: Ctx, label: str = "step_done") -> Option:
    """ "Gotowe"."""
    return ctx.option(label, {"do": "done"}, *synonyms("step_done"))


def stuck(ctx: Ctx) -> Option:
    """ "Nie działa"."""
    return ctx.option("step_stuck", {"do": "stuck"}, *synonyms("step_stuck"))


def other(ctx: Ctx) -> Option:
    """ "Inny sposób"."""
    return ctx.option("other_way", {"do": "other"}, *synonyms("other_way"))
