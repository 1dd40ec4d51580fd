"""Grammar of relations: since, until, between, not before, except, and what hours belong to."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from bot.language.times.agreement import counted_thing
from bot.language.times.clocks import clock_draft, clocks_of, part_draft
from bot.language.times.days import add_months, in_week_of, make_date
from bot.language.times.draft import Draft, Hours, on_day, over, shifted, with_time
from bot.language.times.items import Builder, Found, Item, Result, Rule, rule
from bot.language.times.model import Relation
from bot.language.times.moment import FIRST_HOUR, LAST_HOUR, Clock

_NOT_COUNTED = (
    "(?!unit|day|week|month|month_short|month_unit|minute|hours|year|noise|quarter|working|few|weekend)"
)
_MACROS = {
    "HOUR": f"(?:(?:hour|hours)? (?:t_clock|comma_num|num|ord_f){_NOT_COUNTED} hour?)",
    "DAY": "(?:t_day|t_weekday|t_span|t_days|t_holiday)",
    "PRE": "(?:in date_word|onto day|in|onto|date_word)",
    "AND": "(?:comma and|comma or|comma not|and|or|comma)",
    "NEG": "(?:(?:but|only|filler)? not|except)",
    "PART": "(?:(?:onto|in)? part)",
    "SKIP": "(?:filler|comma|word)",
}
_EARLIEST_RANGE_HOUR, _LATEST_RANGE_HOUR = 6, 22
_CERTAIN_ORDINAL_HOUR = 7
_HALF_YEAR = timedelta(days=183)


def _clock(found: Found, group: int) -> Clock | None:
    """The hour that a group holds, unless the number counts what stands behind it."""
    items = [item for item in found.group(group) if item.category not in ("hour", "hours")]
    if not items:
        return None
    item = items[0]
    if item.clock is not None:
        return item.clock
    if item.category == "comma_num":
        return clocks_of(item.text)
    if not 1 <= item.value <= 24 and not (item.value == 0 and item.digits and len(item.text) == 2):
        return None
    return Clock(item.value, literal=item.value > 12 or (item.digits and item.text.startswith("0")))


def _settled(found: Found, relation: Relation, group: int = 1, part_group: int = 2) -> Draft | None:
    clock = _clock(found, group)
    if clock is None or _counts(found, group):
        return None
    part = next((item.name for item in found.group(part_group) if item.name), None)
    return clock_draft(Hours(relation, clock), part)


def _counts(found: Found, group: int) -> bool:
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


def _at(found: Found) -> Result:
    rough = any(item.category == "about" for item in found.all)
    return _settled(found, "around" if rough else "at")


def _onto(found: Found) -> Result:
    clock = _clock(found, 1)
    if found.before and found.before.category in ("num", "noise"):  # „7 na 10”
        return None
    if clock is None or (clock.hour < 7 and found.group(1)[-1].digits and not found.group(2)):
        return None
    return _settled(found, "at")


def _around(found: Found) -> Result:
    return _settled(found, "around")


def _from(found: Found) -> Result:
    return _settled(found, "from")


def _after(found: Found) -> Result:
    return _settled(found, "after")


def _before(found: Found) -> Result:
    return _settled(found, "before")


def _until(found: Found) -> Result:
    return _settled(found, "until")


def _either_hour(found: Found) -> Result:
    """„o 10 albo 11”: two wishes."""
    first, second = _clock(found, 1), _clock(found, 2)
    if first is None or second is None:
        return None
    start, middle = found.all[0], found.group(1)[-1]
    return [
        Item("time", start.start, middle.end, draft=clock_draft(Hours("at", first))),
        Item("or", middle.end, middle.end),
        Item("time", found.group(2)[0].start, found.all[-1].end, draft=clock_draft(Hours("at", second))),
    ]


def _between_hours(found: Found) -> Result:
    first, second = _clock(found, 1), _clock(found, 2)
    if first is None or second is None or _counts(found, 2):
        return None
    part = next((item.name for item in found.group(3) if item.name), None)
    return clock_draft(Hours("between", first, second), part)


def _bare_range(found: Found) -> Result:
    """„8-12”, „16-18”: hours only when both can be hours of visits."""
    first, second = _clock(found, 1), _clock(found, 2)
    before = found.before
    if first is None or second is None or (before and before.category in ("num", "dash", "noise", "month")):
        return None
    in_hours = _EARLIEST_RANGE_HOUR <= first.hour < second.hour <= _LATEST_RANGE_HOUR
    written = found.group(1)[0].clock is not None
    if not in_hours and not written:
        return None
    if not written and _counts(found, 2):
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
    last = _clock(found, 1) if found.group(1) else None
    until = clock_draft(Hours("until", last)).time_to if last else None
    return replace(opening, time_to=until, relation="between" if until else "from", part=None)


def _until_part(found: Found) -> Result:
    draft = _settled(found, "from", part_group=1)
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


def _plain(found: Found) -> Result:
    return found.draft(1)


def _shifted(relation: Relation) -> Builder:
    def build(found: Found) -> Result:
        draft = found.draft(1)
        if draft.weekdays and not draft.date_from:
            return None
        return draft if draft.impossible else shifted(draft, relation)

    return build


def _day_and_number(found: Found) -> Result:
    """„jutro 15”: the number is an hour when it can be one."""
    item = found.group(2)[0]
    said = item.digits or item.category == "ord_f"
    if not said or not FIRST_HOUR <= item.value <= LAST_HOUR or _counts(found, 2):
        return None
    hours = clock_draft(Hours("at", Clock(item.value, literal=item.digits or item.value > 12)))
    return with_time(found.draft(1), hours)


def _from_to(found: Found) -> Result:
    first, last = found.draft(1), found.draft(2)
    if first.impossible or last.impossible:
        return Draft("day", impossible=True)
    if first.weekday == 1 and last.weekday == 5:
        return Draft("day", weekdays=frozenset(range(1, 6)))
    if first.date_from is None or last.date_to is None:
        return None
    grain = "day" if "day" in (first.grain, last.grain) else first.grain
    ends = [first, *first.alternatives]
    made = [replace(over(day, _end_from(day, last), grain), relation="between") for day in _starts(ends)]
    return replace(made[0], alternatives=tuple(made[1:])) if made else None


def _starts(drafts: list[Draft]) -> list[date]:
    return [draft.date_from for draft in drafts if draft.date_from]


def _end_from(start: date, last: Draft) -> date | None:
    """The end of a range: a weekday is the first one after the start."""
    end = last.date_to
    if last.weekday is not None:
        return start + timedelta((last.weekday - start.isoweekday()) % 7)
    if end is not None and end < start:
        return end.replace(year=end.year + 1)
    return end


def _between_holidays(found: Found) -> Result:
    """„między świętami a Nowym Rokiem”: neither is meant itself."""
    first, last = found.draft(1).date_to, found.draft(2).date_from
    if first is None or last is None or first >= last:
        return None
    return replace(over(first + timedelta(1), last - timedelta(1), "day"), relation="between")


def _beside(found: Found) -> Result:
    """„tydzień przed świętami”, „2 dni po Nowym Roku”."""
    count, unit, side = found.value(1) or 1, found.group(2)[0].category, found.group(3)[0].category
    day = found.draft(4)
    start = day.date_from if side == "before" else day.date_to
    if start is None:
        return None
    sign = -1 if side == "before" else 1
    if unit == "month_unit":
        year, month = add_months(start.year, start.month, sign * count)
        moved = make_date(year, month, min(start.day, monthrange(year, month)[1]))
        return on_day(moved, grain="month") if moved else None
    step = timedelta((7 if unit == "week" else 1) * count * sign)
    return on_day(start + step, grain="week" if unit == "week" else "day")


def _origin(found: Found) -> Result:
    """„z 4 września”: what is there already is near; of a year's two dates the nearer one is meant."""
    draft, today = found.draft(1), found.moment.today
    far = draft.date_from is not None and draft.date_from - today > _HALF_YEAR
    return replace(_year_before(draft) if far else draft, relation="origin")


