"""Finding time expressions in raw text."""

from __future__ import annotations

from datetime import datetime

from bot.language.times.model import Prefer, TimeExpression


def find_times(text: str, now: datetime, *, prefer: Prefer = "future") -> list[TimeExpression]:
    """Time expressions of the text in order, read at `now` (aware; naive raises ValueError)."""
    raise NotImplementedError
