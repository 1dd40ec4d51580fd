"""Closed lists of the contract. A value not known yet becomes ``"unknown"`` and keeps ``raw``."""

from __future__ import annotations

from bot.portal.schema import OpenEnum


class Level(OpenEnum):
    """Version of the portal account (R1). Demo accounts are basic (A1)."""

    BASIC = "basic"
    FULL = "full"
    UNKNOWN = "unknown"


class Gender(OpenEnum):
    FEMALE = "f"
    MALE = "m"
    UNKNOWN = "unknown"


class ServiceKind(OpenEnum):
    PHONE = "phone"
    ONSITE = "onsite"
    ONLINE = "online"
    EXAM = "exam"
    REHAB = "rehab"
    OCCUPATIONAL = "occupational"
    CONTROL = "control"
    HOME = "home"
    UNKNOWN = "unknown"


class ReferralNeed(OpenEnum):
    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"
    UNKNOWN = "unknown"


class FacilityType(OpenEnum):
    OWN = "own"
    PARTNER = "partner"
    UNKNOWN = "unknown"


class BookedBy(OpenEnum):
    PORTAL = "portal"
    PHONE = "phone"
    RECEPTION = "reception"
    UNKNOWN = "unknown"


class ReservationStatus(OpenEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    UNKNOWN = "unknown"


class DayState(OpenEnum):
    """What the schedule says of a day: never show ``not_published`` as "no free slots"."""

    FREE = "free"
    TAKEN = "taken"
    NOT_PUBLISHED = "not_published"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class PrereservationStatus(OpenEnum):
    OPEN = "open"
    TOO_EARLY = "too_early"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class ReferralKind(OpenEnum):
    EXAM = "exam"
    REHAB = "rehab"
    SPECIALIST = "specialist"
    CONTROL = "control"
    UNKNOWN = "unknown"


class Issuer(OpenEnum):
    LUXMED = "luxmed"
    EXTERNAL = "external"
    UNKNOWN = "unknown"


class ValuationKind(OpenEnum):
    """Who pays."""

    PACKAGE = "package"
    PAYMENT = "payment"
    REFERRAL = "referral"
    UNKNOWN = "unknown"


class Pool(OpenEnum):
    STANDARD = "standard"
    PREFERENTIAL = "preferential"
    UNKNOWN = "unknown"


class PartOfDay(OpenEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    UNKNOWN = "unknown"


class CancelledBy(OpenEnum):
    PATIENT = "patient"
    CLINIC = "clinic"
    UNKNOWN = "unknown"
