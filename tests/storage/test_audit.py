"""The audit: no entry can be changed, taken out or put in unseen; what was written is not in it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client

from bot.channels.traces import own
from bot.commands import audit as command
from bot.commands.stored import audit_of, gatekeeper_of
from bot.settings import Settings
from bot.storage.audit import AuditJournal, AuditLog, Auditor, Link
from bot.storage.audit_logs import RedisAudit, SqliteAudit
from bot.storage.protocols import StorageError
from bot.storage.redis_link import RedisLink

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECRET = b"secret of an installation of a test"


class Clock:
    """Moves when told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


Open = Callable[[], AuditLog]


@pytest.fixture(params=["sqlite", "redis"])
async def open_log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Open]:
    opened: list[AuditLog] = []
    prefix = f"audit-{tmp_path.name}-{time.monotonic_ns()}"
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""

    def made() -> AuditLog:
        log: AuditLog
        if request.param == "redis":
            log = RedisAudit(RedisLink.open(url, prefix))
        else:
            log = SqliteAudit(tmp_path / "audit.sqlite")
        opened.append(log)
        return log

    yield made
    for log in opened:
        await log.close()


async def written(log: AuditLog, count: int = 5) -> Auditor:
    auditor = Auditor(log, SECRET, Clock())
    for number in range(count):
        await auditor.note(what=f"POST /v1/holds/{number}", outcome="done")
    return auditor


async def test_a_chain_that_nobody_touched_is_whole(open_log: Open) -> None:
    await written(open_log())
    newest, wrong = await Auditor(open_log(), SECRET, Clock()).verify()
    assert wrong == []
    assert newest is not None
    assert newest.number == 5
    assert newest.fields["what"] == "POST /v1/holds/4"
    assert newest.fields["at"] == "2026-11-20T12:00:00.000+00:00"


async def test_many_writers_make_one_chain(open_log: Open) -> None:
    auditors = [Auditor(open_log(), SECRET, Clock()) for _ in range(4)]
    for auditor in auditors:
        await auditor.verify()
    await asyncio.gather(*(auditors[n % 4].note(what=f"w{n}", outcome="done") for n in range(60)))
    newest, wrong = await auditors[0].verify()
    assert (newest and newest.number, wrong) == (60, [])
    assert {link.fields["what"] async for link in auditors[1].links()} == {f"w{n}" for n in range(60)}


class Edited:
    """A log as somebody with access to the store left it."""

    def __init__(self, links: list[Link]) -> None:
        self.kept = links

    async def links(self) -> AsyncIterator[Link]:
        for link in self.kept:
            yield link

    async def last(self) -> Link | None:
        return self.kept[-1] if self.kept else None

    async def add(self, link: Link, before: Link | None) -> Link | None:
        self.kept.append(link)
        return link

    async def prune(self, number: int) -> None:
        self.kept = [link for link in self.kept if link.number > number]

    async def close(self) -> None:
        """Nothing is open."""


def altered(links: list[Link]) -> list[Link]:
    text = links[2].text.replace("done", "refused")
    return [*links[:2], Link(3, text, links[2].seal), *links[3:]]


def resealed_with_another_key(links: list[Link]) -> list[Link]:
    text = links[2].text.replace("done", "refused")
    forger = Auditor(Edited([]), b"not the secret", Clock())
    return [*links[:2], Link(3, text, forger._seal(text)), *links[3:]]


def renumbered_after_a_removal(links: list[Link]) -> list[Link]:
    return [*links[:2], *(Link(link.number - 1, link.text, link.seal) for link in links[3:])]


@pytest.mark.parametrize(
    "edit",
    [
        altered,
        resealed_with_another_key,
        renumbered_after_a_removal,
        lambda links: [*links[:2], *links[3:]],
        lambda links: [links[0], links[2], links[1], *links[3:]],
        lambda links: [*links[:3], links[2], *links[3:]],
        lambda links: links[2:],
    ],
    ids=["altered", "forged", "renumbered", "removed", "swapped", "doubled", "beginning gone"],
)
async def test_every_change_is_found(edit: Callable[[list[Link]], list[Link]], open_log: Open) -> None:
    log = open_log()
    auditor = await written(log)
    links = [link async for link in log.links()]
    assert (await Auditor(Edited(links), SECRET, Clock()).verify())[1] == []
    assert (await Auditor(Edited(edit(links)), SECRET, Clock()).verify())[1] != []
    assert (await auditor.verify())[1] == []


