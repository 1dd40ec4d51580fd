"""The published schedule: computed from a hash whenever somebody looks, never stored.

A day of a doctor or of a room is a tuple of ticks; a tick packs minute of the day, pool and "still free".
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any

import holidays

from bot.sandbox.catalogue import Service, catalogue
from bot.sandbox.clock import WARSAW, rfc3339

HORIZON_DAYS = 60
ONSITE, PHONE, PREFERENTIAL, CONTROL = range(4)
_TAKEN_SHARE = 150  # of 256 ticks, those other patients already have
_SHIFTS = ((7 * 60 + 30, 13 * 60), (9 * 60, 15 * 60), (13 * 60, 19 * 60), (14 * 60, 20 * 60))
_SECOND_SPECIALTY_DAY = 3
_SATURDAY_SHIFT = (8 * 60, 13 * 60)
_SATURDAY_SPECIALTIES = ("internista", "pediatra", "rodzinny", "ginekolog")


@dataclass(frozen=True, slots=True)
class Plan:
    """One working day: where, as what, and its ticks."""

    facility_id: str
    specialty_id: str | None
    ticks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A term of a service, free or not."""

    service_id: str
    kind: str
    doctor_id: str | None
    facility_id: str | None
    start: datetime
    minutes: int
    preferential: bool

    @property
    def id(self) -> str:
        """Opaque id that says which slot it is."""
        start = self.start.astimezone(UTC).strftime("%Y%m%d%H%M")
        parts = (
            self.service_id,
            self.doctor_id or "",
            self.facility_id or "",
            start,
            "p" if self.preferential else "",
        )
        return base64.urlsafe_b64encode("|".join(parts).encode()).rstrip(b"=").decode()

    @property
    def claim_key(self) -> str:
        """What nobody else may have at the same time: the doctor's or the room's time."""
        return f"{self.resource}|{self.start.timestamp():.0f}"

    @property
    def resource(self) -> str:
        """Whose time it is: a doctor's, or a room's for a service."""
        return self.doctor_id or f"{self.service_id}@{self.facility_id}"

    @property
    def end(self) -> datetime:
        return (self.start.astimezone(UTC) + timedelta(minutes=self.minutes)).astimezone(WARSAW)

    def wire(self) -> dict[str, Any]:
        """As the API shows it. A phone consultation happens nowhere in particular."""
        facility = None if self.facility_id is None else catalogue().facilities[self.facility_id]
        return {
            "id": self.id,
            "start": rfc3339(self.start),
            "end": rfc3339(self.end),
            "service_id": self.service_id,
            "kind": self.kind,
            "doctor_id": self.doctor_id,
            "facility_id": self.facility_id,
            "city_id": None if facility is None else facility["city_id"],
            "preferential": self.preferential,
        }


def tick_minute(tick: int) -> int:
    return tick >> 4


def tick_pool(tick: int) -> int:
    return (tick >> 1) & 7


def tick_free(tick: int) -> bool:
    return bool(tick & 1)


def pools(kind: str, *, preferential: bool) -> tuple[int, ...]:
    """Pools of ticks a service draws from."""
    if kind == "control":
        return (CONTROL,)
    if preferential:
        return (PREFERENTIAL,)
    return (PHONE,) if kind == "phone" else (ONSITE,)


def day_off(day: date) -> bool:
    """Sundays and Polish public holidays."""
    return day.isoweekday() == 7 or day in _public_holidays(day.year)


def at(day: date, minute: int) -> datetime:
    """Aware Warsaw time of a minute of a day."""
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=WARSAW)


@lru_cache(maxsize=32768)
def doctor_plan(doctor_id: str, day: date) -> Plan | None:
    """A doctor's day, None when off. Four weekdays of work, one or two facilities."""
    doctor = catalogue().doctors[doctor_id].wire
    weekday = day.isoweekday()
    habits = _bytes(f"{doctor_id}:habits", 16)
    works = habits[weekday] < 190 if weekday < 6 else doctor["specialties"][0] in _SATURDAY_SPECIALTIES
    if day_off(day) or not works or (weekday == 6 and habits[7] >= 80):
        return None
    shift = _SATURDAY_SHIFT if weekday == 6 else _SHIFTS[habits[weekday + 8] % len(_SHIFTS)]
    facilities = doctor["facility_ids"]
    specialties = doctor["specialties"]
    minutes = _visit_minutes(specialties[0])
    return Plan(
        facility_id=facilities[weekday % len(facilities)],
        specialty_id=specialties[-1] if weekday == _SECOND_SPECIALTY_DAY else specialties[0],
        ticks=_ticks(f"{doctor_id}:{day}", shift, minutes, phone=doctor["phone_consultations"]),
    )


