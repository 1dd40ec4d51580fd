"""A storm of duplicates: every message of a booking 500 times, old ones again among new ones; one visit."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import random
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.messages import Incoming


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
TURNS = ("W czwartek albo w piątek po 15, Wrocław, na miejscu w przychodni, do neurologa", "1", "tak")
COPIES = int(os.environ.get("STORM_COPIES", "500"))
AT_ONCE = 50


@pytest.fixture
async def clinic(stage: Any, redis_url: str) -> AsyncIterator[Any]:
    opened = hospital.Hospital(stage, redis_url)
    kept = stage._agent.tracker_store
    yield opened
    await opened.close()
    stage._agent.tracker_store = stage._agent.processor.tracker_store = kept


async def test_a_storm_of_duplicates_is_one_booking(clinic: Any) -> None:
    rng = random.Random(1)
    before = await clinic.sandbox.state()
    process = await clinic.open()
    sent: list[Incoming] = []
    numbers: dict[str, set[int]] = {}
    for text in TURNS:
        new = Incoming(clinic.conversation, f"message-{len(sent)}", text)
        storm = [new] * COPIES + [rng.choice(sent) for _ in range(COPIES if sent else 0)]
        rng.shuffle(storm)
        waiting = iter(storm)

        async def deliver(copies: Any = waiting) -> None:
            for message in copies:
                receipt = await process.desk.receive(clinic.visitor(), message)
                numbers.setdefault(message.client_message_id, set()).add(receipt.seq)

        await asyncio.gather(*(deliver() for _ in range(AT_ONCE)))
        sent.append(new)
        (seq,) = numbers[new.client_message_id]
        assert await clinic.answered(process, seq)
    assert all(len(found) == 1 for found in numbers.values()), numbers
    transcript = await clinic.transcript()
    assert [entry.body["text"] for entry in transcript if entry.author == "patient"] == list(TURNS)
    ledger = checker.Ledger.of(before, await clinic.sandbox.state())
    assert checker.violations([transcript], ledger) == []
    assert len(ledger.made()) == 1
