"""Outbox in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from bot.storage.protocols import Appended, Entry, Work
from bot.storage.sqlite_file import SqliteFile, moment, stamp

_COLUMNS = "conversation, seq, author, body, at, work"


def _entry(row: tuple[Any, ...]) -> Entry:
    conversation, seq, author, body, at, work = row
    return Entry(conversation, seq, author, json.loads(body), moment(at), Work(work))


def _number_of(connection: sqlite3.Connection, conversation: str, once: str) -> int | None:
    row = connection.execute(
        "SELECT seq FROM entries WHERE conversation = ? AND once = ?", (conversation, once)
    ).fetchone()
    return None if row is None else int(row[0])


def _next_number(connection: sqlite3.Connection, conversation: str) -> int:
    row = connection.execute(
        "INSERT INTO numbers VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
        (conversation,),
    ).fetchone()
    return int(row[0])


class SqliteOutbox:
    """See `Outbox`. Numbers go on after old messages were pruned."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    async def append(
        self,
        conversation: str,
        author: str,
        body: dict[str, Any],
        at: datetime,
        *,
        once: str | None = None,
        work: Work = Work.NONE,
    ) -> Appended:
        """Number and keep a message; with `once`, the same id is never kept twice."""
        text = json.dumps(body, ensure_ascii=False)

        def keep(connection: sqlite3.Connection) -> Appended:
            if once is not None and (seen := _number_of(connection, conversation, once)) is not None:
                return Appended(seq=seen, new=False)
            seq = _next_number(connection, conversation)
            connection.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
                (conversation, seq, author, text, stamp(at), once, work.value),
            )
            return Appended(seq, new=True)

        return await self._file.transact(keep)

    async def after(self, conversation: str, seq: int, limit: int = 100) -> Sequence[Entry]:
        """Messages numbered above `seq`, oldest first."""
        rows = await self._file.rows(
            f"SELECT {_COLUMNS} FROM entries WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?",
            (conversation, seq, limit),
        )
        return [_entry(row) for row in rows]

    async def latest(self, conversation: str, limit: int = 100) -> Sequence[Entry]:
        """The newest messages, oldest of them first."""
        rows = await self._file.rows(
            f"SELECT {_COLUMNS} FROM entries WHERE conversation = ? ORDER BY seq DESC LIMIT ?",
            (conversation, limit),
        )
        return [_entry(row) for row in reversed(rows)]

    async def last(self, conversation: str) -> int:
        """Number of the newest message, 0 when there is none."""
        rows = await self._file.rows("SELECT last FROM numbers WHERE conversation = ?", (conversation,))
        return int(rows[0][0]) if rows else 0

    async def number_of(self, conversation: str, once: str) -> int | None:
        """Number of the message kept under this `once` id, None when there is none."""
        rows = await self._file.rows(
            "SELECT seq FROM entries WHERE conversation = ? AND once = ?", (conversation, once)
        )
        return int(rows[0][0]) if rows else None

    async def next_work(self, conversation: str) -> Entry | None:
        """The oldest message the assistant still owes an answer to."""
        rows = await self._file.rows(
            f"SELECT {_COLUMNS} FROM entries WHERE conversation = ? AND work NOT IN ('none', 'done')"
            " ORDER BY seq LIMIT 1",
            (conversation,),
        )
        return _entry(rows[0]) if rows else None

    async def mark(self, conversation: str, seq: int, before: Work, after: Work) -> bool:
        """Change the state of work if it is still `before`; False when somebody else did."""
        changed = await self._file.write(
            "UPDATE entries SET work = ? WHERE conversation = ? AND seq = ? AND work = ?",
            (after.value, conversation, seq, before.value),
        )
        return changed == 1

    async def unfinished(self) -> Sequence[str]:
        """Conversations with messages waiting or started."""
        rows = await self._file.rows(
            "SELECT DISTINCT conversation FROM entries WHERE work NOT IN ('none', 'done')"
        )
        return [str(row[0]) for row in rows]

    async def between(self, start: datetime, end: datetime) -> AsyncIterator[Entry]:
        """Messages of all conversations from `start` to before `end`: one conversation after another."""
        conversations = await self._file.rows(
            "SELECT DISTINCT conversation FROM entries WHERE at >= ? AND at < ? ORDER BY conversation",
            (stamp(start), stamp(end)),
        )
        for (conversation,) in conversations:
            rows = await self._file.rows(
                f"SELECT {_COLUMNS} FROM entries WHERE conversation = ? AND at >= ? AND at < ? ORDER BY seq",
                (conversation, stamp(start), stamp(end)),
            )
            for row in rows:
                yield _entry(row)

    async def prune(self, before: datetime) -> int:
        """Forget messages older than `before`; returns how many."""
        return await self._file.write("DELETE FROM entries WHERE at < ?", (stamp(before),))
