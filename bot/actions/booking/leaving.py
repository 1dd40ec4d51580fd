"""Leaving it at that: "no trudno, dzięki, pa" where the portal does not have what was asked for."""

from __future__ import annotations

from bot.actions.booking import what
from bot.actions.booking.reading import facts_said
from bot.actions.booking.slots import SERVICE
from bot.actions.booking.steps import Ctx
from bot.language.cues import cue
from bot.language.text import folded_words


def left(ctx: Ctx) -> bool:
    """Ends the task in a word; False when the message is anything else, or there is something to keep."""
    if not nothing_kept(ctx) or (ctx.turn.intent != "deny" and not lets_go(ctx.turn.text)):
        return False
    ctx.end()
    ctx.speaker.say("utter_booking_left")
    return True


def nothing_kept(ctx: Ctx) -> bool:
    """Whether it is not even known what for, and the message does not tell either."""
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    return about == SERVICE and not what.subject_known(ctx) and not facts_said(ctx.turn)


def lets_go(text: str) -> bool:
    """Whether nothing but thanks, a farewell or a "trudno" is said."""
    said = folded_words(text)
    leaves, beside = cue("leaves_it"), cue("beside_leaving")
    return leaves.among(said) and all(leaves.matches(word) or beside.matches(word) for word in said)
