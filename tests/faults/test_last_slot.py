"""One term, many patients who take it at the same moment: one visit, and everybody else is told (R1).

14 patients of the sandbox, three rounds in CI; `RACE_PATIENTS` (up to 25) and `RACE_ROUNDS` for more.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from dataclasses import replace
from datetime import timedelta
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
WISH = "W czwartek albo w piątek po 15, Wrocław, na miejscu w przychodni, do neurologa"
PATIENTS = int(os.environ.get("RACE_PATIENTS", "14"))
ROUNDS = int(os.environ.get("RACE_ROUNDS", "3"))


async def one_round(stage: Any, redis_url: str) -> tuple[int, int]:
    """How many took part, and how many visits there are of the one term."""
    sandbox = Sandbox()
    before = await sandbox.state()
    settings = replace(hospital.SETTINGS, sweep=timedelta(minutes=5))
    names = [item["key"] for item in await sandbox.engine.patients()]
    names = [name for name in names if name != "no_account"][:PATIENTS]
    clinics = [
        hospital.Hospital(stage, redis_url, patient=name, sandbox=sandbox, settings=settings)
        for name in names
    ]
    lives = [await clinic.open() for clinic in clinics]
    offered = await asyncio.gather(*map(_offered, clinics, lives))
    racing = [pair for pair, got in zip(zip(clinics, lives, strict=True), offered, strict=True) if got]
    await asyncio.gather(*(clinic.ask(life, "1") for clinic, life in racing))
    await asyncio.gather(*(clinic.ask(life, "tak") for clinic, life in racing))
    ledger = checker.Ledger.of(before, await sandbox.state())
    transcripts = [await clinic.transcript() for clinic, _ in racing]
    assert checker.violations(transcripts, ledger) == []
    first = [item for item in ledger.made() if item["slot"]["start"] == "2026-11-26T15:20:00+01:00"]
    for clinic in clinics:
        await clinic.close()
    return len(racing), len(first)


async def _offered(clinic: Any, life: Any) -> bool:
    replies = await clinic.ask(life, WISH)
    return any((reply.body.get("card") or {}).get("kind") == "slots" for reply in replies)


@pytest.mark.timeout(1800 + 60 * ROUNDS)
async def test_the_last_slot_is_booked_once(stage: Any, redis_url: str) -> None:
    kept = stage._agent.tracker_store
    for _ in range(ROUNDS):
        patients, visits = await one_round(stage, redis_url)
        assert patients >= 5
        assert visits <= 1
    stage._agent.tracker_store = stage._agent.processor.tracker_store = kept
