"""Small records with a life time: chats of messengers, links, states of handoff, devices."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.storage.protocols import Clock
from bot.storage.redis_link import RedisLink, milliseconds
from bot.storage.sqlite_file import SqliteFile, stamp

Record = dict[str, Any]


class SqliteRecords:
    """See `Records`."""

    def __init__(self, file: SqliteFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    async def get(self, kind: str, key: str) -> Record | None:
        """The record, None when there is none (any more)."""
        rows = await self._file.rows(
            "SELECT value FROM records WHERE kind = ? AND name = ? AND until > ?",
            (kind, key, stamp(self._clock())),
        )
        return json.loads(rows[0][0]) if rows else None

    async def put(self, kind: str, key: str, value: Record, keep: timedelta) -> None:
        """Keep or replace a record."""
        now: datetime = self._clock()

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM records WHERE until <= ?", (stamp(now),))
            connection.execute(
                "INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET"
                " value = excluded.value, until = excluded.until",
                (kind, key, json.dumps(value, ensure_ascii=False), stamp(now + keep)),
            )

        await self._file.transact(write)

    async def take(self, kind: str, key: str) -> Record | None:
        """The record, and it is gone: exactly one caller gets it."""

        def pick(connection: sqlite3.Connection) -> Record | None:
            row = connection.execute(
                "DELETE FROM records WHERE kind = ? AND name = ? AND until > ? RETURNING value",
                (kind, key, stamp(self._clock())),
            ).fetchone()
            return json.loads(row[0]) if row else None

        return await self._file.transact(pick)

    async def keys(self, kind: str) -> Sequence[str]:
        """Names of all records of a kind."""
        rows = await self._file.rows(
            "SELECT name FROM records WHERE kind = ? AND until > ?", (kind, stamp(self._clock()))
        )
        return [str(row[0]) for row in rows]


class RedisRecords:
    """See `Records`."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    def _key(self, kind: str, key: str) -> str:
        return self._link.key(f"record-{kind}", key)

    async def get(self, kind: str, key: str) -> Record | None:
        """The record, None when there is none (any more)."""
        text = await self._link.run(self._link.client.get(self._key(kind, key)))
        return None if text is None else json.loads(text)

    async def put(self, kind: str, key: str, value: Record, keep: timedelta) -> None:
        """Keep or replace a record."""
        text = json.dumps(value, ensure_ascii=False)
        await self._link.run(self._link.client.set(self._key(kind, key), text, px=milliseconds(keep)))

    async def take(self, kind: str, key: str) -> Record | None:
        """The record, and it is gone: exactly one caller gets it."""
        text = await self._link.run(self._link.client.getdel(self._key(kind, key)))
        return None if text is None else json.loads(text)

    async def keys(self, kind: str) -> Sequence[str]:
        """Names of all records of a kind."""
        found: list[str] = []
        async for key in self._link.scan(self._key(kind, "*")):
            found.append(str(key).split("{", 1)[1].rstrip("}"))
        return found
