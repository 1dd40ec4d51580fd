"""Who may book: limit, level, referral, partner facilities, age, proxy; allowed, refused and the boundary."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.conftest import World, code, patient, slot

Make = Callable[..., "World"]
Json = dict[str, Any]


class TestLimit:
    """R42-R44, A6."""

    async def test_ninth_reservation_leaves_one(self, world: World) -> None:
        basic = await world.login("basic_9")
        limits = (await basic.get("/v1/me")).json()["limits"]["reservations"]
        assert limits == {"max": 10, "used": 9, "can_reserve": True}
        await basic.book("dermatolog-onsite", city_id="poznan")
        limits = (await basic.get("/v1/me")).json()["limits"]["reservations"]
        assert limits == {"max": 10, "used": 10, "can_reserve": False}

    async def test_eleventh_is_refused_at_hold(self, world: World) -> None:
        basic = await world.login("basic_10")
        refused = await basic.hold_first("dermatolog-onsite", city_id="wroclaw")
        assert (refused.status_code, code(refused)) == (422, "RESERVATION_LIMIT_REACHED")
        assert refused.json()["params"] == {"used": 10, "max": 10}
        assert "10" in refused.json()["detail_pl"]

    async def test_limit_is_checked_again_at_confirm(self, world: World) -> None:
        full = await world.login("full_25")
        held = (await full.hold_first("dermatolog-onsite", city_id="krakow")).json()
        await world.sandbox.apply({"patients": {"full_25": {"level": "basic"}}})
        refused = await full.confirm(held)
        assert (refused.status_code, code(refused)) == (422, "RESERVATION_LIMIT_REACHED")

    async def test_occupational_medicine_is_not_counted(self, world: World) -> None:
        basic = await world.login("basic_10")
        await basic.book("medycyna-pracy-okresowe", city_id="wroclaw")
        assert (await basic.get("/v1/me")).json()["limits"]["reservations"]["used"] == 10

    async def test_visits_in_partner_facilities_are_not_counted(self, make: Make) -> None:
        visits = [{"service": "okulista-onsite", "at": "+5d 11:00", "facility": "zamosc-p1"}]
        world = make(patch=patient(level="basic", visits=visits))
        limits = (await (await world.login("newcomer")).get("/v1/me")).json()["limits"]["reservations"]
        assert limits["used"] == 0

    async def test_past_and_cancelled_visits_are_not_counted(self, make: Make) -> None:
        visits = [
            {"service": "okulista-onsite", "at": "-1min"},
            {"service": "okulista-onsite", "at": "+5d 11:00", "status": "cancelled"},
            {"service": "dermatolog-onsite", "at": "+1min"},
            {"service": "internista-phone", "at": "+1d 11:00", "booked_by": "phone"},
        ]
        world = make(patch=patient(level="basic", visits=visits))
        limits = (await (await world.login("newcomer")).get("/v1/me")).json()["limits"]["reservations"]
        assert limits["used"] == 2

    async def test_cancelling_makes_room(self, world: World) -> None:
        basic = await world.login("basic_10")
        visit = (await basic.get("/v1/reservations", status="booked")).json()["items"][0]
        assert (await basic.cancel(visit["id"])).status_code == 200
        await basic.book("dermatolog-onsite", city_id="wroclaw")

    async def test_moving_a_visit_needs_no_room(self, world: World) -> None:
        basic = await world.login("basic_10")
        visit = (await basic.get("/v1/reservations", status="booked")).json()["items"][0]
        other = (await basic.slots(visit["service_id"], city_id="wroclaw"))[-1]
        held = await basic.hold(other["id"], replaces=visit["id"])
        assert held.status_code == 201
        assert (await basic.confirm(held.json(), replaces=visit["id"])).status_code == 201
        assert (await basic.get("/v1/me")).json()["limits"]["reservations"]["used"] == 10

    async def test_full_account_has_no_limit(self, world: World) -> None:
        full = await world.login("full_25")
        limits = (await full.get("/v1/me")).json()["limits"]["reservations"]
        assert limits == {"max": None, "used": 25, "can_reserve": True}
        await full.book("dermatolog-onsite", city_id="krakow")


class TestLevel:
    """R1-R3, R77, R96, R101-R104."""

    @pytest.mark.parametrize(
        "path",
        [
            "/v1/referrals",
            "/v1/results",
            "/v1/prescriptions",
            "/v1/recommendations",
            "/v1/questions",
            "/v1/attachments",
            "/v1/online-queue?specialty=internista",
            "/v1/reservations?status=completed",
            "/v1/slots?service_id=masaz-leczniczy",
        ],
    )
    async def test_full_account_only(self, world: World, path: str) -> None:
        basic = await world.login("basic_0", step_up=True)
        refused = await basic.get(path)
        assert (refused.status_code, code(refused)) == (403, "ACCOUNT_LEVEL_REQUIRED")
        assert {"verify-identity", "infolinia"} <= {remedy["rel"] for remedy in refused.json()["remedies"]}
        full = await world.login("rehab_luxmed", step_up=True)
        assert (await full.get(path)).status_code == 200

    @pytest.mark.parametrize(
        "path", ["/v1/coverage?service_id=tsh", "/v1/prereservations", "/v1/reservations"]
    )
    async def test_both_levels(self, world: World, path: str) -> None:
        assert (await (await world.login("basic_0")).get(path)).status_code == 200

    async def test_basic_account_does_not_see_history(self, make: Make) -> None:
        world = make(patch=patient(level="basic", visits=[{"service": "tsh", "at": "-5d 08:00"}]))
        basic = await world.login("newcomer")
        assert (await basic.get("/v1/reservations")).json()["items"] == []
        refused = await basic.get("/v1/reservations/res-pat-newcomer-1")
        assert code(refused) == "ACCOUNT_LEVEL_REQUIRED"

    async def test_raised_level_counts_at_once(self, world: World) -> None:
        basic = await world.login("basic_10")
        await world.sandbox.apply({"patients": {"basic_10": {"level": "full"}}})
        await basic.book("dermatolog-onsite", city_id="wroclaw")
        assert (await basic.get("/v1/me")).json()["limits"]["reservations"]["used"] == 11


class TestStepUp:
    @pytest.mark.parametrize("path", ["/v1/results", "/v1/prescriptions"])
    async def test_results_and_prescriptions(self, world: World, path: str) -> None:
        plain = await (await world.login("full")).get(path)
        assert (plain.status_code, code(plain)) == (401, "STEP_UP_REQUIRED")
        confirmed = await (await world.login("full", step_up=True)).get(path)
        assert confirmed.status_code == 200
        assert confirmed.json()["items"]

    async def test_never_values_or_medicines(self, world: World) -> None:
        full = await world.login("full", step_up=True)
        result = (await full.get("/v1/results")).json()["items"][0]
        assert set(result) == {
            "id", "name", "status", "ordered_on", "ready_at", "portal_url", "patient_id", "facility_type",
        }  # fmt: skip
        prescription = (await full.get("/v1/prescriptions")).json()["items"][0]
        assert set(prescription) == {
            "id", "status", "issued_on", "expires_on", "doctor_id", "renewable", "portal_url", "patient_id",
        }  # fmt: skip

    async def test_renewal_once(self, world: World) -> None:
        full = await world.login("full", step_up=True)
        prescription = (await full.get("/v1/prescriptions")).json()["items"][0]
        body = {"prescription_id": prescription["id"]}
        assert (await full.post("/v1/prescriptions/renewals", body)).status_code == 201
        assert code(await full.post("/v1/prescriptions/renewals", body)) == "NOT_ELIGIBLE"
        assert (await full.get("/v1/prescriptions")).json()["items"][0]["status"] == "renewal_requested"


class TestReferral:
    """R30, R31."""

    async def test_required_and_there(self, world: World) -> None:
        full = await world.login("full")
        visit = await full.book("echo-serca", city_id="warszawa")
        assert visit["referral_id"] == "referral-pat-full-1"
        assert visit["valuation"]["kind"] == "referral"

    async def test_required_and_missing(self, world: World) -> None:
        refused = await (await world.login("basic_0")).get("/v1/slots", service_id="echo-serca")
        assert (refused.status_code, code(refused)) == (422, "REFERRAL_REQUIRED")

    async def test_used_up(self, world: World) -> None:
        full = await world.login("full")
        await full.book("echo-serca", city_id="warszawa")
        refused = await full.get("/v1/slots", service_id="holter-ekg")
        assert code(refused) == "REFERRAL_REQUIRED"
        assert refused.json()["params"]["reason"] == "used"

    @pytest.mark.parametrize(("expires", "status"), [("+0d", 200), ("-1d", 422)])
    async def test_expires_after_its_last_day(self, make: Make, expires: str, status: int) -> None:
        referral = {"kind": "exam", "services": ["spirometria"], "expires": expires}
        world = make(patch=patient(referrals=[referral]))
        answer = await (await world.login("newcomer")).get("/v1/slots", service_id="spirometria")
        assert answer.status_code == status

    async def test_rehabilitation_from_outside_is_not_enough(self, world: World) -> None:
        outside = await world.login("rehab_external")
        refused = await outside.get("/v1/slots", service_id="masaz-leczniczy")
        assert refused.json()["params"]["reason"] == "external"
        none = await (await world.login("full")).get("/v1/slots", service_id="masaz-leczniczy")
        assert none.json()["params"]["reason"] == "luxmed"

    async def test_procedures_are_counted_down_and_given_back(self, make: Make) -> None:
        referral = {"kind": "rehab", "services": ["masaz-leczniczy"], "total": 2}
        world = make(patch={"patients": {"vip_rehab": {"referrals": [referral]}}})
        rehab = await world.login("rehab_luxmed")

        async def remaining() -> int:
            referral = (await rehab.get("/v1/referrals")).json()["items"][0]
            return int(referral["remaining"])

        visits = []
        for day in (
            "2026-11-24",
            "2026-11-25",
            "2026-11-26",
            "2026-11-27",
            "2026-11-30",
            "2026-12-01",
            "2026-12-02",
        ):
            assert await remaining() == 7 - len(visits)
            visits.append(await rehab.book("masaz-leczniczy", city_id="warszawa", **{"from": day, "to": day}))
        spare = (await (await world.login("vip_rehab")).slots("masaz-leczniczy", city_id="krakow"))[0]
        assert await remaining() == 0
        assert code(await rehab.hold(spare["id"])) == "REFERRAL_REQUIRED"
        assert (await rehab.cancel(visits[-1]["id"])).status_code == 200
        assert await remaining() == 1

    async def test_somebody_elses_referral_does_not_exist(self, world: World) -> None:
        full = await world.login("full")
        answer = await full.get(
            "/v1/slots", service_id="masaz-leczniczy", referral_id="referral-pat-rehab-luxmed-1"
        )
        assert answer.status_code == 404


class TestPartner:
    """R57, R67."""

    async def test_town_without_own_facilities(self, world: World) -> None:
        partner = await world.login("partner")
        refused = await partner.get("/v1/slots", service_id="okulista-onsite", city_id="zamosc")
        assert (refused.status_code, code(refused)) == (422, "PARTNER_NOT_BOOKABLE")
        phones = {remedy.get("tel") for remedy in refused.json()["remedies"]}
        assert {"84 000 12 01", "84 000 12 02"} <= phones

    async def test_partner_facility(self, world: World) -> None:
        partner = await world.login("partner")
        refused = await partner.get("/v1/slots", service_id="okulista-onsite", facility_id="elk-p1")
        assert code(refused) == "PARTNER_NOT_BOOKABLE"

    async def test_partner_slot_cannot_be_held(self, make: Make) -> None:
        world = make(patch=slot("okulista-onsite", "+3d 10:00", facility="zamosc-p1"))
        partner = await world.login("partner")
        listed = await partner.slots(
            "okulista-onsite", **{"from": "2026-11-26", "to": "2026-11-26"}, limit=50
        )
        there = next(one for one in listed if one["facility_id"] == "zamosc-p1")
        assert code(await partner.hold(there["id"])) == "PARTNER_NOT_BOOKABLE"

    async def test_partner_visit_is_cancelled_there(self, world: World) -> None:
        partner = await world.login("partner")
        refused = await partner.cancel("res-pat-partner-1")
        assert code(refused) == "PARTNER_NOT_BOOKABLE"
        assert refused.json()["remedies"][0]["tel"] == "84 000 12 01"

    async def test_phone_consultation_is_the_way(self, world: World) -> None:
        visit = await (await world.login("partner")).book("dermatolog-phone", city_id="zamosc")
        assert visit["slot"]["city_id"] is None


class TestAge:
    async def test_paediatrician_until_the_day_before_18(self, make: Make) -> None:
        world = make(patch=patient(born="2008-12-01"))
        teen = await world.login("newcomer")
        days = {
            one["start"][:10]
            for one in await teen.slots("pediatra-phone", limit=50, **{"from": "2026-11-29"})
        }
        assert days
        assert max(days) == "2026-11-30"
        refused = await teen.get("/v1/slots", service_id="pediatra-phone", **{"from": "2026-12-01"})
        assert (refused.status_code, code(refused)) == (403, "AGE_RESTRICTED")
        internist = await teen.slots("internista-phone", **{"from": "2026-11-29"})
        assert min(one["start"][:10] for one in internist) == "2026-12-01"

    async def test_slot_before_the_birthday_cannot_be_held(self, make: Make) -> None:
        world = make(patch=patient(born="2008-12-01"))
        teen = await world.login("newcomer")
        adult = await world.login("full")
        early = (await adult.slots("internista-phone", **{"from": "2026-11-30", "to": "2026-11-30"}))[0]
        assert code(await teen.hold(early["id"])) == "AGE_RESTRICTED"

    async def test_seventeen(self, world: World) -> None:
        teen = await world.login("teen_17")
        bank = (await teen.get("/v1/me")).json()["permissions"]["bank_identity"]
        assert (bank["allowed"], bank["code"]) == (False, "AGE_RESTRICTED")
        assert (await (await world.login("full")).get("/v1/me")).json()["permissions"]["bank_identity"][
            "allowed"
        ]


class TestProxy:
    async def test_for_a_child(self, world: World) -> None:
        parent = await world.login("parent")
        first = (await parent.slots("pediatra-onsite", city_id="gdynia", patient_id="pat-parent-leon"))[0]
        held = await parent.hold(first["id"], patient_id="pat-parent-leon")
        assert held.status_code == 201
        visit = (await parent.confirm(held.json())).json()
        assert visit["patient_id"] == "pat-parent-leon"

    async def test_not_for_a_teenager_who_decides_alone(self, world: World) -> None:
        parent = await world.login("parent_teen")
        first = (await parent.slots("pediatra-phone", patient_id="pat-parent-teen-lena"))[0]
        refused = await parent.hold(first["id"], patient_id="pat-parent-teen-lena")
        assert (refused.status_code, code(refused)) == (403, "PROXY_NOT_ALLOWED")
