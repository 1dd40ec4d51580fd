"""What the grammars of relations share: patterns by name, and hours told from other numbers."""

from __future__ import annotations

from bot.language.times.agreement import counted_thing
from bot.language.times.clocks import clock_draft, clocks_of
from bot.language.times.draft import Draft, Hours
from bot.language.times.items import Found
from bot.language.times.model import Relation
from bot.language.times.moment import Clock

NOT_COUNTED = (
    "(?!unit|day|week|month|month_short|month_unit|minute|hours|year|noise|quarter|working|few|weekend)"
)
MACROS = {
    "HOUR": f"(?:(?:hour|hours)? (?:t_clock|comma_num|num|ord_f){NOT_COUNTED} hour?)",
    "DAY": "(?:t_day|t_weekday|t_span|t_days|t_holiday)",
    "PRE": "(?:in date_word|onto day|in|onto|date_word)",
    "AND": "(?:comma and|comma or|comma not|and|or|comma)",
    "NEG": "(?:(?:but|only|filler)? not|except)",
    "PART": "(?:(?:onto|in)? part)",
    "SKIP": "(?:filler|comma|word)",
}
LIST = "(?:AND PRE? (?:DAY|part)){0,6}"
# Behind a bare comma only more of the same kind goes on the list: „nie w piątki, do południa” wants the
# forenoon.
_JOINED = "(?:comma and|comma or|comma not|and|or)"
DAYS = f"(?:AND PRE? DAY|{_JOINED} PRE? part){{0,6}}"
PARTS_OF_DAY = f"(?:AND PRE? part|{_JOINED} PRE? DAY){{0,6}}"
_CERTAIN_ORDINAL_HOUR = 7
_LEAST_HOUR_AS_COUNT = 5


def said_clock(found: Found, group: int) -> Clock | None:
    """The hour that a group holds, unless the number counts what stands behind it."""
    items = [item for item in found.group(group) if item.category not in ("hour", "hours")]
    if not items:
        return None
    item = items[0]
    if item.clock is not None:
        return item.clock
    if item.category == "comma_num":
        return clocks_of(item.text)
    if not 1 <= item.value <= 23 and not (item.value == 0 and item.digits and len(item.text) == 2):
        return None
    counting = item.category == "num" and not item.digits and len(items) == len(found.group(group))
    if counting and item.value < _LEAST_HOUR_AS_COUNT:  # „o jednym”, „po dwóch”
        return None
    return Clock(item.value, literal=item.value > 12 or (item.digits and item.text.startswith("0")))


def settled(found: Found, relation: Relation, group: int = 1, part_group: int = 2) -> Draft | None:
    """The hour of a group in that relation, settled by the part of the day of another group."""
    clock = said_clock(found, group)
    if clock is None or counts(found, group):
        return None
    part = next((item.name for item in found.group(part_group) if item.name), None)
    return clock_draft(Hours(relation, clock), part)


def counts(found: Found, group: int) -> bool:
    """„po 16 wizytach”, „o drugiej opinii”: the number is not an hour."""
    items = found.group(group)
    last, after = items[-1], found.after
    if last.category not in ("num", "ord_f") or after is None or len(items) > 1:
        return False
    if last.category == "ord_f" and last.value >= _CERTAIN_ORDINAL_HOUR:
        return False
    return after.category in ("word", "unit", "filler") and counted_thing(
        after.spelling.lower(), last.category == "ord_f", last.value
    )
