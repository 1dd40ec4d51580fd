"""Token buckets: the same promises in the process and in Redis."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from bot.storage import Rate, Stores
from bot.storage.limits import LocalLimits

RATE = Rate(3, timedelta(seconds=10))


async def test_a_burst_then_one_at_a_time(stores: Stores, clock: Any) -> None:
    for _ in range(3):
        assert (await stores.limits.take("sender", "a", RATE, clock())).allowed
    refused = await stores.limits.take("sender", "a", RATE, clock())
    assert not refused.allowed
    assert timedelta(seconds=9.9) < refused.wait <= timedelta(seconds=10)
    clock.advance(seconds=10.01)
    assert (await stores.limits.take("sender", "a", RATE, clock())).allowed
    assert not (await stores.limits.take("sender", "a", RATE, clock())).allowed
    clock.advance(hours=1)
    taken = [(await stores.limits.take("sender", "a", RATE, clock())).allowed for _ in range(5)]
    assert taken == [True, True, True, False, False]


async def test_the_first_refusal_is_marked_once(stores: Stores, clock: Any) -> None:
    answers = [await stores.limits.take("sender", "a", RATE, clock()) for _ in range(8)]
    assert [answer.first for answer in answers] == [False, False, False, True, False, False, False, False]
    clock.advance(seconds=10.01)
    answers = [await stores.limits.take("sender", "a", RATE, clock()) for _ in range(3)]
    assert [answer.first for answer in answers] == [False, True, False]


async def test_buckets_are_separate(stores: Stores, clock: Any) -> None:
    for _ in range(4):
        await stores.limits.take("sender", "a", RATE, clock())
    assert (await stores.limits.take("sender", "b", RATE, clock())).allowed
    assert (await stores.limits.take("address", "a", RATE, clock())).allowed


async def test_a_clock_set_back_neither_gives_nor_takes(stores: Stores, clock: Any) -> None:
    for _ in range(2):
        await stores.limits.take("sender", "a", RATE, clock())
    clock.advance(hours=-2)
    assert (await stores.limits.take("sender", "a", RATE, clock())).allowed
    assert not (await stores.limits.take("sender", "a", RATE, clock())).allowed


async def test_processes_share_one_bucket(reopen: Any, clock: Any, request: Any) -> None:
    if request.node.callspec.params["reopen"] == "embedded":
        return  # one process a file
    sides = [await reopen() for _ in range(4)]
    answers = await asyncio.gather(
        *(side.limits.take("sender", "a", RATE, clock()) for side in sides for _ in range(25))
    )
    assert sum(answer.allowed for answer in answers) == 3
    assert sum(answer.first for answer in answers) == 1


async def test_a_flood_of_addresses_does_not_fill_the_memory(clock: Any) -> None:
    limits = LocalLimits(most=100)
    for number in range(1000):
        await limits.take("address", str(number), RATE, clock())
    assert len(limits._buckets) == 100


async def test_a_clock_that_was_set_back_blocks_nobody_for_as_long(stores: Stores, clock: Any) -> None:
    for _ in range(5):
        await stores.limits.take("sender", "back", RATE, clock())
    clock.advance(hours=-1)
    assert not (await stores.limits.take("sender", "back", RATE, clock())).allowed
    clock.advance(seconds=10.01)
    assert (await stores.limits.take("sender", "back", RATE, clock())).allowed
    assert not (await stores.limits.take("sender", "back", RATE, clock())).allowed
