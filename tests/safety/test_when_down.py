"""Help for every class with the storage broken and the assistant broken: the front desk needs neither."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.core import FrontDesk
from bot.channels.desk_settings import DeskSettings
from bot.channels.messages import Incoming, Visitor
from bot.channels.safety import safety_check
from bot.safety.check import reply_for
from bot.safety.finding import RedFlag
from bot.storage import open_embedded
from bot.storage.protocols import StorageError

DANGERS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("grid_dangers.yml").read_text(encoding="utf-8")
)
VISITOR = Visitor("web-1", "c-1", "web", authenticated=True, level="full")


class Broken:
    """Whatever is asked of it fails: storage that cannot be reached."""

    def __getattr__(self, name: str) -> Broken:
        return self

    def __call__(self, *args: Any, **named: Any) -> Any:
        raise StorageError


class NoAssistant:
    """A model that cannot be loaded: it must not even be asked."""

    async def handle(self, *args: Any) -> None:
        raise AssertionError("an emergency never waits for the assistant")

    async def finished(self, sender: str, turn: int) -> bool | None:
        return None

    async def forget(self, sender: str) -> None:
        raise AssertionError


def _clock() -> datetime:
    return datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def _desk(stores: Any) -> FrontDesk:
    return FrontDesk(stores, NoAssistant(), safety_check, _clock, DeskSettings(sweep=timedelta(hours=1)))


@pytest.mark.parametrize("cls", list(RedFlag))
async def test_storage_is_down(cls: RedFlag) -> None:
    receipt = await _desk(Broken()).receive(VISITOR, Incoming("c-1", "m1", text=DANGERS[cls.value]))
    assert [reply.text for reply in receipt.replies] == [reply_for(cls).text]


@pytest.mark.parametrize("cls", list(RedFlag))
async def test_the_assistant_is_down(tmp_path: Path, cls: RedFlag) -> None:
    stores = await open_embedded(tmp_path / "state.db", _clock)
    try:
        await _desk(stores).receive(VISITOR, Incoming("c-1", "m1", text=DANGERS[cls.value]))
        said = [entry.body for entry in await stores.outbox.after("c-1", 0) if entry.author == "assistant"]
        assert [body["text"] for body in said] == [reply_for(cls).text]
    finally:
        await stores.close()
