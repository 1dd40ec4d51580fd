"""Searching free slots: published schedule, minus what is taken, plus and minus what a test's patch says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.sandbox.catalogue import Service, catalogue
from bot.sandbox.clock import WARSAW, parse_moment, warsaw_date
from bot.sandbox.problems import Problem
from bot.sandbox.schedule import (
    HORIZON_DAYS,
    Slot,
    doctor_slots,
    doctors_of,
    pools,
    published,
    read_slot_id,
    room_slots,
    rooms_of,
)
from bot.sandbox.store import Doc, Session

_PARTS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}
_CONTROL_HORIZON_DAYS = 130
_TOLD_SLOTS = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched. Empty sets = anything."""

    service: Service
    first: date
    last: date
    cities: frozenset[str] = frozenset()
    facilities: frozenset[str] = frozenset()
    doctors: frozenset[str] = frozenset()
    not_doctors: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    part_of_day: str | None = None
    language: str | None = None
    preferential: bool = False


@dataclass
class Found:
    """Free slots in order, and what each searched day was like."""

    slots: list[Slot] = field(default_factory=list)
    days: list[Doc] = field(default_factory=list)


class Availability:
    """Which slots are free now, in this world."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._now = now
        self._world = catalogue()
        self._claims = session.claimed(now)
        self._extra = [slot_from_wire(doc["slot"]) for doc in session.every("slot_extra")]
        self._rules = session.every("slot_rule")
        self._busy = {key.rpartition("|")[0] for key in self._claims}

    def horizon(self, service: Service) -> date:
        """Last published day; the pool of follow-ups reaches further."""
        days = _CONTROL_HORIZON_DAYS if service.kind == "control" else HORIZON_DAYS
        return warsaw_date(self._now) + timedelta(days=days)

    def available(self, slot: Slot) -> bool:
        """Whether nobody has a slot that the schedule lists as free."""
        return (
            slot.start > self._now
            and not (slot.resource in self._busy and slot.claim_key in self._claims)
            and not any(_matches(rule, slot, self._world.facilities) for rule in self._rules)
        )

    def find(self, slot_id: str) -> Slot:
        """A free slot by id; Problem NOT_FOUND or SLOT_TAKEN."""
        slot = next((extra for extra in self._extra if extra.id == slot_id), None)
        listed: bool | None = True
        if slot is None:
            slot = read_slot_id(slot_id)
            listed = published(slot) if slot else None
            if (
                slot is None
                or listed is None
                or slot.start.date() > self.horizon(self._world.services[slot.service_id])
            ):
                raise Problem("NOT_FOUND")
            listed = listed and self.available(slot)
        if not listed or slot.start <= self._now:
            raise Problem("SLOT_TAKEN", {"slot_id": slot_id})
        return slot

    def search(self, wish: Wish, stop: Callable[[Slot], bool]) -> Found:
        """Days of the whole range; slots only of days until `stop` says that there are enough."""
        found = Found()
        enough = False
        for offset in range((wish.last - wish.first).days + 1):
            day = wish.first + timedelta(days=offset)
            if enough:
                some = any(True for _ in self._free(wish, day))
            else:
                free = sorted(self._free(wish, day), key=_order)
                some = bool(free)
                for slot in free:
                    found.slots.append(slot)
                    enough = stop(slot) or enough
            status = "free" if some else self._status(wish, day)
            if status is not None:
                found.days.append({"date": day.isoformat(), "status": status})
        return found

    def _status(self, wish: Wish, day: date) -> str | None:
        """What a day without a free slot is like."""
        if day > self.horizon(wish.service):
            return "not_published"
        if any(True for _ in self._gone(wish, day)):
            return "taken"
        anywhere = Wish(service=wish.service, first=day, last=day, preferential=wish.preferential)
        return "elsewhere" if any(True for _ in self._free(anywhere, day)) else None

    def _free(self, wish: Wish, day: date) -> Iterator[Slot]:
        for slot in self._scheduled(wish, day, free=True):
            if self.available(slot):
                yield slot
        for extra in self._extras(wish, day):
            if extra.claim_key not in self._claims:
                yield extra

    def _gone(self, wish: Wish, day: date) -> Iterator[Slot]:
        """What would match but is taken."""
        for slot in self._scheduled(wish, day, free=True):
            if not self.available(slot):
                yield slot
        yield from self._scheduled(wish, day, free=False)
        for extra in self._extras(wish, day):
            if extra.claim_key in self._claims:
                yield extra

    def _extras(self, wish: Wish, day: date) -> Iterator[Slot]:
        for extra in self._extra:
            same = extra.service_id == wish.service.id and extra.preferential == wish.preferential
            if (
                same
                and extra.start.date() == day
                and self._time_fits(wish, extra)
                and self._owner_fits(wish, extra)
            ):
                yield extra

    def _scheduled(self, wish: Wish, day: date, *, free: bool) -> Iterator[Slot]:
        if day > self.horizon(wish.service) or (wish.weekdays and day.isoweekday() not in wish.weekdays):
            return
        for slot in self._listed(wish, day, free=free):
            if self._time_fits(wish, slot) and (
                slot.facility_id is None or self._place_fits(wish, slot.facility_id)
            ):
                yield slot

    def _listed(self, wish: Wish, day: date, *, free: bool) -> Iterator[Slot]:
        service = wish.service
        wanted = pools(service.kind, preferential=wish.preferential)
        if service.specialty_id is not None:
            for doctor_id in doctors_of(service.specialty_id):
                if self._doctor_fits(wish, doctor_id):
                    yield from doctor_slots(service, doctor_id, day, wanted, free=free)
        elif not wish.doctors and wish.language is None:
            for facility_id in rooms_of(service.id):
                if self._place_fits(wish, facility_id):
                    yield from room_slots(service, facility_id, day, wanted, free=free)

    def _doctor_fits(self, wish: Wish, doctor_id: str) -> bool:
        doctor = self._world.doctors[doctor_id].wire
        if wish.service.kind == "phone" and not doctor["phone_consultations"]:
            return False
        if doctor_id in wish.not_doctors or (wish.doctors and doctor_id not in wish.doctors):
            return False
        if wish.language is not None and wish.language not in doctor["languages"]:
            return False
        return wish.service.kind == "phone" or any(self._place_fits(wish, f) for f in doctor["facility_ids"])

    def _place_fits(self, wish: Wish, facility_id: str) -> bool:
        if wish.facilities and facility_id not in wish.facilities:
            return False
        return not wish.cities or self._world.facilities[facility_id]["city_id"] in wish.cities

    def _time_fits(self, wish: Wish, slot: Slot) -> bool:
        if slot.start <= self._now or (wish.weekdays and slot.start.isoweekday() not in wish.weekdays):
            return False
        if wish.part_of_day is None:
            return True
        first, last = _PARTS[wish.part_of_day]
        return first <= slot.start.hour < last

    def _owner_fits(self, wish: Wish, slot: Slot) -> bool:
        if slot.doctor_id is None and (wish.doctors or wish.language):
            return False
        if slot.doctor_id is not None and not self._doctor_fits(wish, slot.doctor_id):
            return False
        return slot.facility_id is None or self._place_fits(wish, slot.facility_id)


def slot_from_wire(wire: Doc) -> Slot:
    """A slot as it was stored."""
    start, end = parse_moment(wire["start"]), parse_moment(wire["end"])
    return Slot(
        service_id=wire["service_id"],
        kind=wire["kind"],
        doctor_id=wire["doctor_id"],
        facility_id=wire["facility_id"],
        start=start.astimezone(WARSAW),
        minutes=int((end - start).total_seconds() // 60),
        preferential=wire["preferential"],
    )


def preferential_slots(session: Session, service_id: str, city_id: str | None, now: datetime) -> list[Doc]:
    """First preferential slots of a service, in the town of the visit that was lost (R59)."""
    cities = frozenset() if city_id is None else frozenset([city_id])
    return _first(
        session, now, Wish(catalogue().services[service_id], date.min, date.max, cities, preferential=True)
    )


def slots_for_watch(session: Session, watch: Doc, now: datetime) -> list[Doc]:
    """First slots that fit a watch and leave its notice."""
    wish = Wish(
        service=catalogue().services[watch["service_id"]],
        first=date.fromisoformat(watch["from"]) if watch["from"] else date.min,
        last=date.fromisoformat(watch["to"]) if watch["to"] else date.max,
        cities=frozenset(watch["city_ids"]),
        facilities=frozenset(watch["facility_ids"]),
        doctors=frozenset(watch["doctor_ids"]),
        part_of_day=watch["part_of_day"],
    )
    return _first(session, now, wish, timedelta(hours=watch["min_notice_hours"]))


def _first(session: Session, now: datetime, wish: Wish, notice: timedelta = timedelta(0)) -> list[Doc]:
    availability = Availability(session, now)
    first = max(wish.first, warsaw_date(now))
    last = min(wish.last, availability.horizon(wish.service))
    chosen: list[Slot] = []

    def stop(slot: Slot) -> bool:
        if slot.start - now >= notice:
            chosen.append(slot)
        return len(chosen) >= _TOLD_SLOTS

    availability.search(replace(wish, first=first, last=last), stop)
    return [slot.wire() for slot in chosen[:_TOLD_SLOTS]]


def _order(slot: Slot) -> tuple[datetime, str, str]:
    return slot.start, slot.doctor_id or "", slot.facility_id or ""


def _matches(rule: Doc, slot: Slot, facilities: dict[str, Doc]) -> bool:
    """Whether a removal rule of a patch names this slot: every field it has must agree."""
    place = facilities[slot.facility_id]["city_id"] if slot.facility_id else None
    actual = {"service_id": slot.service_id, "kind": slot.kind, "doctor_id": slot.doctor_id,
              "facility_id": slot.facility_id, "city_id": place}  # fmt: skip
    if any(rule.get(name) not in (None, value) for name, value in actual.items()):
        return False
    day = slot.start.date().isoformat()
    if (rule.get("from") or day) > day or (rule.get("to") or day) < day:
        return False
    return rule.get("slot_id") in (None, slot.id)
