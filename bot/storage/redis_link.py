"""Connection to Redis shared by the stores: key names, time-outs, errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import redis.asyncio as aioredis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, RedisError

from bot.storage.protocols import StorageError
from bot.storage.redis_client import open_client

T = TypeVar("T")
TIMEOUT_SECONDS = 2.0


class RedisLink:
    """A pool of connections and a key prefix (one per environment)."""

    def __init__(self, client: aioredis.Redis[Any], prefix: str) -> None:
        self.client = client
        self._prefix = prefix
        self._scripts: dict[str, Callable[[list[str], list[Any]], Awaitable[Any]]] = {}

    @classmethod
    def open(cls, url: str, prefix: str, *, text: bool = True) -> RedisLink:
        """Prepare the pool; nothing is contacted yet. Without `text` answers are bytes."""
        client = open_client(
            url,
            decode_responses=text,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),
            # After a restart of Redis every kept connection is dead; the old master of a failover only reads.
            retry_on_error=[RedisConnectionError, ReadOnlyError],
        )
        return cls(client, prefix)

    async def close(self) -> None:
        """Close every connection of the pool."""
        await self.client.close()
        await self.client.connection_pool.disconnect()

    def key(self, kind: str, name: str) -> str:
        """Key of one thing; what belongs to one name lands on one node of a cluster."""
        return f"{self._prefix}:{kind}:{{{name}}}"

    def plain_key(self, kind: str) -> str:
        """Key of something that belongs to no conversation."""
        return f"{self._prefix}:{kind}"

    async def run(self, command: Awaitable[T]) -> T:
        """Await a command; raises StorageError when Redis cannot answer."""
        try:
            return await command
        except (RedisError, OSError, TimeoutError) as error:
            raise StorageError("redis failed") from error

    async def scan(self, pattern: str, count: int = 500) -> AsyncIterator[Any]:
        """Keys that fit; one may come twice. Raises StorageError when Redis cannot answer."""
        keys = self.client.scan_iter(match=pattern, count=count).__aiter__()
        while True:
            try:
                yield await self.run(keys.__anext__())
            except StopAsyncIteration:
                return

    async def script(self, lua: str, keys: list[str], values: list[Any]) -> Any:
        """Run a Lua script as one atomic step; its text travels only when Redis does not know it yet."""
        call = self._scripts.get(lua)
        if call is None:
            call = self._scripts[lua] = self.client.register_script(lua)
        return await self.run(call(keys, values))


def milliseconds(span: timedelta) -> int:
    """A span as Redis wants it; at least 1."""
    return max(1, int(span.total_seconds() * 1000))
