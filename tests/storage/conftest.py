"""Both sets of stores, the Redis one against a real server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage import Stores, open_embedded, open_redis
from bot.storage.sealed import with_sealed_content
from bot.storage.sealing import Sealer


class FrozenClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


Reopen = Callable[[], Awaitable[Stores]]


@pytest.fixture(params=["embedded", "redis"])
async def reopen(request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Reopen]:
    """Opens the same stores again, as another process or a restart would."""
    opened: list[Stores] = []
    prefix = f"test-{tmp_path.name}-{time.monotonic_ns()}"

    async def open_again() -> Stores:
        if request.param == "redis":
            stores = await open_redis(request.getfixturevalue("redis_url"), prefix, clock)
        else:
            stores = await open_embedded(tmp_path / "state.db", clock)
        stores = with_sealed_content(stores, Sealer.of("", b"secret of a test"))
        opened.append(stores)
        return stores

    yield open_again
    for stores in opened:
        await stores.close()


@pytest.fixture
async def stores(reopen: Reopen) -> Stores:
    return await reopen()
