"""Protocols of the stores. All datetimes are aware; every time span is a timedelta."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

KEEP_MESSAGES = timedelta(days=30)
"""How long a conversation's messages can be replayed."""


class StorageError(Exception):
    """The store cannot be reached; nothing is known about what it holds."""


class Work(StrEnum):
    """How far the assistant is with a patient's message."""

    NONE = "none"
    WAITING = "waiting"
    STARTED = "started"
    AGAIN = "again"
    """Started a second time, after the process died in the first."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered message of a conversation; `seq` starts at 1 and has no gaps."""

    conversation: str
    seq: int
    author: str
    body: dict[str, Any]
    at: datetime
    work: Work = Work.NONE


@dataclass(frozen=True, slots=True)
class Appended:
    """Where a message landed; `new` is False when the same `once` id was there already."""

    seq: int
    new: bool


class Outbox(Protocol):
    """Messages of each conversation, numbered, kept until the patient's device has them."""

    async def append(
        self,
        conversation: str,
        author: str,
        body: dict[str, Any],
        at: datetime,
        *,
        once: str | None = None,
        work: Work = Work.NONE,
    ) -> Appended:
        """Number and keep a message; with `once`, the same id is never kept twice."""
        ...

    async def after(self, conversation: str, seq: int, limit: int = 100) -> Sequence[Entry]:
        """Messages numbered above `seq`, oldest first."""
        ...

    async def latest(self, conversation: str, limit: int = 100) -> Sequence[Entry]:
        """The newest messages, oldest of them first."""
        ...

    async def last(self, conversation: str) -> int:
        """Number of the newest message, 0 when there is none."""
        ...

    async def number_of(self, conversation: str, once: str) -> int | None:
        """Number of the message kept under this `once` id, None when there is none."""
        ...

    async def next_work(self, conversation: str) -> Entry | None:
        """The oldest message the assistant still owes an answer to."""
        ...

    async def mark(self, conversation: str, seq: int, before: Work, after: Work) -> bool:
        """Change the state of work if it is still `before`; False when somebody else did."""
        ...

    async def unfinished(self) -> Sequence[str]:
        """Conversations with messages waiting or started."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget messages older than `before`; returns how many."""
        ...

    def between(self, start: datetime, end: datetime) -> AsyncIterator[Entry]:
        """Messages of all conversations from `start` to before `end`: one conversation after another.

        Walks the whole store: for reports, not for patients.
        """
        ...


class Dedupe(Protocol):
    """Remembers ids of things that must be handled once (webhooks, portal events)."""

    async def first(self, scope: str, key: str, now: datetime, keep: timedelta) -> bool:
        """True for exactly one caller per key while it is remembered."""
        ...


@dataclass(frozen=True, slots=True)
class Button:
    """What a press means. `payload` never leaves the server."""

    conversation: str
    turn: int
    payload: str
    label: str
    single_use: bool
    expires_at: datetime


TOKEN_BYTES = 18
"""144 random bits: 24 characters, inside every messenger's limit for button data."""


def new_token() -> str:
    """A button's token: nobody can guess one."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Buttons(Protocol):
    """Opaque tokens for what the assistant offered."""

    async def issue(self, button: Button, now: datetime) -> str:
        """Keep the button and return its token."""
        ...

    async def keep(self, buttons: Mapping[str, Button], now: datetime) -> None:
        """Keep the buttons of one message under tokens of `new_token`, in one step."""
        ...

    async def find(self, conversation: str, token: str, now: datetime) -> Button | None:
        """The button, if it was offered in this conversation and is still valid."""
        ...

    async def spend(self, conversation: str, token: str, now: datetime) -> bool:
        """Use up a single-use button; True for exactly one caller."""
        ...


@dataclass(frozen=True, slots=True)
class PatientSession:
    """A logged-in patient behind a sender. `token` is the patient's chat token: never log it."""

    sub: str
    token: str = field(repr=False)
    level: str
    channel: str
    expires_at: datetime


class SessionStore(Protocol):
    """Who is behind a sender id; the only place where the patient's token is kept."""

    async def get(self, sender: str) -> PatientSession | None:
        """The session, or None when there is none or it has expired."""
        ...

    async def put(self, sender: str, session: PatientSession) -> None:
        """Keep or refresh the session until it expires."""
        ...

    async def end(self, sender: str) -> None:
        """Forget the session (log-out, unlink)."""
        ...


@dataclass(frozen=True, slots=True)
class Ended:
    """`at`: the last log-out; `tokens`: ids of tokens that were ended by name."""

    at: datetime
    tokens: frozenset[str]


class Revocations(Protocol):
    """Sessions that were ended before their tokens expired."""

    async def end(self, sender: str, token_id: str, now: datetime, keep: timedelta) -> None:
        """Remember for `keep` that the session with this token is over."""
        ...

    async def get(self, sender: str) -> Ended | None:
        """What was ended of this sender's, None when nothing was."""
        ...


class Locks(Protocol):
    """One turn of a conversation at a time, first come first served."""

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait for the turn, keep it as long as the block runs."""
        ...


class Signals(Protocol):
    """Wakes live connections: `message` after an append, `typing:on`, `typing:off`, `ended` (log-out)."""

    async def publish(self, conversation: str, signal: str) -> None:
        """Tell everyone who listens now; nobody later."""
        ...

    def listen(self, conversation: str) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Signals from the moment the block is entered."""
        ...


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A clean file on its way to the portal; `batch` groups files that were given together."""

    id: str
    batch: str
    name: str
    media_type: str
    size: int
    expires_at: datetime


class HeldFiles(Protocol):
    """Clean files until the portal has them, minutes at most; in the order they were given."""

    async def put(self, conversation: str, file: HeldFile, content: bytes, now: datetime) -> None:
        """Keep a file until it expires."""
        ...

    async def waiting(self, conversation: str, now: datetime) -> Sequence[HeldFile]:
        """Files of the conversation, oldest first."""
        ...

    async def content(self, conversation: str, file: str, now: datetime) -> bytes | None:
        """Bytes of a kept file, None when it is gone."""
        ...

    async def drop(self, conversation: str, *files: str) -> None:
        """Forget files."""
        ...


class Records(Protocol):
    """Small records with a life time: chats of messengers, links, states of handoff."""

    async def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """The record, None when there is none (any more)."""
        ...

    async def put(self, kind: str, key: str, value: dict[str, Any], keep: timedelta) -> None:
        """Keep or replace a record."""
        ...

    async def take(self, kind: str, key: str) -> dict[str, Any] | None:
        """The record, and it is gone: exactly one caller gets it."""
        ...

    async def keys(self, kind: str) -> Sequence[str]:
        """Names of all records of a kind."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: `burst` at once, then one more every `refill`."""

    burst: int
    refill: timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """Answer of a bucket; `first` marks the first refusal since something was allowed: tell it once."""

    allowed: bool
    wait: timedelta = timedelta(0)
    first: bool = False


class Limits(Protocol):
    """Token buckets that all processes of an installation share."""

    async def take(self, scope: str, key: str, rate: Rate, now: datetime) -> Allowance:
        """Take one token of the bucket `key`; a refusal says how long until the next one."""
        ...


Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Stores:
    """The whole set, opened and closed together."""

    outbox: Outbox
    dedupe: Dedupe
    buttons: Buttons
    sessions: SessionStore
    revocations: Revocations
    locks: Locks
    signals: Signals
    limits: Limits
    files: HeldFiles
    records: Records
    close: Callable[[], Awaitable[None]]
