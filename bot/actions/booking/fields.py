"""A correction by the name of what is wrong, without the new value: "zmień miasto", "nie ta godzina"."""

from __future__ import annotations

import re

from bot.actions.booking import confirm, what
from bot.actions.booking.offer import REFINES
from bot.actions.booking.place import ask_other_place, ask_place
from bot.actions.booking.questions import ask_service, ask_when, ask_who
from bot.actions.booking.slots import CITY, SERVICE, WHEN, WHO
from bot.actions.booking.steps import CHANGE, Ctx
from bot.language.text import fold, words

PLACE = "place"
_GREETING = re.compile(r"\bdzien dobry\b")
_CORRECTS = frozenset({"correct", "deny", "reschedule_visit"})
_STEMS = {
    WHEN: ("termin", "dzien", "dnia", "date", "data", "daty", "godzin", "pore", "pora"),
    CITY: ("miast", "miejscowos"),
    PLACE: ("miejsc", "placowk", "przychodn", "adres", "dzielnic"),
    SERVICE: ("specjali", "uslug", "badani", "zabieg"),
    WHO: ("osob", "pacjent"),
}
"""Folded beginnings of the words that name a fact; the doctor is asked for by the button "Inny lekarz"."""


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
    said = [word.folded for word in words(_GREETING.sub(" ", fold(text)))]
    found = {name for name, stems in _STEMS.items() if any(word.startswith(stems) for word in said)}
    if CITY in found:
        found.discard(PLACE)
    return found.pop() if len(found) == 1 else None


async def _ask(ctx: Ctx, name: str) -> bool:
    """Asks for that fact again; the old value holds until a new one is given. False: nothing to ask."""
    service = what.settle(ctx) if what.subject_known(ctx) else None
    if name in {CITY, PLACE} and service is None:
        return False
    await confirm.release(ctx)
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
