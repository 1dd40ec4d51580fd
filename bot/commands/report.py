"""Figures of one day for operators, from what is kept: sessions, tasks, refusals, emergencies; no words.

Writes DAY.json and DAY.html (one page, nothing loaded from anywhere) and forgets reports older than
--keep-days. Only names of replies are read, never what was written. Run it each morning, after six: sessions
of the night are over then, and messages are kept for 30 days.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli import CommandError
from bot.commands.stored import stores_of
from bot.operations.day import ZONE, Span, count
from bot.operations.journeys import Meanings, Said
from bot.operations.report_page import page
from bot.settings import Settings, from_environment
from bot.storage.protocols import KEEP_MESSAGES, Entry, StorageError

KEEP_DAYS = 400
TREND = 14
"""Days of earlier reports that the page shows beside this one."""


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD in Poland; without it yesterday")
    command.add_argument("--out", type=Path, help="folder; without it reports/ below the state")
    command.add_argument("--keep-days", type=int, default=KEEP_DAYS, help="older reports are deleted")


def execute(options: argparse.Namespace) -> int:
    """0; 2 when nothing can be read of that day."""
    settings, now = from_environment(), datetime.now(UTC)
    day = options.day or now.astimezone(ZONE).date() - timedelta(days=1)
    if Span.of(day).start < now - KEEP_MESSAGES:
        raise CommandError("messages of that day are forgotten already; they are kept for 30 days")
    if Span.of(day).start > now:
        raise CommandError("that day is not there yet")
    folder = options.out or settings.state / "reports"
    try:
        figures = asyncio.run(report(settings, day))
    except StorageError as error:
        raise CommandError("the messages cannot be read") from error
    written = write(figures, folder)
    forget(folder, day - timedelta(days=options.keep_days))
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    print(written)
    return 0


async def report(settings: Settings, day: date) -> dict[str, Any]:
    """The figures of a day. Raises StorageError."""
    span = Span.of(day)
    async with stores_of(settings) as stores:
        entries = stores.outbox.between(span.read_from, span.read_to)
        said = (without_words(entry) async for entry in entries)
        return await count(day, said, Meanings.load(settings.project))


def without_words(entry: Entry) -> Said:
    """What is counted of a message."""
    meta, work = entry.body.get("meta") or {}, entry.body.get("work") or {}
    return Said(
        conversation=entry.conversation,
        at=entry.at,
        author=entry.author,
        response=str(meta.get("response") or ""),
        turn=int(entry.body.get("turn") or 0),
        number=entry.seq,
        alarm="safety" in meta,
        channel=str(work.get("channel") or ""),
        logged_in=bool(work.get("authenticated")),
        readable=bool(entry.body),
    )


def write(figures: dict[str, Any], folder: Path) -> Path:
    """Figures and page; the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    day = date.fromisoformat(figures["day"])
    (folder / f"{day}.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    before = [folder / f"{day - timedelta(days=back)}.json" for back in range(TREND - 1, 0, -1)]
    trend = [json.loads(path.read_text(encoding="utf-8")) for path in before if path.exists()]
    out = folder / f"{day}.html"
    out.write_text(page(figures, [*trend, figures]), encoding="utf-8")
    return out


def forget(folder: Path, before: date) -> int:
    """Deletes reports of days before this one; how many files."""
    gone = 0
    for path in folder.glob("????-??-??.*"):
        if path.suffix in {".json", ".html"} and path.stem < before.isoformat():
            path.unlink()
            gone += 1
    return gone
