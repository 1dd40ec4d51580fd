"""A full disk: what cannot be kept is told (StorageError), what was kept stays, and room again is enough to go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage.audit import Auditor
from bot.storage.audit_logs import SqliteAudit
from bot.storage.embedded_conversations import SqliteConversations
from bot.storage.embedded_outbox import SqliteOutbox
from bot.storage.protocols import StorageError, Work
from bot.storage.sqlite_file import SqliteFile

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LARGE = "x" * 3000
MOST = 10_000
"""Writes; the disk is full long before."""


async def pages(file: SqliteFile, most: int | None) -> None:
    """The disk has room for so many pages more than there are; None: enough."""
    count = (await file.rows("PRAGMA page_count"))[0][0]
    await file.rows(f"PRAGMA max_page_count = {2**30 if most is None else count + most}")


async def until_full(write: Callable[[int], Awaitable[object]]) -> int:
    """How many writes were done before one was refused."""
    for number in range(MOST):
        try:
            await write(number)
        except StorageError:
            return number
    raise AssertionError("the disk was never full")


async def test_messages(tmp_path: Path) -> None:
    file = await SqliteFile.open(tmp_path / "desk.sqlite")
    outbox = SqliteOutbox(file)

    async def write(number: int) -> None:
        body = {"text": f"{number} {LARGE}"}
        await outbox.append("c", "patient", body, NOW, once=str(number), work=Work.WAITING)

    await write(-1)
    await pages(file, 20)
    done = await until_full(write)
    kept = await outbox.after("c", 0, MOST)
    assert [entry.seq for entry in kept] == list(range(1, done + 2))
    with pytest.raises(StorageError):
        await write(done)
    await pages(file, None)
    await write(done)  # the device sends the refused message again
    assert await outbox.last("c") == done + 2
    assert await outbox.number_of("c", str(done)) == done + 2
    await file.close()


async def test_conversations(tmp_path: Path) -> None:
    log = SqliteConversations(tmp_path / "conversations.sqlite")
    file = await log._open()

    async def write(number: int) -> None:
        await log.append("c", number, LARGE.encode(), NOW, f"w{number}")

    await pages(file, 20)
    done = await until_full(write)
    assert (await log.read("c")).version == done
    await pages(file, None)
    await write(done)
    assert (await log.read("c")).version == done + 1
    await log.close()


async def test_the_audit_stays_whole(tmp_path: Path) -> None:
    log = SqliteAudit(tmp_path / "audit.sqlite")
    auditor = Auditor(log, b"secret of an installation of a test", lambda: NOW)

    async def write(number: int) -> None:
        await auditor.note(what=f"w{number}", detail=LARGE)

    await pages(await log._open(), 20)
    done = await until_full(write)
    await pages(await log._open(), None)
    await write(done)
    newest, wrong = await auditor.verify()
    assert wrong == []
    assert newest is not None
    assert newest.number == done + 1
    await log.close()
