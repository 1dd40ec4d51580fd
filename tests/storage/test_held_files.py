"""Files on their way: kept for minutes, in order, gone afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.storage import HeldFile, StorageError, Stores
from bot.storage.held_files import LocalHeldFiles


def _file(clock: Any, number: int, minutes: float = 20) -> HeldFile:
    return HeldFile(
        f"f{number}", "b", f"{number}.pdf", "application/pdf", 3, clock() + timedelta(minutes=minutes)
    )


async def test_kept_in_order_and_dropped(stores: Stores, clock: Any) -> None:
    for number in range(12):
        await stores.files.put("c", _file(clock, number), b"%PDF\0\xff", clock())
    assert [file.id for file in await stores.files.waiting("c", clock())] == [f"f{n}" for n in range(12)]
    assert await stores.files.content("c", "f3", clock()) == b"%PDF\0\xff"
    await stores.files.drop("c", "f3", "nothing")
    await stores.files.drop("c")
    assert await stores.files.content("c", "f3", clock()) is None
    assert len(await stores.files.waiting("c", clock())) == 11


async def test_nobody_else_sees_them(stores: Stores, clock: Any) -> None:
    await stores.files.put("c", _file(clock, 1), b"x", clock())
    assert await stores.files.waiting("d", clock()) == []
    assert await stores.files.content("d", "f1", clock()) is None


async def test_they_are_gone_when_their_time_is_over(stores: Stores, clock: Any) -> None:
    await stores.files.put("c", _file(clock, 1, minutes=5), b"x", clock())
    clock.advance(minutes=6)
    assert await stores.files.waiting("c", clock()) == []


async def test_a_process_keeps_only_so_much(clock: Any) -> None:
    files = LocalHeldFiles(most=10)
    await files.put("c", _file(clock, 1), b"12345678", clock())
    with pytest.raises(StorageError):
        await files.put("c", _file(clock, 2), b"123", clock())
    clock.advance(hours=1)
    await files.put("c", _file(clock, 3), b"123", clock())
