"""Which booked visit is meant: what was said of it, and whether a visit fits that.

`wanted` is plain JSON: for each kind of thing the ids of which any fits, `when` (When), `who` (as in
booking), `place` ("first" or "last" of those that fit), `every`, and `by_phone` (how it was booked).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.actions.booking.slots import WHO, WHO_CANDIDATES
from bot.actions.booking.told import ids
from bot.actions.booking.who import SELF, NotOnAccountError, read_who, ref
from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.text import folded_words
from bot.language.times import TimeExpression, When, find_times, to_when
from bot.language.times.model import WARSAW
from bot.portal.models import BookedBy, Dependant, Me, Reservation, ServiceKind

THINGS = ("doctor", "facility", "district", "city", "specialty", "service", "visit_kind")
SUBJECTS = frozenset({"specialty", "service"})
"""What a visit is for."""
WHEN, PLACE, EVERY = "when", "place", "every"
BY_PHONE = "by_phone"
FIRST, LAST = "first", "last"
_REMOTE = frozenset({ServiceKind.PHONE.value, ServiceKind.ONLINE.value})
_KINDS = frozenset(kind.value for kind in ServiceKind) - {"control", "unknown"}


def read(turn: Turn, now: datetime, dependants: Sequence[Dependant], *, past: bool = False) -> dict[str, Any]:
    """What one message says of the visit (`past`: of one that was); empty when it says nothing."""
    said: dict[str, Any] = {}
    for kind in THINGS:
        named = ids(mentions(turn, kind))
        if kind == "visit_kind":
            kinds = [m for m in mentions(turn, kind) if not _says_how_booked(turn.text, m)]
            named = [name for name in ids(kinds) if name in _KINDS]
        if named:
            said[kind] = named
    if _booked_by_phone(turn.text):
        said[BY_PHONE] = True
    said_times = past_times(turn, now) if past else times(turn, now)
    wish = to_when([as_said(expression) for expression in said_times], now)
    if wish is not None and (wish.has_day or wish.has_hours):
        said[WHEN] = wish.to_json()
    people = _people(turn, dependants)
    if people:
        said[WHO] = people
    place = _place(turn.text, past=past)
    if place:
        said[PLACE] = place
    if cue("every_one").heard(turn.text):
        said[EVERY] = True
    return said


def mentions(turn: Turn, kind: str) -> list[Mention]:
    """What is named; "nie pójdę do okulisty" names the visit as well, unless something else is wanted."""
    return turn.said(kind) or turn.unwanted(kind)


def _says_how_booked(text: str, mention: Mention) -> bool:
    """ "Umawiałam przez telefon": how the visit was booked, not what kind of visit it is."""
    if not cue("by_phone").covers(folded_words(mention.text)):
        return False
    before = [w for w in folded_words(text[: mention.start]) if not cue("beside_booking").matches(w)]
    after = [w for w in folded_words(text[mention.end :]) if not cue("beside_booking").matches(w)]
    return cue("made_booking").among(before[-1:] + after[:1])


def _booked_by_phone(text: str) -> bool:
    said = [word for word in folded_words(text) if not cue("beside_booking").matches(word)]
    pairs = pairwise(said)
    made, phone = cue("made_booking"), cue("by_phone")
    return any(
        (made.matches(one) and phone.matches(other)) or (phone.matches(one) and made.matches(other))
        for one, other in pairs
    )


def times(turn: Turn, now: datetime) -> list[TimeExpression]:
    """Times of the message that may be those of a visit: "zapisałem się wczoraj" is none."""
    today = now.astimezone(WARSAW).date()
    found = find_times(turn.text, now)
    return [said for said in found if said.date_to is None or said.date_to >= today]


def past_times(turn: Turn, now: datetime) -> list[TimeExpression]:
    """Times of a message about visits that were: "w marcu" is the last one."""
    return find_times(turn.text, now, prefer="past")


def as_said(expression: TimeExpression) -> TimeExpression:
    """ "Nie mogę w czwartek" and "z piątku" say when the visit is."""
    return replace(expression, excluded=False, relation="at" if _aside(expression) else expression.relation)


def _aside(expression: TimeExpression) -> bool:
    return expression.excluded or expression.relation == "origin"


def _people(turn: Turn, dependants: Sequence[Dependant]) -> list[str]:
    """Whose visit it is; who says "mi" need not mean a visit of their own."""
    found: dict[str, Any] = {}
    try:
        read_who(found, turn, dependants)
    except NotOnAccountError:
        return []
    people = [found[WHO]] if found.get(WHO) else list(found.get(WHO_CANDIDATES) or ())
    return [] if people == [SELF] and not cue("before_whom").heard(turn.text) else people


def booked_when(text: str) -> bool:
    """Whether the visit is named by when it was booked ("ostatnio umówiona"): the portal does not tell."""
    return cue("booked_last").heard(text) and (
        cue("last_of_visits").heard(text) or cue("gone_by").heard(text) or cue("just_now").heard(text)
    )


def _place(text: str, *, past: bool = False) -> str | None:
    if past:
        return LAST if cue("last_time").heard(text) else None
    if cue("booked_last").heard(text):
        return None
    if cue("first_of_visits").heard(text):
        return FIRST
    return LAST if cue("last_of_visits").heard(text) else None


def matching(
    visits: Sequence[Reservation], wanted: dict[str, Any], catalogue: Catalogue, me: Me
) -> list[Reservation]:
    """The visits that fit all that was said, the nearest first."""
    if wanted.get(BY_PHONE):  # the portal may not tell how a visit was booked: then the rest counts
        by_phone = [visit for visit in visits if visit.booked_by == BookedBy.PHONE]
        visits = by_phone or visits
    found = [visit for visit in visits if fits(visit, wanted, catalogue, me)]
    if not found and wanted.get("visit_kind") and len(wanted) > 1:  # "umawiałem się przez telefon"
        others = {name: value for name, value in wanted.items() if name != "visit_kind"}
        found = [visit for visit in visits if fits(visit, others, catalogue, me)]
    if not found and wanted.get(WHEN) and len(wanted) > 1:  # "za wcześnie rano": the day, if any, counts
        when = When.from_json(wanted[WHEN])
        if when.has_hours:
            day = replace(when, time_from=None, time_to=None, exact_time=None)
            found = [v for v in visits if fits(v, {**wanted, WHEN: day.to_json()}, catalogue, me)]
    if wanted.get(PLACE) and not wanted.get(EVERY):
        return found[:1] if wanted[PLACE] == FIRST else found[-1:]
    return found


def fits(visit: Reservation, wanted: dict[str, Any], catalogue: Catalogue, me: Me) -> bool:
    """Whether the visit is what was said of it."""
    own = things_of(visit, catalogue)
    subject = [kind for kind in ("specialty", "service") if wanted.get(kind)]
    if subject and not any(own[kind] & set(wanted[kind]) for kind in subject):
        return False
    others = [kind for kind in THINGS if kind not in {"specialty", "service"} and wanted.get(kind)]
    if not all(own[kind] & set(wanted[kind]) for kind in others):
        return False
    if wanted.get(WHEN) and not When.from_json(wanted[WHEN]).allows(visit.slot.start):
        return False
    return not wanted.get(WHO) or whose(visit, me) in wanted[WHO]


def things_of(visit: Reservation, catalogue: Catalogue) -> dict[str, set[str]]:
    """By kind of mention, what names this visit."""
    service = catalogue.services.get(visit.service_id)
    facility = catalogue.facilities.get(visit.slot.facility_id or "")
    city = visit.slot.city_id or (facility.city_id if facility else None)
    kind = str(visit.slot.kind.value)
    return {
        "doctor": _one(visit.slot.doctor_id),
        "facility": _one(visit.slot.facility_id),
        "district": _one(f"{facility.city_id}/{facility.district}" if facility else None),
        "city": _one(city),
        "specialty": _one(service.specialty.id if service and service.specialty else None),
        "service": {visit.service_id},
        "visit_kind": {kind} if kind in _REMOTE else {kind, ServiceKind.ONSITE.value},
    }


def _one(value: str | None) -> set[str]:
    return {value} if value else set()


def whose(visit: Reservation, me: Me) -> str:
    """ "self", or "dependant:<place in the portal's list>"."""
    return next((ref(i) for i, person in enumerate(me.dependants) if person.id == visit.patient_id), SELF)
