"""Beyond booking: files, watches, results, prescriptions, complaints and other portal modules.

The portal gives states and links here, never medical values or names of medicines (R101, R102).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from bot.portal.models import Price, Window
from bot.portal.schema import OpenEnum, Record
from bot.portal.vocabulary import FacilityType, PartOfDay


class ReplyChannel(OpenEnum):
    """How the patient wants a complaint answered (R141)."""

    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"
    UNKNOWN = "unknown"


class AttachmentStatus(OpenEnum):
    """``pending``: announced, bytes not sent yet."""

    PENDING = "pending"
    STORED = "stored"
    UNKNOWN = "unknown"


class ResultStatus(OpenEnum):
    PENDING = "pending"
    READY = "ready"
    NOT_IN_PORTAL = "not_in_portal"
    UNKNOWN = "unknown"


class PrescriptionStatus(OpenEnum):
    ACTIVE = "active"
    USED = "used"
    EXPIRED = "expired"
    RENEWAL_REQUESTED = "renewal_requested"
    UNKNOWN = "unknown"


class RenewalStatus(OpenEnum):
    REQUESTED = "requested"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class QuestionStatus(OpenEnum):
    SENT = "sent"
    ANSWERED = "answered"
    UNKNOWN = "unknown"


class ComplaintStatus(OpenEnum):
    FILED = "filed"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    UNKNOWN = "unknown"


class OpinionSubject(OpenEnum):
    SERVICE = "service"
    BOOKING = "booking"
    ONLINE_CONSULTATION = "online_consultation"
    GENERAL = "general"
    UNKNOWN = "unknown"


class OnlineForm(OpenEnum):
    """Forms of an online consultation (R96)."""

    CHAT = "chat"
    VOICE = "voice"
    VIDEO = "video"
    UNKNOWN = "unknown"


# --- files


class Attachment(Record):
    """A file on the patient's account; ``size`` in bytes, ``description`` is read by the doctor (R82)."""

    id: str
    file_name: str
    content_type: str = ""
    size: int = 0
    description: str = ""
    status: AttachmentStatus = AttachmentStatus.UNKNOWN
    reservation_id: str | None = None
    created_at: datetime | None = None


class UploadTicket(Record):
    """Permission to send the bytes of one announced file; ``max_size`` in bytes."""

    id: str
    upload_url: str
    expires_at: datetime
    max_size: int


# --- watches


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """Tell the patient when a slot like this frees up, until ``expires_on`` (all days inclusive)."""

    service_id: str
    expires_on: date
    patient_id: str | None = None
    city_ids: tuple[str, ...] = ()
    facility_ids: tuple[str, ...] = ()
    doctor_ids: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    part_of_day: PartOfDay | None = None
    min_notice_hours: int | None = None


class Watch(Record):
    """A standing request for an earlier slot."""

    wire_names: ClassVar[Mapping[str, str]] = {"from": "start", "to": "end"}

    id: str
    service_id: str
    patient_id: str
    city_ids: tuple[str, ...] = ()
    facility_ids: tuple[str, ...] = ()
    doctor_ids: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    part_of_day: PartOfDay | None = None
    min_notice_hours: int | None = None
    expires_on: date


# --- care


class Result(Record):
    """Whether a result is there; never its values (R102)."""

    id: str
    name: str
    status: ResultStatus
    ordered_on: date | None = None
    ready_at: datetime | None = None
    portal_url: str | None = None
    patient_id: str = ""
    facility_type: FacilityType = FacilityType.UNKNOWN


class Prescription(Record):
    """``renewable``: only those issued in own facilities (R101)."""

    id: str
    status: PrescriptionStatus
    issued_on: date
    expires_on: date
    doctor_id: str | None = None
    renewable: bool = False
    portal_url: str = ""
    patient_id: str = ""


class Renewal(Record):
    id: str
    prescription_id: str
    status: RenewalStatus
    portal_url: str = ""


class Recommendation(Record):
    """That recommendations exist after a visit, with a link (R103)."""

    id: str
    reservation_id: str | None = None
    service_id: str
    doctor_id: str | None = None
    issued_on: date
    portal_url: str = ""
    patient_id: str = ""


class Question(Record):
    """A question to the doctor after a visit (R104)."""

    id: str
    reservation_id: str
    status: QuestionStatus
    asked_at: datetime
    portal_url: str = ""


class Estimate(Record):
    """What might be refunded (R136-R138). None: the portal does not know (A19)."""

    entitled: bool | None = None
    amount: Price
    rate_percent: int | None = None
    refund: Price | None = None
    quarter: Window
    quarter_limit: Price | None = None
    quarter_used: Price


class OnlineQueue(Record):
    """Whether an online consultation can start now (R96-R100)."""

    specialty_id: str
    service_id: str = ""
    available: bool
    wait_minutes: int | None = None
    forms: tuple[OnlineForm, ...] = ()
    portal_url: str = ""


# --- feedback


class Complaint(Record):
    id: str
    case_number: str
    status: ComplaintStatus
    filed_at: datetime
    reply_channel: ReplyChannel
    reservation_id: str | None = None


class Opinion(Record):
    id: str
    received_at: datetime
