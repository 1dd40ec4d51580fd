"""Reads booking facts out of a turn: anything, in any order, several at once."""

from __future__ import annotations

from typing import Any

from bot.actions.booking import facts_doctor, facts_what, facts_where
from bot.actions.booking.slots import CITO, ORDINARY, PRERESERVATION, WHEN, when_of
from bot.actions.booking.told import Told
from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Turn
from bot.language.cues import cue


def read(facts: dict[str, Any], catalogue: Catalogue, turn: Turn) -> Told:
    """Puts what one turn says into the facts; `changed` is empty when it said nothing of use."""
    told = Told(facts, catalogue)
    facts_what.read(told, turn)
    facts_where.read(told, turn)
    facts_doctor.read(told, turn)
    _when(told, turn)
    facts_doctor.narrow(told, moved=turn.has("city", "district") and not turn.said("doctor"))
    if cue("urgent_referral").heard(turn.text):
        facts[CITO] = True
    if told.changed and facts.pop(PRERESERVATION, None):
        facts[ORDINARY] = True  # other wishes than the visit that is kept
    return told


def _when(told: Told, turn: Turn) -> None:
    """What is said of the time refines what is known of it."""
    if turn.when is None:
        return
    known = isinstance(told.facts.get(WHEN), dict)
    wish = when_of(told.facts).merge(turn.when) if known else turn.when
    told.facts[WHEN] = wish.to_json()
    told.changed.add(WHEN)
