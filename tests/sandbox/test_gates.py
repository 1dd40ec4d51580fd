"""Every hard check: allowed, refused, and the exact boundary."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import World

Make = Callable[..., "World"]
Json = dict[str, Any]


def code(answer: Any) -> str:
    body = answer.json()
    assert body["detail_pl"]
    assert body["status"] == answer.status_code
    assert answer.headers["content-type"] == "application/problem+json"
    return str(body["code"])


def patient(**fields: Any) -> Json:
    return {"patients": {"newcomer": fields}}


def slot(service: str, at: str, **more: Any) -> Json:
    return {"slots": {"add": [{"service": service, "at": at, **more}]}}


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
        assert abs(
            datetime.fromisoformat(hold["slot"]["start"]).date() - datetime(2027, 1, 2).date()
        ) < timedelta(days=8)
        assert (await someone.confirm(hold)).status_code == 201
        assert (await someone.get("/v1/prereservations")).json()["items"] == []

    async def test_basic_account_with_ten_visits(self, make: Make) -> None:
        kept = {"service": "kardiolog-control", "suggested": "+40d", "city": "krakow"}
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
