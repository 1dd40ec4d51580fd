"""To which visit the complaint is: the portal's list, the latest first, and what was said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.actions.booking.steps import Ctx, describer
from bot.actions.booking.told import ids
from bot.actions.cancellation.wanted import THINGS, mentions, things_of
from bot.actions.complaint.slots import VISIT
from bot.dialogue.state import Option
from bot.dialogue.turn import Turn
from bot.language.contact import address_span
from bot.language.speech import short_slot
from bot.language.times import find_times
from bot.portal.clock import local_date
from bot.portal.models import Reservation, ReservationStatus
from bot.portal.paging import every_page

SHOWN = 4
BACK, _AHEAD = timedelta(days=365), timedelta(days=14)
"""Visits that may be meant: of the last year, and those ahead (a cancelled one, a booking gone wrong)."""
_MAIL = re.compile(r"\S+@\S+")
_ABOUT = timedelta(days=3)
_PAGES = 6
_TELLING = frozenset({"doctor", "specialty", "service"})
"""What is enough to tell one visit from another."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says of the visit: ids by kind of thing, and the days it may have been."""

    things: dict[str, list[str]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    @property
    def tells(self) -> bool:
        """Whether it can point at a visit."""
        day = self.first is not None and self.first == self.last
        return bool(_TELLING & self.things.keys()) or day


def read(ctx: Ctx, text: str) -> Said:
    """Things and past days of the turn."""
    turn = without_contact(ctx.turn)
    things = {kind: found for kind in THINGS if (found := ids(mentions(turn, kind)))}
    span = address_span(text)  # "5/3" of an address is no day
    days = past_days(f"{text[: span[0]]} {text[span[1] :]}" if span else text, ctx)
    return Said(things, *(days or (None, None)))


def without_contact(turn: Turn) -> Turn:
    """The turn without names inside an e-mail address ("jan.nowak@...") or the address of the reply."""
    taken = [match.span() for match in _MAIL.finditer(turn.text)]
    span = address_span(turn.text)
    taken += [span] if span else []
    kept = tuple(m for m in turn.mentions if not any(a <= m.start < b for a, b in taken))
    return replace(turn, mentions=kept)


def past_days(text: str, ctx: Ctx) -> tuple[date, date] | None:
    """The first time of the text that is over: "w zeszły czwartek", "12 października", "w lipcu"."""
    today = local_date(ctx.world.now)
    for expression in find_times(text, ctx.world.now, prefer="past"):
        first, last = expression.date_from, expression.date_to
        if first is None or last is None or first > today:
            continue
        if expression.grain == "week" and first == last:  # "trzy tygodnie temu" is about then
            first, last = first - _ABOUT, last + _ABOUT
        return first, min(last, today)
    return None


async def recent(ctx: Ctx) -> list[Reservation]:
    """Visits it may be about: those that were, the latest first, then those ahead. Raises PortalError."""
    today = local_date(ctx.world.now)
    portal, _ = ctx.world.signed_in()
    visits = await every_page(
        lambda cursor: portal.reservations(None, today - BACK, today + _AHEAD, cursor=cursor), most=_PAGES
    )
    gone = [visit for visit in visits if visit.slot.start <= ctx.world.now]
    ahead = [visit for visit in visits if visit.slot.start > ctx.world.now]
    return sorted(gone, key=lambda visit: visit.slot.start, reverse=True) + ahead


def matching(ctx: Ctx, visits: Sequence[Reservation], said: Said) -> list[Reservation]:
    """Visits that fit all that was said; none when it points at none."""
    return [visit for visit in visits if said.tells and fits(ctx, visit, said)]


def corrected(ctx: Ctx, visits: Sequence[Reservation], said: Said) -> list[Reservation]:
    """The same for a correction, where the day may be the wrong one ("nie 3 listopada, tylko laryngolog")."""
    found = matching(ctx, visits, said)
    if found or not _TELLING & said.things.keys():
        return found
    return matching(ctx, visits, Said(said.things))


def over(ctx: Ctx, visits: Sequence[Reservation]) -> list[Reservation]:
    """Visits that a story can be about: a booked one that has not been is none of them."""
    cancelled = ReservationStatus.CANCELLED
    return [v for v in visits if v.slot.start <= ctx.world.now or v.status == cancelled]


def about_then(visits: Sequence[Reservation], said: Said) -> bool:
    """Whether any visit was near the days that were told; true when none were, for any may be meant."""
    if said.first is None or said.last is None:
        return True
    first, last = said.first - _ABOUT, said.last + _ABOUT
    return any(first <= local_date(visit.slot.start) <= last for visit in visits)


def fits(ctx: Ctx, visit: Reservation, said: Said) -> bool:
    own = things_of(visit, ctx.world.signed_in()[1])
    subject = [kind for kind in ("specialty", "service") if said.things.get(kind)]
    if subject and not any(own[kind] & set(said.things[kind]) for kind in subject):
        return False
    others = [kind for kind in said.things if kind not in {"specialty", "service"}]
    if not all(own[kind] & set(said.things[kind]) for kind in others):
        return False
    day = local_date(visit.slot.start)
    return said.first is None or said.last is None or said.first <= day <= said.last


def option(ctx: Ctx, visit: Reservation) -> Option:
    """ "wt. 3.11, 12:00 · Kardiolog · Anna Zięba" as a button."""
    words = describer(ctx)
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    name = service.name if service else ""
    doctor = words.doctor_short(visit.slot.doctor_id)
    label = " · ".join(part for part in (short_slot(visit.slot.start, ctx.world.now), name, doctor) if part)
    names = [part for part in (name, doctor, words.place_short(visit.slot)) if part]
    return Option(label, {"do": "fill", "facts": {VISIT: visit.id}}, names)


def in_words(ctx: Ctx, visit: Reservation) -> str:
    """ "kardiolog, we wtorek 3 listopada o 12:00, dr Anna Zięba, Centrum ...": for the read-back."""
    words = describer(ctx)
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    parts = (
        service.name if service else "",
        words.when(visit.slot),
        words.doctor(visit.slot.doctor_id),
        words.place(visit.slot),
    )
    return ", ".join(part for part in parts if part)
