"""Beyond booking: files, watches, results, prescriptions, complaints and other portal modules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from bot.portal.models import Price, Slot
from bot.portal.schema import OpenEnum, Record


class ReplyChannel(OpenEnum):
    """How the patient wants a complaint answered (R141)."""

    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"
    UNKNOWN = "unknown"


class Attachment(Record):
    """A file on the patient's account; ``description`` is read by the doctor (R82)."""

    id: str
    name: str
    size: int = 0
    content_type: str = ""
    description: str = ""
    reservation_id: str | None = None
    created_at: datetime | None = None


class UploadTicket(Record):
    """Where and until when to send the bytes."""

    id: str
    upload_url: str
    expires_at: datetime | None = None


class Watch(Record):
    """Tell me when an earlier slot frees up."""

    id: str
    service_id: str
    patient_id: str = ""
    filters: Mapping[str, Any] = Field(default_factory=dict)
    min_notice_minutes: int | None = None
    expires_at: datetime | None = None


class Complaint(Record):
    case_number: str
    status: str = ""


class Opinion(Record):
    id: str


class Result(Record):
    """Whether a result is there; never its values (R102)."""

    id: str
    name: str = ""
    status: str = ""
    portal_url: str | None = None


class Prescription(Record):
    id: str
    status: str = ""
    name: str = ""
    portal_url: str | None = None


class Renewal(Record):
    id: str
    status: str = ""
    portal_url: str | None = None


class Recommendation(Record):
    id: str
    text: str = ""
    issued_on: date | None = None


class Question(Record):
    """A question to the doctor after a visit (R104)."""

    id: str
    status: str = ""


class Estimate(Record):
    """An estimated refund (R136-R138)."""

    amount: Price | None = None
    entitled: bool | None = None
    remaining: Decimal | None = None


class OnlineQueue(Record):
    """Online consultations now (R97-R99)."""

    specialty_id: str = ""
    available: bool = False
    wait_minutes: int | None = None
    next_slots: tuple[Slot, ...] = ()
    portal_url: str | None = None
