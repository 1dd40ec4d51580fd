"""`kill -9` while a file is on its way to the portal (K5): it arrives, once, and the patient is told once."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest


def _load(name: str, path: Path) -> Any:
    """A helper beside the tests (pytest imports tests by path)."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


HERE = Path(__file__).parent
hospital = _load("faults_hospital", HERE / "hospital.py")
checker = _load("faults_checker", HERE / "checker.py")
corpus = _load("corpus_for_faults", HERE.parent / "channels" / "files" / "corpus.py")

TURNS = ("chciałabym podesłać lekarzowi wypis przed telefonem", "wypis ze szpitala w Opolu")
ADDED, LOST = "utter_attachment_added", "utter_attachment_failed"
TICKET = "after POST /v1/attachments"
DEATHS = [TICKET, "before save", "after save", "before the bytes", "after the bytes"]


@pytest.fixture
async def clinic(stage: Any, redis_url: str) -> AsyncIterator[Any]:
    opened = hospital.Hospital(stage, redis_url, patient="full")
    kept = stage._agent.tracker_store
    yield opened
    await opened.close()
    stage._agent.tracker_store = stage._agent.processor.tracker_store = kept


async def ready_for_a_file(clinic: Any) -> None:
    process = await clinic.open()
    for text in TURNS:
        await clinic.ask(process, text)
    assert (await said(clinic))[-1] == "utter_attachment_send_here"


async def dead(life: Any) -> None:
    async with asyncio.timeout(hospital.PATIENCE):
        await life.death.died.wait()


async def said(clinic: Any) -> list[str]:
    """Names of the replies so far."""
    return [
        str((entry.body.get("meta") or {}).get("response"))
        for entry in await clinic.transcript()
        if entry.author == "assistant"
    ]


async def until(done: Callable[[list[str]], bool], clinic: Any) -> list[str]:
    for _ in range(20 * round(hospital.PATIENCE)):
        if done(await said(clinic)):
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)  # for what must not come
    return await said(clinic)


async def files_of(clinic: Any) -> list[dict[str, Any]]:
    state = await clinic.sandbox.state()
    return [file for file in state["attachments"] if file["description"] == TURNS[1]]


async def arrived(clinic: Any, before: Any, files: int = 1) -> None:
    """So many files at the portal, each told once; nothing is left with us, and no rule is broken."""
    names = await until(lambda names: names.count(ADDED) >= files, clinic)
    assert names.count(ADDED) == files, names
    assert not any(name.startswith(LOST) for name in names), names
    assert [file["status"] for file in await files_of(clinic)] == ["stored"] * files
    life = clinic.lives[-1]
    assert await life.stores.files.waiting(clinic.conversation, life.desk.clock()) == []
    ledger = checker.Ledger.of(before, await clinic.sandbox.state())
    assert checker.violations([await clinic.transcript()], ledger) == []
    assert await life.stores.outbox.next_work(f"errand-{clinic.conversation}") is None


@pytest.mark.parametrize("point", DEATHS)
async def test_a_death_on_the_way(clinic: Any, point: str) -> None:
    before = await clinic.sandbox.state()
    await ready_for_a_file(clinic)
    dying = await clinic.open(dies=point)
    await clinic.give(dying, "wypis.pdf", corpus.pdf(), "file-1")
    await dead(dying)
    await clinic.open()
    await arrived(clinic, before)


async def test_a_death_before_the_device_was_told(clinic: Any) -> None:
    """It sends the file again; what the dead process had kept of it stands in nobody's way."""
    before = await clinic.sandbox.state()
    await ready_for_a_file(clinic)
    dying = await clinic.open(dies="file kept")
    upload = asyncio.create_task(clinic.give(dying, "wypis.pdf", corpus.pdf(), "file-1"))
    await dead(dying)
    upload.cancel()
    after = await clinic.open()
    await clinic.give(after, "wypis.pdf", corpus.pdf(), "file-1")
    await arrived(clinic, before)


async def test_dying_twice_with_the_same_file_is_owned_up_to(clinic: Any) -> None:
    await ready_for_a_file(clinic)
    first = await clinic.open(dies="before the bytes")
    await clinic.give(first, "wypis.pdf", corpus.pdf(), "file-1")
    await dead(first)
    await dead(await clinic.open(dies="before the bytes"))
    await clinic.open()
    names = await until(lambda names: any(name.startswith(LOST) for name in names), clinic)
    assert ADDED not in names
    assert await files_of(clinic) == []  # its place is given back


async def test_a_file_that_was_kept_too_short_is_asked_for_again(clinic: Any) -> None:
    await ready_for_a_file(clinic)
    dying = await clinic.open(dies="before the bytes")
    await clinic.give(dying, "wypis.pdf", corpus.pdf(), "file-1")
    await dead(dying)
    late = await clinic.open()
    held = await late.stores.files.waiting(clinic.conversation, late.desk.clock())
    assert held[0].expires_at - late.desk.clock() <= timedelta(minutes=20)
    await late.stores.files.drop(clinic.conversation, held[0].id)
    names = await until(lambda names: any(name.startswith(LOST) for name in names), clinic)
    assert ADDED not in names
