"""What every messenger has in common: capabilities, incoming updates, outgoing bubbles, the adapter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Capability:
    """What a vendor's chat can show and how often it may be written to. Lengths in characters."""

    channel: str
    text: int
    buttons: int
    label: int
    button_text: int
    rows: int = 0
    row_label: int = 0
    window: timedelta | None = None
    """How long after the patient's last message the vendor lets us write; None: always."""
    per_chat: timedelta = timedelta(0)
    """Least time between two messages to one chat."""
    overall: timedelta = timedelta(0)
    """Least time between two messages to anybody."""
    files: bool = True
    health: bool = True
    """Whether results, prescriptions and files may be talked about here (legal sign-off)."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file at the vendor's; `ref` is fetched by the adapter alone."""

    ref: str
    name: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One thing a person did in a chat. `id` is the vendor's, the same at each delivery."""

    id: str
    chat: str
    name: str = ""
    text: str | None = None
    button: str | None = None
    files: tuple[FileRef, ...] = ()
    album: str | None = None
    callback: str | None = None
    """What the vendor wants acknowledged after a press."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A tappable answer: the label and the opaque token."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of a vendor's API: at most one of `buttons` and `rows` is filled."""

    text: str
    buttons: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    links: tuple[tuple[str, str], ...] = field(default=())


class VendorError(Exception):
    """The vendor refused; `wait` says when to try again, None that it never helps."""

    def __init__(self, status: int, wait: timedelta | None) -> None:
        super().__init__(f"vendor answered {status}")
        self.status = status
        self.wait = wait


class Adapter(Protocol):
    """One vendor."""

    @property
    def capability(self) -> Capability:
        """What its chat can show."""
        ...

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the vendor sent this body, compared in constant time."""
        ...

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Answer to the vendor's check of the address, None when it is not the vendor's."""
        ...

    def updates(self, body: Mapping[str, Any]) -> Sequence[Update]:
        """Every update of a batch, in order."""
        ...

    async def send(self, chat: str, bubble: Bubble) -> None:
        """Deliver a message. Raises VendorError."""
        ...

    async def typing(self, chat: str, update: Update | None) -> None:
        """Show that an answer is being written, and mark the message as read."""
        ...

    def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        """The bytes of a file, from the vendor's own hosts only."""
        ...

    def link_address(self, token: str) -> str:
        """Address that opens the chat and hands over the token."""
        ...