def _document(found: Found) -> Result:
    """„z dnia 4 września” tells the date of something written."""
    draft = found.draft(1)
    ahead = draft.date_from is not None and draft.date_from > found.moment.today
    return replace(_year_before(draft) if ahead else draft, relation="origin")


def _year_before(draft: Draft) -> Draft:
    if draft.date_from is None:
        return draft
    past = make_date(draft.date_from.year - 1, draft.date_from.month, draft.date_from.day)
    return replace(draft, date_from=past, date_to=past, alternatives=()) if past else draft


def _origin_at(found: Found) -> Result:
    hours, day = _settled(found, "at", group=2, part_group=3), _origin(found)
    return with_time(day, hours) if hours and isinstance(day, Draft) else None


def _origin_hour(found: Found) -> Result:
    draft = _settled(found, "at", part_group=1)
    return replace(draft, relation="origin", alternatives=()) if draft else None


def _excluded(found: Found) -> Result:
    """„byle nie w środę i piątek”: every day and part of the day in the list."""
    made: list[Item] = []
    start: int | None = found.all[0].start
    for item in found.all:
        draft = item.draft or (part_draft(item.name) if item.category == "part" else None)
        if draft is None:
            continue
        made.append(Item("time", item.start if start is None else start, item.end, draft=excluded(draft)))
        start = None
    return made or None


