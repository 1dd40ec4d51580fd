"""What the front desk remembers: numbered messages, buttons, sessions, locks, signals, limits.

Every store is a protocol (`protocols.py`) with an embedded (SQLite, one process) and a Redis
(many processes) implementation; `open_embedded` and `open_redis` return the whole set.
"""

from bot.storage.embedded import open_embedded
from bot.storage.protocols import (
    Allowance,
    Appended,
    Button,
    Buttons,
    Dedupe,
    Ended,
    Entry,
    HeldFile,
    HeldFiles,
    Limits,
    Locks,
    Outbox,
    PatientSession,
    Rate,
    SessionStore,
    Signals,
    StorageError,
    Stores,
)
from bot.storage.redis_stores import open_redis

__all__ = [
    "Allowance",
    "Appended",
    "Button",
    "Buttons",
    "Dedupe",
    "Ended",
    "Entry",
    "HeldFile",
    "HeldFiles",
    "Limits",
    "Locks",
    "Outbox",
    "PatientSession",
    "Rate",
    "SessionStore",
    "Signals",
    "StorageError",
    "Stores",
    "open_embedded",
    "open_redis",
]
