"""Finding slots: what is asked of the portal, and which of its answers fit."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.actions.booking.slots import (
    CITY,
    DISTRICT,
    DOCTOR_GENDER,
    FACILITY,
    NOT_CITY,
    NOT_DOCTOR,
    REFERRAL,
    SERVICE,
    doctors_of,
    when_of,
)
from bot.actions.booking.steps import HORIZON
from bot.actions.catalogue import Catalogue
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.errors import RuleProblem
from bot.portal.models import Pool, Service, ServiceKind, Slot, SlotQuery
from bot.portal.protocol import Portal

log = logging.getLogger(__name__)
SHOWN = 5
"""R49: at most five slots at a time."""
_PAGE = 50
_PAGES = 8
"""Bound on the pages read for one search."""
_DOCTORS = 50
"""How many doctors one query may name (openapi.yaml, Ids)."""


@dataclass(frozen=True, slots=True)
class Search:
    """One search: the portal's query, and the wish that its answers must fit."""

    query: SlotQuery
    wish: When
    earliest: datetime
    latest: datetime
    """Half-open bounds of the start of a visit; the query knows whole days only."""
    skip: frozenset[str] = frozenset()
    """Slots already shown."""
    not_city: frozenset[str] = frozenset()
    not_doctor: frozenset[str] = frozenset()
    not_days: frozenset[str] = frozenset()
    """ISO dates that "inny dzień" leaves out."""

    def fits(self, slot: Slot) -> bool:
        """Whether the slot is what the patient wants."""
        return (
            slot.id not in self.skip
            and slot.city_id not in self.not_city
            and slot.doctor_id not in self.not_doctor
            and slot.start.astimezone(WARSAW).date().isoformat() not in self.not_days
            and self.earliest <= slot.start < self.latest
            and self.wish.allows(slot.start)
        )


def build(
    facts: dict[str, Any],
    catalogue: Catalogue,
    now: datetime,
    patient_id: str,
    window: dict[str, Any] | None = None,
) -> Search:
    """The search that the facts ask for. `window` bounds it ("wcześniej", "później", "pokaż więcej")."""
    service = catalogue.services[facts[SERVICE]]
    window = window or {}
    start, end = _bounds(when_of(facts), now, window)
    wish = loosened(when_of(facts), window)
    query = SlotQuery(
        service_id=service.id,
        city_ids=_cities(facts, service),
        facility_ids=_facilities(facts, catalogue, service),
        doctor_ids=tuple(doctors_of(facts)) or _of_gender(facts, catalogue, service),
        exclude_doctor_ids=tuple(facts.get(NOT_DOCTOR) or ()),
        start=start.astimezone(WARSAW).date(),
        end=(end - timedelta(minutes=1)).astimezone(WARSAW).date(),
        weekdays=tuple(sorted(wish.weekdays)),
        referral_id=facts.get(REFERRAL),
        patient_id=patient_id,
        limit=_PAGE,
    )
    return Search(
        query,
        wish,
        earliest=start,
        latest=end,
        skip=frozenset(window.get("skip") or ()),
        not_city=frozenset(facts.get(NOT_CITY) or ()),
        not_doctor=_other_gender(facts, catalogue),
        not_days=frozenset(window.get("not_days") or ()),
    )


def _bounds(wish: When, now: datetime, window: dict[str, Any]) -> tuple[datetime, datetime]:
    """First and last moment of the search: the wish's own, but for what the window says."""
    start, end = _span(wish, now)
    if window.get("from"):
        start = max(now, datetime.fromisoformat(window["from"]))
        end = max(end, start + HORIZON) if window.get("open") else end
    if window.get("to"):
        end = datetime.fromisoformat(window["to"])
    return start, end


def _span(wish: When, now: datetime) -> tuple[datetime, datetime]:
    """First and last moment the wish can mean; a search always says where it ends."""
    wishes = wish.options or (wish,)
    firsts = [min(w.dates) if w.dates else w.date_from or wish.date_from for w in wishes]
    lasts = [max(w.dates) if w.dates else w.date_to or wish.date_to for w in wishes]
    first = min((day for day in firsts if day), default=None) if all(firsts) else None
    last = max((day for day in lasts if day), default=None) if all(lasts) else None
    start = max(now, _midnight(first)) if first else now
    end = _midnight(last + timedelta(days=1)) if last else start + HORIZON
    return start, max(end, start + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, WARSAW)


def loosened(wish: When, window: dict[str, Any]) -> When:
    """ "Wcześniej" and "później" go beyond the days asked for, the hours and exclusions stay."""
    if not window.get("open"):
        return wish
    return replace(wish, date_from=None, date_to=None, dates=(), options=(), exact_time=None)


def _of_gender(facts: dict[str, Any], catalogue: Catalogue, service: Service) -> tuple[str, ...]:
    """Doctors of the specialty who are what was wished for: those in town when there are any."""
    wished = facts.get(DOCTOR_GENDER)
    if not wished or service.specialty is None:
        return ()
    specialty, cities = service.specialty.id, set(_cities(facts, service))
    fitting = [
        i for i, d in catalogue.doctors.items() if d.gender.value == wished and specialty in d.specialties
    ]
    there = [i for i in fitting if cities & set(catalogue.cities_of_doctors([i]))]
    return tuple((there or fitting)[:_DOCTORS])


def _other_gender(facts: dict[str, Any], catalogue: Catalogue) -> frozenset[str]:
    """Doctors who are not what was wished for."""
    wished = facts.get(DOCTOR_GENDER)
    return frozenset(i for i, doctor in catalogue.doctors.items() if wished and doctor.gender.value != wished)


def _cities(facts: dict[str, Any], service: Service) -> tuple[str, ...]:
    if service.kind == ServiceKind.PHONE:
        return ()  # R22: a phone consultation is not tied to a city
    return tuple(facts.get(CITY) or ())


def _facilities(facts: dict[str, Any], catalogue: Catalogue, service: Service) -> tuple[str, ...]:
    if service.kind == ServiceKind.PHONE:
        return ()
    if facts.get(FACILITY):
        return tuple(facts[FACILITY])
    if facts.get(DISTRICT):
        return tuple(f.id for f in catalogue.facilities_in(facts.get(CITY) or (), facts[DISTRICT]))
    return ()


async def run(portal: Portal, search: Search, *, preferential: bool = False, enough: int = 60) -> list[Slot]:
    """Slots that fit, earliest first. The preferential pool comes first where it is due (R59, R124, R125).

    Raises PortalError: a portal that does not answer is not a portal without slots.
    """
    found: list[Slot] = []
    if preferential:
        found = await _preferential(portal, search, enough)
    if len(found) < SHOWN:
        seen = {slot.id for slot in found}
        found += [slot for slot in await _pages(portal, search, enough) if slot.id not in seen]
    return found


async def _preferential(portal: Portal, search: Search, enough: int) -> list[Slot]:
    """Slots with precedence; none where the portal gives them for another service only (by phone, say)."""
    query = replace(search.query, pool=Pool.PREFERENTIAL)
    try:
        return await _pages(portal, replace(search, query=query), enough)
    except RuleProblem as problem:
        log.info("no precedence for %s: %s", search.query.service_id, problem.code)
        return []


async def _pages(portal: Portal, search: Search, enough: int) -> list[Slot]:
    found: list[Slot] = []
    query = search.query
    for _ in range(_PAGES):
        page = await portal.slots(query)
        found += [slot for slot in page.items if search.fits(slot)]
        if len(found) >= enough or page.next_cursor is None:
            break
        query = replace(query, cursor=page.next_cursor)
    return found
