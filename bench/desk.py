"""What the front desk adds to a turn: everything but the assistant itself, on Redis."""

from __future__ import annotations

import statistics
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from bench.ours import UNLIMITED
from bot.channels.core import FrontDesk
from bot.channels.desk_settings import DeskSettings
from bot.channels.messages import Emit, Incoming, Outgoing, Visitor
from bot.channels.safety import safety_check
from bot.storage import open_redis
from bot.storage.sealed import with_sealed_content
from bot.storage.sealing import Sealer

MESSAGES = 400
TEXT = "Chcę umówić wizytę u okulisty"


class Instant:
    """An assistant that takes no time; remembers when it was asked and when it had answered."""

    def __init__(self) -> None:
        self.spent = 0.0

    async def handle(
        self, sender: str, text: str | None, payload: str | None, metadata: Any, emit: Emit
    ) -> None:
        await emit(Outgoing(text="Dzień dobry."))


def _now() -> datetime:
    return datetime.now(UTC)


async def latency(redis_url: str) -> dict[str, float]:
    """From receiving a message to the reply being kept and announced: p50 and p95 in ms."""
    stores = await open_redis(redis_url, prefix="bench-desk", clock=_now)
    stores = with_sealed_content(stores, Sealer.of("", b"bench"))
    front = FrontDesk(stores, Instant(), safety_check, _now, DeskSettings(rates=UNLIMITED))
    times: list[float] = []
    visitor = Visitor("web-bench", "c-bench", "web")
    async with stores.signals.listen("c-bench") as signals:
        for _ in range(MESSAGES):
            start = time.perf_counter()
            await front.receive(visitor, Incoming("c-bench", str(uuid.uuid4()), TEXT))
            announced = 0
            while announced < 2:  # the patient's message, then the reply
                announced += await anext(signals) == "message"
            times.append((time.perf_counter() - start) * 1000)
            while await anext(signals) != "typing:off":
                pass
    await front.stop()
    await stores.close()
    times.sort()
    return {"p50": statistics.median(times), "p95": times[int(len(times) * 0.95)]}
