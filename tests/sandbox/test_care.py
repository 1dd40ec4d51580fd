"""Watches, complaints, opinions, questions, reimbursement, facilities, dictionaries."""

from datetime import date, datetime
from typing import Any

import pytest

from bot.sandbox.operations.care import quarter
from tests.sandbox.conftest import World

Json = dict[str, Any]


class TestWatches:
    async def test_made_listed_deleted(self, world: World) -> None:
        full = await world.login("full")
        body = {"service_id": "dermatolog-onsite", "city_ids": ["krakow"], "expires_on": "2026-12-31"}
        made = (await full.post("/v1/watches", body)).json()
        assert made["min_notice_hours"] == 24
        assert [w["id"] for w in (await full.get("/v1/watches")).json()["items"]] == [made["id"]]
        assert (await full.http.delete(f"/v1/watches/{made['id']}")).status_code == 204
        assert (await full.http.delete(f"/v1/watches/{made['id']}")).status_code == 404

    async def test_at_most_ten_live_ones(self, world: World) -> None:
        full = await world.login("full")
        body = {"service_id": "tsh", "expires_on": "2026-11-23"}
        for _ in range(10):
            assert (await full.post("/v1/watches", body)).status_code == 201
        refused = await full.post("/v1/watches", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "WATCH_LIMIT_REACHED")
        world.sandbox.set_clock(now=datetime.fromisoformat("2026-11-24T00:00:00+01:00"))
        full = await world.login("full")
        assert (await full.get("/v1/watches")).json()["items"] == []
        assert (await full.post("/v1/watches", body | {"expires_on": "2026-11-24"})).status_code == 201

    async def test_already_over(self, world: World) -> None:
        full = await world.login("full")
        answer = await full.post("/v1/watches", {"service_id": "tsh", "expires_on": "2026-11-22"})
        assert answer.status_code == 400

    async def test_not_for_what_the_patient_may_not_have(self, world: World) -> None:
        basic = await world.login("basic_0")
        answer = await basic.post(
            "/v1/watches", {"service_id": "masaz-leczniczy", "expires_on": "2026-12-31"}
        )
        assert answer.json()["code"] == "ACCOUNT_LEVEL_REQUIRED"


class TestFeedback:
    @pytest.mark.parametrize(
        ("channel", "contact", "status"),
        [
            ("email", "pacjentka@example.org", 201),
            ("email", "pacjentka", 400),
            ("phone", "600 000 000", 201),
            ("phone", "12345", 400),
            ("letter", "ul. Długa 5, 00-001 Warszawa", 201),
            ("letter", "do domu", 400),
            ("fax", "600 000 000", 400),
        ],
    )
    async def test_complaint_and_its_one_datum(
        self, world: World, channel: str, contact: str, status: int
    ) -> None:
        full = await world.login("full")
        body = {
            "description": "Wizyta opóźniona o godzinę.",
            "reply": {"channel": channel, "contact": contact},
        }
        answer = await full.post("/v1/complaints", body)
        assert answer.status_code == status
        if status == 201:
            assert answer.json()["case_number"] == "R/2026/00001"
            listed = (await full.get("/v1/complaints")).json()["items"]
            assert [c["case_number"] for c in listed] == ["R/2026/00001"]

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"subject": "service", "rating": 5}, 201),
            ({"subject": "general", "text": "Bardzo sprawnie."}, 201),
            ({"subject": "booking"}, 400),
            ({"subject": "service", "rating": 6}, 400),
            ({"subject": "general", "text": "  "}, 400),
        ],
    )
    async def test_opinion(self, world: World, body: Json, status: int) -> None:
        assert (await (await world.login("basic_0")).post("/v1/opinions", body)).status_code == status

    @pytest.mark.parametrize(
        ("key", "number", "status"),
        [("full", 4, 201), ("full", 5, 201), ("full", 1, 422), ("partner", 2, 201), ("partner", 1, 422)],
    )
    async def test_question_after_a_completed_own_visit(
        self, world: World, key: str, number: int, status: int
    ) -> None:
        patient = await world.login(key)
        body = {"reservation_id": f"res-{patient.id}-{number}", "text": "Czy mogę biegać?"}
        answer = await patient.post("/v1/questions", body)
        assert answer.status_code == status
        if status == 422:
            assert answer.json()["code"] == "NOT_ELIGIBLE"
        else:
            assert len((await patient.get("/v1/questions")).json()["items"]) == 1


