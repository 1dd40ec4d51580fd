"""Sessions that were ended before their tokens expired."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta

from bot.storage.protocols import Clock, Ended
from bot.storage.redis_link import RedisLink, milliseconds
from bot.storage.sqlite_file import SqliteFile, moment, stamp


class SqliteRevocations:
    """See `Revocations`."""

    def __init__(self, file: SqliteFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    async def end(self, sender: str, token_id: str, now: datetime, keep: timedelta) -> None:
        """Remember for `keep` that the session with this token is over."""

        def remember(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM revoked WHERE until <= ?", (stamp(now),))
            connection.execute(
                "INSERT INTO revoked VALUES (?, ?, ?, ?) ON CONFLICT (sender, token) DO UPDATE SET"
                " at = excluded.at, until = excluded.until",
                (sender, token_id, stamp(now), stamp(now + keep)),
            )

        await self._file.transact(remember)

    async def get(self, sender: str) -> Ended | None:
        """What was ended of this sender's, None when nothing was."""
        rows = await self._file.rows(
            "SELECT token, at FROM revoked WHERE sender = ? AND until > ?", (sender, stamp(self._clock()))
        )
        if not rows:
            return None
        return Ended(moment(max(row[1] for row in rows)), frozenset(row[0] for row in rows))


class RedisRevocations:
    """See `Revocations`; a hash of token ids that expires with the last of them."""

    def __init__(self, link: RedisLink, clock: Clock) -> None:
        self._link = link
        self._clock = clock

    async def end(self, sender: str, token_id: str, now: datetime, keep: timedelta) -> None:
        """Remember for `keep` that the session with this token is over."""
        key = self._link.key("revoked", sender)
        record = json.dumps([now.timestamp(), (now + keep).timestamp()])
        await self._link.run(self._link.client.hset(key, token_id, record))
        await self._link.run(self._link.client.pexpire(key, milliseconds(keep)))

    async def get(self, sender: str) -> Ended | None:
        """What was ended of this sender's, None when nothing was."""
        kept = await self._link.run(self._link.client.hgetall(self._link.key("revoked", sender)))
        now = self._clock().timestamp()
        tokens = {
            token: at for token, record in kept.items() for at, until in [json.loads(record)] if until > now
        }
        return Ended(moment(max(tokens.values())), frozenset(tokens)) if tokens else None
