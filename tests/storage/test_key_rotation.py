"""Rotation of the key over whole stores: the old one is read, the new one writes, everything is sealed anew,
the old one goes, and nothing is lost; while the assistant goes on."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import json
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis

from bot.commands.export import export
from bot.commands.reseal import reseal
from bot.commands.stored import audit_of, sealer_of, stores_of
from bot.settings import Settings
from bot.storage import resealing
from bot.storage.protocols import Work
from bot.storage.sealing import SealError


def _load(name: str) -> Any:
    """A helper beside this file (pytest imports tests by path)."""
    key = f"storage_{name}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[key] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[key])
    return sys.modules[key]


erasure = _load("test_erasure")
OLD, NEW = (
    f"{name}:{base64.b64encode(bytes([value]) * 32).decode()}" for name, value in (("o", 1), ("n", 2))
)
PARTS = ("messages", "sessions", "records", "assistant_log")


@pytest.fixture(params=["sqlite", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = None
    if request.param == "redis":
        url = str(request.getfixturevalue("redis_url")).removesuffix("/0") + "/8"
        redis.Redis.from_url(url).flushdb()
    return Settings(state=tmp_path, storage=url, secret=f"{tmp_path.name}-secret-of-an-installation")


async def copy_of(settings: Settings, patient: str) -> dict[str, Any]:
    copy = await export(settings, patient)
    return {part: copy[part] for part in PARTS}


async def said(settings: Settings, conversation: str, text: str) -> None:
    async with stores_of(settings) as stores:
        await erasure.said(stores, conversation, text)


def sums(receipt: dict[str, Any]) -> dict[str, int]:
    return {
        name: sum(store[name] for store in receipt["stores"]) for name in ("renewed", "unreadable", "changed")
    }


async def test_the_old_key_goes_and_nothing_is_lost(settings: Settings) -> None:
    old, both, new = (replace(settings, content_keys=keys) for keys in (OLD, f"{NEW},{OLD}", NEW))
    names = await erasure.live(old, "anna")
    before = await copy_of(old, "anna")
    assert len(before["messages"]) == 3

    assert await copy_of(both, "anna") == before  # the old key reads
    await erasure.live(both, "jan")  # the new one writes
    written = await copy_of(both, "jan")
    assert await copy_of(new, "jan") == written
    with pytest.raises(SealError):
        await copy_of(new, "anna")

    first = sums(await reseal(both))
    assert first["renewed"] >= 10
    assert (first["unreadable"], first["changed"]) == (0, 0)
    assert sums(await reseal(both)) == {"renewed": 0, "unreadable": 0, "changed": 0}
    assert sums(await reseal(new)) == {"renewed": 0, "unreadable": 0, "changed": 0}  # the old key is gone
    assert await copy_of(new, "anna") == before
    assert await copy_of(new, "jan") == written
    async with stores_of(new) as stores:
        entry = await stores.outbox.next_work(names[1])
        assert entry is not None  # work that waited still waits, under its number
        assert (entry.seq, entry.work) == (1, Work.WAITING)
    assert first["renewed"] < 100


def life_times(settings: Settings) -> dict[Any, float]:
    """Until when each thing is kept: a moment in a file, seconds in Redis (where they may have passed)."""
    if settings.storage is not None:
        client = redis.Redis.from_url(settings.storage)
        return {key: float(client.ttl(key)) for key in client.scan_iter()}
    with sqlite3.connect(settings.storage_place) as connection:
        return {
            row[0]: row[1]
            for table, name in (("records", "name"), ("buttons", "token"), ("sessions", "sender"))
            for row in connection.execute(f"SELECT {name}, until FROM {table}")
        }


async def test_life_times_stay(settings: Settings) -> None:
    await erasure.live(replace(settings, content_keys=OLD), "ewa")
    before = life_times(settings)
    await reseal(replace(settings, content_keys=f"{NEW},{OLD}"))
    after = life_times(settings)
    assert len(before) >= 5
    for key, life in before.items():
        assert after[key] == pytest.approx(life, abs=30), key


async def test_what_nobody_can_open_is_said_and_left(settings: Settings) -> None:
    await erasure.live(replace(settings, content_keys=OLD), "ola")
    await erasure.live(replace(settings, content_keys=NEW), "iza")
    found = sums(await reseal(replace(settings, content_keys=NEW)))
    assert found["unreadable"] >= 10
    assert found["renewed"] == 0
    assert (await copy_of(replace(settings, content_keys=f"{NEW},{OLD}"), "ola"))["messages"]


async def test_what_changes_meanwhile_is_not_overwritten(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record is written anew between the look and the replacement: the newer one stays."""
    old, both = replace(settings, content_keys=OLD), replace(settings, content_keys=f"{NEW},{OLD}")
    await erasure.live(old, "iga")
    async with stores_of(both) as stores:
        (key,) = await stores.records.keys("due-event")
        kept = await stores.records.get("due-event", key)
        newer = {**(kept or {}), "kind": "newer"}
        inner, renew = resealing.renewed, []

        def meanwhile(sealer: Any, value: Any, place: str) -> Any:
            fresh = inner(sealer, value, place)
            if place == f"record/due-event/{key}" and not renew:
                renew.append(place)
                write(settings, key, sealer, newer)
            return fresh

        monkeypatch.setattr(resealing, "renewed", meanwhile)
        receipt = sums(await reseal(both))
        assert receipt["changed"] == 1
        assert await stores.records.get("due-event", key) == newer


def write(settings: Settings, key: str, sealer: Any, value: dict[str, Any]) -> None:
    """As another process does it, at that very moment."""
    text = base64.b64encode(sealer.seal(json.dumps(value).encode(), f"record/due-event/{key}")).decode()
    record = json.dumps({"sealed": f"sealed:{text}"})
    if settings.storage is not None:
        redis.Redis.from_url(settings.storage).set(
            f"asystent:record-due-event:{{{key}}}", record, keepttl=True
        )
        return
    with sqlite3.connect(settings.storage_place, timeout=5) as connection:
        connection.execute("UPDATE records SET value = ? WHERE name = ?", (record, key))


async def test_the_assistant_goes_on_meanwhile(settings: Settings) -> None:
    """Messages come in while everything is sealed anew; all are there afterwards, in order."""
    old, both = replace(settings, content_keys=OLD), replace(settings, content_keys=f"{NEW},{OLD}")
    async with stores_of(old) as stores:
        for number in range(150):
            await stores.outbox.append("c-busy", "patient", {"text": f"{number}"}, erasure.NOW)

    async def talk() -> None:
        async with stores_of(both) as stores:
            for number in range(150, 300):
                await stores.outbox.append("c-busy", "patient", {"text": f"{number}"}, erasure.NOW)
                await asyncio.sleep(0)

    _, receipt = await asyncio.gather(talk(), reseal(both))
    assert sums(receipt)["renewed"] == 150
    async with stores_of(replace(settings, content_keys=NEW)) as stores:
        entries = await stores.outbox.after("c-busy", 0, 1000)
    assert [entry.body["text"] for entry in entries] == [str(number) for number in range(300)]
    assert [entry.seq for entry in entries] == list(range(1, 301))


async def test_it_is_in_the_audit(settings: Settings) -> None:
    await reseal(settings)
    async with audit_of(settings) as audit:
        noted = [link.fields["what"] async for link in audit.links()]
    assert noted == ["reseal"]
    assert sealer_of(settings).renew(sealer_of(settings).seal(b"x", "place"), "place") is None
