"""Visits put into Polish: values for the variables of responses, inflected here once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.actions.booking.slots import (
    CITY,
    DISTRICT,
    DOCTOR_GENDER,
    FACILITY,
    NOT_DOCTOR,
    SERVICE,
    doctors_of,
    when_of,
    who_index,
)
from bot.actions.catalogue import Catalogue
from bot.dialogue.texts import Texts
from bot.language.cases import Case
from bot.language.inflection import first_name, locative_city, person
from bot.language.speech import (
    day_title,
    join_and,
    join_or,
    short_slot,
    spoken_slot,
    spoken_time,
    spoken_when,
)
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import Dependant, Doctor, Service, ServiceKind, Slot


class Describer:
    """Words for doctors, places, services and searches."""

    def __init__(self, catalogue: Catalogue, texts: Texts, now: datetime) -> None:
        self._catalogue = catalogue
        self._texts = texts
        self._now = now

    def doctor(self, doctor_id: str | None, case: Case = Case.NOM) -> str:
        """ "dr Anna Zięba", "dr Anny Zięby"; empty for a service without a doctor."""
        doctor = self._catalogue.doctors.get(doctor_id or "")
        return doctor_name(doctor, case) if doctor else ""

    def place(self, slot: Slot) -> str:
        """ "Centrum Puławska, ul. Puławska 12, Warszawa" (addresses name the city); else "by phone"."""
        if slot.kind == ServiceKind.PHONE:
            return self._texts.get("utter_piece_by_phone")
        facility = self._catalogue.facilities.get(slot.facility_id or "")
        if facility is None:
            return ""
        return ", ".join(part for part in (facility.name, facility.address) if part)

    def place_short(self, slot: Slot) -> str:
        """ "Warszawa Ursynów" on a button; empty for the phone."""
        facility = self._catalogue.facilities.get(slot.facility_id or "")
        if facility is None or slot.kind == ServiceKind.PHONE:
            return ""
        city = self._catalogue.cities.get(facility.city_id)
        if city is None or not facility.district:
            return facility.name
        return f"{city.name} {facility.district}" if facility.district != city.name else city.name

    def doctor_short(self, doctor_id: str | None) -> str:
        """ "Anna Zięba": a button has no room for titles."""
        doctor = self._catalogue.doctors.get(doctor_id or "")
        return f"{doctor.first_name} {doctor.last_name}" if doctor else ""

    def option(self, slot: Slot) -> str:
        """ "wt. 24.11, 15:30 · Anna Zięba · Warszawa Ursynów"."""
        parts = [short_slot(slot.start, self._now), self.doctor_short(slot.doctor_id), self.place_short(slot)]
        return " · ".join(part for part in parts if part)

    def slot_card(self, slot: Slot, payload: str) -> dict[str, Any]:
        """One row of the card that a channel may draw instead of a button."""
        start = slot.start.astimezone(WARSAW)
        return {
            "day": day_title(start.date(), self._now.astimezone(WARSAW).date()),
            "hour": spoken_time(start.time()),
            "doctor": self.doctor(slot.doctor_id),
            "place": self.place_short(slot) or self._texts.get("utter_piece_by_phone"),
            "label": self.option(slot),
            "payload": payload,
        }

    def when(self, slot: Slot) -> str:
        """ "we wtorek 24 listopada o 15:30"."""
        return spoken_slot(slot.start, self._now)

    def what(self, service: Service) -> str:
        """The portal's own name of the service."""
        return service.name

    def who(self, facts: dict[str, Any], dependants: tuple[Dependant, ...]) -> str:
        """ "dla Zosi"; for the patient the response for oneself."""
        index = who_index(facts)
        if index is None or index >= len(dependants):
            return self._texts.get("utter_piece_self")
        return self._texts.get("utter_piece_for", name=first_name(dependants[index].first_name, Case.GEN))

    def search(self, facts: dict[str, Any]) -> str:
        """What was searched: "dermatolog, w Warszawie (Ursynów), po 16:00, bez piątku"."""
        parts = [self._subject(facts), self._where(facts), self._with(facts), self._without(facts)]
        wish = when_of(facts)
        parts.append(
            spoken_when(wish, self._now) if wish.has_day or wish.has_hours or _excludes(wish) else ""
        )
        return ", ".join(part for part in parts if part)

    def _subject(self, facts: dict[str, Any]) -> str:
        service = self._catalogue.services.get(facts.get(SERVICE) or "")
        return service.name if service else ""

    def _where(self, facts: dict[str, Any]) -> str:
        facilities = [self._catalogue.facilities[f].name for f in facts.get(FACILITY) or ()]
        if facilities:
            return join_or(facilities)
        service = self._catalogue.services.get(facts.get(SERVICE) or "")
        if service is not None and service.kind == ServiceKind.PHONE:
            return ""
        cities = [locative_city(self._catalogue.cities[c].name) for c in facts.get(CITY) or ()]
        place = join_or(cities)
        return f"{place} ({facts['district']})" if facts.get(DISTRICT) and place else place

    def _without(self, facts: dict[str, Any]) -> str:
        names = [self.doctor(d, Case.GEN) for d in (facts.get(NOT_DOCTOR) or ())[:3]]
        names = [name for name in names if name]
        return self._texts.get("utter_piece_without_doctors", doctors=join_and(names)) if names else ""

    def _with(self, facts: dict[str, Any]) -> str:
        doctors = doctors_of(facts)
        if not doctors:
            wished = facts.get(DOCTOR_GENDER)
            return self._texts.get(f"utter_piece_doctor_{wished}") if wished else ""
        return join_or([self.doctor(d) for d in doctors[:3]])


def doctor_name(doctor: Doctor, case: Case) -> str:
    """The doctor's title and name in a case."""
    gender = "f" if doctor.gender == "f" else "m"
    return person(doctor.title, doctor.first_name, doctor.last_name, gender, case)


def _excludes(wish: When) -> bool:
    return bool(wish.excluded_weekdays or wish.excluded_dates)
