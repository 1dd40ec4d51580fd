"""A correction by the name of what is wrong, without the new value: "zmień miasto", "nie ta godzina"."""

from __future__ import annotations

import re

from bot.actions.booking import holds, what
from bot.actions.booking.ask_who import ask_who
from bot.actions.booking.place import ask_other_place, ask_place
from bot.actions.booking.questions import ask_service, ask_when
from bot.actions.booking.refining import REFINES
from bot.actions.booking.slots import CITY, SERVICE, WHEN, WHO
from bot.actions.booking.steps import CHANGE, Ctx
from bot.language.cues import cue, synonyms
from bot.language.text import fold, folded_words

PLACE = "place"
_GREETING = re.compile(rf"\b(?:{'|'.join(synonyms('good_day'))})\b")
"""Names a day, and means none."""
_CORRECTS = frozenset({"correct", "deny", "reschedule_visit"})
_CUES = {
    WHEN: "names_time",
    CITY: "names_city",
    PLACE: "names_place",
    SERVICE: "names_service",
    WHO: "names_person",
}
"""What names a fact (cues.yml); the doctor is asked for by the button "Inny lekarz"."""


async def corrected(ctx: Ctx, about: str) -> bool:
    """Whether the message names what is wrong, and that was asked for again."""
    if ctx.turn.has("refine") or ctx.turn.intent in REFINES:
        return False  # "inny dzień" asks for other slots
    if about != CHANGE and ctx.turn.intent not in _CORRECTS:
        return False
    name = named(ctx.turn.text)
    return name is not None and await _ask(ctx, name)


def named(text: str) -> str | None:
    """The one fact that the message names; None when it names none or several."""
    said = folded_words(_GREETING.sub(" ", fold(text)))
    found = {name for name, named_by in _CUES.items() if cue(named_by).among(said)}
    if CITY in found:
        found.discard(PLACE)
    return found.pop() if len(found) == 1 else None


async def _ask(ctx: Ctx, name: str) -> bool:
    """Asks for that fact again; the old value holds until a new one is given. False: nothing to ask."""
    service = what.settle(ctx) if what.subject_known(ctx) else None
    if name in {CITY, PLACE} and service is None:
        return False
    await holds.release(ctx)
    match name:
        case "city" if service is not None:
            return await ask_place(ctx, service)
        case "place":
            await ask_other_place(ctx)
        case "who":
            return await ask_who(ctx)
        case "service":
            ask_service(ctx)
        case _:
            await ask_when(ctx)
    return True
