"""What one message tells of the complaint, whatever was asked."""

from __future__ import annotations

from bot.actions.booking.steps import CONSENT, Ctx
from bot.actions.booking.told import ids
from bot.actions.complaint import reply, visits
from bot.actions.complaint.slots import CHANNEL, CONTACT, DAY, DESCRIPTION, FACILITY, SLOTS, TOWN, VISIT
from bot.dialogue.slots import forget
from bot.dialogue.task import ANY
from bot.language.contact import has_contact
from bot.language.cues import cue
from bot.language.telling import questions, tells
from bot.language.text import folded_words, words
from bot.portal.models import Facility, FacilityType

_ACTS = frozenset({"affirm", "affirm_weak", "deny", "skip", "no_preference", "correct", "choose_option"})
"""Acts of conversation in a few words, which are no story."""
_STEM = 5
"""Letters that tell the name of a street in any of its cases."""
LONGEST = 4000
"""Characters the portal takes."""
_SHORT = 8
"""Words; a longer message that names a list or a telephone may tell of one."""
_FEWEST = 3
_FEW = 2
"""Words of an answer to "Co się stało?"."""


async def take(ctx: Ctx) -> bool:
    """Reads the turn into the facts; False when it said nothing of use."""
    if not ctx.world.logged_in:
        return True
    ctx.turn = visits.without_contact(ctx.turn)
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if about == "":
        await _opening(ctx)
        return True
    if about == DESCRIPTION:
        return await _told(ctx)
    if about in {VISIT, FACILITY, DAY} and _does_not_know(ctx):
        ctx.facts[about] = ANY
        return True
    if about == CHANNEL and reply.counted(ctx):
        return True
    changed = reply.read(ctx, asked=about in {CHANNEL, CONTACT} or _of_the_reply(ctx, about))
    if about in {VISIT, FACILITY, DAY} or (not changed and about != CONTACT):
        changed = await _where_and_when(ctx, about) or changed
    if not changed and about != CONTACT:
        changed = _added(ctx, about)
    return changed


def _of_the_reply(ctx: Ctx, about: str) -> bool:
    """ "Wolałabym listem" while something else is asked; "przez telefon" may be the visit or the place."""
    channel = reply.named_channel(ctx.turn.text)
    if channel is None or len(folded_words(ctx.turn.text)) > _SHORT:
        return False
    return channel != reply.PHONE or about not in {VISIT, FACILITY} or has_contact(ctx.turn.text)


async def _opening(ctx: Ctx) -> None:
    """The message that began it may tell the story already, name the visit and how to answer."""
    if substance(ctx.turn.text):
        _describe(ctx, ctx.turn.text)
    reply.read(ctx, asked=False)
    await _place(ctx)


async def _told(ctx: Ctx) -> bool:
    text = ctx.turn.text
    if ctx.turn.pressed or len(folded_words(text)) < _FEW or (questions(text) and not tells(text)):
        return False
    if ctx.turn.intent in _ACTS and not tells(text):
        return False
    if ctx.turn.intent == "file_complaint" and not substance(text):
        return False
    _describe(ctx, text)
    reply.read(ctx, asked=False)
    await _place(ctx)
    return True


def substance(text: str) -> bool:
    """Whether it says what happened, and not only that a complaint is to be filed, and on whom."""
    rest = [word for word in folded_words(text) if not cue("wants_to_complain").matches(word)]
    return tells(text) or (len(rest) > _FEWEST + 2 and not questions(text))


def _describe(ctx: Ctx, text: str) -> None:
    before = ctx.facts.get(DESCRIPTION)
    whole = f"{before}\n{text.strip()}" if before else text.strip()
    ctx.facts[DESCRIPTION] = whole[:LONGEST]


async def _place(ctx: Ctx) -> None:
    """The visit, or at least the facility and the day, that a story names."""
    said = visits.read(ctx, ctx.turn.text)
    if VISIT not in ctx.facts and (said.tells or said.first is not None):
        past = visits.over(ctx, await visits.recent(ctx))
        found = visits.matching(ctx, past, said)
        if len(found) == 1:
            ctx.facts[VISIT] = found[0].id
            return
        if not visits.about_then(past, said):  # "w zeszłym tygodniu", and no visit was anywhere near
            ctx.facts[VISIT] = ANY
    _facility(ctx)
    if said.first is not None and DAY not in ctx.facts:  # a week that is told stands in the story
        ctx.facts[DAY] = said.first.isoformat() if said.first == said.last else ANY


def _facility(ctx: Ctx) -> bool:
    """The facility that is named, or the only one of the town or district that is."""
    found = _named_there(ctx) or [facility.id for facility in in_town(ctx)]
    if len(found) == 1:
        ctx.facts[FACILITY] = found[0]
        return True
    near = [name for name in found if _by_street(ctx, name)]
    if len(near) == 1:
        ctx.facts[FACILITY] = near[0]
        return True
    if not found or ctx.data.get(TOWN) == found:
        return False
    ctx.data[TOWN] = found
    return True