class TestReimbursement:
    """R136-R139: 90 %, 650 zł a quarter; example of the rules catalogue 1000 zł -> 650 zł."""

    @pytest.mark.parametrize(
        ("key", "amount", "refund"),
        [
            ("group", "100.00", "90.00"),
            ("group", "1000.00", "350.00"),
            ("group", "388.88", "349.99"),
            ("vip", "1000.00", "1000.00"),
        ],
    )
    async def test_estimate(self, world: World, key: str, amount: str, refund: str) -> None:
        patient = await world.login(key)
        body = (await patient.get("/v1/reimbursements/estimate", amount=amount)).json()
        assert body["refund"] == {"amount": refund, "currency": "PLN"}
        assert body["entitled"] is True

    async def test_full_quarter(self, make: Any) -> None:
        world = make(patch={"patients": {"group": {"refunds": []}}})
        patient = await world.login("group")
        body = (await patient.get("/v1/reimbursements/estimate", amount="1000.00")).json()
        assert body["refund"]["amount"] == "650.00"
        assert body["quarter"] == {"from": "2026-10-01", "to": "2026-12-31"}

    async def test_next_quarter_is_untouched(self, world: World) -> None:
        patient = await world.login("group")
        body = (await patient.get("/v1/reimbursements/estimate", amount="1000.00", date="2027-01-01")).json()
        assert (body["refund"]["amount"], body["quarter_used"]["amount"]) == ("650.00", "0.00")

    async def test_not_in_the_contract(self, world: World) -> None:
        body = (await (await world.login("full")).get("/v1/reimbursements/estimate", amount="10.00")).json()
        assert (body["entitled"], body["refund"]) == (False, None)

    @pytest.mark.parametrize("amount", ["10", "10,00", "-1.00", "1e3", ""])
    async def test_amount_is_a_decimal(self, world: World, amount: str) -> None:
        answer = await (await world.login("group")).get("/v1/reimbursements/estimate", amount=amount)
        assert answer.status_code == 400

    @pytest.mark.parametrize(
        ("day", "first", "last"),
        [
            ("2026-01-01", "2026-01-01", "2026-03-31"),
            ("2026-06-30", "2026-04-01", "2026-06-30"),
            ("2026-12-31", "2026-10-01", "2026-12-31"),
            ("9999-12-31", "9999-10-01", "9999-12-31"),
        ],
    )
    def test_quarters(self, day: str, first: str, last: str) -> None:
        assert quarter(date.fromisoformat(day)) == (date.fromisoformat(first), date.fromisoformat(last))


class TestNetwork:
    async def test_nearest_partner_facility(self, world: World) -> None:
        full = await world.login("full")
        near = (await full.get("/v1/facilities", type="partner", near="zakopane", limit=3)).json()["items"]
        assert [facility["city_id"] for facility in near] == ["zakopane", "nowy-sacz", "nowy-sacz"]
        assert all(facility["phone"] for facility in near)
        own = (await full.get("/v1/facilities", type="own", near="zamosc", limit=3)).json()["items"]
        assert {facility["city_id"] for facility in own} == {"lublin"}

    @pytest.mark.parametrize("name", ["cities", "services", "facilities", "doctors", "languages"])
    async def test_dictionaries_answer_304(self, world: World, name: str) -> None:
        full = await world.login("full")
        first = await full.get(f"/v1/dictionaries/{name}")
        assert first.json()["items"]
        tag = first.headers["ETag"]
        again = await full.http.get(f"/v1/dictionaries/{name}", headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        other = await full.http.get(f"/v1/dictionaries/{name}", headers={"If-None-Match": '"old"'})
        assert other.status_code == 200

    async def test_list_of_visits_pages(self, world: World) -> None:
        patient = await world.login("full_25")
        first = (await patient.get("/v1/reservations", limit=20)).json()
        rest = (await patient.get("/v1/reservations", limit=20, cursor=first["next_cursor"])).json()
        assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (20, 5, None)
        both = [visit["slot"]["start"] for visit in first["items"] + rest["items"]]
        assert both == sorted(both)

    async def test_visits_by_status_and_date(self, world: World) -> None:
        full = await world.login("full")
        completed = (await full.get("/v1/reservations", status="completed")).json()["items"]
        assert {visit["id"] for visit in completed} == {"res-pat-full-4", "res-pat-full-5"}
        day = {"from": "2026-12-02", "to": "2026-12-02"}
        assert [v["id"] for v in (await full.get("/v1/reservations", **day)).json()["items"]] == [
            "res-pat-full-1"
        ]
