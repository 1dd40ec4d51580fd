"""Endpoints of booking: account, dictionaries, slots, holds, reservations, follow-ups, watches."""

from __future__ import annotations

from datetime import date

from bot.portal.endpoints import Endpoints, day, given, query
from bot.portal.models import (
    Cancellation,
    City,
    Doctor,
    Facility,
    Hold,
    Language,
    Me,
    Page,
    PreReservation,
    Reservation,
    ReservationStatus,
    Service,
    SlotPage,
    SlotQuery,
)
from bot.portal.records import Watch, WatchRequest
from bot.portal.transport import Call, segment


class BookingEndpoints(Endpoints):
    """Everything between "what is there" and "it is booked"."""

    async def me(self) -> Me:
        """The account: level, permissions, limits, dependants."""
        return await self._read(Call("GET", "/v1/me"), Me)

    async def services(self) -> tuple[Service, ...]:
        return await self._dictionary("services", Service)

    async def cities(self) -> tuple[City, ...]:
        return await self._dictionary("cities", City)

    async def facilities(self) -> tuple[Facility, ...]:
        return await self._dictionary("facilities", Facility)

    async def doctors(self) -> tuple[Doctor, ...]:
        return await self._dictionary("doctors", Doctor)

    async def languages(self) -> tuple[Language, ...]:
        return await self._dictionary("languages", Language)

    async def slots(self, query: SlotQuery) -> SlotPage:
        """Free slots for the filters; ``searched_to`` says how far the portal looked."""
        return await self._read(Call("GET", "/v1/slots", _slot_params(query)), SlotPage)

    async def hold(
        self,
        slot_id: str,
        patient_id: str,
        referral_id: str | None = None,
        replaces: str | None = None,
        *,
        key: str,
    ) -> Hold:
        """Keep a slot for ten minutes; frees the account's earlier hold.

        ``replaces``: the reservation to be moved, left out of limits and conflicts.
        """
        body = given(slot_id=slot_id, patient_id=patient_id, referral_id=referral_id, replaces=replaces)
        return await self._read(Call("POST", "/v1/holds", json=body, key=key), Hold)

    async def get_hold(self, hold_id: str) -> Hold:
        """A live hold; ``GoneProblem`` once it has expired."""
        return await self._read(Call("GET", f"/v1/holds/{segment(hold_id)}"), Hold)

    async def release(self, hold_id: str) -> None:
        """Free a hold; no error when it is gone already."""
        await self._send(Call("DELETE", f"/v1/holds/{segment(hold_id)}"))

    async def extend(self, hold_id: str) -> Hold:
        """Ten more minutes from now, once. Not repeatable: after an unknown outcome read the hold."""
        return await self._read(Call("POST", f"/v1/holds/{segment(hold_id)}/extend"), Hold)

    async def reserve(
        self, hold_id: str, valuation_id: str, replaces: str | None = None, *, key: str
    ) -> Reservation:
        """Book the held slot; ``replaces`` frees an earlier reservation in the same step (R60)."""
        body = given(hold_id=hold_id, valuation_id=valuation_id, replaces=replaces)
        return await self._read(Call("POST", "/v1/reservations", json=body, key=key), Reservation)

    async def reservation(self, reservation_id: str) -> Reservation:
        return await self._read(Call("GET", f"/v1/reservations/{segment(reservation_id)}"), Reservation)

    async def reservations(
        self,
        status: ReservationStatus | str | None = None,
        start: date | None = None,
        end: date | None = None,
        cursor: str | None = None,
        patient_id: str | None = None,
    ) -> Page[Reservation]:
        """Visits, earliest first; ``start`` and ``end`` are days, both inclusive."""
        params = query(
            status=status, **{"from": day(start), "to": day(end)}, patient_id=patient_id, cursor=cursor
        )
        return await self._page(Call("GET", "/v1/reservations", params), Reservation)

    async def cancel(self, reservation_id: str, *, key: str) -> Cancellation:
        """Cancel a visit (R54, R57)."""
        path = f"/v1/reservations/{segment(reservation_id)}/cancellation"
        return await self._read(Call("POST", path, key=key), Cancellation)

    async def prereservations(self, patient_id: str | None = None) -> Page[PreReservation]:
        params = query(patient_id=patient_id)
        return await self._page(Call("GET", "/v1/prereservations", params), PreReservation)

    async def hold_prereservation(self, prereservation_id: str, *, key: str) -> Hold:
        """Hold the same doctor's slot nearest to the suggested date (R62)."""
        path = f"/v1/prereservations/{segment(prereservation_id)}/hold"
        return await self._read(Call("POST", path, key=key), Hold)

    async def watches(self) -> Page[Watch]:
        return await self._page(Call("GET", "/v1/watches"), Watch)

    async def create_watch(self, request: WatchRequest, *, key: str) -> Watch:
        """Stand in line for an earlier slot; at most ten at a time."""
        body = given(
            service_id=request.service_id,
            expires_on=day(request.expires_on),
            patient_id=request.patient_id,
            city_ids=request.city_ids,
            facility_ids=request.facility_ids,
            doctor_ids=request.doctor_ids,
            **{"from": day(request.start), "to": day(request.end)},
            part_of_day=request.part_of_day,
            min_notice_hours=request.min_notice_hours,
        )
        return await self._read(Call("POST", "/v1/watches", json=body, key=key), Watch)

    async def delete_watch(self, watch_id: str) -> None:
        await self._send(Call("DELETE", f"/v1/watches/{segment(watch_id)}"))


def _slot_params(wanted: SlotQuery) -> tuple[tuple[str, str], ...]:
    return query(
        service_id=wanted.service_id,
        city_id=wanted.city_ids,
        facility_id=wanted.facility_ids,
        doctor_id=wanted.doctor_ids,
        exclude_doctor_id=wanted.exclude_doctor_ids,
        **{"from": day(wanted.start), "to": day(wanted.end)},
        weekday=wanted.weekdays,
        part_of_day=wanted.part_of_day,
        language=wanted.language,
        referral_id=wanted.referral_id,
        patient_id=wanted.patient_id,
        pool=wanted.pool,
        cursor=wanted.cursor,
        limit=wanted.limit,
    )
