"""Neutral messages: what every channel hands to the front desk and gets back from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

OptionKind = Literal["reply", "act"]
LinkKind = Literal["https", "tel", "mailto"]


@dataclass(frozen=True, slots=True)
class Option:
    """A tappable answer. `act` marks one that changes something: it works once."""

    label: str
    payload: str
    kind: OptionKind = "reply"


@dataclass(frozen=True, slots=True)
class Link:
    """Only https:, tel: and mailto: addresses are ever shown."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who writes: `sender` is opaque and made by the server; `authenticated` means a portal log-in."""

    sender: str
    conversation: str
    channel: str
    authenticated: bool = False
    level: str | None = None
    address: str | None = None
    """Network address the limits count by; None where it says nothing about who writes."""
    uploads: bool = False
    """Files can be given here."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A patient's message after authentication: a text, or the token of a pressed button."""

    conversation: str
    client_message_id: str
    text: str | None = None
    button: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One bubble of the assistant.

    `card` is a mapping with `kind` "slots", "confirmation", "list", "file" or "date" (docs/chat-api.yaml,
    schema Card); wherever it carries a `payload`, the patient's device gets an opaque token.
    """

    text: str = ""
    options: tuple[Option, ...] = ()
    card: dict[str, Any] | None = None
    links: tuple[Link, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)
    upload: dict[str, str] | None = None
    """A kept file (`file`) that is to be sent to the portal now, under its ticket (`attachment_id`)."""
    until: datetime | None = None
    """Until when its buttons are good; None: as long as any."""
    urgent: bool = False
    """May not wait for the morning."""


Emit = Callable[[Outgoing], Awaitable[None]]
SafetyCheck = Callable[[str], "Outgoing | Awaitable[Outgoing | None] | None"]


class Assistant(Protocol):
    """Whoever answers. Human text comes as `text`, a pressed button as `payload`, never both.

    `metadata` is made by the server: `channel`, `turn`, `now` (ISO, Europe/Warsaw),
    `authenticated`, `level`, `uploads` (files can be given here), `message_id`,
    and `button_turn` for a press.
    """

    async def handle(
        self, sender: str, text: str | None, payload: str | None, metadata: dict[str, Any], emit: Emit
    ) -> None:
        """Answer one message by calling `emit` any number of times."""
        ...

    async def finished(self, sender: str, turn: int) -> bool | None:
        """Whether the turn with this number was done to its end; None when that cannot be known."""
        ...

    async def forget(self, sender: str) -> None:
        """Forget what was being arranged with this person (log-out)."""
        ...
