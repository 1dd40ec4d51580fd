"""Plain Polish for replies, in one place: dates, hours, wishes about time, plurals and lists."""

from bot.language.spoken import (
    counted,
    day_title,
    join_and,
    join_or,
    plural,
    short_slot,
    spoken_date,
    spoken_duration,
    spoken_range,
    spoken_slot,
    spoken_time,
    weekday_on,
)
from bot.language.wishes import spoken_when

__all__ = [
    "counted",
    "day_title",
    "join_and",
    "join_or",
    "plural",
    "short_slot",
    "spoken_date",
    "spoken_duration",
    "spoken_range",
    "spoken_slot",
    "spoken_time",
    "spoken_when",
    "weekday_on",
]
