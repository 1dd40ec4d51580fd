"""Times as Poles say them: found in raw text, resolved against a clock, gathered into a wish for a visit."""

from __future__ import annotations

from bot.language.times.find import find_times
from bot.language.times.gather import to_when
from bot.language.times.model import Grain, Prefer, Relation, TimeExpression
from bot.language.times.reasons import without_reasons
from bot.language.times.relative import relative_wish
from bot.language.times.when import When

__all__ = [
    "Grain",
    "Prefer",
    "Relation",
    "TimeExpression",
    "When",
    "find_times",
    "relative_wish",
    "to_when",
    "without_reasons",
]
