"""The conversation log in one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.storage.conversations import KEEP_CONVERSATIONS, ConversationMovedError, Reading, Snapshot
from bot.storage.sqlite_file import SqliteFile, stamp

_SCHEMA = """
DROP TABLE IF EXISTS events; -- what versions before this one kept unencrypted in the same file
CREATE TABLE IF NOT EXISTS batches (
    conversation TEXT NOT NULL, number INTEGER NOT NULL, at REAL NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (conversation, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS batches_at ON batches (at);
CREATE TABLE IF NOT EXISTS heads (
    conversation TEXT PRIMARY KEY, version INTEGER NOT NULL, writer TEXT NOT NULL, at REAL NOT NULL,
    start INTEGER NOT NULL DEFAULT 0, snapshot BLOB) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS heads_at ON heads (at);
"""


class SqliteConversations:
    """See `ConversationLog`; one process per file, opened by the first call."""

    def __init__(self, path: Path | str, keep: timedelta = KEEP_CONVERSATIONS) -> None:
        self._path = path
        self._keep = keep
        self._file: SqliteFile | None = None

    async def _open(self) -> SqliteFile:
        if self._file is None:
            self._file = await SqliteFile.open(self._path, _SCHEMA)
        return self._file

    async def read(self, conversation: str, known: int = -1) -> Reading:
        """The snapshot and what came after it; nothing but the version when it is still `known`."""
        file = await self._open()
        return await file.transact(lambda connection: _read(connection, conversation, known))

    async def whole(self, conversation: str) -> Reading:
        """Every batch that is kept."""
        file = await self._open()
        return await file.transact(lambda connection: _read(connection, conversation, -1, whole=True))

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

        def work(connection: sqlite3.Connection) -> None:
            head = connection.execute(
                "SELECT version, writer FROM heads WHERE conversation = ?", (conversation,)
            ).fetchone()
            current, last_writer = head or (0, "")
            if current == version + 1 and last_writer == writer:
                return  # the same call again: done already
            if current != version:
                raise ConversationMovedError(f"version {version} is out of date")
            now = stamp(at)
            connection.execute("INSERT INTO batches VALUES (?, ?, ?, ?)", (conversation, version, now, batch))
            connection.execute(
                "INSERT INTO heads (conversation, version, writer, at) VALUES (?, ?, ?, ?) ON CONFLICT "
                "DO UPDATE SET version = excluded.version, writer = excluded.writer, at = excluded.at",
                (conversation, version + 1, writer, now),
            )
            if snapshot is not None:
                connection.execute(
                    "UPDATE heads SET start = ?, snapshot = ? WHERE conversation = ?",
                    (snapshot.batch, snapshot.body, conversation),
                )
                _forget_old(connection, now - self._keep.total_seconds())

        await (await self._open()).transact(work)

    async def delete(self, conversation: str) -> bool:
        """Forgets the conversation; True when there was one."""

        def work(connection: sqlite3.Connection) -> bool:
            connection.execute("DELETE FROM batches WHERE conversation = ?", (conversation,))
            gone = connection.execute("DELETE FROM heads WHERE conversation = ?", (conversation,))
            return gone.rowcount > 0

        return await (await self._open()).transact(work)

    async def names(self) -> Sequence[str]:
        """Conversations in the store."""
        rows = await (await self._open()).rows("SELECT conversation FROM heads ORDER BY at")
        return [str(row[0]) for row in rows]

    async def close(self) -> None:
        """Closes the file; the next call opens it again."""
        if self._file is not None:
            file, self._file = self._file, None
            await file.close()


def _read(connection: sqlite3.Connection, conversation: str, known: int, *, whole: bool = False) -> Reading:
    head = connection.execute(
        "SELECT version, start, snapshot FROM heads WHERE conversation = ?", (conversation,)
    ).fetchone()
    version, start, body = head or (0, 0, None)
    if version == known:
        return Reading(version, changed=False)
    snapshot = Snapshot(start, body) if body is not None and not whole else None
    rows = connection.execute(
        "SELECT body FROM batches WHERE conversation = ? AND number >= ? ORDER BY number",
        (conversation, start if snapshot else 0),
    ).fetchall()
    return Reading(version, True, snapshot, [row[0] for row in rows])


def _forget_old(connection: sqlite3.Connection, before: float) -> None:
    """Old batches that a snapshot stands for, and conversations nobody has used since."""
    connection.execute(
        "DELETE FROM batches WHERE at < ? AND number < "
        "COALESCE((SELECT start FROM heads WHERE heads.conversation = batches.conversation), 0)",
        (before,),
    )
    connection.execute(
        "DELETE FROM batches WHERE conversation IN (SELECT conversation FROM heads WHERE at < ?)", (before,)
    )
    connection.execute("DELETE FROM heads WHERE at < ?", (before,))
