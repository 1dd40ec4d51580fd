"""SQLite under the sandbox: one transaction a request, off the event loop.

Everything is a JSON document by kind and id, owned by an account. What must be unique - a live slot, an
idempotency key - has a table of its own, so that the database decides races, also between processes.
"""

import asyncio
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")
Doc = dict[str, Any]
Row = tuple[str, str, str, str]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  kind TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS objects_account ON objects (kind, account);
CREATE TABLE IF NOT EXISTS claims (
  slot TEXT PRIMARY KEY, owner TEXT NOT NULL, account TEXT NOT NULL, expires REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS idempotency (
  account TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, started REAL NOT NULL,
  status INTEGER, answer TEXT, PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
_WORKERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sandbox-db")


def dump(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Session:
    """What a request may do to the database, inside its transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection

    def get(self, kind: str, object_id: str) -> Doc | None:
        row = self.db.execute(
            "SELECT data FROM objects WHERE kind = ? AND id = ?", (kind, object_id)
        ).fetchone()
        return None if row is None else _load(row[0])

    def owned(self, kind: str, account: str) -> list[Doc]:
        """Documents of one account, by id."""
        rows = self.db.execute(
            "SELECT data FROM objects WHERE kind = ? AND account = ? ORDER BY id", (kind, account)
        )
        return [_load(row[0]) for row in rows]

    def every(self, kind: str) -> list[Doc]:
        rows = self.db.execute("SELECT data FROM objects WHERE kind = ? ORDER BY id", (kind,))
        return [_load(row[0]) for row in rows]

    def put(self, kind: str, account: str, doc: Doc) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO objects (kind, id, account, data) VALUES (?, ?, ?, ?)",
            (kind, doc["id"], account, dump(doc)),
        )

    def put_rows(self, rows: Iterable[Row]) -> None:
        self.db.executemany(
            "INSERT OR REPLACE INTO objects (kind, id, account, data) VALUES (?, ?, ?, ?)", rows
        )

    def delete(self, kind: str, object_id: str) -> None:
        self.db.execute("DELETE FROM objects WHERE kind = ? AND id = ?", (kind, object_id))

    def forget(self, account: str) -> None:
        """Everything an account owns."""
        for table in ("objects", "claims"):
            self.db.execute(f"DELETE FROM {table} WHERE account = ?", (account,))

    def number(self, name: str) -> int:
        """Next number of a named counter, from 1."""
        row = self.db.execute(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
            " RETURNING value",
            (name,),
        ).fetchone()
        return int(row[0])

    def new_id(self, prefix: str) -> str:
        """Opaque but repeatable: the same requests in the same world get the same ids."""
        digest = hashlib.blake2b(f"{prefix}:{self.number(prefix)}".encode(), digest_size=8).hexdigest()
        return f"{prefix}-{digest}"

    def claim(self, slot: str, owner: str, account: str, now: datetime, expires: datetime | None) -> bool:
        """Take a slot for a hold (until `expires`) or a visit (None); False when somebody has it."""
        self.db.execute("DELETE FROM claims WHERE slot = ? AND expires <= ?", (slot, now.timestamp()))
        try:
            self.db.execute(
                "INSERT INTO claims VALUES (?, ?, ?, ?)",
                (slot, owner, account, None if expires is None else expires.timestamp()),
            )
        except sqlite3.IntegrityError:
            return False
        return True

    def unclaim(self, owner: str) -> None:
        self.db.execute("DELETE FROM claims WHERE owner = ?", (owner,))

    def claimed(self, now: datetime) -> frozenset[str]:
        """Claim keys of slots that are held or booked now."""
        rows = self.db.execute(
            "SELECT slot FROM claims WHERE expires IS NULL OR expires > ?", (now.timestamp(),)
        )
        return frozenset(row[0] for row in rows)

    def wipe(self) -> None:
        for table in ("objects", "claims", "idempotency", "counters"):
            self.db.execute(f"DELETE FROM {table}")


class Store:
    """A SQLite file or memory; transactions are serialised."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        if path != ":memory:":
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    async def transact(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction on a worker thread; an exception rolls it back."""
        return await asyncio.get_running_loop().run_in_executor(_WORKERS, self._run, work)

    def _run(self, work: Callable[[Session], T]) -> T:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                result = work(Session(self._db))
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            return result

    def close(self) -> None:
        with self._lock:
            self._db.close()


def savepoint(session: Session, work: Callable[[], T]) -> T:
    """Run `work`; when it raises, undo only what it did."""
    session.db.execute("SAVEPOINT step")
    try:
        result = work()
    except BaseException:
        session.db.execute("ROLLBACK TO step")
        session.db.execute("RELEASE step")
        raise
    session.db.execute("RELEASE step")
    return result


def _load(text: str) -> Doc:
    doc: Doc = json.loads(text)
    return doc
