"""Two-phase booking: holds, conflicts, moving a visit, and what happens in races."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox import BASE_URL, Sandbox, create_app
from bot.sandbox.app import ready_for_asgi
from bot.sandbox.clock import SandboxClock
from bot.sandbox.handle import DEFAULT_NOW
from bot.sandbox.store import Store
from tests.sandbox.conftest import Patient, World, exchange

Json = dict[str, Any]
OKULISTA: Json = {"service": "okulista-onsite", "city_id": "krakow"}


async def first_slot(patient: Patient) -> Json:
    return (await patient.slots("okulista-onsite", city_id="krakow", **{"from": "2026-11-30"}))[0]


class TestHold:
    async def test_lives_ten_minutes(self, world: World) -> None:
        full = await world.login("full")
        hold = (await full.hold((await first_slot(full))["id"])).json()
        assert hold["expires_at"] == "2026-11-23T09:10:00+01:00"
        world.sandbox.set_clock(advance=timedelta(minutes=9, seconds=59))
        assert (await full.get(f"/v1/holds/{hold['id']}")).status_code == 200
        assert len((await world.sandbox.state())["holds"]) == 1
        world.sandbox.set_clock(advance=timedelta(seconds=1))
        assert (await world.sandbox.state())["holds"] == []
        full = await world.login("full")
        for answer in (await full.get(f"/v1/holds/{hold['id']}"), await full.confirm(hold)):
            assert (answer.status_code, answer.json()["code"]) == (410, "HOLD_EXPIRED")

    async def test_held_slot_is_not_listed_and_cannot_be_held(self, world: World) -> None:
        full, other = await world.login("full"), await world.login("vip")
        slot = await first_slot(full)
        await full.hold(slot["id"])
        assert (await first_slot(other))["id"] != slot["id"]
        refused = await other.hold(slot["id"])
        assert (refused.status_code, refused.json()["code"]) == (409, "SLOT_TAKEN")

    async def test_expired_hold_frees_the_slot(self, world: World) -> None:
        full = await world.login("full")
        slot = await first_slot(full)
        await full.hold(slot["id"])
        world.sandbox.set_clock(advance=timedelta(minutes=10))
        other = await world.login("vip")
        assert (await first_slot(other))["id"] == slot["id"]
        assert (await other.hold(slot["id"])).status_code == 201

    async def test_new_hold_frees_the_old_one(self, world: World) -> None:
        full, other = await world.login("full"), await world.login("vip")
        slot = await first_slot(full)
        old = (await full.hold(slot["id"])).json()
        await full.hold((await first_slot(full))["id"])
        assert (await full.confirm(old)).status_code == 404
        assert (await other.hold(slot["id"])).status_code == 201
        assert len((await world.sandbox.state())["holds"]) == 2

    async def test_failed_hold_keeps_the_old_one(self, world: World) -> None:
        full, other = await world.login("full"), await world.login("vip")
        taken = await first_slot(other)
        await other.hold(taken["id"])
        kept = (await full.hold((await first_slot(full))["id"])).json()
        assert (await full.hold(taken["id"])).status_code == 409
        assert (await full.confirm(kept)).status_code == 201

    async def test_release(self, world: World) -> None:
        full = await world.login("full")
        slot = await first_slot(full)
        hold = (await full.hold(slot["id"])).json()
        for _ in range(2):
            assert (await full.http.delete(f"/v1/holds/{hold['id']}")).status_code == 204
        assert (await first_slot(full))["id"] == slot["id"]
        assert (await world.sandbox.state())["holds"] == []

    async def test_extended_once(self, world: World) -> None:
        full = await world.login("full")
        hold = (await full.hold((await first_slot(full))["id"])).json()
        world.sandbox.set_clock(advance=timedelta(minutes=4))
        longer = (await full.http.post(f"/v1/holds/{hold['id']}/extend")).json()
        assert (longer["expires_at"], longer["extended"]) == ("2026-11-23T09:14:00+01:00", True)
        again = await full.http.post(f"/v1/holds/{hold['id']}/extend")
        assert (again.status_code, again.json()["code"]) == (409, "HOLD_CONFLICT")
        assert again.json()["params"]["expires_at"] == longer["expires_at"]
        world.sandbox.set_clock(advance=timedelta(minutes=9))
        assert (await (await world.login("full")).confirm(hold)).status_code == 201

    async def test_confirming_twice(self, world: World) -> None:
        full = await world.login("full")
        hold = (await full.hold((await first_slot(full))["id"])).json()
        assert (await full.confirm(hold)).status_code == 201
        assert (await full.confirm(hold)).status_code == 404

    async def test_unknown_valuation(self, world: World) -> None:
        full = await world.login("full")
        hold = (await full.hold((await first_slot(full))["id"])).json()
        answer = await full.confirm(hold | {"valuations": [{"id": "gratis"}]})
        assert (answer.status_code, answer.json()["code"]) == (409, "HOLD_CONFLICT")

    @pytest.mark.parametrize("slot_id", ["nonsense", "b2t1bGlzdGE", "a" * 200])
    async def test_no_such_slot(self, world: World, slot_id: str) -> None:
        assert (await (await world.login("full")).hold(slot_id)).status_code == 404

    async def test_slot_in_the_past(self, world: World) -> None:
        full = await world.login("full")
        slot = (await full.slots("okulista-onsite", city_id="krakow"))[0]
        world.sandbox.set_clock(advance=timedelta(days=1))
        full = await world.login("full")
        assert (await full.hold(slot["id"])).json()["code"] == "SLOT_TAKEN"


class TestConflicts:
    async def test_same_service_twice(self, world: World) -> None:
        full = await world.login("full")
        hold = (await full.hold_first("dermatolog-onsite", city_id="warszawa")).json()
        assert [c["code"] for c in hold["conflicts"]] == ["DUPLICATE_SERVICE"]
        assert hold["conflicts"][0]["reservation"]["id"] == "res-pat-full-1"
        refused = await full.confirm(hold)
        assert (refused.status_code, refused.json()["code"]) == (409, "DUPLICATE_SERVICE")
        assert refused.json()["params"] == {"reservation_id": "res-pat-full-1"}

    @pytest.mark.parametrize(
        ("at", "conflict"),
        [("10:00", False), ("10:05", True), ("10:20", True), ("10:34", True), ("10:35", False)],
    )
    async def test_overlap_to_the_minute(self, world: World, at: str, conflict: bool) -> None:
        """The patient's visit is 10:20-10:35; the other one takes 20 minutes."""
        await world.sandbox.apply(
            {
                "slots": {
                    "add": [
                        {"service": "okulista-onsite", "at": f"2026-12-02T{at}:00+01:00", "city": "warszawa"}
                    ]
                }
            }
        )
        full = await world.login("full")
        day = {"from": "2026-12-02", "to": "2026-12-02"}
        slots = await full.slots("okulista-onsite", city_id="warszawa", limit=50, **day)
        hold = (await full.hold(next(s["id"] for s in slots if f"T{at}" in s["start"]))).json()
        assert [c["code"] for c in hold["conflicts"]] == (["OVERLAP"] if conflict else [])
        confirmed = await full.confirm(hold)
        assert confirmed.status_code == (409 if conflict else 201)

    async def test_another_member_of_the_family_may(self, world: World) -> None:
        parent = await world.login("parent")
        same = {"from": "2026-11-30"}
        slot = (await parent.slots("pediatra-onsite", patient_id="pat-parent-leon", **same))[0]
        hold = (await parent.hold(slot["id"], patient_id="pat-parent-leon")).json()
        assert hold["conflicts"] == []


