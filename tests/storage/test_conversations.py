"""The conversation log: append-only, versioned, expiring; the same from SQLite and Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.storage.conversations import ConversationLog, ConversationMovedError, Snapshot
from bot.storage.protocols import StorageError
from bot.storage.tracker_store import open_log


@pytest.fixture(params=["sqlite", "redis"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ConversationLog]:
    place = str(tmp_path / "talk.db")
    if request.param == "redis":
        place = request.getfixturevalue("redis_url")
    opened = open_log(place, prefix=f"t-{tmp_path.name}", keep=timedelta(days=30))
    yield opened
    await opened.close()


async def test_batches_come_back_in_order(log: ConversationLog, clock: Any) -> None:
    assert (await log.read("a")).version == 0
    for number in range(5):
        await log.append("a", number, bytes([number, 0, 255]), clock(), f"w{number}")
    reading = await log.read("a")
    assert reading.version == 5
    assert list(reading.batches) == [bytes([number, 0, 255]) for number in range(5)]
    assert (await log.read("b")).version == 0
    assert await log.names() == ["a"]


async def test_who_has_the_version_gets_nothing_more(log: ConversationLog, clock: Any) -> None:
    await log.append("a", 0, b"x", clock(), "w")
    reading = await log.read("a", known=1)
    assert not reading.changed
    assert not reading.batches
    assert (await log.read("a", known=0)).changed


async def test_a_worker_that_lost_its_lock_cannot_write(log: ConversationLog, clock: Any) -> None:
    await log.append("a", 0, b"mine", clock(), "w1")
    for version in (0, 2, 7):
        with pytest.raises(ConversationMovedError):
            await log.append("a", version, b"other", clock(), "w2")
    assert list((await log.whole("a")).batches) == [b"mine"]


async def test_of_many_writers_with_one_version_one_wins(log: ConversationLog, clock: Any) -> None:
    results = await asyncio.gather(
        *(log.append("a", 0, str(n).encode(), clock(), f"w{n}") for n in range(50)), return_exceptions=True
    )
    assert sum(result is None for result in results) == 1
    assert all(isinstance(result, ConversationMovedError) for result in results if result is not None)
    assert (await log.read("a")).version == 1


async def test_the_same_call_again_is_one_write(log: ConversationLog, clock: Any) -> None:
    await log.append("a", 0, b"x", clock(), "w")
    await log.append("a", 0, b"x", clock(), "w")
    assert (await log.read("a")).version == 1


async def test_a_reader_starts_at_the_snapshot(log: ConversationLog, clock: Any) -> None:
    for number in range(4):
        await log.append("a", number, str(number).encode(), clock(), str(number))
    await log.append("a", 4, b"4", clock(), "4", Snapshot(3, b"came to"))
    reading = await log.read("a")
    assert (reading.version, reading.first) == (5, 3)
    assert reading.snapshot == Snapshot(3, b"came to")
    assert list(reading.batches) == [b"3", b"4"]
    whole = await log.whole("a")
    assert whole.snapshot is None
    assert list(whole.batches) == [b"0", b"1", b"2", b"3", b"4"]


async def test_old_batches_go_when_a_snapshot_stands_for_them(log: ConversationLog, clock: Any) -> None:
    await log.append("a", 0, b"0", clock(), "0")
    clock.advance(days=20)
    await log.append("a", 1, b"1", clock(), "1", Snapshot(1, b"s"))
    assert len((await log.whole("a")).batches) == 2
    clock.advance(days=20)
    await log.append("a", 2, b"2", clock(), "2", Snapshot(2, b"s"))
    whole = await log.whole("a")
    assert (whole.version, whole.first, list(whole.batches)) == (3, 1, [b"1", b"2"])
    await log.append("a", 3, b"3", clock(), "3")
    assert list((await log.read("a")).batches) == [b"2", b"3"]


async def test_a_deleted_conversation_begins_anew(log: ConversationLog, clock: Any) -> None:
    await log.append("a", 0, b"0", clock(), "0", Snapshot(0, b"s"))
    assert await log.delete("a")
    assert not await log.delete("a")
    assert (await log.read("a")).version == 0
    await log.append("a", 0, b"new", clock(), "1")
    assert list((await log.read("a")).batches) == [b"new"]


async def test_redis_forgets_by_itself(redis_url: str, clock: Any) -> None:
    log = open_log(redis_url, prefix="short", keep=timedelta(milliseconds=60))
    await log.append("a", 0, b"0", clock(), "0")
    await asyncio.sleep(0.15)
    assert (await log.read("a")).version == 0
    assert await log.names() == []
    await log.close()


async def test_no_redis_is_said_and_not_taken_for_a_new_conversation() -> None:
    log = open_log("redis://127.0.0.1:1/0")
    with pytest.raises(StorageError):
        await log.read("a")
    await log.close()
