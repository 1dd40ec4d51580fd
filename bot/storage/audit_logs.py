"""Where the audit is kept: an SQLite file that refuses changes, or a stream in Redis."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

from bot.storage.audit import AuditLog, Link
from bot.storage.redis_client import is_redis
from bot.storage.redis_link import RedisLink
from bot.storage.sqlite_file import SqliteFile

_PAGE = 500
_NEWEST = "SELECT number, text, seal FROM audit ORDER BY number DESC LIMIT 1"
_GUARDS = """
CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END;
CREATE TRIGGER IF NOT EXISTS audit_keeps BEFORE DELETE ON audit
    WHEN OLD.number > (SELECT number FROM audit_pruned)
    BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END;
"""
_ADD = """
-- KEYS: stream; ARGV: seal of the newest that the writer knows or empty, id, text, seal
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local seal = ''
if newest then
  for place = 1, #newest[2], 2 do
    if newest[2][place] == 'seal' then seal = newest[2][place + 1] end
  end
end
if seal ~= ARGV[1] then return newest end
redis.call('XADD', KEYS[1], ARGV[2], 'text', ARGV[3], 'seal', ARGV[4])
return 1
"""
_SCHEMA = f"""
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS audit (number INTEGER PRIMARY KEY, text TEXT NOT NULL, seal TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS audit_pruned (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);
INSERT OR IGNORE INTO audit_pruned VALUES (1, 0);
{_GUARDS}
"""


class SqliteAudit:
    """See `AuditLog`; opened by the first call."""

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._file: SqliteFile | None = None

    async def _open(self) -> SqliteFile:
        if self._file is None:
            self._file = await SqliteFile.open(self._path, _SCHEMA)
        return self._file

    async def last(self) -> Link | None:
        """The newest link."""
        file = await self._open()
        rows = await file.rows(_NEWEST)
        return Link(*rows[0]) if rows else None

    async def add(self, link: Link, before: Link | None) -> Link | None:
        """Keeps the link if the newest is still `before`; answers with the newest there is then."""

        def work(connection: sqlite3.Connection) -> Link | None:
            row = connection.execute(_NEWEST).fetchone()
            newest = Link(*row) if row else None
            if newest != before:
                return newest
            connection.execute("INSERT INTO audit VALUES (?, ?, ?)", (link.number, link.text, link.seal))
            return link

        return await (await self._open()).transact(work)

    async def links(self) -> AsyncIterator[Link]:
        """All of them, oldest first."""
        file, number = await self._open(), 0
        while True:
            rows = await file.rows(
                "SELECT number, text, seal FROM audit WHERE number > ? ORDER BY number LIMIT ?",
                (number, _PAGE),
            )
            for row in rows:
                yield Link(*row)
                number = row[0]
            if len(rows) < _PAGE:
                return

    async def prune(self, number: int) -> None:
        """Forgets the links up to this number."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE audit_pruned SET number = MAX(number, ?)", (number,))
            connection.execute("DELETE FROM audit WHERE number <= ?", (number,))

        await (await self._open()).transact(work)

    async def close(self) -> None:
        """Closes the file; the next call opens it again."""
        if self._file is not None:
            file, self._file = self._file, None
            await file.close()


class RedisAudit:
    """See `AuditLog`. The number is the stream's id: two processes cannot both write the next one."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._key = link.plain_key("audit")

    async def last(self) -> Link | None:
        """The newest link."""
        found = await self._link.run(self._link.client.xrevrange(self._key, count=1))
        return _link(found[0]) if found else None

    async def add(self, link: Link, before: Link | None) -> Link | None:
        """Keeps the link if the newest is still `before`; answers with the newest there is then."""
        values = [before.seal if before else "", f"{link.number}-0", link.text, link.seal]
        found = await self._link.script(_ADD, [self._key], values)
        if found == 1:
            return link
        return _link((found[0], dict(zip(found[1][::2], found[1][1::2], strict=True)))) if found else None

    async def links(self) -> AsyncIterator[Link]:
        """All of them, oldest first."""
        after = "-"
        while True:
            page = await self._link.run(self._link.client.xrange(self._key, min=after, count=_PAGE))
            for record in page:
                yield _link(record)
                after = f"({record[0]}"
            if len(page) < _PAGE:
                return

    async def prune(self, number: int) -> None:
        """Forgets the links up to this number."""
        await self._link.run(self._link.client.xtrim(self._key, minid=f"{number + 1}-0", approximate=False))

    async def close(self) -> None:
        """Gives the connections back."""
        await self._link.close()


def open_audit(place: str, prefix: str = "asystent") -> AuditLog:
    """A stream in Redis for a Redis address, else an SQLite file; nothing is contacted yet."""
    if is_redis(place):
        return RedisAudit(RedisLink.open(place, prefix))
    return SqliteAudit(place)


def _link(record: tuple[str, dict[str, str]]) -> Link:
    name, fields = record
    return Link(int(name.partition("-")[0]), fields["text"], fields["seal"])
