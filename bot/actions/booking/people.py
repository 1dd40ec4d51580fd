"""Several people in one breath: "zapisz mnie i córkę", "dla obojga dzieci" (R7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise

from bot.actions.booking.slots import BOOKED, PRERESERVATION, REFERRAL, WHO, WHO_CANDIDATES
from bot.actions.booking.steps import Ctx, describer
from bot.actions.booking.who import ADULT, SELF, fitting, in_passing, names, ref
from bot.actions.catalogue import Catalogue
from bot.dialogue.state import Frame
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.speech import join_and
from bot.language.text import fold, folded_words, words
from bot.portal.models import Dependant

_OWN = frozenset({REFERRAL, PRERESERVATION, BOOKED, WHO_CANDIDATES})
"""Facts of one person that do not hold for another."""
_Spot = tuple[int, int, str]


def several(turn: Turn, dependants: Sequence[Dependant]) -> list[str]:
    """The people a visit is wanted for, in the order said; none when it is one, or not plain who."""
    if cue("both").heard(turn.text) and turn.says("relation", "child"):
        children = [ref(i) for i, p in enumerate(dependants) if p.age is not None and p.age < ADULT]
        return children if len(children) == 2 else []
    spots = sorted(_spots(turn, dependants))
    joined: list[str] = []
    for one, other in pairwise(spots):
        between = folded_words(turn.text[one[1] : other[0]])
        if cue("between_people").covers(between) and cue("joins_people").among(between):
            joined += [who for who in (one[2], other[2]) if who not in joined]
    return joined if len(joined) > 1 else []


def for_children(turn: Turn, catalogue: Catalogue) -> Turn:
    """ "Alergolog dla dziecka" where no such specialty is listed: the one that sees patients of any age."""
    mentions: list[Mention] = []
    for mention in turn.mentions:
        base, _, rest = mention.ids[0].partition(" ") if mention.kind == "unlisted" else ("", "", "")
        specialty = next(
            (i for i, name in catalogue.specialty_names.items() if fold(name) == fold(base)), None
        )
        if specialty is None or not cue("child").matches(fold(rest)) or not _any_age(specialty, catalogue):
            mentions.append(mention)
            continue
        mentions.append(replace(mention, kind="specialty", ids=(specialty,)))
        if not turn.has("relation"):
            mentions.append(replace(mention, kind="relation", ids=("child",)))
    return replace(turn, mentions=tuple(mentions))


def _any_age(specialty: str, catalogue: Catalogue) -> bool:
    services = catalogue.consultations(specialty)
    return bool(services) and all(s.age is None or s.age.min is None for s in services)


def _spots(turn: Turn, dependants: Sequence[Dependant]) -> Iterator[_Spot]:
    """Where somebody is named: (start, end, who)."""
    taken: list[_Spot] = [(m.start, m.end, m.ids[0]) for m in names(turn.text, dependants)]
    for mention in turn.said("relation"):
        people = [SELF] if SELF in mention.ids else fitting(mention, dependants)
        if len(people) == 1 and not in_passing(turn.text, mention):
            taken.append((mention.start, mention.end, people[0]))
    yield from taken
    for word in words(turn.text):
        if not cue("myself").matches(word.folded):
            continue
        if not any(start < word.end and word.start < end for start, end, _ in taken):
            yield word.start, word.end, SELF


async def one_by_one(ctx: Ctx, people: Sequence[str]) -> None:
    """The first of them now, the others queued behind with the same wishes."""
    ctx.facts[WHO] = people[0]
    ctx.facts.pop(WHO_CANDIDATES, None)
    for who in people[1:]:
        queued = Frame(ctx.frame.task)
        queued.facts.update(deepcopy({k: v for k, v in ctx.facts.items() if k not in _OWN}) | {WHO: who})
        ctx.conversation.stack.insert(0, queued)
    me, told = await ctx.world.me(), describer(ctx)
    first, *rest = (told.who({WHO: who}, me.dependants) for who in people)
    ctx.speaker.say("utter_booking_several", first=first, rest=join_and(rest))