@lru_cache(maxsize=32768)
def room_plan(service_id: str, facility_id: str, day: date) -> Plan | None:
    """A day of a test or treatment in a facility, Monday to Friday."""
    if day_off(day) or day.isoweekday() == 6:
        return None
    service = catalogue().services[service_id]
    ticks = _ticks(
        f"{service_id}:{facility_id}:{day}", service.day, max(service.minutes, 10), phone=False, room=True
    )
    return Plan(facility_id=facility_id, specialty_id=None, ticks=ticks)


@cache
def doctors_of(specialty_id: str) -> tuple[str, ...]:
    return tuple(d.id for d in catalogue().doctors.values() if specialty_id in d.wire["specialties"])


@cache
def rooms_of(service_id: str) -> tuple[str, ...]:
    return catalogue().rooms(catalogue().services[service_id])


def doctor_slots(
    service: Service, doctor_id: str, day: date, wanted: tuple[int, ...], *, free: bool
) -> Iterator[Slot]:
    """Slots of a consultation on a doctor's day: those free in the schedule, or those that are not."""
    plan = doctor_plan(doctor_id, day)
    if plan is None or plan.specialty_id != service.specialty_id:
        return
    place = None if service.kind == "phone" else plan.facility_id
    for tick in plan.ticks:
        if tick_free(tick) == free and tick_pool(tick) in wanted:
            yield _slot(service, doctor_id, place, day, tick)


def room_slots(
    service: Service, facility_id: str, day: date, wanted: tuple[int, ...], *, free: bool
) -> Iterator[Slot]:
    """Slots of a test or treatment in a facility on a day: those free, or those that are not."""
    plan = room_plan(service.id, facility_id, day)
    for tick in plan.ticks if plan else ():
        if tick_free(tick) == free and tick_pool(tick) in wanted:
            yield _slot(service, None, facility_id, day, tick)


def read_slot_id(slot_id: str) -> Slot | None:
    """The slot an id names, whether or not it is in the schedule; None for nonsense."""
    try:
        text = base64.urlsafe_b64decode(slot_id + "=" * (-len(slot_id) % 4)).decode()
        service_id, doctor_id, facility_id, start, pool = text.split("|")
        service = catalogue().services[service_id]
        moment = datetime.strptime(start, "%Y%m%d%H%M").replace(tzinfo=UTC).astimezone(WARSAW)
    except (binascii.Error, UnicodeDecodeError, ValueError, KeyError, OverflowError):
        return None
    if (facility_id and facility_id not in catalogue().facilities) or (
        doctor_id and doctor_id not in catalogue().doctors
    ):
        return None
    slot = Slot(
        service_id, service.kind, doctor_id or None, facility_id or None, moment, service.minutes, pool == "p"
    )
    return slot if slot.id == slot_id else None


def published(slot: Slot) -> bool | None:
    """True = free in the schedule, False = there but taken, None = no such slot."""
    if slot in _listed(slot, free=True):
        return True
    return False if slot in _listed(slot, free=False) else None


def _listed(slot: Slot, *, free: bool) -> Iterator[Slot]:
    service = catalogue().services[slot.service_id]
    day = slot.start.date()
    wanted = pools(service.kind, preferential=slot.preferential)
    if slot.doctor_id is not None:
        return doctor_slots(service, slot.doctor_id, day, wanted, free=free)
    if slot.facility_id is not None and slot.facility_id in rooms_of(service.id):
        return room_slots(service, slot.facility_id, day, wanted, free=free)
    return iter(())


def _slot(service: Service, doctor_id: str | None, facility_id: str | None, day: date, tick: int) -> Slot:
    start = at(day, tick_minute(tick))
    return Slot(
        service.id,
        service.kind,
        doctor_id,
        facility_id,
        start,
        service.minutes,
        tick_pool(tick) == PREFERENTIAL,
    )


def _ticks(
    seed: str, shift: tuple[int, int], step: int, *, phone: bool, room: bool = False
) -> tuple[int, ...]:
    count = max((shift[1] - shift[0]) // step, 1)
    chance = _bytes(seed, 2 * count)
    return tuple(
        _tick(shift[0] + i * step, _pool(i, count, chance[2 * i], phone=phone, room=room), chance[2 * i + 1])
        for i in range(count)
    )


def _pool(index: int, count: int, chance: int, *, phone: bool, room: bool) -> int:
    if index == 0:
        return PREFERENTIAL
    if index == count - 1 and not room:
        return CONTROL
    return PHONE if phone and chance < 90 else ONSITE


def _tick(minute: int, pool: int, chance: int) -> int:
    # Kept pools are emptied more slowly than the ordinary one.
    free = chance >= (_TAKEN_SHARE if pool in (ONSITE, PHONE) else _TAKEN_SHARE // 3)
    return minute << 4 | pool << 1 | int(free)


@cache
def _visit_minutes(specialty_id: str) -> int:
    return next(s.minutes for s in catalogue().services.values() if s.specialty_id == specialty_id)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("PL", years=year))


def _bytes(seed: str, count: int) -> bytes:
    return hashlib.shake_128(seed.encode()).digest(count)
