"""Idempotency keys: replay, reuse, in progress, missing, per patient, 24 hours."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Patient, World

Json = dict[str, Any]


async def wanted(patient: Patient, number: int = 0) -> Json:
    slots = await patient.slots("okulista-onsite", city_id="krakow", **{"from": "2026-11-30"})
    return {"slot_id": slots[number]["id"], "patient_id": patient.id}


async def test_same_key_same_body_answers_the_same(world: World) -> None:
    full = await world.login("full")
    body = await wanted(full)
    first = await full.post("/v1/holds", body, key="same-key")
    again = await full.post("/v1/holds", body, key="same-key")
    assert (again.status_code, again.json()) == (201, first.json())
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len((await world.sandbox.state())["holds"]) == 1


async def test_order_of_fields_does_not_matter(world: World) -> None:
    full = await world.login("full")
    body = await wanted(full)
    await full.post("/v1/holds", body, key="same-key")
    swapped = dict(reversed(body.items()))
    assert (await full.post("/v1/holds", swapped, key="same-key")).headers["Idempotency-Replayed"] == "true"


async def test_same_key_other_body_is_refused(world: World) -> None:
    full = await world.login("full")
    await full.post("/v1/holds", await wanted(full), key="same-key")
    reused = await full.post("/v1/holds", await wanted(full, 1), key="same-key")
    assert (reused.status_code, reused.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_same_key_other_operation_is_refused(world: World) -> None:
    full = await world.login("full")
    hold = (await full.post("/v1/holds", await wanted(full), key="same-key")).json()
    body = {"hold_id": hold["id"], "valuation_id": "package"}
    assert (await full.post("/v1/reservations", body, key="same-key")).json()[
        "code"
    ] == "IDEMPOTENCY_KEY_REUSED"


async def test_refusals_are_replayed_too(world: World) -> None:
    late = await world.login("visit_3h")
    first = await late.cancel("res-pat-visit-3h-1", key="cancel-key")
    world.sandbox.set_clock(advance=timedelta(hours=-4))
    late = await world.login("visit_3h")
    again = await late.cancel("res-pat-visit-3h-1", key="cancel-key")
    assert first.status_code == again.status_code == 422
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_cancel_replayed_after_success(world: World) -> None:
    patient = await world.login("visit_6h")
    answers = [await patient.cancel("res-pat-visit-6h-1", key="cancel-key") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]


@pytest.mark.parametrize(
    "path",
    ["/v1/holds", "/v1/reservations", "/v1/reservations/x/cancellation", "/v1/complaints", "/v1/watches"],
)
async def test_missing_key(world: World, path: str) -> None:
    full = await world.login("full")
    answer = await full.http.post(path, json={})
    assert (answer.status_code, answer.json()["code"]) == (400, "IDEMPOTENCY_KEY_MISSING")


async def test_keys_belong_to_a_patient(world: World) -> None:
    full, other = await world.login("full"), await world.login("vip")
    first = await full.post("/v1/holds", await wanted(full), key="same-key")
    second = await other.post("/v1/holds", await wanted(other, 1), key="same-key")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


async def test_in_progress(world: World) -> None:
    full = await world.login("full")
    body = await wanted(full)
    world.sandbox.faults([{"kind": "latency", "path": "/v1/holds", "seconds": 0.2}])
    slow = asyncio.create_task(full.post("/v1/holds", body, key="same-key"))
    await asyncio.sleep(0.05)
    early = await full.post("/v1/holds", body, key="same-key")
    assert (early.status_code, early.json()["code"]) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert int(early.headers["Retry-After"]) >= 1
    assert (await slow).status_code == 201
    assert (await full.post("/v1/holds", body, key="same-key")).json()["id"] == (await slow).json()["id"]


async def test_lost_answer_is_found_by_retrying(world: World) -> None:
    full = await world.login("full")
    hold = (await full.post("/v1/holds", await wanted(full))).json()
    body = {"hold_id": hold["id"], "valuation_id": hold["valuations"][0]["id"]}
    world.sandbox.faults([{"kind": "drop_response", "method": "POST", "path": "/v1/reservations"}])
    with pytest.raises(httpx.RemoteProtocolError):
        await full.post("/v1/reservations", body, key="confirm-key")
    retried = await full.post("/v1/reservations", body, key="confirm-key")
    assert (retried.status_code, retried.headers["Idempotency-Replayed"]) == (201, "true")
    booked = [
        v for v in (await world.sandbox.state())["reservations"] if v["slot"]["id"] == hold["slot"]["id"]
    ]
    assert len(booked) == 1


async def test_key_is_free_after_a_failure_on_our_side(world: World) -> None:
    full = await world.login("full")
    body = await wanted(full)
    world.sandbox.faults([{"kind": "status", "path": "/v1/holds", "status": 503}])
    assert (await full.post("/v1/holds", body, key="same-key")).status_code == 503
    retried = await full.post("/v1/holds", body, key="same-key")
    assert (retried.status_code, "Idempotency-Replayed" in retried.headers) == (201, False)


@pytest.mark.parametrize(("hours", "replayed"), [(23.99, True), (24, False)])
async def test_kept_for_a_day(world: World, hours: float, replayed: bool) -> None:
    patient = await world.login("full")
    complaint = {"description": "Opóźnienie", "reply": {"channel": "email", "contact": "ktos@example.org"}}
    await patient.post("/v1/complaints", complaint, key="complaint-key")
    world.sandbox.set_clock(advance=timedelta(hours=hours))
    patient = await world.login("full")
    again = await patient.post("/v1/complaints", complaint, key="complaint-key")
    assert again.status_code == 201
    assert ("Idempotency-Replayed" in again.headers) is replayed
