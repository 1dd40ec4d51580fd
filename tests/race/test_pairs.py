"""Two messages of one conversation at the same moment, in different processes: none is lost (R2).

CI runs 500 pairs in two processes; `RACE_PAIRS=10000` and `RACE_PROCESSES=4` more.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest
from rasa.core.tracker_store import RedisTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from bot.storage.tracker_store import ConversationStore

PROJECT = Path(__file__).parents[2]
PAIRS = int(os.environ.get("RACE_PAIRS", "500"))
PROCESSES = int(os.environ.get("RACE_PROCESSES", "2"))
LEAD = 1.0
"""Seconds between the word to begin and the first pair: all processes have heard it by then."""


async def run_pairs(kind: str, url: str, pairs: int, step: float, jitter: float) -> tuple[float, list[int]]:
    """When they started, and the errors of each process."""
    numbers = [str(number) for number in (pairs, step, jitter)]
    workers = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).parent / "pairs.py"),
            *(kind, url, f"p{worker}", *numbers),
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        for worker in range(PROCESSES)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert await worker.stdout.readline() == b"ready\n"  # Rasa is imported
    start = time.time() + LEAD
    printed = await asyncio.gather(*(worker.communicate(f"{start}\n".encode()) for worker in workers))
    return start, [int(out.decode().split()[-1]) for out, _ in printed]


async def incomplete(store: TrackerStore, kind: str, start: float, pairs: int) -> int:
    """Conversations that lack a message."""
    lost = 0
    for number in range(pairs):
        tracker = await store.retrieve_full_tracker(f"{kind}-{start}-{number}")
        texts = [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []
        assert len(texts) == len(set(texts))
        lost += len(texts) < PROCESSES
    return lost


@pytest.mark.timeout(900 + PAIRS // 2)
async def test_no_message_of_a_pair_is_lost(redis_url: str) -> None:
    start, failed = await run_pairs("ours", redis_url, PAIRS, step=0.012, jitter=0.02)
    store = ConversationStore(Domain.empty(), host=redis_url, secret="race")
    assert failed == [0] * PROCESSES
    assert await incomplete(store, "ours", start, PAIRS) == 0
    await store.close()


@pytest.mark.timeout(120)
async def test_stock_rasa_loses_some(redis_url: str) -> None:
    start, _ = await run_pairs("stock", redis_url, 60, step=0.012, jitter=0.0)
    host, port = redis_url.removeprefix("redis://").removesuffix("/0").split(":")
    store = RedisTrackerStore(Domain.empty(), host=host, port=int(port))
    assert await incomplete(store, "stock", start, 60) > 0
