"""Booking: accounts, dictionaries, slots, holds and reservations as the portal describes them.

Every datetime is aware and keeps the offset the portal sent, so that differences are exact over DST
changes; use ``bot.portal.clock.local`` for the patient's calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import Field, root_validator

from bot.portal.schema import Record
from bot.portal.vocabulary import BookedBy as BookedBy
from bot.portal.vocabulary import CancelledBy as CancelledBy
from bot.portal.vocabulary import DayState as DayState
from bot.portal.vocabulary import FacilityType as FacilityType
from bot.portal.vocabulary import Gender as Gender
from bot.portal.vocabulary import Issuer as Issuer
from bot.portal.vocabulary import Level as Level
from bot.portal.vocabulary import PartOfDay as PartOfDay
from bot.portal.vocabulary import Pool as Pool
from bot.portal.vocabulary import PrereservationStatus as PrereservationStatus
from bot.portal.vocabulary import ReferralKind as ReferralKind
from bot.portal.vocabulary import ReferralNeed as ReferralNeed
from bot.portal.vocabulary import ReservationStatus as ReservationStatus
from bot.portal.vocabulary import ServiceKind as ServiceKind
from bot.portal.vocabulary import ValuationKind as ValuationKind

T = TypeVar("T")


# --- account


class Patient(Record):
    id: str
    first_name: str
    last_name: str = ""
    birth_date: date | None = None
    phone_masked: str | None = None
    gender: Gender = Gender.UNKNOWN


class Dependant(Record):
    """A person the patient may book for (R7); ``preferential`` is the portal's own flag (R125)."""

    id: str
    first_name: str
    last_name: str = ""
    birth_date: date | None = None
    age: int | None = None
    gender: Gender = Gender.UNKNOWN
    relation: str = ""
    preferential: bool | None = None


class Permission(Record):
    """The portal's own word on one module; it wins over the tables of the documents (A21)."""

    allowed: bool
    code: str | None = None
    message: str | None = None


class ReservationLimit(Record):
    """``max`` is None on a full account (R44)."""

    max: int | None = None
    used: int = 0
    can_reserve: bool | None = None


class AttachmentLimit(Record):
    max: int = 5
    used: int = 0


class Limits(Record):
    reservations: ReservationLimit = ReservationLimit()
    attachments: AttachmentLimit = AttachmentLimit()


class Package(Record):
    id: str
    name: str
    valid_to: date | None = None


class Me(Record):
    patient: Patient
    level: Level
    permissions: Mapping[str, Permission] = Field(default_factory=dict)
    limits: Limits = Limits()
    packages: tuple[Package, ...] = ()
    dependants: tuple[Dependant, ...] = ()
    uses_partner_facilities: bool = False
    channel_flags: Mapping[str, bool] = Field(default_factory=dict)


# --- dictionaries


class Specialty(Record):
    id: str
    name: str


class Hours(Record):
    """Local opening hours, ISO weekdays 1-7; ``end`` may be "24:00"."""

    wire_names: ClassVar[Mapping[str, str]] = {"from": "start", "to": "end"}

    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    start: str
    end: str


class AgeRange(Record):
    """Completed years, both ends inclusive."""

    min: int | None = None
    max: int | None = None


class Service(Record):
    """``min_level``, ``referral`` and ``bookable`` gate it; ``aliases`` are the patients' names for it."""

    id: str
    name: str
    kind: ServiceKind
    specialty: Specialty | None = None
    aliases: tuple[str, ...] = ()
    min_level: Level = Level.BASIC
    referral: ReferralNeed = ReferralNeed.NONE
    bookable: bool = True
    hours: tuple[Hours, ...] | None = None
    city_required: bool = False
    age: AgeRange | None = None
    duration_minutes: int | None = None
    preparation: tuple[str, ...] = ()


class City(Record):
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    own_facilities: bool = False
    districts: tuple[str, ...] = ()


class Facility(Record):
    id: str
    name: str
    type: FacilityType
    city_id: str
    district: str | None = None
    address: str = ""
    phone: str | None = None


class Doctor(Record):
    id: str
    title: str = ""
    first_name: str
    last_name: str
    gender: Gender = Gender.UNKNOWN
    specialties: tuple[str, ...] = ()
    facility_ids: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    phone_consultations: bool = False


class Language(Record):
    id: str
    name: str


# --- slots, holds, reservations


class Slot(Record):
    id: str
    start: datetime
    end: datetime
    service_id: str
    kind: ServiceKind
    doctor_id: str | None = None
    facility_id: str | None = None
    city_id: str | None = None
    preferential: bool = False


