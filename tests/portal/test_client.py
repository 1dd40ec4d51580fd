from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.portal.client import Portal, PortalClient
from bot.portal.dictionaries import DictionaryCache
from bot.portal.errors import NotFoundProblem, PortalUnavailable
from bot.portal.models import PartOfDay, Pool, SlotQuery
from bot.portal.records import OpinionSubject, ReplyChannel, WatchRequest

SERVER_TIME = "2026-11-23T09:00:00+01:00"


class Server:
    """Answers every request with one body."""

    def __init__(self, body: Mapping[str, Any] | None = None, status: int = 200, **headers: str) -> None:
        self.body = {"server_time": SERVER_TIME, **(body or {})}
        self.status = status
        self.headers = headers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.headers.get("etag") and request.headers.get("if-none-match") == self.headers["etag"]:
            return httpx.Response(304)
        return httpx.Response(self.status, json=self.body, headers=self.headers)

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]

    def sent(self) -> Any:
        return json.loads(self.last.content)

    def client(self, cache: DictionaryCache | None = None) -> PortalClient:
        async def token() -> str:
            return "t"

        async def no_pause(seconds: float) -> None:
            return None

        return PortalClient(
            "http://portal.test",
            transport=httpx.MockTransport(self),
            tokens=token,
            sleep=no_pause,
            dictionaries=cache,
        )


def as_portal(client: PortalClient) -> Portal:
    return client


LIST = {"items": [], "next_cursor": None}
SLOTS = {**LIST, "searched": {"from": "2026-11-23", "to": "2027-01-21"}, "days": []}


async def test_every_filter_of_a_search_is_sent() -> None:
    server = Server(SLOTS)
    query = SlotQuery(
        "s1",
        city_ids=("waw", "krk"),
        facility_ids=("f1",),
        doctor_ids=("d1", "d2"),
        exclude_doctor_ids=("d3",),
        start=date(2026, 11, 24),
        end=date(2026, 12, 1),
        weekdays=(1, 5),
        part_of_day=PartOfDay.EVENING,
        language="uk",
        referral_id="ref1",
        patient_id="p2",
        pool=Pool.PREFERENTIAL,
        cursor="abc",
        limit=5,
    )
    await as_portal(server.client()).slots(query)
    assert sorted(server.last.url.params.multi_items()) == sorted(
        [
            ("service_id", "s1"),
            ("city_id", "waw"),
            ("city_id", "krk"),
            ("facility_id", "f1"),
            ("doctor_id", "d1"),
            ("doctor_id", "d2"),
            ("exclude_doctor_id", "d3"),
            ("from", "2026-11-24"),
            ("to", "2026-12-01"),
            ("weekday", "1"),
            ("weekday", "5"),
            ("part_of_day", "evening"),
            ("language", "uk"),
            ("referral_id", "ref1"),
            ("patient_id", "p2"),
            ("pool", "preferential"),
            ("cursor", "abc"),
            ("limit", "5"),
        ]
    )


async def test_filters_not_given_are_not_sent() -> None:
    server = Server(SLOTS)
    page = await server.client().slots(SlotQuery("s1"))
    assert server.last.url.params.multi_items() == [("service_id", "s1")]
    assert page.items == ()
    assert page.searched_to == date(2027, 1, 21)


async def test_a_moment_stands_for_its_day_in_warsaw() -> None:
    server = Server(LIST)
    await server.client().reservations(start=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert server.last.url.params.multi_items() == [("from", "2026-11-23")]


async def test_a_list_without_items_is_never_an_empty_list() -> None:
    with pytest.raises(PortalUnavailable, match="no items"):
        await Server({}).client().reservations()


async def test_an_object_that_breaks_the_contract_is_unavailable_and_names_fields_only() -> None:
    body = {"items": [{"id": "r1", "status": "booked", "patient_id": "Dudek Ewa"}]}
    with pytest.raises(PortalUnavailable) as caught:
        await Server(body).client().reservations()
    assert caught.value.reason == "malformed Reservation: slot, service_id"
    assert not caught.value.maybe_committed


async def test_a_booking_answered_with_nonsense_may_be_made() -> None:
    with pytest.raises(PortalUnavailable) as caught:
        await Server({"id": "r1"}, 201).client().reserve("h1", "v1", key="key-12345")
    assert caught.value.maybe_committed


async def test_pages_carry_their_cursor() -> None:
    assert (await Server({**LIST, "next_cursor": "abc"}).client().reservations()).next_cursor == "abc"


async def test_optional_fields_of_a_hold_are_left_out_when_not_given() -> None:
    server = Server(status=201)
    with pytest.raises(PortalUnavailable):  # the body is no hold; the request is what matters
        await server.client().hold("slot", "p1", key="key-12345")
    assert server.sent() == {"slot_id": "slot", "patient_id": "p1"}
    assert server.last.headers["idempotency-key"] == "key-12345"


async def test_a_watch_is_asked_for_with_days_and_filters() -> None:
    server = Server(status=201)
    request = WatchRequest(
        "s1", date(2026, 12, 24), city_ids=("waw",), start=date(2026, 12, 1), min_notice_hours=0
    )
    with pytest.raises(PortalUnavailable):
        await server.client().create_watch(request, key="key-12345")
    assert server.sent() == {
        "service_id": "s1",
        "expires_on": "2026-12-24",
        "city_ids": ["waw"],
        "from": "2026-12-01",
        "min_notice_hours": 0,
    }


async def test_a_file_without_a_description_still_says_so() -> None:
    server = Server(status=201)
    with pytest.raises(PortalUnavailable):
        await server.client().announce_attachment("a.pdf", "application/pdf", 10, "", key="key-12345")
    assert server.sent()["description"] == ""


async def test_amounts_have_two_places() -> None:
    server = Server()
    with pytest.raises(PortalUnavailable):
        await server.client().estimate_reimbursement(Decimal(1000))
    assert server.last.url.params.multi_items() == [("amount", "1000.00")]


async def test_feedback_is_sent_in_the_words_of_the_contract() -> None:
    server = Server({"id": "o1", "received_at": SERVER_TIME}, 201)
    opinion = await server.client().send_opinion(OpinionSubject.BOOKING, rating=5, key="key-12345")
    assert (opinion.id, server.sent()) == ("o1", {"subject": "booking", "rating": 5})
    with pytest.raises(PortalUnavailable):
        await server.client().file_complaint("opis", ReplyChannel.EMAIL, "a@b.pl", key="key-12345")
    assert server.sent() == {"description": "opis", "reply": {"channel": "email", "contact": "a@b.pl"}}


async def test_an_id_cannot_reach_another_address() -> None:
    server = Server()
    with pytest.raises(NotFoundProblem):
        await server.client().cancel("..", key="key-12345")
    assert server.requests == []


CITY = {"id": "waw", "name": "Warszawa", "aliases": [], "own_facilities": True, "districts": []}


async def test_dictionaries_are_shared_between_patients_and_checked_by_etag() -> None:
    seconds = [0.0]
    server = Server({"items": [CITY], "next_cursor": None}, etag='"v1"')
    cache = DictionaryCache(max_age=300, monotonic=lambda: seconds[0])
    first, second = server.client(cache), server.client(cache)
    assert (await first.cities())[0].name == "Warszawa"
    assert await second.cities() == await first.cities()
    assert len(server.requests) == 1
    seconds[0] = 300.0
    assert (await second.cities())[0].id == "waw"
    assert server.last.headers["if-none-match"] == '"v1"'
