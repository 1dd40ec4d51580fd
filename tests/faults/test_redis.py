"""Redis stops, hangs, is full or refuses to write: the patient is told, and goes on where she was."""

from __future__ import annotations

import asyncio
import importlib.util
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.messages import Incoming
from bot.storage.protocols import StorageError


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
ALARM = "mąż stracił przytomność i nie oddycha"
TRY = 2.0
"""Seconds that one try of a Redis that hangs takes (a loop that it blocked would be late by as much)."""
TOLD_WITHIN = 15.0
"""Seconds: two tries, and the pace of a busy machine."""


@pytest.fixture
async def clinic(stage: Any, fragile_redis: Any) -> AsyncIterator[Any]:
    opened = hospital.Hospital(stage, fragile_redis.url)
    kept = stage._agent.tracker_store
    yield opened
    await opened.close()
    stage._agent.tracker_store = stage._agent.processor.tracker_store = kept


async def refused(clinic: Any, process: Any, text: str = "1") -> None:
    """The message is not taken, and the device is told so soon; an emergency is answered all the same."""
    start = time.monotonic()
    with pytest.raises(StorageError):
        await clinic.send(process, text)
    assert time.monotonic() - start < TOLD_WITHIN
    receipt = await process.desk.receive(clinic.visitor(), Incoming(clinic.conversation, "alarm", ALARM))
    assert receipt.replies
    assert "112" in receipt.replies[0].text


async def booked_after_all(clinic: Any, process: Any, before: Any) -> None:
    for text in ("1", "tak"):
        await clinic.ask(process, text)
    ledger = checker.Ledger.of(before, await clinic.sandbox.state())
    transcript = await clinic.transcript()
    told = [(entry.author, entry.body.get("turn"), entry.body.get("text")) for entry in transcript]
    assert len(ledger.made()) == 1, told
    # What was answered in the receipt is kept without an answer when the store took it after all.
    answered = [entry for entry in transcript if entry.body.get("text") != ALARM]
    assert checker.violations([answered], ledger) == []


async def test_a_restart_in_the_middle_of_a_booking(clinic: Any, fragile_redis: Any) -> None:
    before = await clinic.sandbox.state()
    process = await clinic.open()
    await clinic.ask(process, WISH)
    fragile_redis.kill()
    await refused(clinic, process)
    fragile_redis.start()
    await booked_after_all(clinic, process, before)


@pytest.mark.parametrize(
    ("name", "bad", "good"), [("maxmemory", "1", "0"), ("min-replicas-to-write", "3", "0")]
)
async def test_full_or_read_only(clinic: Any, fragile_redis: Any, name: str, bad: str, good: str) -> None:
    before = await clinic.sandbox.state()
    process = await clinic.open()
    await clinic.ask(process, WISH)
    fragile_redis.configure(name, bad)
    await refused(clinic, process)
    fragile_redis.configure(name, good)
    await booked_after_all(clinic, process, before)


async def test_frozen_redis_freezes_nobody_else(clinic: Any, fragile_redis: Any) -> None:
    before = await clinic.sandbox.state()
    process = await clinic.open()
    await clinic.ask(process, WISH)
    late = 0.0

    async def heartbeat() -> None:
        nonlocal late
        while True:
            start = time.monotonic()
            await asyncio.sleep(0.02)
            late = max(late, time.monotonic() - start - 0.02)

    beating = asyncio.create_task(heartbeat())
    fragile_redis.process.send_signal(signal.SIGSTOP)
    await refused(clinic, process)
    fragile_redis.process.send_signal(signal.SIGCONT)
    beating.cancel()
    assert late < 0.75 * TRY
    await asyncio.sleep(0.5)
    await booked_after_all(clinic, process, before)
