"""Files on their way to the portal: in the process's memory, or in Redis; nothing is written to a disk."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.storage.protocols import HeldFile, StorageError
from bot.storage.redis_link import RedisLink, milliseconds

MAX_HELD = 256 * 1024 * 1024
"""Bytes in one process: more than thirty of the largest files at once."""


class LocalHeldFiles:
    """See `HeldFiles`; one process. A restart forgets them, and the patient is asked to send again."""

    def __init__(self, most: int = MAX_HELD) -> None:
        self._most = most
        self._files: dict[str, dict[str, tuple[HeldFile, bytes]]] = {}

    async def put(self, conversation: str, file: HeldFile, content: bytes, now: datetime) -> None:
        """Keep a file; raises StorageError when too many are kept already."""
        self._expire(now)
        held = sum(len(kept) for files in self._files.values() for _, kept in files.values())
        if held + len(content) > self._most:
            raise StorageError("too many files on their way")
        self._files.setdefault(conversation, {})[file.id] = (file, content)

    async def waiting(self, conversation: str, now: datetime) -> Sequence[HeldFile]:
        """Files of the conversation, oldest first."""
        self._expire(now)
        return [file for file, _ in self._files.get(conversation, {}).values()]

    async def content(self, conversation: str, file: str, now: datetime) -> bytes | None:
        """Bytes of a kept file."""
        self._expire(now)
        found = self._files.get(conversation, {}).get(file)
        return found[1] if found else None

    async def drop(self, conversation: str, *files: str) -> None:
        """Forget files."""
        kept = self._files.get(conversation, {})
        for file in files:
            kept.pop(file, None)
        if not kept:
            self._files.pop(conversation, None)

    def _expire(self, now: datetime) -> None:
        for conversation, files in list(self._files.items()):
            for name, (file, _) in list(files.items()):
                if file.expires_at <= now:
                    del files[name]
            if not files:
                del self._files[conversation]


class RedisHeldFiles:
    """See `HeldFiles`: a hash of records, and each file's bytes under a key that expires."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    def _content_key(self, conversation: str, file: str) -> str:
        return f"{self._link.key('file', conversation)}:{file}"

    async def put(self, conversation: str, file: HeldFile, content: bytes, now: datetime) -> None:
        """Keep a file until it expires; the bytes first, so that a record always has them."""
        life = milliseconds(file.expires_at - now)
        text = base64.b64encode(content).decode("ascii")
        await self._link.run(self._link.client.set(self._content_key(conversation, file.id), text, px=life))
        key = self._link.key("files", conversation)
        record: dict[str, Any] = {
            "batch": file.batch,
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "until": file.expires_at.timestamp(),
            "order": int(await self._link.run(self._link.client.hlen(key))),
            "at": now.timestamp(),
        }
        await self._link.run(self._link.client.hset(key, file.id, json.dumps(record)))
        await self._link.run(self._link.client.pexpire(key, life))

    async def waiting(self, conversation: str, now: datetime) -> Sequence[HeldFile]:
        """Files of the conversation, oldest first."""
        kept = await self._link.run(self._link.client.hgetall(self._link.key("files", conversation)))
        records = sorted(((json.loads(record), name) for name, record in kept.items()), key=_age)
        return [_held(name, record) for record, name in records if record["until"] > now.timestamp()]

    async def content(self, conversation: str, file: str, now: datetime) -> bytes | None:
        """Bytes of a kept file."""
        text = await self._link.run(self._link.client.get(self._content_key(conversation, file)))
        return None if text is None else base64.b64decode(text)

    async def drop(self, conversation: str, *files: str) -> None:
        """Forget files."""
        if files:
            keys = [self._content_key(conversation, file) for file in files]
            await self._link.run(self._link.client.delete(*keys))
            await self._link.run(self._link.client.hdel(self._link.key("files", conversation), *files))


def _age(entry: tuple[dict[str, Any], str]) -> tuple[float, int]:
    return entry[0]["at"], entry[0]["order"]


def _held(name: str, record: dict[str, Any]) -> HeldFile:
    until = datetime.fromtimestamp(record["until"], UTC)
    return HeldFile(name, record["batch"], record["name"], record["media_type"], record["size"], until)
