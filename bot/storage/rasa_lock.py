"""Rasa's LockStore over `Locks`: atomic, first come first served, renewed while the turn runs.

Stock Rasa's Redis lock reads, changes and writes in three steps, so that two processes can draw the
same ticket; it looks again once a second; and a turn longer than the lock's life loses its place.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore

from bot.storage.local import LocalLocks
from bot.storage.protocols import Locks, StorageError
from bot.storage.redis_link import RedisLink
from bot.storage.redis_live import RedisLocks


class ConversationLocks(LockStore):
    """In endpoints.yml: `type`, and `url` with a Redis address; without one, locks of this process."""

    def __init__(self, endpoint_config: Any = None, locks: Locks | None = None) -> None:
        super().__init__()
        url = getattr(endpoint_config, "url", None)
        self._locks = locks or (RedisLocks(RedisLink.open(url, "rasa")) if url else LocalLocks())

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncIterator[None]:
        """Waits for the turn and keeps it as long as the block runs; both times are ignored.

        Raises LockError when the store cannot answer.
        """
        hold = self._locks.hold(conversation_id)
        try:
            await hold.__aenter__()
        except StorageError as error:
            raise LockError(f"no lock for {conversation_id}") from error
        try:
            yield None
        finally:
            await hold.__aexit__(None, None, None)
