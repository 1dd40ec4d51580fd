"""What a message says of the new term, and what of the visit there is ("przełóż środę na piątek").

The patient's own visits decide: a day, a doctor or a town that a booked visit has is that visit's,
anything else is wished for; "na piątek" is wished for in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.actions.booking import facts as booking_facts
from bot.actions.booking.slots import CITY, DOCTOR, KIND, SERVICE, SPECIALTY
from bot.actions.booking.slots import WHEN as BOOKING_WHEN
from bot.actions.cancellation import wanted
from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.text import folded_words
from bot.language.times import TimeExpression, When, relative_wish, to_when
from bot.language.times.model import WARSAW
from bot.portal.models import Reservation

_NEAR = 4
"""How many words before a time may say that something is booked then."""


def split(
    turn: Turn, now: datetime, visits: Sequence[Reservation], catalogue: Catalogue
) -> tuple[Turn, Turn]:
    """The message twice: what it says of the visit there is, and what of the new term."""
    expressions = wanted.times(turn, now)
    new_times = [said for said in expressions if _is_new_time(said, turn.text, visits, now)]
    old_times = [said for said in expressions if said not in new_times]
    new_things = [m for m in turn.mentions if _is_new_thing(m, turn.text, visits, catalogue)]
    old_things = tuple(m for m in turn.mentions if m not in new_things)
    old = replace(
        turn,
        mentions=old_things,
        text=_without(turn.text, new_times),
        when=_wish([wanted.as_said(said) for said in old_times], now),
    )
    new = replace(turn, mentions=tuple(new_things), text="", when=_wish(new_times, now))
    return old, new


def _wish(expressions: Sequence[TimeExpression], now: datetime) -> When | None:
    return to_when(list(expressions), now) if expressions else None


def _without(text: str, expressions: Sequence[TimeExpression]) -> str:
    """The text with these times blanked out; positions stay."""
    for said in expressions:
        text = text[: said.start] + " " * (said.end - said.start) + text[said.end :]
    return text


def _is_new_time(said: TimeExpression, text: str, visits: Sequence[Reservation], now: datetime) -> bool:
    if said.excluded or said.relation == "origin":
        return False
    wish = to_when([said], now)
    taken = wish is not None and any(wish.allows(visit.slot.start) for visit in visits)
    before = folded_words(text[: said.start])
    if cue("instead_of").among(before[-1:]):
        return False
    aimed = cue("moves_to").among(before[-1:]) or cue("moves_to").among(folded_words(said.text)[:1])
    if aimed:
        return not (taken and cue("has_booked").among(before[-_NEAR:]))
    return not taken


def _is_new_thing(mention: Mention, text: str, visits: Sequence[Reservation], catalogue: Catalogue) -> bool:
    if mention.kind not in wanted.THINGS or mention.kind in {"specialty", "service"}:
        return False
    if cue("moves_to").among(folded_words(text[: mention.start])[-1:]):
        return True
    owned = [wanted.things_of(visit, catalogue)[mention.kind] for visit in visits]
    return not mention.unwanted and not any(own & set(mention.ids) for own in owned)


def facts_of(turn: Turn, catalogue: Catalogue) -> dict[str, Any]:
    """Facts of a booking that the new term asks for."""
    facts: dict[str, Any] = {}
    booking_facts.read(facts, catalogue, turn)
    return facts


def put(facts: dict[str, Any], wished: dict[str, Any]) -> None:
    """The new wishes win: another town drops the doctor, another kind of visit the service."""
    if CITY in wished and wished[CITY] != facts.get(CITY):
        facts.pop(DOCTOR, None)
    if KIND in wished and wished[KIND] != facts.get(KIND) and SPECIALTY in facts:
        facts.pop(SERVICE, None)
        facts.pop(DOCTOR, None)
    facts.update(wished)


def beside(facts: dict[str, Any], text: str, start: datetime, now: datetime) -> None:
    """What is said by the visit there is: "tydzień później", "o tej samej porze", "wcześniejszy termin".

    A day or an hour named outright wins.
    """
    said = When.from_json(facts[BOOKING_WHEN]) if facts.get(BOOKING_WHEN) else When()
    wish = relative_wish(text, start)
    if wish is not None:
        day = replace(wish, time_from=None, time_to=None, exact_time=None)
        hours = When(time_from=wish.time_from, time_to=wish.time_to, exact_time=wish.exact_time)
        if said.has_day or (not wish.has_day and hours.has_hours):
            day = When()
        facts[BOOKING_WHEN] = day.merge(hours).merge(said).to_json()
    elif not said.has_day:
        _sooner_or_later(facts, said, text, start, now)


def _sooner_or_later(facts: dict[str, Any], said: When, text: str, start: datetime, now: datetime) -> None:
    """ "Wcześniejszy termin" without a day is one before the visit, "później" one after it."""
    day, today = start.astimezone(WARSAW).date(), now.astimezone(WARSAW).date()
    if cue("sooner").heard(text):
        facts[BOOKING_WHEN] = replace(said, date_to=max(day - timedelta(days=1), today)).to_json()
    elif cue("not_so_soon").heard(text):
        facts[BOOKING_WHEN] = replace(said, date_from=day + timedelta(days=1)).to_json()
