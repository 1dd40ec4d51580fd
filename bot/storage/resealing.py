"""Content sealed with an older key is sealed anew with the first one, over a whole store, while it is used.

Every value is replaced only if it is still what was read, so nothing that is written meanwhile is lost; what
somebody else changed is new already. Files on their way to the portal are left: they live for minutes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.storage.redis_link import RedisLink
from bot.storage.redis_scripts import READ_BATCHES
from bot.storage.sealed import renewed
from bot.storage.sealing import Sealer, SealError

_REPLACE = {
    "string": "if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end "
    "redis.call('SET', KEYS[1], ARGV[3], 'KEEPTTL') return 1",
    "hash": "if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end "
    "redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) return 1",
    "zset": "local score = redis.call('ZSCORE', KEYS[1], ARGV[2]) if not score then return 0 end "
    "redis.call('ZADD', KEYS[1], score, ARGV[3]) redis.call('ZREM', KEYS[1], ARGV[2]) return 1",
    "list": "if redis.call('LINDEX', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end "
    "redis.call('LSET', KEYS[1], ARGV[1], ARGV[3]) return 1",
}
"""KEYS: the key; ARGV: field or index, what was read, what it becomes. 1: replaced, 0: changed meanwhile."""


@dataclass(slots=True)
class Resealed:
    """A receipt: values sealed anew, those that nobody can open, those that somebody changed meanwhile."""

    place: str
    renewed: int = 0
    unreadable: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class _Value:
    """A sealed value: its field or index, what is kept, and what that becomes (None: nothing to do)."""

    field: str | int
    kept: bytes
    fresh: Callable[[], bytes | None]


async def reseal_redis(url: str, sealer: Sealer, prefix: str = "asystent") -> Resealed:
    """Walks every key. Raises StorageError when Redis cannot answer; what was done stays done."""
    link = RedisLink.open(url, prefix, text=False)
    done = Resealed("redis")
    try:
        async for key in link.scan(f"{prefix}:*"):
            kind, _, rest = key.decode().removeprefix(f"{prefix}:").partition(":{")
            name, _, _ = rest.rpartition("}")
            reader = "record" if kind.startswith("record-") else kind
            if reader not in _READERS:
                continue
            structure, read = _READERS[reader]
            for value in await read(link, key, kind, name, sealer):
                await _replace(link, structure, key, value, done)
    finally:
        await link.close()
    return done


async def _replace(link: RedisLink, structure: str, key: bytes, value: _Value, done: Resealed) -> None:
    try:
        fresh = value.fresh()
    except SealError:
        done.unreadable += 1
        return
    if fresh is not None:
        arguments = [value.field, value.kept, fresh]
        replaced = await link.script(_REPLACE[structure], [key.decode()], arguments)
        done.renewed += int(replaced)
        done.changed += 1 - int(replaced)


async def _entries(link: RedisLink, key: bytes, _: str, name: str, sealer: Sealer) -> list[_Value]:
    kept = await link.run(link.client.zrange(key, 0, -1))
    return [_Value("", record, _json(sealer, record, f"outbox/{name}", b":")) for record in kept]


async def _button(link: RedisLink, key: bytes, _: str, name: str, sealer: Sealer) -> list[_Value]:
    kept = await link.run(link.client.get(key))
    return [] if kept is None else [_Value("", kept, _json(sealer, kept, f"button/{name}"))]


async def _session(link: RedisLink, key: bytes, _: str, name: str, sealer: Sealer) -> list[_Value]:
    kept = await link.run(link.client.hget(key, "record"))
    return [] if kept is None else [_Value("record", kept, _json(sealer, kept, f"session/{name}"))]


async def _record(link: RedisLink, key: bytes, kind: str, name: str, sealer: Sealer) -> list[_Value]:
    kept = await link.run(link.client.get(key))
    place = f"record/{kind.removeprefix('record-')}/{name}"
    return [] if kept is None else [_Value("", kept, _json(sealer, kept, place))]


async def _batches(link: RedisLink, key: bytes, _: str, name: str, sealer: Sealer) -> list[_Value]:
    keys = [key.decode(), link.key("talk-head", name)]
    version, _from, _snapshot, kept = await link.script(READ_BATCHES, keys, [-1, 1])
    first = int(version) - len(kept)
    return [
        _Value(index, record, _batch(sealer, record, f"{name}/batch/{first + index}"))
        for index, record in enumerate(kept)
    ]


async def _snapshot(link: RedisLink, key: bytes, _: str, name: str, sealer: Sealer) -> list[_Value]:
    begin, kept = await link.run(link.client.hmget(key, "from", "snapshot"))
    if not kept or begin is None:
        return []
    place = f"{name}/snapshot/{int(begin)}"
    return [_Value("snapshot", kept, lambda: sealer.renew(kept, place))]


_READERS: dict[str, tuple[str, Any]] = {
    "entries": ("zset", _entries),
    "button": ("string", _button),
    "session": ("hash", _session),
    "record": ("string", _record),
    "talk": ("list", _batches),
    "talk-head": ("hash", _snapshot),
}
"""Kind of key to its structure in Redis and who reads it; every other kind holds nothing sealed."""


def _json(sealer: Sealer, kept: bytes, place: str, after: bytes = b"") -> Callable[[], bytes | None]:
    """A JSON record, behind its number where there is one."""
    head, mark, text = kept.partition(after) if after else (b"", b"", kept)

    def fresh() -> bytes | None:
        new = renewed(sealer, json.loads(text), place)
        return None if new is None else head + mark + json.dumps(new, ensure_ascii=False).encode()

    return fresh


def _batch(sealer: Sealer, kept: bytes, place: str) -> Callable[[], bytes | None]:
    """A batch behind the second it was written in."""
    head, mark, sealed = kept.partition(b":")

    def fresh() -> bytes | None:
        new = sealer.renew(sealed, place)
        return None if new is None else head + mark + new

    return fresh


_TABLES: dict[str, tuple[str, tuple[str, ...], Callable[[tuple[Any, ...]], str]]] = {
    "entries": ("body", ("conversation", "seq"), lambda row: f"outbox/{row[0]}"),
    "buttons": ("payload label", ("token", "conversation"), lambda row: f"button/{row[1]}"),
    "sessions": ("sub token", ("sender",), lambda row: f"session/{row[0]}"),
    "records": ("value", ("kind", "name"), lambda row: f"record/{row[0]}/{row[1]}"),
    "batches": ("body", ("conversation", "number"), lambda row: f"{row[0]}/batch/{row[1]}"),
    "heads": ("snapshot", ("conversation", "start"), lambda row: f"{row[0]}/snapshot/{row[1]}"),
}
"""Table to its sealed columns, its key, and the place a row was sealed for."""


def reseal_sqlite(path: Path, sealer: Sealer) -> Resealed:
    """One file. The assistant may run: each row is its own transaction. Raises sqlite3.Error."""
    done = Resealed(path.name)
    with sqlite3.connect(path, isolation_level=None, timeout=5) as connection:
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table, (columns, key, place) in _TABLES.items():
            for column in columns.split() if table in there else ():
                for row in list(_rows(connection, table, column, key)):
                    _renew_row(connection, sealer, done, table, column, key, row, place(row))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return done


def _rows(
    connection: sqlite3.Connection, table: str, column: str, key: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    yield from connection.execute(
        f"SELECT {', '.join(key)}, {column} FROM {table} WHERE {column} IS NOT NULL"
    )


def _renew_row(
    connection: sqlite3.Connection,
    sealer: Sealer,
    done: Resealed,
    table: str,
    column: str,
    key: tuple[str, ...],
    row: tuple[Any, ...],
    place: str,
) -> None:
    *names, kept = row
    try:
        fresh = _fresh(sealer, kept, place)
    except SealError:
        done.unreadable += 1
        return
    if fresh is not None:
        where = " AND ".join(f"{name} = ?" for name in (*key, column))
        changed = connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE {where}", (fresh, *names, kept)
        ).rowcount
        done.renewed += changed
        done.changed += 1 - changed


def _fresh(sealer: Sealer, kept: bytes | str, place: str) -> bytes | str | None:
    if isinstance(kept, bytes):
        return sealer.renew(kept, place)
    if not kept.startswith("{"):
        fresh: str | None = renewed(sealer, kept, place)
        return fresh
    record = renewed(sealer, json.loads(kept), place)
    return None if record is None else json.dumps(record, ensure_ascii=False)
