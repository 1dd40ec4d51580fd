"""Searching: filters, days, pages, holidays, nights when clocks change."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.schedule import day_off
from tests.sandbox.conftest import World

Json = dict[str, Any]


def starts(items: list[Json]) -> list[datetime]:
    return [datetime.fromisoformat(item["start"]) for item in items]


async def page(world: World, service: str, key: str = "vip", **params: Any) -> Json:
    answer = await (await world.login(key)).get("/v1/slots", service_id=service, **params)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


class TestFilters:
    async def test_town_and_facility(self, world: World) -> None:
        items = (await page(world, "internista-onsite", city_id=["krakow", "poznan"], limit=50))["items"]
        assert {item["city_id"] for item in items} == {"krakow", "poznan"}
        facility = items[0]["facility_id"]
        items = (await page(world, "internista-onsite", facility_id=facility, limit=50))["items"]
        assert {item["facility_id"] for item in items} == {facility}

    async def test_phone_needs_no_town(self, world: World) -> None:
        anywhere = (await page(world, "kardiolog-phone"))["items"]
        assert anywhere == (await page(world, "kardiolog-phone", city_id="krakow"))["items"]
        assert all(item["facility_id"] is None and item["city_id"] is None for item in anywhere)

    async def test_doctor_and_not_doctor(self, world: World) -> None:
        doctor = (await page(world, "internista-phone"))["items"][0]["doctor_id"]
        only = (await page(world, "internista-phone", doctor_id=doctor, limit=50))["items"]
        assert {item["doctor_id"] for item in only} == {doctor}
        others = (await page(world, "internista-phone", exclude_doctor_id=doctor, limit=50))["items"]
        assert others
        assert doctor not in {item["doctor_id"] for item in others}

    async def test_language(self, world: World) -> None:
        full = await world.login("vip")
        doctors = {d["id"]: d for d in (await full.get("/v1/dictionaries/doctors")).json()["items"]}
        items = (await page(world, "internista-phone", language="uk", limit=50))["items"]
        assert items
        assert all("uk" in doctors[item["doctor_id"]]["languages"] for item in items)

    @pytest.mark.parametrize(
        ("part", "hours"), [("morning", (0, 12)), ("afternoon", (12, 17)), ("evening", (17, 24))]
    )
    async def test_part_of_day(self, world: World, part: str, hours: tuple[int, int]) -> None:
        items = (await page(world, "internista-onsite", part_of_day=part, limit=50))["items"]
        assert items
        assert all(hours[0] <= start.hour < hours[1] for start in starts(items))

    async def test_weekday(self, world: World) -> None:
        items = (await page(world, "internista-onsite", weekday=[2, 4], limit=50))["items"]
        assert {start.isoweekday() for start in starts(items)} <= {2, 4}

    async def test_dates(self, world: World) -> None:
        body = await page(world, "kardiolog-onsite", **{"from": "2026-12-01", "to": "2026-12-02"}, limit=50)
        assert body["searched"] == {"from": "2026-12-01", "to": "2026-12-02"}
        assert body["items"]
        assert {start.date().isoformat() for start in starts(body["items"])} <= {"2026-12-01", "2026-12-02"}
        assert [day["date"] for day in body["days"]] == ["2026-12-01", "2026-12-02"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"doctor_id": "doc-999"},
            {"city_id": "atlantyda"},
            {"facility_id": "nigdzie-1"},
            {"service_id": "wrozka"},
        ],
    )
    async def test_unknown_ids(self, world: World, wrong: Json) -> None:
        full = await world.login("full")
        assert (
            await full.get("/v1/slots", **{"service_id": "internista-onsite", **wrong})
        ).status_code == 404

    @pytest.mark.parametrize(
        "wrong",
        [
            {"from": "2026-02-30"},
            {"from": "jutro"},
            {"from": "2026-12-02", "to": "2026-12-01"},
            {"limit": 51},
            {"limit": 0},
            {"weekday": 8},
            {"part_of_day": "noc"},
            {"pool": "secret"},
            {"cursor": "bm90LW1pbmU="},
            {"unknown": "1"},
        ],
    )
    async def test_wrong_values(self, world: World, wrong: Json) -> None:
        answer = await (await world.login("full")).get("/v1/slots", service_id="internista-onsite", **wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


class TestDays:
    async def test_whole_schedule_is_searched(self, world: World) -> None:
        """A horizon cut silently at 14 days is a known fault of such clients."""
        body = await page(world, "internista-onsite", city_id="krakow")
        assert body["searched"] == {"from": "2026-11-23", "to": "2027-01-22"}
        assert max(day["date"] for day in body["days"]) > "2027-01-15"

    async def test_beyond_the_schedule(self, world: World) -> None:
        body = await page(world, "internista-onsite", **{"from": "2027-01-22", "to": "2027-01-25"})
        beyond = {day["date"]: day["status"] for day in body["days"]}
        assert beyond["2027-01-23"] == beyond["2027-01-25"] == "not_published"
        body = await page(world, "internista-onsite", **{"from": "2027-06-01"})
        assert body["items"] == []
        assert body["days"] == [{"date": "2027-06-01", "status": "not_published"}]

    @pytest.mark.parametrize("when", [{"from": "9999-12-31"}, {"to": "9999-12-31"}, {"from": "0001-01-01"}])
    async def test_ends_of_the_calendar(self, world: World, when: Json) -> None:
        body = await page(world, "internista-onsite", **when)
        assert body["searched"]["from"] >= "2026-11-23"
        assert len(body["days"]) < 370

    async def test_taken_and_elsewhere(self, world: World) -> None:
        await world.sandbox.apply(
            {"slots": {"remove": [{"service_id": "dermatolog-onsite", "city_id": "krakow", "to": "+10d"}]}}
        )
        body = await page(world, "dermatolog-onsite", city_id="krakow", to="2026-12-20")
        statuses = {day["date"]: day["status"] for day in body["days"]}
        assert starts(body["items"])[0].date() > date(2026, 12, 3)
        near = {status for day, status in statuses.items() if day <= "2026-12-03"}
        assert near == {"taken", "elsewhere"}
        assert "free" in statuses.values()

    async def test_no_free_slots_for_a_service_in_a_town(self, make: Any) -> None:
        rule = {"service_id": "dermatolog-onsite", "city_id": "krakow"}
        world = make(patch={"slots": {"remove": [rule]}})
        assert (await page(world, "dermatolog-onsite", city_id="krakow"))["items"] == []
        assert (await page(world, "dermatolog-onsite", city_id="poznan"))["items"]
        assert (await page(world, "internista-onsite", city_id="krakow"))["items"]

    async def test_only_these_slots_exist(self, make: Any) -> None:
        only = [{"service": "dermatolog-onsite", "at": "+2d 12:00", "city": "krakow"}]
        world = make(patch={"slots": {"replace": only}})
        body = await page(world, "dermatolog-onsite")
        assert [item["start"] for item in body["items"]] == ["2026-11-25T12:00:00+01:00"]
        assert (await page(world, "internista-phone"))["items"] == []
        held = await (await world.login("vip")).hold(body["items"][0]["id"])
        assert held.status_code == 201
        assert (await page(world, "dermatolog-onsite", key="full"))["items"] == []

    async def test_wrong_patch_is_refused(self, world: World) -> None:
        for patch in (
            {"slot": {}},
            {"slots": {"delete": []}},
            {"slots": {"remove": [{"town": "krakow"}]}},
            {"patients": {"full": {"lvl": "basic"}}},
            {"settings": {"late_cancel_policy": "maybe"}},
        ):
            with pytest.raises(ValueError):
                await world.sandbox.reset(patch=patch)


class TestPages:
    @pytest.mark.parametrize("limit", [1, 7, 50])
    async def test_pages_make_one_list(self, world: World, limit: int) -> None:
        params: Json = {"city_id": "krakow", "to": "2026-11-23"}
        whole = (await page(world, "internista-onsite", **params, limit=50))["items"]
        assert 7 < len(whole) < 50
        seen: list[Json] = []
        cursor: Json = {}
        while True:
            body = await page(world, "internista-onsite", **params, **cursor, limit=limit)
            seen += body["items"]
            if body["next_cursor"] is None:
                break
            cursor = {"cursor": body["next_cursor"]}
        assert seen == whole
        assert starts(seen) == sorted(starts(seen))
        assert len({item["id"] for item in seen}) == len(seen)

    async def test_cursor_belongs_to_its_query(self, world: World) -> None:
        cursor = (await page(world, "internista-onsite", limit=1))["next_cursor"]
        other = await (await world.login("vip")).get(
            "/v1/slots", service_id="dermatolog-onsite", cursor=cursor
        )
        assert (other.status_code, other.json()["params"]) == (400, {"field": "cursor"})

    async def test_every_listed_slot_can_be_held(self, world: World) -> None:
        vip = await world.login("vip")
        for item in (await page(world, "dermatolog-onsite", limit=30))["items"]:
            held = await vip.hold(item["id"])
            assert held.status_code == 201, item
            assert held.json()["slot"] == item


class TestCalendar:
    @pytest.mark.parametrize(
        ("day", "off"),
        [
            ("2026-11-11", True), ("2026-12-24", True), ("2026-12-25", True), ("2026-12-26", True),
            ("2027-01-01", True), ("2027-01-06", True), ("2027-03-29", True), ("2027-05-03", True),
            ("2027-05-27", True), ("2026-11-29", True), ("2026-11-28", False), ("2026-12-31", False),
        ],
    )  # fmt: skip
    def test_sundays_and_polish_holidays(self, day: str, off: bool) -> None:
        assert day_off(date.fromisoformat(day)) is off

    async def test_nobody_works_at_christmas(self, world: World) -> None:
        body = await page(world, "internista-phone", **{"from": "2026-12-24", "to": "2026-12-27"}, limit=50)
        assert (body["items"], body["days"]) == ([], [])

    @pytest.mark.parametrize(
        ("now", "day", "offset"),
        [
            ("2026-10-20T09:00:00+02:00", "2026-10-23", "+02:00"),
            ("2026-10-20T09:00:00+02:00", "2026-10-26", "+01:00"),
            ("2027-03-20T09:00:00+01:00", "2027-03-25", "+01:00"),
            ("2027-03-20T09:00:00+01:00", "2027-03-30", "+02:00"),
        ],
    )
    async def test_offset_follows_the_season(self, make: Any, now: str, day: str, offset: str) -> None:
        world = make(now=datetime.fromisoformat(now))
        items = (await page(world, "internista-onsite", **{"from": day, "to": day}))["items"]
        assert items
        assert all(item["start"].endswith(offset) and item["end"].endswith(offset) for item in items)

    async def test_slots_before_now_are_gone(self, world: World) -> None:
        world.sandbox.set_clock(advance=timedelta(hours=5))
        first = starts((await page(world, "internista-phone"))["items"])[0]
        assert first > datetime.fromisoformat("2026-11-23T14:00:00+01:00")
