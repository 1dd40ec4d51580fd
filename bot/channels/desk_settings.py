"""Limits of the front desk, and what it answers a channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.channels.admission import Rates
from bot.channels.messages import Outgoing


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Limits of the front desk; `sweep`: how often abandoned messages are looked for, `prune`: old ones."""

    max_text: int = 2000
    rates: Rates = field(default_factory=Rates)
    turn_timeout: timedelta = timedelta(seconds=30)
    button_life: timedelta = timedelta(minutes=30)
    sweep: timedelta = timedelta(seconds=10)
    prune: timedelta = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Answer to the device: the number of the message; `replies` only when nothing could be stored."""

    seq: int | None
    new: bool
    replies: tuple[Outgoing, ...] = ()


class TextTooLongError(ValueError):
    """The patient is asked to shorten the text; it is never cut silently."""
