"""What the front desk remembers: numbered messages, buttons, sessions, locks, signals.

Every store is a protocol (`protocols.py`) with an embedded (SQLite, one process) and a Redis
(many processes) implementation; `open_embedded` and `open_redis` return the whole set.
"""

from bot.storage.embedded import open_embedded
from bot.storage.protocols import (
    Appended,
    Button,
    Buttons,
    Dedupe,
    Entry,
    Locks,
    Outbox,
    PatientSession,
    SessionStore,
    Signals,
    StorageError,
    Stores,
)
from bot.storage.redis_stores import open_redis

__all__ = [
    "Appended",
    "Button",
    "Buttons",
    "Dedupe",
    "Entry",
    "Locks",
    "Outbox",
    "PatientSession",
    "SessionStore",
    "Signals",
    "StorageError",
    "Stores",
    "open_embedded",
    "open_redis",
]