class TestMoving:
    async def test_old_visit_is_freed_in_the_same_step(self, world: World) -> None:
        full = await world.login("full")
        held = await full.hold_first(
            "dermatolog-onsite", held={"replaces": "res-pat-full-1"}, city_id="warszawa"
        )
        hold = held.json()
        assert hold["conflicts"] == []
        moved = await full.confirm(hold, replaces="res-pat-full-1")
        assert moved.status_code == 201
        old = (await full.get("/v1/reservations/res-pat-full-1")).json()
        assert (old["status"], old["cancelled_by"]) == ("cancelled", "patient")

    async def test_hold_made_for_moving_is_not_a_second_visit(self, world: World) -> None:
        full = await world.login("full")
        held = await full.hold_first(
            "dermatolog-onsite", held={"replaces": "res-pat-full-1"}, city_id="warszawa"
        )
        answer = await full.confirm(held.json())
        assert (answer.status_code, answer.json()["code"]) == (409, "HOLD_CONFLICT")

    async def test_one_childs_visit_is_not_moved_to_another(self, world: World) -> None:
        parent = await world.login("parent")
        slot = (await parent.slots("pediatra-onsite", patient_id="pat-parent-leon"))[0]
        hold = (await parent.hold(slot["id"], patient_id="pat-parent-leon")).json()
        answer = await parent.confirm(hold, replaces="res-pat-parent-1")
        assert (answer.status_code, answer.json()["code"]) == (409, "HOLD_CONFLICT")
        assert (await parent.get("/v1/reservations/res-pat-parent-1")).json()["status"] == "booked"

    async def test_when_the_new_slot_fails_the_old_visit_stays(self, world: World) -> None:
        full = await world.login("full")
        held = await full.hold_first(
            "dermatolog-onsite", held={"replaces": "res-pat-full-1"}, city_id="warszawa"
        )
        world.sandbox.faults([{"kind": "slot_taken", "path": "/v1/reservations"}])
        assert (await full.confirm(held.json(), replaces="res-pat-full-1")).json()["code"] == "SLOT_TAKEN"
        assert (await full.get("/v1/reservations/res-pat-full-1")).json()["status"] == "booked"

    @pytest.mark.parametrize(
        ("key", "refusal"),
        [
            ("visit_3h", "LATE_CANCELLATION"),
            ("phone_booked", "NOT_PORTAL_BOOKING"),
            ("partner", "PARTNER_NOT_BOOKABLE"),
        ],
    )
    async def test_what_cannot_be_cancelled_cannot_be_moved(
        self, world: World, key: str, refusal: str
    ) -> None:
        patient = await world.login(key)
        visit = f"res-{patient.id}-1"
        refused = await patient.hold_first("laryngolog-onsite", held={"replaces": visit}, city_id="warszawa")
        assert refused.json()["code"] == refusal


