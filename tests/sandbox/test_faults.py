"""Faults on demand, events, the log of calls, and the sandbox's own routes."""

import hashlib
import hmac
import json
import time
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.sandbox.events import EventSender
from tests.sandbox.conftest import World

Json = dict[str, Any]


class TestFaults:
    @pytest.mark.parametrize(
        ("status", "code"),
        [(503, "MAINTENANCE"), (503, "UPSTREAM_DOWN"), (429, "RATE_LIMITED"), (500, "INTERNAL_ERROR")],
    )
    async def test_status(self, world: World, status: int, code: str) -> None:
        full = await world.login("full")
        world.sandbox.faults(
            [{"kind": "status", "path": "/v1/me", "status": status, "code": code, "retry_after": 7}]
        )
        failed = await full.get("/v1/me")
        assert (failed.status_code, failed.json()["code"], failed.headers["Retry-After"]) == (
            status,
            code,
            "7",
        )
        assert failed.headers["content-type"] == "application/problem+json"
        assert (await full.get("/v1/me")).status_code == 200

    async def test_pattern_method_and_times(self, world: World) -> None:
        full = await world.login("full")
        world.sandbox.faults([{"kind": "status", "method": "GET", "path": "/v1/*ations*", "times": 2}])
        assert (await full.get("/v1/me")).status_code == 200
        statuses = [(await full.get("/v1/reservations")).status_code for _ in range(3)]
        assert statuses == [503, 503, 200]

    async def test_until_removed(self, world: World) -> None:
        full = await world.login("full")
        world.sandbox.faults([{"kind": "status", "times": None}])
        assert {(await full.get("/v1/me")).status_code for _ in range(5)} == {503}
        world.sandbox.faults([])
        assert (await full.get("/v1/me")).status_code == 200

    async def test_latency_against_the_clients_patience(self, world: World) -> None:
        full = await world.login("full")
        world.sandbox.faults([{"kind": "latency", "path": "/v1/me", "seconds": 0.05, "times": 2}])
        began = time.perf_counter()
        assert (await full.get("/v1/me")).status_code == 200
        assert time.perf_counter() - began >= 0.05
        with pytest.raises(httpx.ReadTimeout):
            await full.http.get("/v1/me", timeout=0.01)

    async def test_timeout_happens_before_anything_is_done(self, world: World) -> None:
        patient = await world.login("visit_6h")
        world.sandbox.faults([{"kind": "timeout", "path": "*/cancellation"}])
        with pytest.raises(httpx.ReadTimeout):
            await patient.cancel("res-pat-visit-6h-1")
        assert (await patient.get("/v1/reservations/res-pat-visit-6h-1")).json()["status"] == "booked"

    async def test_dropped_answer_happens_after(self, world: World) -> None:
        patient = await world.login("visit_6h")
        world.sandbox.faults([{"kind": "drop_response", "path": "*/cancellation"}])
        with pytest.raises(httpx.RemoteProtocolError):
            await patient.cancel("res-pat-visit-6h-1")
        assert (await patient.get("/v1/reservations/res-pat-visit-6h-1")).json()["status"] == "cancelled"

    async def test_malformed_json(self, world: World) -> None:
        full = await world.login("full")
        world.sandbox.faults([{"kind": "malformed", "path": "/v1/slots"}])
        answer = await full.get("/v1/slots", service_id="tsh")
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            answer.json()

    async def test_storm_of_taken_slots(self, world: World) -> None:
        full = await world.login("full")
        world.sandbox.faults([{"kind": "slot_taken", "path": "/v1/holds", "times": 3}])
        answers = [await full.hold_first("okulista-onsite", city_id="krakow") for _ in range(4)]
        assert [a.status_code for a in answers] == [409, 409, 409, 201]

    @pytest.mark.parametrize("wrong", [{"kind": "earthquake"}, {"kind": "status", "colour": "red"}, {}])
    async def test_wrong_fault(self, world: World, wrong: Json) -> None:
        with pytest.raises(ValueError):
            world.sandbox.faults([wrong])