async def test_a_cut_end_shows_against_a_noted_head() -> None:
    log = Edited([])
    auditor = await written(log)
    newest, _ = await auditor.verify()
    assert newest is not None
    head = (newest.number, newest.seal)
    log.kept = log.kept[:3]
    assert (await auditor.verify())[1] == []
    assert (await auditor.verify(head))[1] != []
    await auditor.note(what="put in its place")
    await auditor.note(what="and one more")
    assert (await auditor.verify(head))[1] != []


async def test_the_oldest_can_go_and_that_is_noted(open_log: Open) -> None:
    clock = Clock()
    auditor = Auditor(open_log(), SECRET, clock)
    for _ in range(4):
        await auditor.note(what="w", outcome="done")
        clock.now += timedelta(days=1)
    head = [(link.number, link.seal) async for link in auditor.links()]
    assert await auditor.prune(NOW + timedelta(days=2)) == 2
    assert await auditor.prune(NOW + timedelta(days=2)) == 0
    newest, wrong = await auditor.verify(head[3])
    assert wrong == []
    assert newest is not None
    assert (newest.number, newest.fields["what"], newest.fields["detail"]) == (5, "pruned", "2")
    assert (await auditor.verify(head[0]))[1] == []
    assert [link.number async for link in auditor.links()] == [3, 4, 5]


async def test_the_file_refuses_changes(tmp_path: Path) -> None:
    log = SqliteAudit(tmp_path / "audit.sqlite")
    await written(log)
    await log.close()
    with sqlite3.connect(tmp_path / "audit.sqlite") as connection:
        for statement in ("UPDATE audit SET text = 'x'", "DELETE FROM audit WHERE number = 2"):
            with pytest.raises(sqlite3.IntegrityError, match="not changed"):
                connection.execute(statement)
    connection.close()


async def test_two_writers_in_turn_make_one_chain(open_log: Open) -> None:
    """Each knows the newest entry of its own only; none is lost, and none is written over."""
    writers = [Auditor(open_log(), SECRET, Clock()) for _ in range(2)]
    numbers = [await writers[turn % 2].note(what="write", detail=str(turn)) for turn in range(10)]
    assert numbers == list(range(1, 11))
    newest, wrong = await writers[0].verify()
    assert (newest and newest.number, wrong) == (10, [])


async def test_a_log_that_was_emptied_is_begun_anew(open_log: Open) -> None:
    """A writer that knows the newest entry of before must not think that its next one was kept."""
    auditor, log = Auditor(open_log(), SECRET, Clock()), open_log()
    await auditor.note(what="write")
    if isinstance(log, RedisAudit):
        await log._link.client.delete(log._key)
    else:
        await log.prune(1)
    assert await auditor.note(what="write") == 1
    assert [link.number async for link in log.links()] == [1]


async def test_a_journal_says_who_and_what_and_nothing_readable_of_the_patient() -> None:
    log = Edited([])
    journal = AuditJournal(Auditor(log, SECRET, Clock()), lambda: "c-0123/7")
    note = await journal.begun("POST /v1/complaints", "key-1")
    await journal.ended(note, "done", "S-1")
    begun, ended = (dict(link.fields) for link in log.kept)
    assert (begun["what"], begun["key"], begun["turn"]) == ("POST /v1/complaints", "key-1", "7")
    assert (begun["outcome"], ended["outcome"], ended["detail"]) == ("begun", "done", "S-1")
    assert begun["write"] == ended["write"] == note
    assert begun["who"] == Auditor(log, SECRET, Clock()).pseudonym("c-0123")
    assert "c-0123" not in str(log.kept)


async def test_the_command_shows_one_patients_writes_and_says_when_it_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(state=tmp_path, secret="a secret of at least thirty-two bytes")
    conversations = {who: own(gatekeeper_of(settings), who).conversations[0] for who in ("anna", "jan")}
    async with audit_of(settings) as auditor:
        for who in ("anna", "jan", "anna"):
            journal = AuditJournal(auditor, lambda who=who: f"{conversations[who]}/1")  # type: ignore[misc]
            await journal.ended(await journal.begun(f"POST /{who}", None), "done")
    assert await command.show(settings, "anna") == 0
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("what") for line in shown] == ["POST /anna", None, "POST /anna", None]
    assert await command.verify(settings, None) == 0
    head = capsys.readouterr().out.strip()
    assert head.startswith("6:")
    assert await command.verify(settings, (6, "0" * 64)) == 1


async def test_a_redis_that_refuses_is_told(redis_url: str) -> None:
    log = RedisAudit(RedisLink.open(redis_url, "audit-wrong"))
    client: Any = redis_client.Redis.from_url(redis_url)
    client.set("audit-wrong:audit", "not a stream")
    try:
        with pytest.raises(StorageError):
            await Auditor(log, SECRET, Clock()).note(what="w")
    finally:
        await log.close()
        client.close()