class TestRaces:
    async def test_fifty_patients_want_one_slot(self, make: Any) -> None:
        crowd = {f"crowd_{number}": {} for number in range(50)}
        world = make(patch={"patients": crowd})
        patients = [await world.login(key) for key in crowd]
        slot = await first_slot(patients[0])
        answers = await asyncio.gather(*(patient.hold(slot["id"]) for patient in patients))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
        winner = next(p for p, answer in zip(patients, answers, strict=True) if answer.status_code == 201)
        hold = next(answer.json() for answer in answers if answer.status_code == 201)
        assert (await winner.confirm(hold)).status_code == 201
        state = await world.sandbox.state()
        assert [v["account"] for v in state["reservations"] if v["slot"]["id"] == slot["id"]] == [winner.id]

    async def test_two_processes_on_one_file(self, tmp_path: Path) -> None:
        """Two applications, two connections, one file: the database decides."""
        path = str(tmp_path / "portal.db")
        apps = []
        for _ in range(2):
            app = ready_for_asgi(create_app(Store(path), SandboxClock(lambda: DEFAULT_NOW, frozen=True)))
            apps.append(app)
        first, second = (app.ctx.engine for app in apps)
        second.signer = first.signer
        await first.reset(patch={"patients": {f"crowd_{n}": {} for n in range(10)}})
        patients = []
        for number in range(10):
            http = httpx.AsyncClient(transport=httpx.ASGITransport(app=apps[number % 2]), base_url=BASE_URL)
            token = (await exchange(http, first.token(f"crowd_{number}"))).json()["access_token"]
            http.headers["Authorization"] = f"Bearer {token}"
            patients.append(Patient(http, f"pat-crowd-{number}"))
        slot = await first_slot(patients[0])
        answers = await asyncio.gather(*(patient.hold(slot["id"]) for patient in patients))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
        for patient in patients:
            await patient.http.aclose()
        first.store.close()
        second.store.close()

    async def test_one_patient_confirms_the_same_hold_from_two_windows(self, world: World) -> None:
        full = await world.login("full")
        hold = (await full.hold((await first_slot(full))["id"])).json()
        answers = await asyncio.gather(*(full.confirm(hold) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 404, 404, 404, 404]

    async def test_double_click_makes_one_hold(self, world: World) -> None:
        full = await world.login("full")
        body = {"slot_id": (await first_slot(full))["id"], "patient_id": full.id}
        answers = await asyncio.gather(*(full.post("/v1/holds", body, key="double-click") for _ in range(5)))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
        assert all(a.json()["code"] == "IDEMPOTENCY_IN_PROGRESS" for a in answers if a.status_code == 409)


async def test_requests_are_deterministic() -> None:
    async def run() -> Json:
        sandbox = Sandbox()
        world = World(sandbox)
        patient = await world.login("full")
        await patient.book("okulista-onsite", city_id="krakow", **{"from": "2026-11-30"})
        state = await sandbox.state()
        await world.close()
        return state

    assert await run() == await run()
