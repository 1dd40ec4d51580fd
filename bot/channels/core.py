"""The front desk: one order of steps for every message of every channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.channels.messages import Assistant, Incoming, Outgoing, SafetyCheck
from bot.storage.protocols import Clock, Stores


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Limits of the front desk."""

    max_text: int = 2000
    turn_timeout: timedelta = timedelta(seconds=30)
    button_life: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who writes: `sender` is opaque and made by the server; `authenticated` means a portal log-in."""

    sender: str
    conversation: str
    channel: str
    authenticated: bool = False
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Answer to the device: the number of the message; `replies` only when nothing could be stored."""

    seq: int | None
    new: bool
    replies: tuple[Outgoing, ...] = ()


class FrontDesk:
    """Receives messages of all channels; `start` and `stop` frame its background work."""

    def __init__(
        self,
        stores: Stores,
        assistant: Assistant,
        safety: SafetyCheck,
        clock: Clock,
        settings: DeskSettings | None = None,
    ) -> None:
        self._stores = stores
        self._assistant = assistant
        self._safety = safety
        self._clock = clock
        self._settings = settings or DeskSettings()

    async def receive(self, visitor: Visitor, message: Incoming) -> Receipt:
        """Number the message and answer it in the background."""
        raise NotImplementedError
