"""The front desk itself: what it does when something behind it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.core import FrontDesk
from bot.channels.desk_settings import DeskSettings
from bot.channels.messages import Emit, Incoming, Option, Outgoing, Visitor
from bot.storage import Stores, open_embedded
from bot.storage.protocols import Work

VISITOR = Visitor("web-1", "c-1", "web", authenticated=True, level="full")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Echo:
    """Answers with a button; remembers what it heard."""

    def __init__(self, finished: bool | None = None) -> None:
        self.heard: list[tuple[str | None, str | None, dict[str, Any]]] = []
        self._finished = finished

    async def finished(self, sender: str, turn: int) -> bool | None:
        return self._finished

    async def handle(
        self, sender: str, text: str | None, payload: str | None, metadata: dict[str, Any], emit: Emit
    ) -> None:
        self.heard.append((text, payload, metadata))
        await emit(Outgoing(text=f"echo {text or payload}", options=(Option("Dalej", "/next"),)))


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = await open_embedded(tmp_path / "state.db", Clock())
    yield opened
    await opened.close()


def _desk(stores: Stores, assistant: Any, clock: Clock, safety: Any = lambda text: None) -> FrontDesk:
    settings = DeskSettings(sweep=timedelta(seconds=0.05))
    return FrontDesk(stores, assistant, safety, clock, settings)


async def _said(stores: Stores, count: int) -> list[dict[str, Any]]:
    for _ in range(3000):
        entries = [e.body for e in await stores.outbox.after("c-1", 0) if e.author == "assistant"]
        if len(entries) >= count:
            return entries
        await asyncio.sleep(0.01)
    raise AssertionError("no answer")


async def _settled(stores: Stores) -> None:
    """Until nothing is owed to anybody."""
    for _ in range(3000):
        if not await stores.outbox.unfinished():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("still unfinished")


async def test_reference_time_is_warsaw(stores: Stores) -> None:
    assistant = Echo()
    await _desk(stores, assistant, Clock()).receive(VISITOR, Incoming("c-1", "m1", text="hej"))
    await _said(stores, 1)
    assert assistant.heard[0][2]["now"] == "2026-11-23T09:00:00+01:00"


async def test_a_broken_detector_does_not_keep_the_message(stores: Stores) -> None:
    def broken(text: str) -> None:
        raise RuntimeError

    await _desk(stores, Echo(), Clock(), broken).receive(VISITOR, Incoming("c-1", "m1", text="hej"))
    assert (await _said(stores, 1))[0]["text"] == "echo hej"


async def test_an_asynchronous_detector_is_awaited(stores: Stores) -> None:
    async def detector(text: str) -> Outgoing | None:
        return Outgoing(text="112") if "duszę" in text else None

    desk = _desk(stores, Echo(), Clock(), detector)
    await desk.receive(VISITOR, Incoming("c-1", "m1", text="duszę się"))
    await desk.receive(VISITOR, Incoming("c-1", "m2", text="hej"))
    assert [body["text"] for body in await _said(stores, 2)] == ["112", "echo hej"]


async def test_a_button_dies_after_thirty_minutes(stores: Stores) -> None:
    assistant, clock = Echo(), Clock()
    desk = _desk(stores, assistant, clock)
    await desk.receive(VISITOR, Incoming("c-1", "m1", text="hej"))
    token = (await _said(stores, 1))[0]["options"][0]["token"]
    clock.now += timedelta(minutes=29)
    await desk.receive(VISITOR, Incoming("c-1", "m2", button=token))
    await _said(stores, 2)
    assert assistant.heard[1][:2] == (None, "/next")
    assert assistant.heard[1][2]["button_turn"] == 1
    clock.now += timedelta(minutes=1)
    await desk.receive(VISITOR, Incoming("c-1", "m3", button=token))
    assert "nieaktualna" in (await _said(stores, 3))[2]["text"]
    assert len(assistant.heard) == 2


async def test_what_another_process_left_is_finished(stores: Stores) -> None:
    """A waiting message is answered; one of unknown outcome, or that died twice, is owned up to."""
    clock = Clock()
    work = {"sender": "web-1", "channel": "web", "message_id": "m"}
    for name, state in (("started", Work.STARTED), ("again", Work.AGAIN), ("waiting", Work.WAITING)):
        body = {"text": name, "work": work}
        await stores.outbox.append("c-1", "patient", body, clock(), once=name, work=state)
    assistant = Echo()
    desk = _desk(stores, assistant, clock)
    await desk.start()
    said = await _said(stores, 3)
    assert "przerwało" in said[0]["text"]
    assert "przerwało" in said[1]["text"]
    assert said[2]["text"] == "echo waiting"
    await _settled(stores)
    await desk.stop()
    assert len(assistant.heard) == 1
    assert await stores.outbox.unfinished() == []


@pytest.mark.parametrize(
    ("finished", "kept", "texts"),
    [
        (False, 0, ["echo hej"]),  # died before it said anything: done again
        (False, 1, ["echo hej"]),  # died after it had said it, before it was saved: not said twice
        (True, 1, ["echo hej"]),  # died after it was saved
    ],
)
async def test_a_turn_that_died_is_done_again_and_said_once(
    stores: Stores, finished: bool, kept: int, texts: list[str]
) -> None:
    clock = Clock()
    work = {"sender": "web-1", "channel": "web", "message_id": "m"}
    body = {"text": "hej", "work": work}
    await stores.outbox.append("c-1", "patient", body, clock(), once="m", work=Work.STARTED)
    for _ in range(kept):
        await stores.outbox.append("c-1", "assistant", {"text": "echo hej", "turn": 1}, clock())
    assistant = Echo(finished)
    desk = _desk(stores, assistant, clock)
    await desk.start()
    await _settled(stores)
    await desk.stop()
    assert [body["text"] for body in await _said(stores, 1)] == texts
    assert len(assistant.heard) == (0 if finished else 1)
    assert await stores.outbox.unfinished() == []


async def test_a_text_with_nothing_in_it_is_answered(stores: Stores) -> None:
    await _desk(stores, Echo(), Clock()).receive(VISITOR, Incoming("c-1", "m1", text="\u200b"))
    assert "pusta" in (await _said(stores, 1))[0]["text"]


async def test_the_assistant_can_speak_first(stores: Stores) -> None:
    desk = _desk(stores, Echo(), Clock())
    async with stores.signals.listen("c-1") as signals:
        seq = await desk.say("c-1", Outgoing(text="Przypomnienie o wizycie"))
        assert await anext(signals) == "message"
    assert seq == 1
    assert (await _said(stores, 1))[0]["text"] == "Przypomnienie o wizycie"
