"""The same promises from the embedded and the Redis stores."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.storage import Button, PatientSession, StorageError, Stores, open_redis
from bot.storage.protocols import Work, new_token
from bot.storage.redis_link import RedisLink
from bot.storage.redis_live import RedisLocks

MINUTE = timedelta(minutes=1)


async def test_messages_are_numbered_without_gaps_and_replayed(stores: Stores, clock: Any) -> None:
    await asyncio.gather(
        *(stores.outbox.append("a", "assistant", {"text": f"ż{n}"}, clock()) for n in range(40))
    )
    await stores.outbox.append("b", "assistant", {"text": "other"}, clock())
    entries = await stores.outbox.after("a", 0)
    assert [entry.seq for entry in entries] == list(range(1, 41))
    assert {entry.body["text"] for entry in entries} == {f"ż{n}" for n in range(40)}
    assert [entry.seq for entry in await stores.outbox.after("a", 37)] == [38, 39, 40]
    assert [entry.seq for entry in await stores.outbox.after("a", 10, limit=2)] == [11, 12]
    assert [entry.seq for entry in await stores.outbox.latest("a", 3)] == [38, 39, 40]
    assert await stores.outbox.last("a") == 40
    assert await stores.outbox.last("nobody") == 0
    assert abs(entries[0].at - clock()) < timedelta(milliseconds=1)


async def test_same_id_a_hundred_times_is_one_message(stores: Stores, clock: Any) -> None:
    results = await asyncio.gather(
        *(
            stores.outbox.append("a", "patient", {"n": n}, clock(), once="id", work=Work.WAITING)
            for n in range(100)
        )
    )
    assert {result.seq for result in results} == {1}
    assert sum(result.new for result in results) == 1
    assert (await stores.outbox.append("b", "patient", {}, clock(), once="id")).new


async def test_conversation_survives_restart(reopen: Any, clock: Any) -> None:
    before = await reopen()
    await before.outbox.append("a", "patient", {"text": "dzień dobry"}, clock(), once="x", work=Work.WAITING)
    token = await before.buttons.issue(_button(clock), clock())
    after = await reopen()
    assert (await after.outbox.after("a", 0))[0].body == {"text": "dzień dobry"}
    assert await after.outbox.unfinished() == ["a"]
    assert not (await after.outbox.append("a", "patient", {}, clock(), once="x")).new
    assert (await after.buttons.find("a", token, clock())) is not None
    assert (await after.outbox.append("a", "assistant", {}, clock())).seq == 2


async def test_work_is_taken_once_and_in_order(stores: Stores, clock: Any) -> None:
    for n in range(3):
        await stores.outbox.append("a", "patient", {"n": n}, clock(), work=Work.WAITING)
        await stores.outbox.append("a", "assistant", {"n": n}, clock())
    first = await stores.outbox.next_work("a")
    assert first is not None
    assert (first.seq, first.work, first.body) == (1, Work.WAITING, {"n": 0})
    taken = await asyncio.gather(*(stores.outbox.mark("a", 1, Work.WAITING, Work.STARTED) for _ in range(20)))
    assert sum(taken) == 1
    started = await stores.outbox.next_work("a")
    assert started is not None
    assert (started.seq, started.work) == (1, Work.STARTED)
    assert await stores.outbox.mark("a", 1, Work.STARTED, Work.DONE)
    second = await stores.outbox.next_work("a")
    assert second is not None
    assert second.seq == 3
    for seq in (3, 5):
        assert await stores.outbox.mark("a", seq, Work.WAITING, Work.DONE)
    assert await stores.outbox.next_work("a") is None
    assert await stores.outbox.unfinished() == []


async def test_pruned_messages_are_gone_and_numbers_go_on(stores: Stores, clock: Any) -> None:
    await stores.outbox.append("a", "assistant", {}, clock())
    clock.advance(days=31)
    await stores.outbox.append("a", "assistant", {}, clock())
    assert await stores.outbox.prune(clock() - timedelta(days=30)) == 1
    assert [entry.seq for entry in await stores.outbox.after("a", 0)] == [2]
    assert (await stores.outbox.append("a", "assistant", {}, clock())).seq == 3


async def test_event_is_first_once(stores: Stores, clock: Any) -> None:
    firsts = await asyncio.gather(
        *(stores.dedupe.first("portal", "e1", clock(), timedelta(days=8)) for _ in range(50))
    )
    assert sum(firsts) == 1
    assert await stores.dedupe.first("telegram", "e1", clock(), timedelta(days=8))


def _button(clock: Any, **changes: Any) -> Button:
    fields: dict[str, Any] = {
        "conversation": "a",
        "turn": 7,
        "payload": '/press{"key": "7-2"}',
        "label": "Wtorek, 9:20",
        "single_use": True,
        "expires_at": clock() + 30 * MINUTE,
    }
    return Button(**(fields | changes))


async def test_button_belongs_to_its_conversation_and_time(stores: Stores, clock: Any) -> None:
    token = await stores.buttons.issue(_button(clock), clock())
    found = await stores.buttons.find("a", token, clock())
    assert found is not None
    assert (found.payload, found.label, found.turn) == ('/press{"key": "7-2"}', "Wtorek, 9:20", 7)
    assert await stores.buttons.find("b", token, clock()) is None
    assert not await stores.buttons.spend("b", token, clock())
    assert await stores.buttons.find("a", token[:-1], clock()) is None
    clock.advance(minutes=29, seconds=59)
    assert await stores.buttons.find("a", token, clock()) is not None
    clock.advance(seconds=1)
    assert await stores.buttons.find("a", token, clock()) is None
    assert not await stores.buttons.spend("a", token, clock())


async def test_button_is_spent_once(stores: Stores, clock: Any) -> None:
    token = await stores.buttons.issue(_button(clock), clock())
    spent = await asyncio.gather(*(stores.buttons.spend("a", token, clock()) for _ in range(30)))
    assert sum(spent) == 1
    assert await stores.buttons.find("a", token, clock()) is None


async def test_tokens_do_not_repeat_and_are_long(stores: Stores, clock: Any) -> None:
    tokens = {await stores.buttons.issue(_button(clock), clock()) for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 22


async def test_session_expires_and_newer_token_wins(stores: Stores, clock: Any) -> None:
    def session(token: str, minutes: int) -> PatientSession:
        return PatientSession("p1", token, "full", "web", clock() + minutes * MINUTE)

    await stores.sessions.put("s", session("old", 5))
    await stores.sessions.put("s", session("new", 15))
    await stores.sessions.put("s", session("late duplicate of old", 5))
    kept = await stores.sessions.get("s")
    assert kept is not None
    assert (kept.token, kept.sub, kept.level, kept.channel) == ("new", "p1", "full", "web")
    assert "new" not in repr(kept)
    clock.advance(minutes=15)
    assert await stores.sessions.get("s") is None


async def test_session_ends(stores: Stores, clock: Any) -> None:
    await stores.sessions.put("s", PatientSession("p1", "t", "full", "web", clock() + MINUTE))
    await stores.sessions.end("s")
    assert await stores.sessions.get("s") is None


async def test_lock_is_first_come_first_served(stores: Stores) -> None:
    order: list[int] = []
    inside = 0

    async def turn(number: int) -> None:
        nonlocal inside
        async with stores.locks.hold("a"):
            inside += 1
            assert inside == 1
            order.append(number)
            await asyncio.sleep(0.001)
            inside -= 1

    async with stores.locks.hold("a"):
        waiting = []
        for number in range(15):
            waiting.append(asyncio.create_task(turn(number)))
            await asyncio.sleep(0.03)
        async with asyncio.timeout(30), stores.locks.hold("b"):
            pass
    await asyncio.gather(*waiting)
    assert order == list(range(15))


async def test_cancelled_waiter_leaves_the_queue(stores: Stores) -> None:
    async def turn() -> None:
        async with stores.locks.hold("a"):
            pass

    async with stores.locks.hold("a"):
        waiting = asyncio.create_task(turn())
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(5):  # less than the lease, after which a dead one is passed over
        await turn()


async def test_dead_owner_is_passed_over_and_live_owner_keeps_its_turn(redis_url: str) -> None:
    link = RedisLink.open(redis_url, f"dead-{random.random()}")
    locks = RedisLocks(link, lease_ms=600)
    dead = locks.hold("a")
    await dead.__aenter__()
    for task in asyncio.all_tasks():
        if "_renew" in repr(task.get_coro()):
            task.cancel()  # what a killed process looks like: nobody renews
    async with asyncio.timeout(30), locks.hold("a"):
        other = asyncio.create_task(locks.hold("a").__aenter__())
        await asyncio.sleep(2)
        assert not other.done()  # renewed for more than three leases
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
    await link.close()


async def test_signals_reach_listeners_of_that_conversation(stores: Stores) -> None:
    async with stores.signals.listen("a") as here, stores.signals.listen("a") as there:
        await stores.signals.publish("b", "message")
        await stores.signals.publish("a", "typing:on")
        await stores.signals.publish("a", "message")
        async with asyncio.timeout(30):
            for listener in (here, there):
                assert [await anext(listener), await anext(listener)] == ["typing:on", "message"]


async def test_unreachable_redis_says_so(clock: Any) -> None:
    stores = await open_redis("redis://127.0.0.1:1/0", clock=clock)
    with pytest.raises(StorageError):
        await stores.outbox.append("a", "patient", {}, clock())
    with pytest.raises(StorageError):
        await stores.sessions.get("s")
    with pytest.raises(StorageError):
        async with stores.locks.hold("a"):
            pass
    await stores.close()


async def test_buttons_of_one_message_are_kept_together(stores: Stores, clock: Any) -> None:
    offered = {new_token(): replace(_button(clock), payload=f"/choose{number}") for number in range(8)}
    await stores.buttons.keep(offered, clock())
    found = [await stores.buttons.find(_button(clock).conversation, token, clock()) for token in offered]
    assert [button and button.payload for button in found] == [f"/choose{number}" for number in range(8)]
    for token in offered:
        assert await stores.buttons.spend(_button(clock).conversation, token, clock())
        assert not await stores.buttons.spend(_button(clock).conversation, token, clock())