def _excluded_before(found: Found) -> Result:
    """„w środę nie mogę”, „rano odpada”."""
    whole = found.all
    day = next((item.draft for item in whole if item.draft is not None), None)
    part = next((part_draft(item.name) for item in whole if item.category == "part"), None)
    if day is not None and part is not None:
        day = replace(
            excluded(day), time_from=part.time_from, time_to=part.time_to, grain="part", part=part.part
        )
        return day
    draft = day or part
    return excluded(draft) if draft else None


def _excluded_hour(found: Found) -> Result:
    draft = _settled(found, "at")
    return replace(draft, excluded=True, alternatives=()) if draft else None


def excluded(draft: Draft) -> Draft:
    """What a „nie” takes away; a bare weekday goes in every week."""
    if draft.weekday is not None:
        return Draft(draft.grain, weekdays=frozenset({draft.weekday}), excluded=True)
    if draft.grain == "weekend" and not draft.weekdays:
        return Draft("weekend", weekdays=frozenset({6, 7}), excluded=True)
    return replace(draft, excluded=True, alternatives=())


def _daily_except(found: Found) -> Result:
    taken: set[int] = set()
    for item in found.all:
        if item.draft is not None:
            taken |= item.draft.weekdays
            taken |= {item.draft.weekday} if item.draft.weekday else set()
            taken |= {6, 7} if item.draft.grain == "weekend" else set()
    left = frozenset(range(1, 8)) - taken
    return Draft("day", weekdays=left) if taken and left else None


def _daily(_found: Found) -> Result:
    return Draft("day", weekdays=frozenset(range(1, 8)))


def _week_pair(found: Found) -> Result:
    """„w przyszłym tygodniu we wtorek lub środę”: weekdays of that week."""
    week = next((item.draft for item in found.all if item.category == "t_span"), None)
    if week is None or week.grain != "week" or week.date_to is None:
        return None
    made: list[Item] = []
    for item in found.all:
        if item.draft is not None and item.draft.weekday is not None:
            day = in_week_of(week.date_to, item.draft.weekday)
            made.append(Item("time", item.start, item.end, draft=over(day, day, "day")))
        elif item.category in ("or", "and"):
            made.append(Item("or", item.start, item.end))
    made[0] = replace(made[0], start=found.all[0].start)
    made[-1] = replace(made[-1], end=found.all[-1].end)
    return made


_LIST = "(?:AND PRE? (?:DAY|part))*"
_UP = "(?:and later|or later|later)?"

