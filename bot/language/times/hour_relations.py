"""Grammar of hours in relation: at, from, until, between, about; parts of the day; as soon as possible."""

from __future__ import annotations

from dataclasses import replace

from bot.language.times.clocks import clock_draft, part_draft
from bot.language.times.draft import Draft, Hours, over
from bot.language.times.items import Found, Item, Result, Rule, rule
from bot.language.times.moment import FIRST_HOUR, Clock
from bot.language.times.shared import MACROS, NOT_COUNTED, counts, said_clock, settled

_EARLIEST_RANGE_HOUR, _LATEST_RANGE_HOUR = 6, 22
_UP = "(?:and later|or later|later)?"


def _at(found: Found) -> Result:
    rough = any(item.category == "about" for item in found.all)
    return settled(found, "around" if rough else "at")


def _picked(found: Found) -> Result:
    """„ten z dziewiątą”, „daj ten z ósmą”: the term of that hour in a list."""
    hour = found.group(1)[0]
    return settled(found, "at") if hour.text.endswith(("ą", "a")) and not counts(found, 1) else None


def _onto(found: Found) -> Result:
    clock = said_clock(found, 1)
    beside = {item.category for item in (found.before, found.after) if item}
    if beside & {"num", "noise"} or (found.after and found.after.category == "onto"):  # „7 na 10”
        return None
    if clock is None or (clock.hour < 7 and found.group(1)[-1].digits and not found.group(2)):
        return None
    return settled(found, "at")


def _around(found: Found) -> Result:
    return settled(found, "around")


def _from(found: Found) -> Result:
    return settled(found, "from")


def _after(found: Found) -> Result:
    return settled(found, "after")


def _before(found: Found) -> Result:
    return settled(found, "before")


def _until(found: Found) -> Result:
    return settled(found, "until")


def _either_hour(found: Found) -> Result:
    """„o 10 albo 11”: two wishes."""
    first, second = said_clock(found, 1), said_clock(found, 2)
    if first is None or second is None:
        return None
    start, middle = found.all[0], found.group(1)[-1]
    return [
        Item("time", start.start, middle.end, draft=clock_draft(Hours("at", first))),
        Item("or", middle.end, middle.end),
        Item("time", found.group(2)[0].start, found.all[-1].end, draft=clock_draft(Hours("at", second))),
    ]


def _between_hours(found: Found) -> Result:
    first, second = said_clock(found, 1), said_clock(found, 2)
    if first is None or second is None or counts(found, 2):
        return None
    part = next((item.name for item in found.group(3) if item.name), None)
    return clock_draft(Hours("between", first, second), part)


def _bare_range(found: Found) -> Result:
    """„8-12”, „16-18”: hours only when both can be hours of visits."""
    first, second = said_clock(found, 1), said_clock(found, 2)
    before = found.before
    if first is None or second is None or (before and before.category in ("num", "dash", "noise", "month")):
        return None
    in_hours = _EARLIEST_RANGE_HOUR <= first.hour < second.hour <= _LATEST_RANGE_HOUR
    written = found.group(1)[0].clock is not None
    if not in_hours and not written:
        return None
    if not written and counts(found, 2):
        return None
    return clock_draft(Hours("between", first, second))


def _dashed(found: Found) -> Result:
    """„o 15-30” is a minute, „o 15-16” a range."""
    first, second = found.group(1)[0], found.group(2)[0]
    if second.value <= _LATEST_RANGE_HOUR or second.value > 59 or not 1 <= first.value <= 24:
        return None
    clock = Clock(first.value, second.value, literal=first.value >= FIRST_HOUR)
    return clock_draft(Hours("at", clock))


def _from_morning(found: Found) -> Result:
    opening = part_draft("morning")
    last = said_clock(found, 1) if found.group(1) else None
    until = clock_draft(Hours("until", last)).time_to if last else None
    return replace(opening, time_to=until, relation="between" if until else "from", part=None)


def _until_part(found: Found) -> Result:
    draft = settled(found, "from", part_group=1)
    end = part_draft(found.group(2)[0].name).time_from
    return replace(draft, time_to=end, relation="between", hours=None) if draft else None


def _part(found: Found) -> Result:
    return part_draft(found.all[-1].name)


def _from_part(found: Found) -> Result:
    return replace(part_draft(found.all[-1].name), time_to=None, relation="from")


def _to_part(found: Found) -> Result:
    draft = part_draft(found.all[-1].name)
    return replace(draft, time_from=None, time_to=draft.time_from, relation="until")


def _asap(_found: Found) -> Result:
    return Draft("open", asap=True)


def _anytime(found: Found) -> Result:
    return over(found.moment.today, None, "open")


HOUR_RELATIONS: list[Rule] = [
    rule("about? at about? (HOUR) (PART?)", "time", _at, **MACROS),
    rule("(hour (?:t_clock|num|ord_f)) (PART?)", "time", _at, **MACROS),
    rule("(t_clock) (PART?)", "time", _at, **MACROS),
    rule(f"(num{NOT_COUNTED}|ord_f) (PART)", "time", _at, **MACROS),
    rule("PART ()", "time", _part, **MACROS),
    rule("(?:this|pick) filler? of (ord_f) (PART?)", "time", _picked, **MACROS),
    rule("onto (HOUR) (PART?)", "time", _onto, **MACROS),
    rule("about (HOUR) (PART?)", "time", _around, **MACROS),
    rule(f"from (HOUR) (PART?) {_UP}", "time", _from, **MACROS),
    rule("at? (HOUR) (PART?) (?:and|or) later", "time", _from, **MACROS),
    rule("not (?:earlier than|earlier|before) (?:at|after|from)? (HOUR) (PART?)", "time", _from, **MACROS),
    rule("earliest (?:at|after|from)? (HOUR) (PART?)", "time", _from, **MACROS),
    rule("later than (?:at)? (HOUR) (PART?)", "time", _after, **MACROS),
    rule("earlier than (?:at)? (HOUR) (PART?)", "time", _before, **MACROS),
    rule("after (HOUR) (PART?)", "time", _after, **MACROS),
    rule("before (HOUR) (PART?)", "time", _before, **MACROS),
    rule("to (HOUR) (PART?)", "time", _until, **MACROS),
    rule("not (?:later than|after|later) (?:at|to)? (HOUR) (PART?)", "time", _until, **MACROS),
    rule("latest (?:at|to)? (HOUR) (PART?)", "time", _until, **MACROS),
    rule(
        "(?:from|of|in hours|in hour|hours|hour) (HOUR) (?:to|dash) (HOUR) (PART?)",
        "time",
        _between_hours,
        **MACROS,
    ),
    rule("between (HOUR) (?:a|and) (HOUR) (PART?)", "time", _between_hours, **MACROS),
    rule("(t_clock) (?:to|dash) (t_clock)", "time", _bare_range),
    rule(f"(num) (?:dash|to) (num){NOT_COUNTED}", "time", _bare_range),
    rule("(num) dash (t_clock)", "time", _bare_range),
    rule("at (HOUR) (?:or|comma or|slash) at? (HOUR)", "time", _either_hour, **MACROS),
    rule("at (num) dash (num)", "time", _dashed),
    rule("from_morning (?:to (HOUR))?", "time", _from_morning, **MACROS),
    rule("from (HOUR) to (part)", "time", _until_part, **MACROS),
    rule("from part", "time", _from_part),
    rule("to part", "time", _to_part),
    rule("(?:onto)? asap", "time", _asap),
    rule("anytime", "time", _anytime),
]
