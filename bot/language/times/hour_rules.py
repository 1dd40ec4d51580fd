"""Grammar of clock times: written, dictated and told by quarters and halves."""

from __future__ import annotations

from dataclasses import replace

from bot.language.times.clocks import clocks_of, shift
from bot.language.times.items import Found, Result, Rule, rule
from bot.language.times.moment import Clock

_LEAST_MINUTES_WITHOUT_ZERO = 10


def _written(found: Found) -> Result:
    return clocks_of(found.all[-1].text)


def _half_to(found: Found) -> Result:
    return _told(found, 1, -30)


def _quarter_to(found: Found) -> Result:
    return _told(found, 1, -15)


def _quarter_past(found: Found) -> Result:
    return _told(found, 1, 15)


def _minutes_to(found: Found) -> Result:
    return _told(found, 2, -(found.value(1) or 0))


def _minutes_past(found: Found) -> Result:
    return _told(found, 2, found.value(1) or 0)


def _told(found: Found, group: int, minutes: int) -> Clock | None:
    hour = found.value(group)
    if hour is None or not 1 <= hour <= 24 or not -30 <= minutes <= 30:
        return None
    return shift(Clock(hour, literal=hour > 12), minutes)


def _dictated(found: Found) -> Result:
    """„piętnasta trzydzieści”, „ósma zero pięć”."""
    hour, *rest = found.all
    minute = rest[-1].value
    spelled = len(rest) == 2 or minute >= _LEAST_MINUTES_WITHOUT_ZERO or rest[0].text.startswith("0")
    if not 1 <= hour.value <= 24 or minute > 59 or not spelled or (len(rest) == 2 and rest[0].value != 0):
        return None
    return Clock(hour.value, minute, literal=hour.value > 12, spoken_minutes=True)


def _dictated_after(found: Found) -> Result:
    """„o osiem trzydzieści”, „8 30”: cardinals make an hour only behind a word of time."""
    before = found.before
    if before is None or before.category not in (
        "at",
        "hour",
        "after",
        "before",
        "from",
        "to",
        "about",
        "onto",
        "dash",
    ):
        return None
    return _dictated(found)


def _whole(found: Found) -> Result:
    """`1530` behind „o”."""
    item = found.all[-1]
    before = found.before
    if before is None or before.category not in ("at", "hour") or not item.digits or item.value < 100:
        return None
    return (
        replace(clocks_of(f"{item.value // 100}:{item.value % 100:02}") or Clock(99), written=False)
        if (item.value // 100 <= 24 and item.value % 100 <= 59)
        else None
    )


HOUR_RULES: list[Rule] = [
    rule("clock hour?", "t_clock", lambda found: clocks_of(found.all[0].text)),
    rule("in? half to (ord_f|num)", "t_clock", _half_to),
    rule("half_past to (ord_f|num)", "t_clock", _half_to),
    rule("hence quarter (ord_f|num)", "t_clock", _quarter_to),
    rule("quarter (?:to|before) (ord_f|num)", "t_clock", _quarter_to),
    rule("quarter after (ord_f|num)", "t_clock", _quarter_past),
    rule("hence (num) minute? (ord_f)", "t_clock", _minutes_to),
    rule("hence (num) minute (num)", "t_clock", _minutes_to),
    rule("(num) minute? (?:before|to) (ord_f)", "t_clock", _minutes_to),
    rule("(num) minute? after (ord_f)", "t_clock", _minutes_past),
    rule("(num) minute after (num)", "t_clock", _minutes_past),
    rule("ord_f num(?!unit|day|week|month|month_unit|minute|hours|year)", "t_clock", _dictated),
    rule("ord_f num num", "t_clock", _dictated),
    rule(
        "num num(?!unit|day|week|month|month_short|month_unit|minute|hours|year)", "t_clock", _dictated_after
    ),
    rule("num num num(?!unit|day|week|month|month_unit)", "t_clock", _dictated_after),
    rule("num", "t_clock", _whole),
]