RELATION_RULES: list[Rule] = [
    rule("between (t_holiday) (?:a|and) (t_holiday)", "time", _between_holidays),
    rule("about? at about? (HOUR) (PART?)", "time", _at, **_MACROS),
    rule("(hour (?:t_clock|num|ord_f)) (PART?)", "time", _at, **_MACROS),
    rule("(t_clock) (PART?)", "time", _at, **_MACROS),
    rule(f"(num{_NOT_COUNTED}|ord_f) (PART)", "time", _at, **_MACROS),
    rule("PART ()", "time", _part, **_MACROS),
    rule("onto (HOUR) (PART?)", "time", _onto, **_MACROS),
    rule("about (HOUR) (PART?)", "time", _around, **_MACROS),
    rule(f"from (HOUR) (PART?) {_UP}", "time", _from, **_MACROS),
    rule("at? (HOUR) (PART?) (?:and|or) later", "time", _from, **_MACROS),
    rule("not (?:earlier than|earlier|before) (?:at|after|from)? (HOUR) (PART?)", "time", _from, **_MACROS),
    rule("earliest (?:at|after|from)? (HOUR) (PART?)", "time", _from, **_MACROS),
    rule("later than (?:at)? (HOUR) (PART?)", "time", _after, **_MACROS),
    rule("earlier than (?:at)? (HOUR) (PART?)", "time", _before, **_MACROS),
    rule("after (HOUR) (PART?)", "time", _after, **_MACROS),
    rule("before (HOUR) (PART?)", "time", _before, **_MACROS),
    rule("to (HOUR) (PART?)", "time", _until, **_MACROS),
    rule("not (?:later than|after|later) (?:at|to)? (HOUR) (PART?)", "time", _until, **_MACROS),
    rule("latest (?:at|to)? (HOUR) (PART?)", "time", _until, **_MACROS),
    rule(
        "(?:from|of|in hours|in hour|hours|hour) (HOUR) (?:to|dash) (HOUR) (PART?)",
        "time",
        _between_hours,
        **_MACROS,
    ),
    rule("between (HOUR) (?:a|and) (HOUR) (PART?)", "time", _between_hours, **_MACROS),
    rule("(t_clock) (?:to|dash) (t_clock)", "time", _bare_range),
    rule(f"(num) (?:dash|to) (num){_NOT_COUNTED}", "time", _bare_range),
    rule("(num) dash (t_clock)", "time", _bare_range),
    rule("at (HOUR) (?:or|comma or|slash) at? (HOUR)", "time", _either_hour, **_MACROS),
    rule("not at (HOUR) (PART?)", "time", _excluded_hour, **_MACROS),
    rule("at (num) dash (num)", "time", _dashed),
    rule("from_morning (?:to (HOUR))?", "time", _from_morning, **_MACROS),
    rule("from (HOUR) to (part)", "time", _until_part, **_MACROS),
    rule("from part", "time", _from_part),
    rule("to part", "time", _to_part),
    rule("(?:onto)? asap", "time", _asap),
    rule("anytime", "time", _anytime),
    rule("PRE? (DAY)", "time", _plain, **_MACROS),
    rule(f"PRE? (t_day|t_weekday) comma? (num|ord_f){_NOT_COUNTED}", "time", _day_and_number, **_MACROS),
    rule("t_bound()", "time", lambda found: found.all[0].draft),
    rule("from PRE? (DAY)", "time", _shifted("from"), **_MACROS),
    rule("after PRE? (DAY)", "time", _shifted("after"), **_MACROS),
    rule("before PRE? (DAY)", "time", _shifted("before"), **_MACROS),
    rule("to PRE? (DAY)", "time", _shifted("until"), **_MACROS),
    rule("not (?:earlier than|earlier|before) PRE? (DAY)", "time", _shifted("from"), **_MACROS),
    rule("earliest (?:from)? PRE? (DAY)", "time", _shifted("from"), **_MACROS),
    rule("PRE? (DAY) (?:or|and) later", "time", _shifted("from"), **_MACROS),
    rule("later than PRE? (DAY)", "time", _shifted("after"), **_MACROS),
    rule("earlier than PRE? (DAY)", "time", _shifted("before"), **_MACROS),
    rule("not (?:later than|after|later) (?:to)? PRE? (DAY)", "time", _shifted("until"), **_MACROS),
    rule("latest (?:to)? PRE? (DAY)", "time", _shifted("until"), **_MACROS),
    rule("from PRE? (DAY) (?:to|dash) PRE? (DAY)", "time", _from_to, **_MACROS),
    rule("(t_day|t_weekday) (?:dash|to) (t_day|t_weekday)", "time", _from_to, **_MACROS),
    rule("between PRE? (DAY) (?:a|and) PRE? (DAY)", "time", _from_to, **_MACROS),
    rule("of (t_day|t_weekday)", "time", _origin),
    rule("of (t_day|t_weekday) comma? (?:at|hour) (HOUR) (PART?)", "time", _origin_at, **_MACROS),
    rule("of date_word (t_day)", "time", _document),
    rule("(num)? (day|week|month_unit) (before|after) PRE? (t_holiday|t_day)", "time", _beside, **_MACROS),
    rule(f"PRE? DAY {_LIST} not (?=comma|stop|mark|paren|$)", "time", _excluded, **_MACROS),
    rule("instead PRE? (DAY)", "time", _origin, **_MACROS),
    rule("of (HOUR) (?=onto)", "time", _origin_hour, **_MACROS),
    rule(f"NEG PRE? (?:DAY|part) {_LIST}", "time", _excluded, **_MACROS),
    rule(f"cannot SKIP? PRE? (?:DAY|part) {_LIST}", "time", _excluded, **_MACROS),
    rule(f"PRE? DAY {_LIST} comma? SKIP? cannot", "time", _excluded, **_MACROS),
    rule("(?:PRE? DAY PART|PART) SKIP? SKIP? cannot", "time", _excluded_before, **_MACROS),
    rule(f"daily comma? NEG PRE? DAY {_LIST}", "time", _daily_except, **_MACROS),
    rule("daily (?=at|after|before|from|to|part|between|about|t_clock)", "time", _daily),
    rule(
        "in? t_weekday (?:(?:or|and|comma) in? t_weekday)* (?:in|onto|of)? (t_span)",
        "time",
        _week_pair,
    ),
    rule(
        "(?:in)? (t_span) comma? in? t_weekday (?:(?:or|and|comma) in? t_weekday)*",
        "time",
        _week_pair,
        **_MACROS,
    ),
]
