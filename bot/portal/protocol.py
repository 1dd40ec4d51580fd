"""``Portal``: everything the assistant asks of a patient portal, for one signed-in patient.

A network plugs its own system in by serving the contract (``openapi.yaml``) or by writing another
class with these methods. Every method raises ``PortalProblem`` (the portal said no) or
``PortalUnavailable`` (no usable answer). ``key`` is an idempotency key (``bot.portal.keys``).
``PortalClient`` documents each method.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol

from bot.portal.clock import PortalClock
from bot.portal.models import (
    Cancellation,
    City,
    Coverage,
    Doctor,
    Facility,
    FacilityType,
    Hold,
    Language,
    Me,
    Page,
    PreReservation,
    Referral,
    Reservation,
    ReservationStatus,
    Service,
    SlotPage,
    SlotQuery,
)
from bot.portal.records import (
    Attachment,
    Complaint,
    Estimate,
    OnlineQueue,
    Opinion,
    OpinionSubject,
    Prescription,
    Question,
    Recommendation,
    Renewal,
    ReplyChannel,
    Result,
    UploadTicket,
    Watch,
    WatchRequest,
)


class Portal(Protocol):
    """The booking API as seen by one patient."""

    @property
    def clock(self) -> PortalClock: ...

    async def me(self) -> Me: ...
    async def services(self) -> tuple[Service, ...]: ...
    async def cities(self) -> tuple[City, ...]: ...
    async def facilities(self) -> tuple[Facility, ...]: ...
    async def doctors(self) -> tuple[Doctor, ...]: ...
    async def languages(self) -> tuple[Language, ...]: ...
    async def slots(self, query: SlotQuery) -> SlotPage: ...
    async def hold(
        self,
        slot_id: str,
        patient_id: str,
        referral_id: str | None = None,
        replaces: str | None = None,
        *,
        key: str,
    ) -> Hold: ...
    async def get_hold(self, hold_id: str) -> Hold: ...
    async def release(self, hold_id: str) -> None: ...
    async def extend(self, hold_id: str) -> Hold: ...
    async def reserve(
        self, hold_id: str, valuation_id: str, replaces: str | None = None, *, key: str
    ) -> Reservation: ...
    async def reservation(self, reservation_id: str) -> Reservation: ...
    async def reservations(
        self,
        status: ReservationStatus | str | None = None,
        start: date | None = None,
        end: date | None = None,
        cursor: str | None = None,
        patient_id: str | None = None,
    ) -> Page[Reservation]: ...
    async def cancel(self, reservation_id: str, *, key: str) -> Cancellation: ...
    async def prereservations(self, patient_id: str | None = None) -> Page[PreReservation]: ...
    async def hold_prereservation(self, prereservation_id: str, *, key: str) -> Hold: ...
    async def watches(self) -> Page[Watch]: ...
    async def create_watch(self, request: WatchRequest, *, key: str) -> Watch: ...
    async def delete_watch(self, watch_id: str) -> None: ...
    async def referrals(self, patient_id: str | None = None) -> Page[Referral]: ...
    async def coverage(self, service_id: str, patient_id: str | None = None) -> Coverage: ...
    async def find_facilities(
        self,
        type: FacilityType | None = None,  # noqa: A002 - the contract's word
        near: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Facility]: ...
    async def partner_facilities(self, near: str) -> Page[Facility]: ...
    async def attachments(self) -> Page[Attachment]: ...
    async def announce_attachment(
        self,
        file_name: str,
        content_type: str,
        size: int,
        description: str,
        reservation_id: str | None = None,
        *,
        key: str,
    ) -> UploadTicket: ...
    async def upload(self, attachment_id: str, content: bytes) -> Attachment: ...
    async def delete_attachment(self, attachment_id: str) -> None: ...
    async def results(self, patient_id: str | None = None, cursor: str | None = None) -> Page[Result]: ...
    async def prescriptions(
        self, patient_id: str | None = None, cursor: str | None = None
    ) -> Page[Prescription]: ...
    async def renew_prescription(self, prescription_id: str, *, key: str) -> Renewal: ...
    async def recommendations(
        self, patient_id: str | None = None, cursor: str | None = None
    ) -> Page[Recommendation]: ...
    async def questions(self, cursor: str | None = None) -> Page[Question]: ...
    async def ask_doctor(self, reservation_id: str, text: str, *, key: str) -> Question: ...
    async def estimate_reimbursement(self, amount: Decimal, on: date | None = None) -> Estimate: ...
    async def online_queue(self, specialty_id: str) -> OnlineQueue: ...
    async def complaints(self, cursor: str | None = None) -> Page[Complaint]: ...
    async def file_complaint(
        self,
        description: str,
        reply_channel: ReplyChannel,
        contact: str,
        reservation_id: str | None = None,
        *,
        facility_id: str | None = None,
        happened_on: date | None = None,
        key: str,
    ) -> Complaint: ...
    async def send_opinion(
        self,
        subject: OpinionSubject,
        text: str | None = None,
        rating: int | None = None,
        reservation_id: str | None = None,
        *,
        key: str,
    ) -> Opinion: ...
