"""Clocks: the machine's jumps by an hour in a booking; the nights when the patients' clocks change.

Whatever jumps, a visit is booked once and told once, a hold lives as long as it really does, and six hours are
six hours.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox


def _load(name: str) -> Any:
    """A helper beside this file (pytest imports tests by path)."""
    key = f"faults_{name}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[key] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[key])
    return sys.modules[key]


hospital, checker = _load("hospital"), _load("checker")
STEP = timedelta(hours=1)
TURNS = ("W czwartek albo w piątek po 15, Wrocław, na miejscu w przychodni, do neurologa", "1", "tak")
ANY_DAY = "Chcę się umówić do neurologa we Wrocławiu, na miejscu w przychodni, dzień i godzina obojętne"


class Jump(hospital.Death):  # type: ignore[misc]
    """Nobody dies: at the point the machine's clock jumps."""

    def __init__(self, clinic: Any, name: str, step: timedelta) -> None:
        super().__init__(name)
        self._clinic = clinic
        self._step = step

    async def point(self, name: str) -> None:
        if name == self.name:
            self._clinic.skew = self._step


@pytest.fixture
async def open_clinic(stage: Any, redis_url: str) -> AsyncIterator[Any]:
    kept, opened = stage._agent.tracker_store, []

    def one(**options: Any) -> Any:
        opened.append(hospital.Hospital(stage, redis_url, **options))
        return opened[-1]

    yield one
    for clinic in opened:
        await clinic.close()
    stage._agent.tracker_store = stage._agent.processor.tracker_store = kept


async def made(clinic: Any, before: Any) -> int:
    """How many visits, when nothing is against the rules."""
    ledger = checker.Ledger.of(before, await clinic.sandbox.state())
    assert checker.violations([await clinic.transcript()], ledger) == []
    return len(ledger.made())


async def names(clinic: Any) -> list[str]:
    return [str((entry.body.get("meta") or {}).get("response")) for entry in await clinic.transcript()]


@pytest.mark.parametrize("step", [STEP, -STEP], ids=["forward", "back"])
@pytest.mark.parametrize("turn", [-1, 0, 1, 2])
async def test_the_clock_jumps_between_turns(open_clinic: Any, turn: int, step: timedelta) -> None:
    """-1: the process begins with a wrong clock."""
    clinic = open_clinic()
    before = await clinic.sandbox.state()
    if turn < 0:
        clinic.skew = step
    process = await clinic.open()
    for number, text in enumerate(TURNS):
        if number == turn:
            clinic.skew = step
        assert await clinic.ask(process, text)
    assert await made(clinic, before) == 1, await names(clinic)


@pytest.mark.parametrize("step", [STEP, -STEP], ids=["forward", "back"])
@pytest.mark.parametrize("point", ["after POST /v1/holds", "after POST /v1/reservations", "before save"])
async def test_the_clock_jumps_in_the_middle_of_a_turn(open_clinic: Any, point: str, step: timedelta) -> None:
    """With a hold, a lock and a token in hand."""
    clinic = open_clinic()
    before = await clinic.sandbox.state()
    process = await clinic.open(death=Jump(clinic, point, step))
    for text in TURNS:
        assert await clinic.ask(process, text)
    assert await made(clinic, before) == 1, await names(clinic)


NIGHTS = {
    "clocks back": datetime.fromisoformat("2026-10-25T02:57:00+02:00"),
    "clocks forward": datetime.fromisoformat("2027-03-28T01:57:00+01:00"),
}


@pytest.mark.parametrize("night", sorted(NIGHTS))
@pytest.mark.parametrize(("minutes", "booked"), [(5, 1), (11, 0)])
async def test_a_hold_over_the_hour_that_comes_twice_or_never(
    open_clinic: Any, night: str, minutes: int, booked: int
) -> None:
    """Five minutes later it is alive although the clock on the wall says 2:02 or 3:02; eleven later it is not."""
    clinic = open_clinic(sandbox=Sandbox(now=NIGHTS[night]))
    before = await clinic.sandbox.state()
    process = await clinic.open()
    for text in (ANY_DAY, "1"):
        await clinic.ask(process, text)
    assert (await names(clinic))[-1] == "utter_booking_read_back"
    clinic.sandbox.engine.clock.set(advance=timedelta(minutes=minutes))
    await clinic.ask(process, "tak")
    assert await made(clinic, before) == booked, await names(clinic)
    assert ("utter_booking_hold_expired" in await names(clinic)) == (booked == 0)


@pytest.mark.parametrize(
    ("now", "visit", "cancelled"),
    [
        (
            "2026-10-25T01:30:00+02:00",
            "2026-10-25T07:00:00+01:00",
            1,
        ),  # six and a half; five and a half on the wall
        ("2026-10-25T02:30:00+02:00", "2026-10-25T07:00:00+01:00", 0),
        (
            "2027-03-28T00:30:00+01:00",
            "2027-03-28T07:00:00+02:00",
            0,
        ),  # five and a half; six and a half on the wall
        ("2027-03-27T23:30:00+01:00", "2027-03-28T07:00:00+02:00", 1),
    ],
)
async def test_six_hours_are_six_hours(open_clinic: Any, now: str, visit: str, cancelled: int) -> None:
    """R54, A7: on the nights when the clocks change too."""
    patch = {
        "patients": {"vip": {"visits": [{"service": "neurolog-onsite", "at": visit, "city": "wroclaw"}]}}
    }
    clinic = open_clinic(sandbox=Sandbox(now=datetime.fromisoformat(now), patch=patch))
    before = await clinic.sandbox.state()
    process = await clinic.open()
    for text in ("Proszę odwołać moją wizytę u neurologa", "tak"):
        await clinic.ask(process, text)
    ledger = checker.Ledger.of(before, await clinic.sandbox.state())
    assert checker.violations([await clinic.transcript()], ledger) == []
    assert len(ledger.cancelled()) == cancelled, await names(clinic)
    assert ("utter_change_refused_R54" in await names(clinic)) == (cancelled == 0)
