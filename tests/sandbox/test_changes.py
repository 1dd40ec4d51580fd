"""Changing and following up: cancellation to the second, pre-reservations to the day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import World, code, patient

Make = Callable[..., "World"]
Json = dict[str, Any]


class TestCancellation:
    """R54, A7: exactly 6 h 00 is on time."""

    async def test_exactly_six_hours(self, world: World) -> None:
        patient_6h = await world.login("visit_6h")
        answer = await patient_6h.cancel("res-pat-visit-6h-1")
        assert answer.status_code == 200
        assert answer.json()["late"] is False

    async def test_one_second_less(self, world: World) -> None:
        patient_6h = await world.login("visit_6h")
        world.sandbox.set_clock(advance=timedelta(seconds=1))
        shown = (await patient_6h.get("/v1/reservations/res-pat-visit-6h-1")).json()["actions"]
        assert shown["cancel"] == {"allowed": False, "until": None, "code": "LATE_CANCELLATION"}
        refused = await patient_6h.cancel("res-pat-visit-6h-1")
        assert (refused.status_code, code(refused)) == (422, "LATE_CANCELLATION")
        assert refused.json()["params"]["minutes_left"] == "359"

    async def test_until_is_told(self, world: World) -> None:
        shown = (await (await world.login("visit_6h")).get("/v1/reservations/res-pat-visit-6h-1")).json()
        assert shown["actions"]["cancel"]["until"] == "2026-11-23T09:00:00+01:00"

    @pytest.mark.parametrize(
        ("now", "late"),
        [
            # 25 Oct 2026, 3:00 -> 2:00: between 01:30 and 07:30 there are 7 hours; 29 Mar 2026 only 5.
            ("2026-10-25T01:30:00+02:00", False),
            ("2026-10-25T02:30:00+02:00", False),
            ("2026-10-25T02:30:00+01:00", True),
            ("2026-03-29T00:30:00+01:00", False),
            ("2026-03-29T01:30:00+01:00", True),
        ],
    )
    async def test_nights_when_clocks_change(self, make: Make, now: str, late: bool) -> None:
        moment = datetime.fromisoformat(now)
        visit = {
            "service": "internista-phone",
            "at": f"{now[:10]}T07:30:00{'+01:00' if '-10-' in now else '+02:00'}",
        }
        world = make(now=moment, patch=patient(visits=[visit]))
        answer = await (await world.login("newcomer")).cancel("res-pat-newcomer-1")
        assert answer.status_code == (422 if late else 200)

    async def test_warn_policy_lets_late_ones_through(self, make: Make) -> None:
        world = make(patch={"settings": {"late_cancel_policy": "warn"}})
        answer = await (await world.login("visit_3h")).cancel("res-pat-visit-3h-1")
        assert answer.json()["late"] is True

    async def test_booked_by_phone(self, world: World) -> None:
        refused = await (await world.login("phone_booked")).cancel("res-pat-phone-booked-1")
        assert (refused.status_code, code(refused)) == (422, "NOT_PORTAL_BOOKING")

    async def test_twice(self, world: World) -> None:
        patient_6h = await world.login("visit_6h")
        await patient_6h.cancel("res-pat-visit-6h-1")
        again = await patient_6h.cancel("res-pat-visit-6h-1")
        assert (again.status_code, code(again)) == (409, "NOT_ACTIVE")

    async def test_the_slot_is_free_again(self, world: World) -> None:
        full = await world.login("full")
        visit = await full.book("okulista-onsite", city_id="krakow", **{"from": "2026-11-30"})
        other = await world.login("vip")
        assert code(await other.hold(visit["slot"]["id"])) == "SLOT_TAKEN"
        await full.cancel(visit["id"])
        assert (await other.hold(visit["slot"]["id"])).status_code == 201


class TestFollowUp:
    """R61-R65, A9, A10."""

    @pytest.mark.parametrize(
        ("today", "status"),
        [
            ("2025-03-29", "too_early"),
            ("2025-03-30", "open"),
            ("2025-06-23", "open"),
            ("2025-06-24", "expired"),
        ],
    )
    async def test_window_of_the_rules_catalogue(self, make: Make, today: str, status: str) -> None:
        kept = {"service": "kardiolog-control", "suggested": "2025-06-30", "city": "krakow"}
        moment = datetime.fromisoformat(f"{today}T12:00:00+02:00").astimezone(UTC)
        world = make(now=moment, patch=patient(prereservations=[kept]))
        someone = await world.login("newcomer")
        shown = (await someone.get("/v1/prereservations")).json()["items"][0]
        assert shown["status"] == status
        assert shown["window"] == {"from": "2025-03-30", "to": "2025-06-23"}
        held = await someone.post(f"/v1/prereservations/{shown['id']}/hold")
        expected = {"too_early": (422, "PREBOOK_TOO_EARLY"), "expired": (410, "PREBOOK_EXPIRED")}
        if status == "open":
            assert held.status_code == 201
        else:
            assert (held.status_code, code(held)) == expected[status]

    async def test_window_begins_at_midnight_in_warsaw(self, make: Make) -> None:
        kept = {"service": "kardiolog-control", "suggested": "2027-02-24", "city": "krakow"}
        world = make(
            now=datetime.fromisoformat("2026-11-23T22:59:59+00:00"), patch=patient(prereservations=[kept])
        )
        someone = await world.login("newcomer")
        assert (await someone.get("/v1/prereservations")).json()["items"][0]["status"] == "too_early"
        world.sandbox.set_clock(advance=timedelta(seconds=1))
        assert (await someone.get("/v1/prereservations")).json()["items"][0]["status"] == "open"

    async def test_31st_clamps(self, make: Make) -> None:
        kept = {"service": "kardiolog-control", "suggested": "2027-05-31", "city": "krakow"}
        world = make(patch=patient(prereservations=[kept]))
        shown = (await (await world.login("newcomer")).get("/v1/prereservations")).json()["items"][0]
        assert shown["window"]["from"] == "2027-02-28"

    async def test_same_doctor_near_the_suggested_date(self, world: World) -> None:
        someone = await world.login("followup_inside")
        kept = (await someone.get("/v1/prereservations")).json()["items"][0]
        hold = (await someone.post(f"/v1/prereservations/{kept['id']}/hold")).json()
        assert hold["slot"]["doctor_id"] == kept["doctor_id"]
        assert hold["prereservation_id"] == kept["id"]
        assert abs(datetime.fromisoformat(hold["slot"]["start"]).date() - date(2027, 1, 2)) < timedelta(
            days=8
        )
        assert (await someone.confirm(hold)).status_code == 201
        assert (await someone.get("/v1/prereservations")).json()["items"] == []

    @pytest.mark.parametrize("service", ["kardiolog-control", "kardiolog-onsite"])
    async def test_basic_account_with_ten_visits(self, make: Make, service: str) -> None:
        """A10; what the follow-up is called in the dictionary does not matter."""
        kept = {"service": service, "suggested": "+40d", "city": "krakow"}
        world = make(patch={"patients": {"basic_10": {"prereservations": [kept]}}})
        basic = await world.login("basic_10")
        shown = (await basic.get("/v1/prereservations")).json()["items"][0]
        hold = await basic.post(f"/v1/prereservations/{shown['id']}/hold")
        assert (await basic.confirm(hold.json())).status_code == 201
        assert (await basic.get("/v1/me")).json()["limits"]["reservations"]["used"] == 10

    async def test_doctor_gone(self, world: World) -> None:
        someone = await world.login("followup_doctor_gone")
        kept = (await someone.get("/v1/prereservations")).json()["items"][0]
        refused = await someone.post(f"/v1/prereservations/{kept['id']}/hold")
        assert code(refused) == "NOT_ELIGIBLE"
        href = next(r["href"] for r in refused.json()["remedies"] if r["rel"] == "slots")
        offered = await someone.get(href)
        assert offered.status_code == 200
        assert all(one["preferential"] for one in offered.json()["items"])
