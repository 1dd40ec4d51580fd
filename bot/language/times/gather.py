"""From single expressions to one wish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.language.times.model import TimeExpression
from bot.language.times.when import When


def to_when(expressions: Sequence[TimeExpression], now: datetime) -> When | None:
    """One wish from the expressions of a message; None when nothing in them can be used."""
    raise NotImplementedError
