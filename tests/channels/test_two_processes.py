"""Two assistants behind a load balancer share conversations through Redis."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest


@pytest.fixture
async def pair(serve: Any, redis_url: str) -> tuple[Any, Any]:
    one, two = await serve(storage=redis_url), await serve(storage=redis_url)
    two.portal.key, two.assistant = one.portal.key, one.assistant
    await two.stop()
    await two.start()
    return one, two


def _other(patient: Any, served: Any) -> Any:
    return type(patient)(served, patient.token, patient.conversation)


async def test_said_here_heard_there(pair: tuple[Any, Any]) -> None:
    one, two = pair
    here = await one.patient(f"p-{uuid.uuid4()}")
    there = _other(here, two)
    async with there.events() as events:
        await here.send("wolno")
        seen = [await anext(events) for _ in range(4)]
    assert [event["event"] for event in seen] == ["message", "typing", "message", "typing"]
    assert seen[2]["data"]["text"] == "Już jestem."
    token = (await here.ask("opcje"))[0]["options"][0]["token"]
    seq = (await there.press(token)).json()["seq"]
    assert (await here.replies(after=seq))[0]["text"] == "Wybrano przyciskiem."


async def test_order_and_uniqueness_hold_across_processes(pair: tuple[Any, Any]) -> None:
    one, two = pair
    here = await one.patient(f"p-{uuid.uuid4()}")
    there = _other(here, two)
    for number in range(10):
        client_id = str(uuid.uuid4())
        await asyncio.gather(
            *(side.send(f"nr {number}", client_id) for side in (here, there) for _ in range(3))
        )
    replies = await there.replies(after=0, count=10)
    assert [reply["text"] for reply in replies] == [f"Napisano: nr {number}" for number in range(10)]
    assert not one.assistant.overlapped


async def test_session_is_seen_by_every_process(pair: tuple[Any, Any]) -> None:
    one, two = pair
    sub = f"p-{uuid.uuid4()}"
    patient = await one.patient(sub)
    await patient.ask("hej")
    session = await two.app.ctx.front_desk.stores.sessions.get(one.assistant.heard[-1].sender)
    assert session.sub == sub
