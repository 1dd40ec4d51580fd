"""The portal's dictionaries, indexed the way conversations ask for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.portal.models import City, Doctor, Facility, FacilityType, Service, ServiceKind
from bot.portal.protocol import Portal

CONSULTATIONS = (ServiceKind.ONSITE, ServiceKind.PHONE, ServiceKind.ONLINE)


@dataclass(frozen=True)
class Catalogue:
    """Immutable; a fresh one is made when the portal's dictionaries change."""

    services: dict[str, Service]
    cities: dict[str, City]
    facilities: dict[str, Facility]
    doctors: dict[str, Doctor]

    @classmethod
    async def load(cls, portal: Portal) -> Catalogue:
        """Reads the dictionaries (cached by the client). Raises PortalError."""
        return cls.of(
            await portal.services(), await portal.cities(), await portal.facilities(), await portal.doctors()
        )

    @classmethod
    def of(
        cls,
        services: Iterable[Service],
        cities: Iterable[City],
        facilities: Iterable[Facility],
        doctors: Iterable[Doctor],
    ) -> Catalogue:
        """Indexes dictionaries already read."""
        return cls(
            {service.id: service for service in services},
            {city.id: city for city in cities},
            {facility.id: facility for facility in facilities},
            {doctor.id: doctor for doctor in doctors},
        )

    @cached_property
    def _by_specialty(self) -> dict[str, list[Service]]:
        found: dict[str, list[Service]] = defaultdict(list)
        for service in self.services.values():
            if service.specialty is not None and service.kind in CONSULTATIONS:
                found[service.specialty.id].append(service)
        return dict(found)

    @cached_property
    def _doctor_count(self) -> Counter[str]:
        return Counter(specialty for doctor in self.doctors.values() for specialty in doctor.specialties)

    @cached_property
    def specialty_names(self) -> dict[str, str]:
        """Specialty id to its name ("dermatolog")."""
        return {s.specialty.id: s.specialty.name for s in self.services.values() if s.specialty is not None}

    def consultations(self, specialty: str) -> list[Service]:
        """Bookable and online consultations of a specialty."""
        return self._by_specialty.get(specialty, [])

    def consultation(self, specialty: str, kind: str) -> Service | None:
        """The consultation of this specialty and kind, if there is one."""
        return next((s for s in self.consultations(specialty) if s.kind == kind), None)

    def of_kind(self, kind: str) -> list[Service]:
        """All services of a kind, by name."""
        return sorted((s for s in self.services.values() if s.kind == kind), key=lambda s: s.name)

    def common_specialties(self, count: int) -> list[str]:
        """The specialties with most doctors: what most patients come for."""
        ranked = sorted(self.specialty_names, key=lambda s: (-self._doctor_count[s], self.specialty_names[s]))
        return [specialty for specialty in ranked if self.consultations(specialty)][:count]

    @cached_property
    def own_cities(self) -> list[City]:
        """Cities with facilities of the network, the largest first (by number of facilities)."""
        size = Counter(f.city_id for f in self.facilities.values() if f.type == FacilityType.OWN)
        cities = [city for city in self.cities.values() if city.own_facilities]
        return sorted(cities, key=lambda city: (-size[city.id], city.name))

    def facilities_in(self, city_ids: Iterable[str], district: str | None = None) -> list[Facility]:
        """Own facilities in these cities, or in one district of them."""
        wanted = set(city_ids)
        return [
            facility
            for facility in self.facilities.values()
            if facility.city_id in wanted
            and facility.type == FacilityType.OWN
            and (district is None or facility.district == district)
        ]

    def has_district(self, city_id: str, district: str) -> bool:
        """Whether an own facility stands in this district; patients name others too."""
        return bool(self.facilities_in([city_id], district))

    def cities_of_doctors(self, doctor_ids: Iterable[str]) -> list[str]:
        """Cities where these doctors see patients."""
        cities = [
            self.facilities[facility].city_id
            for doctor in doctor_ids
            if doctor in self.doctors
            for facility in self.doctors[doctor].facility_ids
            if facility in self.facilities
        ]
        return list(dict.fromkeys(cities))
