"""What a message tells of the five fields."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.actions.booking.steps import Ctx
from bot.actions.booking.told import ids
from bot.actions.catalogue import Catalogue
from bot.actions.pregnancy.slots import FACILITY, KIND, NAME, OFFER, ONSITE, PHONE, REMOTE, STARTED, TOWN
from bot.language.contact import find_phone
from bot.language.cues import cue
from bot.language.speech import join_or
from bot.language.telling import questions
from bot.language.text import words

ASKS = "ask_pregnancy_care"
"""Intent of questions about care in pregnancy."""
_PARTS = re.compile(r"[,;]|\.\s|\ba(?=\s)|\bale\b")
_LONGEST = 120
_NAME_WORDS = range(2, 6)


def take(ctx: Ctx) -> bool:
    """Reads the turn into the facts; False when it said nothing of use."""
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if not ctx.facts.get(STARTED):
        return about != OFFER or ctx.turn.intent == ASKS
    changed = _phone(ctx) or _kind(ctx, about)
    changed = _places(ctx, about) or changed
    return (_words(ctx, about) if not changed else False) or changed


def _phone(ctx: Ctx) -> bool:
    found = find_phone(ctx.turn.text)
    if found:
        ctx.facts[PHONE] = found
    return bool(found)


def _kind(ctx: Ctx, about: str) -> bool:
    kinds = {identifier for mention in ctx.turn.said("visit_kind") for identifier in mention.ids}
    remote = bool(kinds & {"phone", "online"})
    onsite = "onsite" in kinds
    if about == KIND and not (remote or onsite):
        remote, onsite = (cue(f"visit_{name}").heard(ctx.turn.text) for name in ("remote", "onsite"))
    if remote == onsite:
        return False
    ctx.facts[KIND] = REMOTE if remote else ONSITE
    return True


def _places(ctx: Ctx, about: str) -> bool:
    """Places of the portal's dictionaries, by name: which one is meant follows from what was asked."""
    catalogue = ctx.world.catalogue
    if catalogue is None:
        return False
    facilities, cities = ids(ctx.turn.said("facility")), ids(ctx.turn.said("city"))
    beside = about in {NAME, PHONE, KIND} and TOWN not in ctx.facts  # "600 ..., i może być Poznań"
    towns = _towns(ctx, catalogue)
    if (about == TOWN or beside) and cities and towns:
        ctx.facts[TOWN] = join_or(towns)
        return True
    if about == FACILITY and len(facilities) == 1 and facilities[0] in catalogue.facilities:
        ctx.facts[FACILITY] = catalogue.facilities[facilities[0]].name
        return True
    return False


def _towns(ctx: Ctx, catalogue: Catalogue) -> list[str]:
    """Towns by name, those that the portal does not know as well ("Gniezno albo Poznań")."""
    names = []
    for mention in ctx.turn.said("city", "unlisted_city"):
        known = catalogue.cities.get(mention.ids[0]) if len(mention.ids) == 1 else None
        names.append(known.name if known else mention.ids[0])
    return list(dict.fromkeys(names))


def _words(ctx: Ctx, about: str) -> bool:
    """The patient's own words: names and places are written as they stand."""
    text = ctx.turn.text.strip(" .,;")
    if about not in {NAME, FACILITY, TOWN} or ctx.turn.pressed or questions(text) or not text:
        return False
    if about == NAME:
        text = without_lead(text, "before_a_name")
        if len(words(text)) not in _NAME_WORDS or any(letter.isdigit() for letter in text):
            return False
    ctx.facts[about] = (text if about == NAME else without_lead(text, "before_a_place"))[:_LONGEST]
    return True


def clause_to_correct(text: str, fields: Iterable[str]) -> str:
    """ "Miejscowość ok, a placówkę popraw: ...": the part that names a field and does not call it fine.

    `fields` are the cues that name them. The whole text when no part does.
    """
    parts = [part.strip(" .,;") for part in _PARTS.split(text)]
    named = [part for part in parts if any(cue(field).heard(part) for field in fields)]
    wrong = [part for part in named if not cue("is_fine").heard(part)]
    return (wrong or named or [text.strip(" .,;")])[0]


def without_lead(text: str, lead: str) -> str:
    """ "nazywam się Anna Maj" without what comes before the name; `lead` is a cue."""
    start = 0
    for word in words(text):
        named = start > 0 and text[word.start].isupper()  # "zmień na Przychodnia Jutrzenka"
        if named or not cue(lead).matches(word.folded):
            break
        start = word.end
    return text[start:].strip(" .,;:") or text
