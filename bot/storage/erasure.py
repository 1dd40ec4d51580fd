"""Erasing one person from the stores: everything under their ids, then a search that must find nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.storage.redis_client import open_client

_SCAN = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """A receipt of one store: where, how many records went, how often an id is still found (0)."""

    place: str
    records: int
    left: int


async def erase_redis(url: str, names: Iterable[str]) -> Erased:
    """All keys named after one of `names`, and their entries in shared lists. Walks every key."""
    client = open_client(url)
    gone = left = 0
    wanted = [name.encode() for name in names]
    try:
        for last in (False, True):
            left = 0
            async for key in client.scan_iter(count=_SCAN):
                if any(name in key for name in wanted):
                    gone += 0 if last else int(await client.delete(key))
                    left += 1
                elif await client.type(key) == b"zset":  # type: ignore[no-untyped-call]
                    for name in wanted:
                        left += await client.zscore(key, name) is not None
                        gone += 0 if last else int(await client.zrem(key, name))
    finally:
        await client.close()
        await client.connection_pool.disconnect()
    return Erased("redis", gone, left)


def erase_sqlite(path: Path, names: Iterable[str]) -> Erased:
    """Rows that carry one of `names` in any column; the file is then written anew, so that no byte stays.

    The assistant must not run on this file. Raises sqlite3.Error when it cannot be written.
    """
    wanted, gone = list(names), 0
    with sqlite3.connect(path, isolation_level=None) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            found = " OR ".join(f'instr("{column}", ?) > 0' for column in columns)
            for name in wanted:
                done = connection.execute(f'DELETE FROM "{table}" WHERE {found}', [name] * len(columns))
                gone += done.rowcount
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    dump = path.read_bytes()
    return Erased(path.name, gone, sum(dump.count(name.encode()) for name in wanted))
