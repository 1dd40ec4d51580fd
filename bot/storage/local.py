"""Locks and signals for a single process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_QUEUE = 256


class LocalLocks:
    """One asyncio lock per name (asyncio wakes waiters first come first served)."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: defaultdict[str, int] = defaultdict(int)

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Wait for the turn; forgets the lock when nobody waits for it."""
        lock = self._locks.setdefault(name, asyncio.Lock())
        self._users[name] += 1
        try:
            async with lock:
                yield
        finally:
            self._users[name] -= 1
            if not self._users[name]:
                del self._users[name], self._locks[name]


class LocalSignals:
    """Signals between coroutines; a listener that does not read loses the oldest ones."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[asyncio.Queue[str]]] = defaultdict(set)

    async def publish(self, conversation: str, signal: str) -> None:
        """Put the signal into every listener's queue."""
        for queue in self._listeners.get(conversation, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(signal)

    @asynccontextmanager
    async def listen(self, conversation: str) -> AsyncIterator[AsyncIterator[str]]:
        """Signals from the moment the block is entered."""
        queue: asyncio.Queue[str] = asyncio.Queue(_QUEUE)
        self._listeners[conversation].add(queue)
        try:
            yield _Drain(queue)
        finally:
            self._listeners[conversation].discard(queue)
            if not self._listeners[conversation]:
                del self._listeners[conversation]


class _Drain:
    """Endless asynchronous iterator over a queue; a cancelled wait loses nothing."""

    def __init__(self, queue: asyncio.Queue[str]) -> None:
        self._queue = queue

    def __aiter__(self) -> _Drain:
        return self

    async def __anext__(self) -> str:
        return await self._queue.get()
