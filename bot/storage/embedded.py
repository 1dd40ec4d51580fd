"""The embedded set of stores: one SQLite file, locks and signals inside the process."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.storage.embedded_outbox import SqliteOutbox
from bot.storage.embedded_records import SqliteButtons, SqliteDedupe, SqliteSessions
from bot.storage.held_files import LocalHeldFiles
from bot.storage.limits import LocalLimits
from bot.storage.local import LocalLocks, LocalSignals
from bot.storage.protocols import Clock, Stores
from bot.storage.records import SqliteRecords
from bot.storage.revocations import SqliteRevocations
from bot.storage.sqlite_file import SqliteFile


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def open_embedded(path: Path | str, clock: Clock = _utc_now) -> Stores:
    """Open or create the file; conversations in it survive a restart. One process per file."""
    file = await SqliteFile.open(path)
    return Stores(
        outbox=SqliteOutbox(file),
        dedupe=SqliteDedupe(file),
        buttons=SqliteButtons(file),
        sessions=SqliteSessions(file, clock),
        revocations=SqliteRevocations(file, clock),
        locks=LocalLocks(),
        signals=LocalSignals(),
        limits=LocalLimits(),
        files=LocalHeldFiles(),
        records=SqliteRecords(file, clock),
        close=file.close,
    )
