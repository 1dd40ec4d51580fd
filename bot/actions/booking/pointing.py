"""A message read in the light of the slots that are shown: which Monday is meant, and who "Sylwia" is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.booking.steps import Ctx
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.lexicon import Lexicon, Term
from bot.language.text import fold, folded_words
from bot.language.times import When
from bot.language.vocabulary import other_names
from bot.portal.models import Slot

_SHORT = 8
"""Words; in a longer message a first name may be anybody's."""


async def pointing(ctx: Ctx, slots: Sequence[Slot]) -> Turn:
    """The turn with the day that is shown, and with the doctor whom a first name means among these slots."""
    turn = at_shown_day(ctx.turn, slots)
    if turn.has("doctor") or len(folded_words(turn.text)) > _SHORT:
        return turn
    doctors = ctx.world.signed_in()[1].doctors
    shown = [doctors[i] for i in dict.fromkeys(slot.doctor_id for slot in slots) if i in doctors]
    terms = [Term("doctor", d.id, d.first_name, other_names(d.first_name)) for d in shown]
    found = [m for m in Lexicon.build(terms).find(turn.text) if not _for_somebody(turn.text, m.start)]
    if len(found) != 1 or await _of_the_family(ctx, found[0].ids):
        return turn
    named = found[0]
    meant = Mention(
        "doctor", tuple(named.ids), named.text, named.start, named.end, named.negated, named.contrast
    )
    return replace(turn, mentions=(*turn.mentions, meant))


def at_shown_day(turn: Turn, slots: Sequence[Slot]) -> Turn:
    """ "Ten z poniedziałku", said on a Monday: of its readings the one that a slot on show fits."""
    wish = turn.when
    if wish is None or not wish.ambiguous or _fits(wish, slots):
        return turn
    reading = next((other for other in wish.ambiguous if _fits(other, slots)), None)
    return turn if reading is None else replace(turn, when=replace(reading, ambiguous=()))


def _fits(wish: When, slots: Sequence[Slot]) -> bool:
    return any(wish.allows(slot.start) for slot in slots)


async def _of_the_family(ctx: Ctx, doctors: Sequence[str]) -> bool:
    """Whether somebody of the account has the first name of one of these doctors."""
    family = {fold(person.first_name) for person in await ctx.world.dependants()}
    known = ctx.world.signed_in()[1].doctors
    return any(fold(known[i].first_name) in family for i in doctors)


def _for_somebody(text: str, at: int) -> bool:
    """ "Dla Ewy" is the patient's own Ewa."""
    return cue("before_whom").among(folded_words(text[:at])[-1:])
