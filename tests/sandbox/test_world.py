"""What the seeded world must have, and how fast it is made and searched."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import DEFAULT_NOW, Sandbox
from bot.sandbox.catalogue import catalogue
from bot.sandbox.clock import SandboxClock
from bot.sandbox.engine import Engine
from bot.sandbox.files import load_yaml
from bot.sandbox.problems import Problem
from bot.sandbox.store import Store
from tests.sandbox.conftest import World

Json = dict[str, Any]
NAMED = [
    "full", "basic_0", "basic_9", "basic_10", "no_account", "teen_17", "parent", "partner", "vip", "cito",
    "rehab_luxmed", "rehab_external", "followup_inside", "followup_early", "followup_late", "visit_3h",
    "visit_6h", "phone_booked", "files_4", "files_5", "pregnant",
]  # fmt: skip


def test_size() -> None:
    world = catalogue()
    own = [city for city in world.cities.values() if city["own_facilities"]]
    assert len(own) >= 14
    assert sum(1 for city in own if len(city["districts"]) > 1) >= 10
    assert len(world.cities) - len(own) >= 10
    assert len(world.specialties) >= 40
    assert sum(1 for s in world.services.values() if s.kind in ("exam", "rehab")) >= 60
    assert len(world.doctors) >= 150


def test_names_repeat_across_specialties() -> None:
    doctors = [doctor.wire for doctor in catalogue().doctors.values()]
    surnames = Counter(doctor["last_name"] for doctor in doctors)
    assert surnames["Nowak"] >= 4
    assert len({d["specialties"][0] for d in doctors if d["last_name"] == "Nowak"}) >= 4
    full_names = Counter((d["first_name"], d["last_name"]) for d in doctors)
    assert max(full_names.values()) == 1
    assert {d["gender"] for d in doctors} == {"f", "m"}
    assert any(d["last_name"] == "Konieczna" and d["gender"] == "f" for d in doctors)


def test_ids_point_somewhere() -> None:
    world = catalogue()
    for doctor in world.doctors.values():
        assert set(doctor.wire["specialties"]) <= set(world.specialties)
        assert all(world.facilities[f]["type"] == "own" for f in doctor.wire["facility_ids"])
    for service in world.services.values():
        assert service.specialty_id in (None, *world.specialties)
        assert all(other in world.services for other in service.related)
        assert service.wire["bookable"] is (service.kind not in ("online", "home"))
    for package in world.packages.values():
        listed = [*package.get("except", []), *(package["services"] if package["services"] != "all" else [])]
        assert all(name in world.services or name in world.specialties for name in listed)


def test_patients_of_partner_facilities_have_a_phone_to_call() -> None:
    partner = [f for f in catalogue().facilities.values() if f["type"] == "partner"]
    # 000 after the area code: nobody can be called by mistake.
    assert all(" 000 " in facility["phone"] for facility in partner)


@pytest.mark.parametrize("city", [c["id"] for c in catalogue().cities.values() if c["own_facilities"]])
async def test_every_own_town_has_the_usual_doctors(world: World, city: str) -> None:
    vip = await world.login("full")
    for specialty in (
        "internista",
        "ginekolog",
        "dermatolog",
        "ortopeda",
        "kardiolog",
        "okulista",
        "laryngolog",
    ):
        assert await vip.slots(f"{specialty}-onsite", city_id=city), specialty
    assert await vip.slots("morfologia", city_id=city)


async def test_named_patients(world: World) -> None:
    patients = {p["key"]: p for p in await _patients(world)}
    assert set(NAMED) <= set(patients)
    assert all(patient["shows"] for patient in patients.values())
    names = {(p["first_name"], p["last_name"]) for p in patients.values()}
    assert len(names) == len(patients)
    assert ("Anna", "Kowalska") not in names


async def _patients(world: World) -> list[Json]:
    items: list[Json] = (await world.client().get("/sandbox/patients")).json()["items"]
    return items


@pytest.mark.parametrize("key", [key for key in NAMED if key != "no_account"])
async def test_named_patients_can_log_in(world: World, key: str) -> None:
    body = (await (await world.login(key)).get("/v1/me")).json()
    assert body["level"] == {"basic_0": "basic", "basic_9": "basic", "basic_10": "basic", "teen_17": "basic",
                             "phone_booked": "basic"}.get(key, "full")  # fmt: skip
    expected = {"parent": [2, 8]}.get(key, [])
    assert sorted(child["age"] for child in body["dependants"]) == expected


def test_every_problem_has_its_text() -> None:
    entries = load_yaml("problems.yml")
    for code, entry in entries["problems"].items():
        reasons = entry["detail_pl"] if isinstance(entry["detail_pl"], dict) else {"default": ""}
        for reason in reasons:
            body = Problem(code, {"reason": reason}).body()
            assert body["detail_pl"].strip(), code
            for remedy in body["remedies"]:
                assert ("href" in remedy) != ("tel" in remedy)


async def test_made_and_searched_in_milliseconds() -> None:
    """Hundreds of dialogue tests make a world each. The bounds leave room for a busy machine."""
    warm = Sandbox()
    await warm.reset()
    warm.close()
    made: list[float] = []
    for number in range(20):
        began = time.perf_counter()
        sandbox = Sandbox(patch={"patients": {f"someone_{number}": {}}})
        await sandbox.state()
        made.append(time.perf_counter() - began)
        sandbox.close()
    assert sorted(made)[10] < 0.05

    world = World(Sandbox())
    patient = await world.login("full")
    searched: list[float] = []
    for _ in range(20):
        began = time.perf_counter()
        await patient.slots("dermatolog-onsite", city_id="krakow")
        searched.append(time.perf_counter() - began)
    await world.close()
    assert sorted(searched)[10] < 0.05


async def test_world_goes_on_after_a_restart(tmp_path: Path) -> None:
    """The server's file keeps what was booked."""
    path = str(tmp_path / "portal.db")
    first = Engine(Store(path), SandboxClock(lambda: DEFAULT_NOW))
    await first.open()
    await first.apply({"patients": {"full": {"level": "basic"}}})
    before = await first.state()
    first.store.close()
    second = Engine(Store(path), SandboxClock(lambda: DEFAULT_NOW))
    await second.open()
    assert await second.state() == before
    assert second.levels["full"] == "basic"
    await second.reset()
    assert await second.state() != before
    second.store.close()


async def test_changing_an_account_keeps_everything_else(make: Any) -> None:
    visit = {"service": "okulista-onsite", "at": "+5d 11:00"}
    fields = {"level": "basic", "packages": ["premium-vip"], "age": 70, "visits": [visit]}
    world = make(patch={"patients": {"someone": fields}})
    patient = await world.login("someone")
    before = (await patient.get("/v1/me")).json()
    booked = await patient.book("dermatolog-onsite", city_id="krakow")
    await world.sandbox.apply({"patients": {"someone": {"level": "full"}}})
    after = (await patient.get("/v1/me")).json()
    assert after["level"] == "full"
    assert (after["packages"], after["patient"]) == (before["packages"], before["patient"])
    visits = {v["id"] for v in (await patient.get("/v1/reservations")).json()["items"]}
    assert visits == {"res-pat-someone-1", booked["id"]}
    await world.sandbox.apply({"patients": {"someone": {"visits": []}}})
    assert (await patient.get("/v1/reservations")).json()["items"] == []
    assert (await patient.hold(booked["slot"]["id"])).status_code == 201
