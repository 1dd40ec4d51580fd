"""`kill -9` in the middle of a booking (K1-K4): after the next start nothing is lost, doubled or untold."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest


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

WISH = "W czwartek albo w piątek po 15, Wrocław, na miejscu w przychodni, do neurologa"
HOLD = "after POST /v1/holds"
RESERVATION = "after POST /v1/reservations"
TURNS = (WISH, "1", "tak")
DEATHS = [
    (HOLD, 1),
    (RESERVATION, 2),
    ("before save", 0),
    ("before save", 1),
    ("before save", 2),
    ("after save", 0),
    ("after save", 1),
    ("after save", 2),
]
"""Where, and in which turn."""


@pytest.fixture
async def clinic(stage: Any, redis_url: str) -> AsyncIterator[Any]:
    opened = hospital.Hospital(stage, redis_url)
    kept = stage._agent.tracker_store
    yield opened
    await opened.close()
    stage._agent.tracker_store = stage._agent.processor.tracker_store = kept


async def booked(clinic: Any, before: Any) -> None:
    """One visit, told once, and nothing against the rules."""
    ledger = checker.Ledger.of(before, await clinic.sandbox.state())
    transcript = await clinic.transcript()
    assert checker.violations([transcript], ledger) == []
    assert len(ledger.made()) == 1
    assert len(checker._told_booked(transcript)) == 1


@pytest.mark.parametrize(("point", "turn"), DEATHS)
async def test_a_death_in_a_booking(clinic: Any, point: str, turn: int) -> None:
    before = await clinic.sandbox.state()
    process = await clinic.open()
    for text in TURNS[:turn]:
        await clinic.ask(process, text)
    dying = await clinic.open(dies=point)
    seq = await clinic.send(dying, TURNS[turn])
    async with asyncio.timeout(hospital.PATIENCE):
        await dying.death.died.wait()

    after = await clinic.open()
    replies = await clinic.answered(after, seq)
    assert replies
    assert all("przerwało" not in str(reply.body.get("text")) for reply in replies)
    for text in TURNS[turn + 1 :]:
        await clinic.ask(after, text)
    await booked(clinic, before)


async def test_dying_twice_in_one_turn_is_owned_up_to(clinic: Any) -> None:
    process = await clinic.open()
    await clinic.ask(process, WISH)
    first = await clinic.open(dies=HOLD)
    seq = await clinic.send(first, "1")
    await first.death.died.wait()
    second = await clinic.open(dies="before save")
    async with asyncio.timeout(hospital.PATIENCE):
        await second.death.died.wait()
    third = await clinic.open()
    replies = await clinic.answered(third, seq)
    assert "przerwało" in replies[-1].body["text"]
    assert await clinic.ask(third, "1")


async def test_a_worker_that_wakes_up_late_changes_nothing(clinic: Any) -> None:
    """Its lock ran out, another did the turn; what it then saves is refused."""
    before = await clinic.sandbox.state()
    process = await clinic.open()
    for text in TURNS[:2]:
        await clinic.ask(process, text)
    sleepy = await clinic.open(dies="before save")
    waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def sleep(name: str) -> None:
        if name == "before save" and not sleepy.death.died.is_set():
            sleepy.death.died.set()
            await waking

    clinic.stage._agent.tracker_store.point = sleep
    late = clinic.stage._agent.tracker_store
    seq = await clinic.send(sleepy, "tak")
    await sleepy.death.died.wait()
    other = await clinic.open()
    await clinic.answered(other, seq)
    version = (await late._log.read(clinic.sender)).version
    waking.set_result(None)
    await asyncio.sleep(0.3)
    assert (await late._log.read(clinic.sender)).version == version
    ledger = checker.Ledger.of(before, await clinic.sandbox.state())
    assert len(ledger.made()) == 1
