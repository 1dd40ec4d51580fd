"""Locks and signals across processes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.exceptions import RedisError

from bot.storage.protocols import StorageError
from bot.storage.redis_link import RedisLink
from bot.storage.redis_scripts import LEAVE_QUEUE, TAKE_TURN

_log = logging.getLogger(__name__)
LEASE_MS = 6000
"""A process that died is passed over after so long; a live one renews three times in it."""
_LOOK_AGAIN_SECONDS = 0.25
_LISTEN_SECONDS = 1.0


class RedisLocks:
    """A queue of owners per name; each renews its lease, and one that stopped is passed over."""

    def __init__(self, link: RedisLink, lease_ms: int = LEASE_MS) -> None:
        self._link = link
        self._lease_ms = lease_ms

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Wait for the turn, renew it as long as the block runs."""
        owner = secrets.token_hex(8)
        try:
            await self._wait(name, owner)
            renewing = asyncio.create_task(self._renew(name, owner))
            try:
                yield
            finally:
                renewing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await renewing
        finally:
            await self._leave(name, owner)

    def _keys(self, name: str) -> list[str]:
        return [self._link.key(kind, name) for kind in ("lock-ticket", "lock-queue", "lock-lease")]

    def _wake_up(self, name: str) -> str:
        return self._link.key("lock-free", name)

    async def _turn(self, name: str, owner: str, *, queue: bool) -> int:
        """1: mine, 0: wait, -1: not in the queue (any more)."""
        return int(await self._link.script(TAKE_TURN, self._keys(name), [owner, self._lease_ms, int(queue)]))

    async def _wait(self, name: str, owner: str) -> None:
        if await self._turn(name, owner, queue=True) == 1:
            return
        async with self._link.client.pubsub() as pubsub:
            await self._link.run(pubsub.subscribe(self._wake_up(name)))
            while await self._turn(name, owner, queue=True) != 1:
                await self._link.run(pubsub.get_message(True, timeout=_LOOK_AGAIN_SECONDS))

    async def _renew(self, name: str, owner: str) -> None:
        while True:
            await asyncio.sleep(self._lease_ms / 3000)
            try:
                if await self._turn(name, owner, queue=False) == -1:
                    _log.warning("lock lease ran out while it was held")
            except StorageError:
                _log.warning("lock lease cannot be renewed")

    async def _leave(self, name: str, owner: str) -> None:
        _, queue, leases = self._keys(name)
        # Redis may be gone by now; the lease then runs out by itself.
        with contextlib.suppress(StorageError):
            await self._link.script(LEAVE_QUEUE, [queue, leases, self._wake_up(name)], [owner])


class RedisSignals:
    """Publish and subscribe; what is lost on the way is found again by reading the outbox."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    async def publish(self, conversation: str, signal: str) -> None:
        """Tell every process."""
        await self._link.run(self._link.client.publish(self._link.key("signal", conversation), signal))

    @asynccontextmanager
    async def listen(self, conversation: str) -> AsyncIterator[AsyncIterator[str]]:
        """Signals from the moment the block is entered."""
        async with self._link.client.pubsub() as pubsub:
            await self._link.run(pubsub.subscribe(self._link.key("signal", conversation)))
            yield _Received(pubsub)


class _Received:
    """Endless asynchronous iterator over a subscription."""

    def __init__(self, pubsub: Any) -> None:
        self._pubsub = pubsub

    def __aiter__(self) -> _Received:
        return self

    async def __anext__(self) -> str:
        while True:
            try:
                message = await self._pubsub.get_message(True, timeout=_LISTEN_SECONDS)
            except (RedisError, OSError) as error:
                raise StorageError("redis failed") from error
            if message is not None:
                return str(message["data"])
