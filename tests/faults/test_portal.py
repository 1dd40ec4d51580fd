"""The portal fails in the middle of bookings: whatever it does, nothing is doubled and the truth is told.

40 bookings in CI; `FAULTED_BOOKINGS=2000` for more.
"""

from __future__ import annotations

import importlib.util
import os
import random
import sys
from collections import Counter
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
BOOKINGS = int(os.environ.get("FAULTED_BOOKINGS", "40"))
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 503, "retry_after": 1},
    {"kind": "status", "status": 429, "retry_after": 1},
    {"kind": "drop_response"},
    {"kind": "malformed"},
    {"kind": "timeout"},
    {"kind": "slot_taken"},
)
WHERE = (
    ("POST", "/v1/holds"),
    ("POST", "/v1/reservations"),
    ("GET", "/v1/slots*"),
    ("GET", "/v1/reservations*"),
)


def faults(rng: random.Random) -> list[dict[str, Any]]:
    """One to three things that go wrong, each once to three times."""
    chosen = []
    for _ in range(rng.randint(1, 3)):
        method, path = rng.choice(WHERE)
        chosen.append({**rng.choice(KINDS), "method": method, "path": path, "times": rng.randint(1, 3)})
    return chosen


@pytest.mark.timeout(1800 + 10 * BOOKINGS)
async def test_faulted_bookings(stage: Any, redis_url: str) -> None:
    kept = stage._agent.tracker_store
    outcomes: Counter[str] = Counter()
    for seed in range(BOOKINGS):
        rng = random.Random(seed)
        clinic = hospital.Hospital(stage, redis_url)
        before = await clinic.sandbox.state()
        process = await clinic.open()
        broken = rng.randrange(3)
        for number, text in enumerate((WISH, "1", "tak")):
            clinic.sandbox.faults(faults(rng) if number == broken else [])
            assert await clinic.ask(process, text)
        clinic.sandbox.faults([])
        for text in ("spróbujmy jeszcze raz", "tak"):
            ledger = checker.Ledger.of(before, await clinic.sandbox.state())
            if not checker.violations([await clinic.transcript()], ledger) and ledger.made():
                break
            await clinic.ask(process, text)
        ledger = checker.Ledger.of(before, await clinic.sandbox.state())
        assert checker.violations([await clinic.transcript()], ledger) == [], f"seed {seed}"
        assert len(ledger.made()) <= 1
        outcomes["booked" if ledger.made() else "not booked"] += 1
        await clinic.close()
    stage._agent.tracker_store = stage._agent.processor.tracker_store = kept
    assert outcomes["booked"] > BOOKINGS / 2