def _named_there(ctx: Ctx) -> list[str]:
    """Facilities named, of the towns named beside them: "Grunwaldzka w Poznaniu" is not the one in Gdańsk."""
    known, towns = ctx.world.signed_in()[1].facilities, ids(ctx.turn.said("city"))
    found = [name for name in ids(ctx.turn.said("facility")) if name in known]
    return [name for name in found if not towns or known[name].city_id in towns]


def _by_street(ctx: Ctx, facility_id: str) -> bool:
    """Whether the turn names the street or the district of the facility, in any case ("na Puławskiej")."""
    catalogue = ctx.world.signed_in()[1]
    facility = catalogue.facilities[facility_id]
    town = {word[:_STEM] for word in folded_words(catalogue.cities[facility.city_id].name)}
    own = {word[:_STEM] for word in folded_words(f"{facility.address} {facility.district or ''}")}
    said = {word[:_STEM] for word in folded_words(ctx.turn.text) if len(word) >= _STEM}
    return bool(said & own - town)


def in_town(ctx: Ctx) -> list[Facility]:
    """Facilities of the towns and districts of the turn, the own ones first."""
    catalogue = ctx.world.signed_in()[1]
    districts = set(ids(ctx.turn.said("district")))
    cities = set(ids(ctx.turn.said("city")))
    found = [
        facility
        for facility in catalogue.facilities.values()
        if f"{facility.city_id}/{facility.district}" in districts
        or (not districts and facility.city_id in cities)
    ]
    return sorted(found, key=lambda facility: (facility.type != FacilityType.OWN, facility.name))


async def _where_and_when(ctx: Ctx, about: str) -> bool:
    """Another visit, place or day: as an answer, or as a correction at the read-back."""
    text = ctx.turn.text
    said = visits.read(ctx, text)
    if about == VISIT and cue("no_visit").heard(text):
        ctx.facts[VISIT] = ANY
        return True
    if said.tells or ctx.turn.said("facility"):
        found = visits.corrected(ctx, await visits.recent(ctx), said)
        found = [visit for visit in found if visit.id != ctx.facts.get(VISIT)]  # "nie kardiolog, tylko..."
        if about in {VISIT, CONSENT} and len(found) == 1:
            forget(ctx.facts, VISIT, SLOTS)
            ctx.facts[VISIT] = found[0].id
            return True
    if about == VISIT and await _only_a_place(ctx, said):
        ctx.facts[VISIT] = ANY
        _facility(ctx)
        return True
    changed = _facility(ctx) if about in {FACILITY, CONSENT} else False
    if said.first is None or about not in {VISIT, FACILITY, DAY, CHANNEL, CONSENT}:
        return changed
    if said.first == said.last:
        ctx.facts[DAY] = said.first.isoformat()
        return True
    if about == DAY:  # "jakoś w październiku" is no day, and worth telling
        ctx.facts[DAY] = ANY
        _describe(ctx, text)
        return True
    return changed


async def _only_a_place(ctx: Ctx, said: visits.Said) -> bool:
    """ "W placówce na Puławskiej", where none of the visits was: no visit, and the place is asked for."""
    if said.tells or said.first is not None or ctx.turn.pressed or questions(ctx.turn.text):
        return False
    named = said.things.keys() - {"visit_kind"}  # "w placówce" is the kind of a visit too
    if named or ctx.turn.said("facility", "city", "district"):
        return not any(visits.fits(ctx, visit, said) for visit in await visits.recent(ctx))
    return len(folded_words(ctx.turn.text)) <= _SHORT and cue("tells_a_place").heard(ctx.turn.text)


def _added(ctx: Ctx, about: str) -> bool:
    """ "Dopisz, że nikt nie przeprosił": a further line of what happened."""
    text = ctx.turn.text
    said = folded_words(text)
    asks_whether = questions(text) and not cue("that").among(said)  # "a mogę potem coś dopisać?"
    added = cue("adds").heard(text) and len(said) > _FEWEST and not asks_whether
    if not (added or (tells(text) and about != CONSENT) or (about == FACILITY and _answered(ctx))):
        return False
    if about == FACILITY and not added:
        ctx.facts[FACILITY] = ANY
    _describe(ctx, _without_lead(text) if added else text)
    ctx.speaker.say("utter_complaint_added")
    return True


def _without_lead(text: str) -> str:
    """ "dopisz jeszcze, że nikt nie przeprosił" is "Nikt nie przeprosił"."""
    start = 0
    for word in words(text):
        if not cue("before_an_addition").matches(word.folded):
            break
        start = word.end
    rest = text[start:].strip(" ,:;-–")
    return rest[:1].upper() + rest[1:] if rest else text


def _does_not_know(ctx: Ctx) -> bool:
    """ "Nie jestem pewna": these questions may stay without an answer."""
    text = ctx.turn.text
    few = len(folded_words(text)) <= _SHORT and not ctx.turn.has_facts
    return few and cue("refused").heard(text) and cue("does_not_know").heard(text)


def _answered(ctx: Ctx) -> bool:
    """Words for a place that the portal does not list."""
    text = ctx.turn.text
    return len(folded_words(text)) >= _FEWEST and not questions(text) and ctx.turn.intent not in _ACTS
