"""One process of the race: at agreed moments it adds a message to a conversation, as a turn does.

Two or more of these run at once; each pair writes to one conversation at the same moment. Run by
`test_pairs.py`: python pairs.py KIND REDIS_URL NAME PAIRS STEP JITTER. It says "ready" once it could begin,
and reads from its input when to.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import time
from typing import Any

from bot import tensorflow_standin

tensorflow_standin.install()

from rasa.core.lock_store import LockStore, RedisLockStore  # noqa: E402
from rasa.core.tracker_store import RedisTrackerStore, TrackerStore  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, UserUttered  # noqa: E402

from bot.storage.rasa_lock import ConversationLocks  # noqa: E402
from bot.storage.redis_link import RedisLink  # noqa: E402
from bot.storage.redis_live import RedisLocks  # noqa: E402
from bot.storage.tracker_store import ConversationStore  # noqa: E402

TURN = 0.005
"""Seconds a turn thinks."""
PATIENCE = 15.0
"""Seconds a turn waits. A stock lock whose ticket another process overwrote waits for ever."""


def stores(kind: str, url: str) -> tuple[TrackerStore, LockStore]:
    """Ours or stock Rasa's, on one Redis."""
    if kind == "ours":
        locks = ConversationLocks(locks=RedisLocks(RedisLink.open(url, "race")))
        return ConversationStore(Domain.empty(), host=url, secret="race"), locks
    host, port = url.removeprefix("redis://").removesuffix("/0").split(":")
    stock: dict[str, Any] = {"host": host, "port": int(port), "db": 0}
    return RedisTrackerStore(Domain.empty(), **stock), RedisLockStore(**stock)


async def race(kind: str, url: str, name: str, start: float, pairs: int, step: float, jitter: float) -> int:
    """The number of turns that raised."""
    tracker_store, lock_store = stores(kind, url)
    rng = random.Random(name)
    failed = 0

    async def turn(number: int) -> None:
        nonlocal failed
        await asyncio.sleep(max(0.0, start + number * step + rng.uniform(0, jitter) - time.time()))
        conversation = f"{kind}-{start}-{number}"
        try:
            async with asyncio.timeout(PATIENCE), lock_store.lock(conversation):
                tracker = await tracker_store.get_or_create_tracker(conversation, append_action_listen=False)
                await asyncio.sleep(TURN)
                events = [UserUttered(f"{name} {number}"), ActionExecuted("action_listen")]
                tracker.update_with_events(events, None)
                await tracker_store.save(tracker)
        except Exception:
            logging.exception("turn failed")
            failed += 1

    await asyncio.gather(*(turn(number) for number in range(pairs)))
    return failed


if __name__ == "__main__":
    kind, url, name, *numbers = sys.argv[1:]
    pairs, step, jitter = (float(number) for number in numbers)
    print("ready", flush=True)
    start = float(sys.stdin.readline())
    print(asyncio.run(race(kind, url, name, start, int(pairs), step, jitter)))