class TestEvents:
    async def test_clinic_cancels(self, world: World) -> None:
        full = await world.login("full")
        event = await world.sandbox.emit(
            "visit.cancelled_by_clinic", "full", {"reservation_id": "res-pat-full-1"}
        )
        assert event["data"]["reservation"]["id"] == "res-pat-full-1"
        assert all(slot["preferential"] for slot in event["data"]["slots"])
        visit = (await full.get("/v1/reservations/res-pat-full-1")).json()
        assert (visit["status"], visit["cancelled_by"]) == ("cancelled", "clinic")
        held = await full.hold(event["data"]["slots"][0]["id"])
        assert held.status_code == 201

    async def test_result_and_prescription(self, world: World) -> None:
        full = await world.login("full", step_up=True)
        await world.sandbox.emit("result.ready", "full", {"result_id": "result-pat-full-2"})
        assert {r["status"] for r in (await full.get("/v1/results")).json()["items"]} == {"ready"}
        await full.post("/v1/prescriptions/renewals", {"prescription_id": "prescription-pat-full-1"})
        await world.sandbox.emit("prescription.ready", "full", {"prescription_id": "prescription-pat-full-1"})
        newest = (await full.get("/v1/prescriptions")).json()["items"][0]
        assert (newest["status"], newest["issued_on"]) == ("active", "2026-11-23")

    async def test_watch_found_a_slot(self, world: World) -> None:
        full = await world.login("full")
        body = {"service_id": "dermatolog-onsite", "city_ids": ["krakow"], "expires_on": "2026-12-31"}
        watch = (await full.post("/v1/watches", body)).json()
        event = await world.sandbox.emit("watch.slot_found", "full", {"watch_id": watch["id"]})
        slots = event["data"]["slots"]
        assert {slot["city_id"] for slot in slots} == {"krakow"}
        assert datetime.fromisoformat(slots[0]["start"]) >= datetime.fromisoformat(
            "2026-11-24T09:00:00+01:00"
        )

    async def test_signed_as_documented(self, world: World) -> None:
        seen: list[httpx.Request] = []

        def assistant(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(500 if len(seen) == 1 else 204)

        world.sandbox.engine.events = EventSender(
            "http://assistant/events", b"secret", httpx.MockTransport(assistant)
        )
        event = await world.sandbox.emit("visit.reminder", "full", {"reservation_id": "res-pat-full-3"})
        assert len(seen) == 2
        request = seen[-1]
        assert json.loads(request.content) == event
        moment, _, digest = request.headers["Portal-Signature"].removeprefix("t=").partition(",v1=")
        expected = hmac.new(b"secret", f"{moment}.".encode() + request.content, hashlib.sha256).hexdigest()
        assert (int(moment), digest) == (1795420800, expected)

    async def test_what_does_not_exist(self, world: World) -> None:
        with pytest.raises(KeyError):
            await world.sandbox.emit("visit.reminder", "full", {"reservation_id": "res-pat-vip-1"})
        with pytest.raises(ValueError):
            await world.sandbox.emit("visit.party", "full", {})


class TestAdmin:
    """`/sandbox/*` over HTTP does what the in-process handle does."""

    async def test_reset_clock_state_and_calls(self, world: World) -> None:
        http = world.client()
        reset = await http.post(
            "/sandbox/reset",
            json={
                "world": "default",
                "now": "2027-02-01T12:00:00+01:00",
                "patch": {"patients": {"full": {"level": "basic"}}},
            },
        )
        assert reset.json()["server_time"] == "2027-02-01T12:00:00+01:00"
        full = await world.login("full")
        assert (await full.get("/v1/me")).json()["level"] == "basic"
        clock = await http.post("/sandbox/clock", json={"advance_seconds": 90, "frozen": True})
        assert clock.json() == {"server_time": "2027-02-01T12:01:30+01:00", "frozen": True}
        calls = (await http.get("/sandbox/calls")).json()["items"]
        assert [(c["method"], c["path"], c["status"], c["patient"]) for c in calls] == [
            ("POST", "/oauth/token", 200, None),
            ("GET", "/v1/me", 200, "pat-full"),
        ]
        assert len((await http.get("/sandbox/state")).json()["accounts"]) >= 20

    async def test_calls_show_bodies_and_keys_but_no_tokens(self, world: World) -> None:
        full = await world.login("full")
        await full.hold_first("okulista-onsite", city_id="krakow")
        calls = world.sandbox.calls()
        hold = calls[-1]
        assert (hold["path"], hold["status"], hold["replayed"]) == ("/v1/holds", 201, False)
        assert set(hold["body"]) == {"slot_id", "patient_id"}
        assert hold["idempotency_key"].startswith("key-")
        assert calls[-2]["query"] == {"service_id": ["okulista-onsite"], "city_id": ["krakow"]}
        assert "eyJ" not in json.dumps(calls)

    async def test_patients_and_tokens(self, world: World) -> None:
        http = world.client()
        patients = {p["key"]: p for p in (await http.get("/sandbox/patients")).json()["items"]}
        assert patients["files_5"]["shows"]
        token = (await http.post("/sandbox/tokens", json={"patient": "files_5"})).json()["token"]
        assert token.count(".") == 2
        assert (await http.post("/sandbox/tokens", json={"patient": "no_account"})).status_code == 404

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("reset", {"patch": {"colour": "red"}}),
            ("reset", {"now": "2027-02-01T12:00:00"}),
            ("reset", {"world": "other"}),
            ("faults", {"faults": [{"kind": "earthquake"}]}),
            ("events", {"type": "visit.party", "patient": "full"}),
            ("clock", []),
        ],
    )
    async def test_wrong_input(self, world: World, path: str, body: Any) -> None:
        answer = await world.client().post(f"/sandbox/{path}", json=body)
        assert answer.status_code == 400
        assert answer.json()["error"]

    async def test_running_clock(self, make: Any) -> None:
        ticks = iter(
            datetime.fromisoformat("2020-01-01T00:00:00+00:00") + timedelta(seconds=n) for n in range(99)
        )
        world = make(frozen=False, source=lambda: next(ticks))
        first = world.sandbox.engine.clock.now()
        second = world.sandbox.engine.clock.now()
        assert second - first == timedelta(seconds=1)
