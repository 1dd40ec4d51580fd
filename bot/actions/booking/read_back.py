"""Who, what, with whom, when in words, where, price, preparation; then the question for a "tak"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.actions.booking.describe import Describer
from bot.actions.booking.slots import HOLD, PRERESERVATION, REPLACES
from bot.actions.booking.steps import CONSENT, Ctx, describer, say_intent, slot_from_json
from bot.dialogue.state import Option
from bot.language.cues import synonyms
from bot.portal.models import Level, Slot
from bot.portal.rules.limits import may_reserve_another
from bot.portal.rules.outcome import Warned

_LINES = ("who", "what", "doctor", "when", "where", "price", "preparation")


async def ask_consent(ctx: Ctx) -> None:
    """Reads the held slot back. Only a "tak" to this question books it."""
    held = ctx.data[HOLD]
    slot = slot_from_json(held["slot"])
    words, me = describer(ctx), await ctx.world.me()
    replaced = ctx.data.get(REPLACES)
    if replaced:
        ctx.speaker.say("utter_booking_replaces", old=replaced["old"])
    elif not ctx.facts.get(PRERESERVATION):
        await _warn_of_limit(ctx, slot)
    lines: dict[str, Any] = summary(ctx, words, slot, held) | {"who": words.who(ctx.facts, me.dependants)}
    # Told again once it is booked: after the booking nothing is asked of the portal that might fail.
    held |= {"who": lines["who"], "number": me.patient.phone_masked, "full": me.level == Level.FULL}
    ctx.speaker.ask(
        CONSENT,
        "utter_booking_read_back",
        [
            _yes(ctx, "confirm_move" if replaced else "confirm"),
            say_intent(ctx, "other_slot", "deny"),
            say_intent(ctx, "stop_task", "cancel_task"),
        ],
        card=_card(ctx, lines),
        **lines,
        details=details(ctx, lines, _LINES),
        question=ctx.speaker.texts.get("utter_piece_move_it" if replaced else "utter_piece_book_it"),
    )


def _yes(ctx: Ctx, label: str) -> Option:
    """The option that books; only word for word what it says, or tapped, is it chosen."""
    act = {"do": "say", "intent": "affirm", "look": "act"}
    return Option(ctx.speaker.texts.label(label), act, list(synonyms(label)))


async def _warn_of_limit(ctx: Ctx, slot: Slot) -> None:
    """R42: this is the last visit a basic account may book; said once for a hold."""
    held = ctx.data[HOLD]
    limit = may_reserve_another(await ctx.world.me(), ctx.world.signed_in()[1].services[slot.service_id])
    if isinstance(limit, Warned) and not held.get("warned"):
        held["warned"] = True
        ctx.speaker.say("utter_booking_last_reservation", rule=limit.rule)


def _card(ctx: Ctx, lines: dict[str, str]) -> dict[str, Any]:
    texts = ctx.speaker.texts
    return {
        "kind": "confirmation",
        "title": texts.get("utter_head_read_back"),
        "lead": texts.get("utter_lead_read_back"),
        "status": "proposed",
        "rows": [
            {"label": texts.get(f"utter_head_{name}"), "value": lines[name]}
            for name in _LINES
            if lines.get(name)
        ],
    }


def details(ctx: Ctx, lines: dict[str, str], names: Iterable[str]) -> str:
    """The named lines of a summary that say anything, one below the other."""
    texts = ctx.speaker.texts
    return "\n".join(texts.get(f"utter_line_{name}", value=lines[name]) for name in names if lines.get(name))


def summary(ctx: Ctx, words: Describer, slot: Slot, held: dict[str, Any]) -> dict[str, str]:
    """The facts of a visit, in words."""
    service = ctx.world.signed_in()[1].services[slot.service_id]
    return {
        "what": words.what(service),
        "doctor": words.doctor(slot.doctor_id),
        "when": words.when(slot),
        "where": words.place(slot),
        "price": price_of(ctx, held.get("valuation") or {}),
        "preparation": " ".join(held.get("preparation") or ()),
    }


def price_of(ctx: Ctx, valuation: dict[str, Any]) -> str:
    """What is paid, in the portal's words, with the amount when there is one."""
    label, amount = valuation.get("label") or "", str(valuation.get("amount") or "")
    if amount:
        amount = amount.replace(".", ",").removesuffix(",00")
        return ctx.speaker.texts.get("utter_piece_price", label=label, amount=amount)
    return ctx.speaker.texts.get("utter_piece_covered", label=label) if label else ""
