"""What a patient is entitled to: preferential slots, coverage, hours; allowed, refused and the boundary."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.sandbox.conftest import World, code, patient, slot

Make = Callable[..., "World"]
Json = dict[str, Any]


class TestPreferential:
    """R59, R63, R124, R125, A18."""

    @pytest.mark.parametrize(("born", "status"), [("2023-11-24", 200), ("2023-11-23", 422)])
    async def test_until_the_day_before_the_third_birthday(self, make: Make, born: str, status: int) -> None:
        child = {"key": "x", "first_name": "Antek", "gender": "m", "born": born, "relation": "child"}
        world = make(patch=patient(dependants=[child]))
        parent = await world.login("newcomer")
        answer = await parent.get(
            "/v1/slots", service_id="pediatra-onsite", patient_id="pat-newcomer-x", pool="preferential"
        )
        assert answer.status_code == status
        shown = (await parent.get("/v1/me")).json()["dependants"][0]
        assert shown["preferential"] == (status == 200)
        if status == 200:
            assert all(one["preferential"] for one in answer.json()["items"])

    async def test_nobody_else(self, world: World) -> None:
        full = await world.login("full")
        assert (
            code(await full.get("/v1/slots", service_id="urolog-onsite", pool="preferential"))
            == "NOT_ELIGIBLE"
        )
        entitled = await world.login("clinic_cancelled")
        kept = (await entitled.slots("urolog-onsite", pool="preferential"))[0]
        assert code(await full.hold(kept["id"])) == "NOT_ELIGIBLE"
        assert (await entitled.hold(kept["id"])).status_code == 201

    async def test_ordinary_search_does_not_show_them(self, world: World) -> None:
        entitled = await world.login("clinic_cancelled")
        assert not any(one["preferential"] for one in await entitled.slots("urolog-onsite", limit=50))

    async def test_urgent_referral_beats_the_package(self, world: World) -> None:
        cito = await world.login("cito")
        coverage = (await cito.get("/v1/coverage", service_id="rezonans-glowy")).json()
        assert coverage["covered"] is True
        kept = (await cito.slots("rezonans-glowy", pool="preferential"))[0]
        assert (await cito.hold(kept["id"])).status_code == 201

    async def test_the_same_package_without_cito(self, make: Make) -> None:
        referral = {"kind": "exam", "services": ["rezonans-glowy"]}
        world = make(patch=patient(packages=["basic-care"], referrals=[referral]))
        plain = await world.login("newcomer")
        assert (await plain.get("/v1/coverage", service_id="rezonans-glowy")).json()["covered"] is False
        refused = await plain.get("/v1/slots", service_id="rezonans-glowy")
        assert (refused.status_code, code(refused)) == (422, "NOT_COVERED")


class TestCoverage:
    async def test_paid_when_not_covered(self, world: World) -> None:
        basic = await world.login("basic_0")
        held = (await basic.hold_first("urolog-onsite", city_id="warszawa")).json()
        assert held["valuations"][0]["kind"] == "payment"
        assert held["valuations"][0]["price"] == {"amount": "230.00", "currency": "PLN"}

    async def test_yearly_limit(self, make: Make) -> None:
        visits = [{"service": "psycholog-onsite", "at": f"-{day}d 10:00"} for day in (10, 20, 30, 40)]
        world = make(patch=patient(visits=visits))
        judged = (
            await (await world.login("newcomer")).get("/v1/coverage", service_id="psycholog-phone")
        ).json()
        assert judged["limit"] == {"total": 4, "used": 4, "remaining": 0, "unit": "visits_per_year"}
        assert judged["covered"] is False
        world = make(patch=patient(visits=visits[:3]))
        judged = (
            await (await world.login("newcomer")).get("/v1/coverage", service_id="psycholog-phone")
        ).json()
        assert judged["covered"] is True

    @pytest.mark.parametrize(("valid_to", "covered"), [("2026-11-23", True), ("2026-11-22", False)])
    async def test_package_ends_after_its_last_day(self, make: Make, valid_to: str, covered: bool) -> None:
        world = make(patch=patient(packages=[{"id": "extended-care", "valid_to": valid_to}]))
        judged = (await (await world.login("newcomer")).get("/v1/coverage", service_id="tsh")).json()
        assert judged["covered"] is covered


class TestHours:
    """R97, A15: 7-24 in Warsaw."""

    @pytest.mark.parametrize(
        ("now", "status"),
        [
            ("2026-11-23T06:59:59+01:00", 422),
            ("2026-11-23T07:00:00+01:00", 200),
            ("2026-11-23T23:59:59+01:00", 200),
            ("2026-11-24T00:00:00+01:00", 422),
            ("2026-07-01T05:00:00+00:00", 200),
            ("2026-07-01T04:59:59+00:00", 422),
        ],
    )
    async def test_online_consultation(self, make: Make, now: str, status: int) -> None:
        world = make(now=datetime.fromisoformat(now))
        full = await world.login("full")
        for specialty in ("internista", "pediatra"):
            answer = await full.get("/v1/online-queue", specialty=specialty)
            assert answer.status_code == status
            if status == 422:
                assert code(answer) == "OUTSIDE_SERVICE_HOURS"
        assert (await full.get("/v1/online-queue", specialty="dermatolog")).status_code == 200

    async def test_slot_outside_the_hours_of_a_test(self, make: Make) -> None:
        world = make(patch=slot("morfologia", "+2d 21:00"))
        full = await world.login("vip")
        late = await full.slots("morfologia", part_of_day="evening")
        assert [one["start"] for one in late] == ["2026-11-25T21:00:00+01:00"]
        assert code(await full.hold(late[0]["id"])) == "OUTSIDE_SERVICE_HOURS"

    @pytest.mark.parametrize("service", ["internista-online", "wizyta-domowa"])
    async def test_what_is_not_booked(self, world: World, service: str) -> None:
        assert (
            code(await (await world.login("vip")).get("/v1/slots", service_id=service))
            == "SERVICE_NOT_BOOKABLE"
        )


async def test_kept_follow_up_with_its_doctor_opens_no_preferential_slots(world: World) -> None:
    someone = await world.login("followup_inside")
    refused = await someone.get("/v1/slots", service_id="kardiolog-onsite", pool="preferential")
    assert code(refused) == "NOT_ELIGIBLE"
    gone = await world.login("followup_doctor_gone")
    assert await gone.slots("kardiolog-onsite", pool="preferential")


async def test_basic_account_attaches_nothing(make: Make) -> None:
    world = make(patch=patient(level="basic", visits=[{"service": "internista-phone", "at": "+1d 10:00"}]))
    shown = (await (await world.login("newcomer")).get("/v1/reservations/res-pat-newcomer-1")).json()
    assert shown["actions"]["attach"] == {"allowed": False, "until": None, "code": "ACCOUNT_LEVEL_REQUIRED"}


async def test_no_question_after_a_visit_in_a_partner_facility(make: Make) -> None:
    visits = [
        {"service": "okulista-onsite", "at": "-5d 11:00", "facility": "zamosc-p1"},
        {"service": "okulista-onsite", "at": "-4d 11:00", "city": "lublin"},
    ]
    world = make(patch=patient(visits=visits))
    someone = await world.login("newcomer")
    answers = [
        await someone.post(
            "/v1/questions", {"reservation_id": f"res-pat-newcomer-{n}", "text": "Czy mogę biegać?"}
        )
        for n in (1, 2)
    ]
    assert code(answers[0]) == "NOT_ELIGIBLE"
    assert answers[1].status_code == 201