class Day(Record):
    date: date
    status: DayState


class SlotPage(Record):
    """Free slots, and what was really searched: an empty page is an answer only for that range."""

    items: tuple[Slot, ...]
    searched_from: date
    searched_to: date
    days: tuple[Day, ...] = ()
    next_cursor: str | None = None

    @root_validator(pre=True, allow_reuse=True)
    @classmethod
    def _flatten(cls, values: dict[str, Any]) -> dict[str, Any]:
        searched = values.get("searched")
        if isinstance(searched, Mapping):
            return {**values, "searched_from": searched.get("from"), "searched_to": searched.get("to")}
        return values


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """What to look for.

    ``start`` and ``end`` are days in Europe/Warsaw, both inclusive (an aware datetime stands for its
    local day); weekdays are ISO 1-7; ``limit`` <= 50. Without ``patient_id``: the account's owner.
    """

    service_id: str
    city_ids: tuple[str, ...] = ()
    facility_ids: tuple[str, ...] = ()
    doctor_ids: tuple[str, ...] = ()
    exclude_doctor_ids: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    weekdays: tuple[int, ...] = ()
    part_of_day: PartOfDay | None = None
    language: str | None = None
    referral_id: str | None = None
    patient_id: str | None = None
    pool: Pool | None = None
    cursor: str | None = None
    limit: int | None = None


class Price(Record):
    amount: Decimal
    currency: str = "PLN"


class Valuation(Record):
    """One way to pay for the held visit."""

    id: str
    kind: ValuationKind
    label_pl: str = ""
    price: Price | None = None


class Action(Record):
    """Whether the portal lets the patient do it now; ``until`` is the last moment."""

    allowed: bool
    until: datetime | None = None
    code: str | None = None


class Reservation(Record):
    id: str
    status: ReservationStatus
    slot: Slot
    patient_id: str
    service_id: str
    booked_by: BookedBy = BookedBy.UNKNOWN
    facility_type: FacilityType = FacilityType.UNKNOWN
    can_attach: bool = False
    actions: Mapping[str, Action] = Field(default_factory=dict)
    preparation: tuple[str, ...] = ()
    valuation: Valuation | None = None
    referral_id: str | None = None
    cancelled_by: CancelledBy | None = None


class Conflict(Record):
    """A reservation the held slot collides with (``OVERLAP``, ``DUPLICATE_SERVICE``)."""

    code: str
    reservation: Reservation | None = None


class Related(Record):
    """A service usually taken together with the held one."""

    service_id: str
    label_pl: str = ""


class Hold(Record):
    """A slot kept for the patient until ``expires_at`` while they decide; extended at most once."""

    id: str
    expires_at: datetime
    extended: bool = False
    slot: Slot
    patient_id: str
    referral_id: str | None = None
    prereservation_id: str | None = None
    valuations: tuple[Valuation, ...] = ()
    related: tuple[Related, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    preparation: tuple[str, ...] = ()


class Cancellation(Record):
    """``late`` when it came less than six hours before the visit (R54)."""

    reservation_id: str
    status: ReservationStatus
    late: bool = False


class Window(Record):
    """First and last day, both inclusive (A9)."""

    wire_names: ClassVar[Mapping[str, str]] = {"from": "start", "to": "end"}

    start: date
    end: date


class PreReservation(Record):
    """A visit kept for the patient after a referral for a control visit (R61)."""

    id: str
    service_id: str
    doctor_id: str | None = None
    patient_id: str
    suggested_date: date
    window: Window | None = None
    status: PrereservationStatus = PrereservationStatus.UNKNOWN
    doctor_available: bool = True


class Referral(Record):
    """``remaining`` counts procedures left; ``urgent`` is CITO (R124)."""

    id: str
    kind: ReferralKind
    service_ids: tuple[str, ...] = ()
    issuer: Issuer = Issuer.UNKNOWN
    remaining: int | None = None
    total: int | None = None
    urgent: bool = False
    expires: date | None = None
    issued_on: date | None = None
    patient_id: str = ""


class CoverageLimit(Record):
    total: int | None = None
    used: int | None = None
    remaining: int | None = None
    unit: str = ""


class Coverage(Record):
    """Whether this patient's package pays for this service (R93)."""

    service_id: str = ""
    patient_id: str = ""
    covered: bool
    payer: str | None = None
    conditions: tuple[str, ...] = ()
    limit: CoverageLimit | None = None
    referral: ReferralNeed | None = None
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; ``next_cursor`` is None on the last."""

    items: tuple[T, ...]
    next_cursor: str | None = None
