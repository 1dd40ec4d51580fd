"""One SQLite file for the embedded stores: schema, time format and transactions."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.storage.protocols import StorageError

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    conversation TEXT NOT NULL, seq INTEGER NOT NULL, author TEXT NOT NULL, body TEXT NOT NULL,
    at REAL NOT NULL, once TEXT, work TEXT NOT NULL,
    PRIMARY KEY (conversation, seq)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS entries_once ON entries (conversation, once) WHERE once IS NOT NULL;
CREATE INDEX IF NOT EXISTS entries_open ON entries (conversation, seq) WHERE work NOT IN ('none', 'done');
CREATE INDEX IF NOT EXISTS entries_at ON entries (at);
CREATE TABLE IF NOT EXISTS numbers (conversation TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    scope TEXT NOT NULL, key TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (scope, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS buttons (
    token TEXT PRIMARY KEY, conversation TEXT NOT NULL, turn INTEGER NOT NULL, payload TEXT NOT NULL,
    label TEXT NOT NULL, single_use INTEGER NOT NULL, until REAL NOT NULL, spent INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS buttons_until ON buttons (until);
CREATE TABLE IF NOT EXISTS sessions (
    sender TEXT PRIMARY KEY, sub TEXT NOT NULL, token TEXT NOT NULL, level TEXT NOT NULL,
    channel TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, until REAL NOT NULL,
    PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revoked (
    sender TEXT NOT NULL, token TEXT NOT NULL, at REAL NOT NULL, until REAL NOT NULL,
    PRIMARY KEY (sender, token)) WITHOUT ROWID;
"""


def stamp(moment: datetime) -> float:
    """Seconds since the epoch; refuses a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.timestamp()


def moment(seconds: float) -> datetime:
    """Aware datetime (UTC) of a stored stamp."""
    return datetime.fromtimestamp(seconds, UTC)


class SqliteFile:
    """A connection that lives in its own thread.

    A transaction is one function run there to its end: a request that is cancelled half-way (the
    patient's connection broke) can therefore never leave one open.
    """

    def __init__(self, executor: ThreadPoolExecutor, connection: sqlite3.Connection) -> None:
        self._executor = executor
        self._connection = connection

    @classmethod
    async def open(cls, path: Path | str, schema: str = _SCHEMA) -> SqliteFile:
        """Open or create the file (`:memory:` for tests); the front desk's tables without a `schema`."""
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-store")
        connection = await asyncio.get_running_loop().run_in_executor(executor, _connect, path, schema)
        return cls(executor, connection)

    async def close(self) -> None:
        """Close the file."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._connection.close)
        self._executor.shutdown(wait=False)

    async def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read; raises StorageError when the file fails."""
        return await self._run(lambda: self._connection.execute(sql, values).fetchall())

    async def transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Write as one unit; rolled back on any error."""
        return await self._run(lambda: self._transaction(work))

    async def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """One statement as its own transaction; returns the number of rows changed."""
        return await self.transact(lambda connection: connection.execute(sql, values).rowcount)

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        except (sqlite3.Error, RuntimeError) as error:
            raise StorageError("embedded store failed") from error

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._connection)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result


def _connect(path: Path | str, schema: str) -> sqlite3.Connection:
    if str(path) != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + schema)
    return connection
