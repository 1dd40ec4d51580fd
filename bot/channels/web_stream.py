"""Server-sent events of one conversation: replay after a cursor, then live."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channels.core import SYSTEM
from bot.channels.rendering import on_the_web
from bot.storage.protocols import Clock, Entry, StorageError, Stores

HEARTBEAT = ": \n\n"
_RECONNECT_MS = 1000


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """`longest`: streams end by then and the device comes back with its cursor."""

    heartbeat: timedelta = timedelta(seconds=15)
    longest: timedelta = timedelta(minutes=15)


def shown(entry: Entry) -> dict[str, Any]:
    """An entry as the device sees it (schema Message)."""
    return on_the_web(entry.conversation, entry.seq, entry.author, entry.at.isoformat(), entry.body)


def event(name: str, data: dict[str, Any], number: int | None = None) -> str:
    """One server-sent event."""
    lines = [f"event: {name}", f"data: {json.dumps(data, ensure_ascii=False)}"]
    if number is not None:
        lines.insert(0, f"id: {number}")
    return "\n".join(lines) + "\n\n"


class EventStream:
    """Produces the text of the stream; what a lost signal missed comes with the next heartbeat."""

    def __init__(self, stores: Stores, conversation: str, cursor: int) -> None:
        self._stores = stores
        self._conversation = conversation
        self._cursor = cursor

    async def opening(self) -> AsyncIterator[str]:
        """What the device missed, and whether an answer is being prepared."""
        yield f"retry: {_RECONNECT_MS}\n\n"
        if self._cursor > await self._stores.outbox.last(self._conversation):
            # The cursor is from a history that is no longer there.
            self._cursor = 0
            yield event("reset", {})
        async for text in self._missed():
            yield text
        if await self._stores.outbox.next_work(self._conversation) is not None:
            yield event("typing", {"on": True})

    async def live(
        self,
        signals: AsyncIterator[str],
        clock: Clock,
        until: datetime,
        heartbeat: timedelta,
        closing: asyncio.Future[None],
    ) -> AsyncIterator[str]:
        """Messages and typing signs until `until`, or until the server is `closing`."""
        waiting: asyncio.Future[str] | None = None
        try:
            while (left := (until - clock()).total_seconds()) > 0:
                waiting = waiting or asyncio.ensure_future(_next(signals))
                # Not wait_for: cancelling a read half-way could lose a signal.
                timeout = min(left, heartbeat.total_seconds())
                either: set[asyncio.Future[Any]] = {waiting, closing}
                await asyncio.wait(either, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
                if closing.done():
                    return
                signal = None
                if waiting.done():
                    signal, waiting = waiting.result(), None
                if signal == "ended":
                    yield event("session_ended", {})
                    return
                async for text in self._on(signal):
                    yield text
        finally:
            if waiting is not None:
                waiting.cancel()
                with contextlib.suppress(asyncio.CancelledError, StorageError):
                    await waiting

    async def _on(self, signal: str | None) -> AsyncIterator[str]:
        if signal is not None and signal.startswith("typing:"):
            yield event("typing", {"on": signal == "typing:on"})
            return
        if signal is not None and signal.startswith("read:"):
            yield event("read", {"seq": int(signal.removeprefix("read:"))})
            return
        if signal is None:
            yield HEARTBEAT
        async for text in self._missed():
            yield text

    async def _missed(self) -> AsyncIterator[str]:
        while entries := await self._stores.outbox.after(self._conversation, self._cursor):
            for entry in entries:
                self._cursor = entry.seq
                if entry.author == SYSTEM:
                    continue
                yield event("message", shown(entry), entry.seq)


async def _next(signals: AsyncIterator[str]) -> str:
    return await anext(signals)
