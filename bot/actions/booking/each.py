"""Each thing with its own person: "okulista dla Hani, a dla mnie internista przez telefon" (R7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.actions.booking.who import SELF, in_passing, names
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.text import words
from bot.portal.models import Dependant

_THINGS = ("service", "specialty")
_SHARED = frozenset({"city", "district", "facility", "unlisted_city"})
"""Said once for all of them."""
_SENTENCE_END = re.compile(r"[.?!;]")
_Spot = tuple[int, int]


def several_things(turn: Turn) -> bool:
    """Whether more than one thing is said: else nobody has to be asked of the portal."""
    return len(turn.said(*_THINGS)) > 1


def parted(turn: Turn, dependants: Sequence[Dependant]) -> list[Turn]:
    """A turn for each thing with the person it is for, in the order said; none when they do not pair up."""
    things = sorted(turn.said(*_THINGS), key=lambda mention: mention.start)
    if len({mention.ids for mention in things}) != len(things) or len(things) < 2:
        return []
    between = turn.text[things[0].start : things[-1].end]
    if _SENTENCE_END.search(between) or cue("refused").heard(between):
        return []  # "do ginekologa dla żony się nie da? to ortopeda dla mnie"
    people = _people(turn, dependants)
    if len(people) == len(things) + 1 and _is_self(turn, people[0]):
        people = people[1:]  # "zapisz mi okulistę dla Hani i dermatologa dla mnie"
    if len(people) != len(things):
        return []
    pairs = list(zip(things, people, strict=True))
    cuts = [0]
    for (thing, who), (next_thing, next_who) in pairwise(pairs):
        cut = min(next_thing.start, next_who[0])
        if max(thing.end, who[1]) > cut:
            return []
        cuts.append(cut)
    stretches = pairwise([*cuts, len(turn.text)])
    return [_only(turn, *ends, who) for ends, who in zip(stretches, people, strict=True)]


def _people(turn: Turn, dependants: Sequence[Dependant]) -> list[_Spot]:
    """Where somebody is named whom a visit may be for."""
    taken: list[_Spot] = [(m.start, m.end) for m in names(turn.text, dependants)]
    taken += [(m.start, m.end) for m in turn.said("relation") if not in_passing(turn.text, m)]
    bare = [(w.start, w.end) for w in words(turn.text) if cue("myself").matches(w.folded)]
    taken += [spot for spot in bare if not any(_overlap(spot, other) for other in taken)]
    once: list[_Spot] = []
    for spot in sorted(taken):
        if not (once and _overlap(once[-1], spot)):
            once.append(spot)
    return once


def _is_self(turn: Turn, spot: _Spot) -> bool:
    said = [word.folded for word in words(turn.text[spot[0] : spot[1]])]
    return cue("myself").among(said)


def _overlap(one: _Spot, other: _Spot) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _only(turn: Turn, first: int, last: int, who: _Spot) -> Turn:
    """The turn as if nothing but this stretch had been written; what is said once for all stays."""
    text = " " * first + turn.text[first:last] + " " * (len(turn.text) - last)
    kept = [mention for mention in turn.mentions if _stays(mention, first, last)]
    if _is_self(turn, who) and not any(mention.kind == "relation" for mention in kept):
        kept.append(Mention("relation", (SELF,), turn.text[who[0] : who[1]], *who))
    return replace(turn, text=text, mentions=tuple(kept))


def _stays(mention: Mention, first: int, last: int) -> bool:
    return mention.kind in _SHARED or first <= mention.start < last
