"""The conversation log in Redis: a list of batches and a hash with the snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.storage.conversations import KEEP_CONVERSATIONS, ConversationMovedError, Reading, Snapshot
from bot.storage.redis_link import RedisLink, milliseconds
from bot.storage.redis_scripts import APPEND_BATCH, READ_BATCHES


class RedisConversations:
    """See `ConversationLog`. `link` must return bytes."""

    def __init__(self, link: RedisLink, keep: timedelta = KEEP_CONVERSATIONS) -> None:
        self._link = link
        self._keep = keep

    def _keys(self, conversation: str) -> list[str]:
        return [self._link.key("talk", conversation), self._link.key("talk-head", conversation)]

    async def read(self, conversation: str, known: int = -1) -> Reading:
        """The snapshot and what came after it; nothing but the version when it is still `known`."""
        return await self._read(conversation, known, whole=False)

    async def whole(self, conversation: str) -> Reading:
        """Every batch that is kept."""
        return await self._read(conversation, -1, whole=True)

    async def _read(self, conversation: str, known: int, *, whole: bool) -> Reading:
        answer = await self._link.script(READ_BATCHES, self._keys(conversation), [known, int(whole)])
        version = int(answer[0])
        if len(answer) == 1:
            return Reading(version, changed=False)
        batches = [record.partition(b":")[2] for record in answer[3]]
        snapshot = Snapshot(int(answer[1]), answer[2]) if answer[2] else None
        return Reading(version, True, snapshot, batches)

    async def append(
        self,
        conversation: str,
        version: int,
        batch: bytes,
        at: datetime,
        writer: str,
        snapshot: Snapshot | None = None,
    ) -> None:
        """Writes batch number `version` if the log is that long."""
        seconds = int(at.timestamp())
        answer = await self._link.script(
            APPEND_BATCH,
            self._keys(conversation),
            [
                version,
                str(seconds).encode() + b":" + batch,
                writer,
                milliseconds(self._keep),
                seconds - int(self._keep.total_seconds()),
                snapshot.batch if snapshot else -1,
                snapshot.body if snapshot else b"",
            ],
        )
        if int(answer) < 0:
            raise ConversationMovedError(f"version {version} is out of date")

    async def delete(self, conversation: str) -> bool:
        """Forgets the conversation; True when there was one."""
        return bool(await self._link.run(self._link.client.delete(*self._keys(conversation))))

    async def names(self) -> Sequence[str]:
        """Conversations in the store; walks all its keys."""
        found: list[str] = []
        async for key in self._link.scan(self._link.key("talk", "*")):
            found.append(_text(key).partition("{")[2].removesuffix("}"))
        return found

    async def close(self) -> None:
        """Gives the connections back."""
        await self._link.close()


def _text(key: bytes | str) -> str:
    return key.decode() if isinstance(key, bytes) else key
