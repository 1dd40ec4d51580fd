"""``PortalClient``: the booking API over HTTP for one patient."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import httpx
from pydantic import ValidationError

from bot.portal.answers import Answer
from bot.portal.clock import PortalClock
from bot.portal.dictionaries import DictionaryCache, Fetched
from bot.portal.errors import PortalUnavailable
from bot.portal.models import (
    Cancellation,
    City,
    Coverage,
    Doctor,
    Facility,
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
from bot.portal.protocol import Portal
from bot.portal.records import Attachment, Watch
from bot.portal.retry import RetryPolicy, Timeouts
from bot.portal.schema import Record
from bot.portal.transport import Call, Sleep, TokenSource, Wire, segment

__all__ = ["Portal", "PortalClient"]

R = TypeVar("R", bound=Record)
Params = tuple[tuple[str, str], ...]


class PortalClient:
    """One patient's view of the portal; fulfils ``Portal``.

    Constructing it opens a connection pool of its own; a server keeps one ``Wire`` and one
    ``DictionaryCache`` for all patients and uses ``PortalClient.on``.
    """

    def __init__(
        self,
        base_url: str,
        *,
        tokens: TokenSource,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - immutable
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - immutable
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        clock: PortalClock | None = None,
        dictionaries: DictionaryCache | None = None,
    ) -> None:
        self._wire = Wire(
            base_url,
            transport=transport,
            timeouts=timeouts,
            retry=retry,
            sleep=sleep,
            jitter=jitter,
            clock=clock,
        )
        self._tokens = tokens
        self._dictionaries = dictionaries or DictionaryCache()

    @classmethod
    def on(cls, wire: Wire, tokens: TokenSource, dictionaries: DictionaryCache) -> PortalClient:
        """A client for one patient over what all patients share."""
        client = cls.__new__(cls)
        client._wire, client._tokens, client._dictionaries = wire, tokens, dictionaries
        return client

    @property
    def clock(self) -> PortalClock:
        """Server time."""
        return self._wire.clock

    async def aclose(self) -> None:
        """Close the connection pool (everybody's, when shared)."""
        await self._wire.aclose()

    # --- account and dictionaries

    async def me(self) -> Me:
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

    # --- slots, holds, reservations

    async def slots(self, query: SlotQuery) -> SlotPage:
        """Free slots for the filters; see ``SlotPage.searched_to`` for how far the portal looked."""
        return await self._read(Call("GET", "/v1/slots", _slot_params(query)), SlotPage)

    async def hold(self, slot_id: str, patient_id: str, referral_id: str | None = None, *, key: str) -> Hold:
        """Keep a slot for ten minutes; frees the patient's earlier hold."""
        body = _given(slot_id=slot_id, patient_id=patient_id, referral_id=referral_id)
        return await self._read(Call("POST", "/v1/holds", json=body, key=key), Hold)

    async def release(self, hold_id: str) -> None:
        """Free a hold; no error when it is gone already."""
        await self._send(Call("DELETE", f"/v1/holds/{segment(hold_id)}"))

    async def extend(self, hold_id: str) -> Hold:
        """Ten more minutes, once."""
        return await self._read(Call("POST", f"/v1/holds/{segment(hold_id)}/extend"), Hold)

    async def reserve(
        self, hold_id: str, valuation_id: str, replaces: str | None = None, *, key: str
    ) -> Reservation:
        """Book the held slot; ``replaces`` frees an earlier reservation in the same step."""
        body = _given(hold_id=hold_id, valuation_id=valuation_id, replaces=replaces)
        return await self._read(Call("POST", "/v1/reservations", json=body, key=key), Reservation)

    async def reservations(
        self,
        status: ReservationStatus | str | None = None,
        start: date | datetime | None = None,
        end: date | datetime | None = None,
        cursor: str | None = None,
    ) -> Page[Reservation]:
        params = _query(status=status, **{"from": start, "to": end}, cursor=cursor)
        return await self._page(Call("GET", "/v1/reservations", params), Reservation)

    async def cancel(self, reservation_id: str, *, key: str) -> Cancellation:
        path = f"/v1/reservations/{segment(reservation_id)}/cancellation"
        return await self._read(Call("POST", path, key=key), Cancellation)

    async def prereservations(self) -> Page[PreReservation]:
        return await self._page(Call("GET", "/v1/prereservations"), PreReservation)

    async def hold_prereservation(self, prereservation_id: str, *, key: str) -> Hold:
        path = f"/v1/prereservations/{segment(prereservation_id)}/hold"
        return await self._read(Call("POST", path, key=key), Hold)

    async def referrals(self) -> Page[Referral]:
        return await self._page(Call("GET", "/v1/referrals"), Referral)

    async def coverage(self, service_id: str, patient_id: str) -> Coverage:
        params = _query(service_id=service_id, patient_id=patient_id)
        return await self._read(Call("GET", "/v1/coverage", params), Coverage)

    async def partner_facilities(self, near: str) -> Page[Facility]:
        """Partner facilities near a town, the nearest first."""
        return await self._page(Call("GET", "/v1/facilities", _query(type="partner", near=near)), Facility)

    # --- watches and files

    async def watches(self) -> Page[Watch]:
        return await self._page(Call("GET", "/v1/watches"), Watch)

    async def delete_watch(self, watch_id: str) -> None:
        await self._send(Call("DELETE", f"/v1/watches/{segment(watch_id)}"))

    async def attachments(self) -> Page[Attachment]:
        return await self._page(Call("GET", "/v1/attachments"), Attachment)

    async def delete_attachment(self, attachment_id: str) -> None:
        await self._send(Call("DELETE", f"/v1/attachments/{segment(attachment_id)}"))

    # --- plumbing

    async def _send(self, call: Call) -> Answer:
        return await self._wire.send(call, self._tokens)

    async def _read(self, call: Call, model: type[R]) -> R:
        answer = await self._send(call)
        return _parse(model, answer.body, call)

    async def _page(self, call: Call, model: type[R]) -> Page[R]:
        answer = await self._send(call)
        cursor = answer.body.get("next_cursor")
        return Page(_items(model, answer.body, call), cursor if isinstance(cursor, str) else None)

    async def _dictionary(self, name: str, model: type[R]) -> tuple[R, ...]:
        async def fetch(etag: str | None) -> Fetched | None:
            headers = {"If-None-Match": etag} if etag else {}
            call = Call("GET", f"/v1/dictionaries/{name}", headers=headers)
            answer = await self._send(call)
            if answer.status == 304:
                return None
            return Fetched(_items(model, answer.body, call), answer.headers.get("etag"))

        return await self._dictionaries.get(name, fetch)


def _parse(model: type[R], body: Any, call: Call) -> R:
    try:
        return model.parse_obj(body)
    except ValidationError as error:
        # Where, not what: values may be the patient's.
        where = ", ".join(".".join(map(str, item["loc"])) for item in error.errors())
        raise PortalUnavailable(f"malformed {model.__name__}: {where}", maybe_committed=call.writes) from None


def _items(model: type[R], body: Mapping[str, Any], call: Call) -> tuple[R, ...]:
    items = body.get("items")
    if not isinstance(items, list):
        raise PortalUnavailable("malformed list: no items", maybe_committed=call.writes)
    return tuple(_parse(model, item, call) for item in items)


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _query(**fields: Any) -> Params:
    return tuple((name, _wire_value(value)) for name, value in fields.items() if value is not None)


def _wire_value(value: Any) -> str:
    if isinstance(value, date):  # datetimes too
        return value.isoformat()
    return str(value)


def _slot_params(query: SlotQuery) -> Params:
    repeated: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("city_id", query.city_ids),
        ("facility_id", query.facility_ids),
        ("doctor_id", query.doctor_ids),
        ("exclude_doctor_id", query.exclude_doctor_ids),
        ("weekday", query.weekdays),
    )
    single = _query(
        service_id=query.service_id,
        **{"from": query.start, "to": query.end},
        part_of_day=query.part_of_day,
        language=query.language,
        referral_id=query.referral_id,
        patient_id=query.patient_id,
        pool=query.pool,
        cursor=query.cursor,
        limit=query.limit,
    )
    return single + tuple((name, str(value)) for name, values in repeated for value in values)
