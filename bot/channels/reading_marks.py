"""What a patient has seen, on whatever device; and whether one of them is open now."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.storage.protocols import KEEP_MESSAGES, StorageError, Stores

PRESENT = timedelta(seconds=45)
"""A stream says every 15 seconds that it is there; after this it is not."""
_MARK, _HERE = "read", "reader"


@dataclass(frozen=True, slots=True)
class ReadingMarks:
    """Of all conversations."""

    stores: Stores

    async def read(self, conversation: str) -> int | None:
        """Number of the newest message that was seen, None when no device ever said so."""
        record = await self.stores.records.get(_MARK, conversation)
        return None if record is None else int(record["seq"])

    async def mark(self, conversation: str, seq: int) -> int:
        """Everything up to `seq` was seen; never goes back, nor beyond the newest. The mark as it is now."""
        async with self.stores.locks.hold(f"read-{conversation}"):
            before = await self.read(conversation)
            now = min(seq, await self.stores.outbox.last(conversation))
            if before is not None and now <= before:
                return before
            await self.stores.records.put(_MARK, conversation, {"seq": now}, KEEP_MESSAGES)
        await self.stores.signals.publish(conversation, f"read:{now}")
        return now

    async def somebody(self, conversation: str) -> bool:
        """Whether a device has the conversation open."""
        return await self.stores.records.get(_HERE, conversation) is not None

    async def here(self, conversation: str, stream: str) -> None:
        """This stream is open."""
        await self.stores.records.put(_HERE, conversation, {"stream": stream}, PRESENT)

    @asynccontextmanager
    async def open(self, conversation: str, stream: str) -> AsyncIterator[None]:
        """While the block runs, somebody is there. Another stream of theirs says so itself, soon."""
        with contextlib.suppress(StorageError):
            await self.here(conversation, stream)
        try:
            yield
        finally:
            with contextlib.suppress(StorageError):
                record = await self.stores.records.get(_HERE, conversation)
                if record is not None and record["stream"] == stream:
                    await self.stores.records.take(_HERE, conversation)
