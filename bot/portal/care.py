"""Endpoints beyond booking: referrals, coverage, partner facilities, files, care modules, feedback."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.portal.endpoints import Endpoints, day, given, query
from bot.portal.models import Coverage, Facility, FacilityType, Page, Referral
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
)
from bot.portal.transport import Call, segment

#: Seconds for sending the bytes of one file (at most 8 MB).
_UPLOAD_LIMIT = 60.0


class CareEndpoints(Endpoints):
    """The portal's other modules. Results and prescriptions may ask for a step-up (``AuthProblem``)."""

    async def referrals(self, patient_id: str | None = None) -> Page[Referral]:
        """Referrals with what remains of them (full account, R103)."""
        return await self._page(Call("GET", "/v1/referrals", query(patient_id=patient_id)), Referral)

    async def coverage(self, service_id: str, patient_id: str | None = None) -> Coverage:
        """Whether this patient's package pays for this service (R93)."""
        params = query(service_id=service_id, patient_id=patient_id)
        return await self._read(Call("GET", "/v1/coverage", params), Coverage)

    async def find_facilities(
        self,
        type: FacilityType | None = None,  # noqa: A002 - the contract's word
        near: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Facility]:
        """Facilities of a kind, the nearest to the town ``near`` (an id) first."""
        params = query(type=type, near=near, cursor=cursor, limit=limit)
        return await self._page(Call("GET", "/v1/facilities", params), Facility)

    async def partner_facilities(self, near: str) -> Page[Facility]:
        """Partner facilities, the nearest to a town first, with their phones (R67)."""
        return await self.find_facilities(FacilityType.PARTNER, near)

    # --- files

    async def attachments(self) -> Page[Attachment]:
        return await self._page(Call("GET", "/v1/attachments"), Attachment)

    async def announce_attachment(
        self,
        file_name: str,
        content_type: str,
        size: int,
        description: str,
        reservation_id: str | None = None,
        *,
        key: str,
    ) -> UploadTicket:
        """Announce a file of ``size`` bytes; ten minutes to send them with ``upload``."""
        body = {
            "file_name": file_name,
            "content_type": content_type,
            "size": size,
            "description": description,
            **given(reservation_id=reservation_id),
        }
        return await self._read(Call("POST", "/v1/attachments", json=body, key=key), UploadTicket)

    async def upload(self, attachment_id: str, content: bytes) -> Attachment:
        """Send the bytes of an announced file; its kind is judged by content (R78)."""
        call = Call(
            "PUT",
            f"/v1/attachments/{segment(attachment_id)}/content",
            content=content,
            headers={"Content-Type": "application/octet-stream"},
            limit=_UPLOAD_LIMIT,
        )
        return await self._read(call, Attachment)

    async def delete_attachment(self, attachment_id: str) -> None:
        """Delete a file or an unused ticket."""
        await self._send(Call("DELETE", f"/v1/attachments/{segment(attachment_id)}"))

    # --- care

    async def results(self, patient_id: str | None = None, cursor: str | None = None) -> Page[Result]:
        params = query(patient_id=patient_id, cursor=cursor)
        return await self._page(Call("GET", "/v1/results", params), Result)

    async def prescriptions(
        self, patient_id: str | None = None, cursor: str | None = None
    ) -> Page[Prescription]:
        params = query(patient_id=patient_id, cursor=cursor)
        return await self._page(Call("GET", "/v1/prescriptions", params), Prescription)

    async def renew_prescription(self, prescription_id: str, *, key: str) -> Renewal:
        body = {"prescription_id": prescription_id}
        return await self._read(Call("POST", "/v1/prescriptions/renewals", json=body, key=key), Renewal)

    async def recommendations(
        self, patient_id: str | None = None, cursor: str | None = None
    ) -> Page[Recommendation]:
        params = query(patient_id=patient_id, cursor=cursor)
        return await self._page(Call("GET", "/v1/recommendations", params), Recommendation)

    async def questions(self, cursor: str | None = None) -> Page[Question]:
        return await self._page(Call("GET", "/v1/questions", query(cursor=cursor)), Question)

    async def ask_doctor(self, reservation_id: str, text: str, *, key: str) -> Question:
        """A question after a completed visit in an own facility (R104)."""
        body = {"reservation_id": reservation_id, "text": text}
        return await self._read(Call("POST", "/v1/questions", json=body, key=key), Question)

    async def estimate_reimbursement(self, amount: Decimal, on: date | None = None) -> Estimate:
        """What of an invoice (gross, PLN) could be refunded this quarter (R136-R139)."""
        params = query(amount=f"{amount:.2f}", date=day(on))
        return await self._read(Call("GET", "/v1/reimbursements/estimate", params), Estimate)

    async def online_queue(self, specialty_id: str) -> OnlineQueue:
        """Whether an online consultation can start now (R96-R98)."""
        return await self._read(Call("GET", "/v1/online-queue", query(specialty=specialty_id)), OnlineQueue)

    # --- feedback

    async def complaints(self, cursor: str | None = None) -> Page[Complaint]:
        return await self._page(Call("GET", "/v1/complaints", query(cursor=cursor)), Complaint)

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
    ) -> Complaint:
        """File a complaint; ``contact`` is the one datum its reply channel needs (R141).

        ``facility_id`` and ``happened_on`` say where and when it was when it was at no visit.
        """
        body = {
            "description": description,
            "reply": {"channel": reply_channel, "contact": contact},
            **given(reservation_id=reservation_id, facility_id=facility_id, happened_on=day(happened_on)),
        }
        return await self._read(Call("POST", "/v1/complaints", json=body, key=key), Complaint)

    async def send_opinion(
        self,
        subject: OpinionSubject,
        text: str | None = None,
        rating: int | None = None,
        reservation_id: str | None = None,
        *,
        key: str,
    ) -> Opinion:
        """An opinion (``text``) or a rating of 1-5, or both (R142, R144)."""
        body = given(subject=subject, text=text, rating=rating, reservation_id=reservation_id)
        return await self._read(Call("POST", "/v1/opinions", json=body, key=key), Opinion)
