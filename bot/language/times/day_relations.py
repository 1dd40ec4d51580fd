"""Grammar of days in relation: from, until, between, before; the day that a visit is moved from."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from bot.language.times.clocks import clock_draft
from bot.language.times.days import add_months, in_week_of, make_date
from bot.language.times.draft import Draft, Hours, on_day, over, shifted, with_time
from bot.language.times.items import Builder, Found, Item, Result, Rule, rule
from bot.language.times.model import Relation
from bot.language.times.moment import FIRST_HOUR, LAST_HOUR, Clock
from bot.language.times.shared import MACROS, NOT_COUNTED, counts, settled

_HALF_YEAR = timedelta(days=183)


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
    if not said or not FIRST_HOUR <= item.value <= LAST_HOUR or counts(found, 2):
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
    ends = [(day, _end_from(day, last)) for day in _starts([first, *first.alternatives])]
    made = [over(day, end, grain) for day, end in ends if end is not None and day <= end]
    if not made:
        return None
    between = [replace(draft, relation="between") for draft in made]
    return replace(between[0], alternatives=tuple(between[1:]))


def _starts(drafts: list[Draft]) -> list[date]:
    return [draft.date_from for draft in drafts if draft.date_from]


def _end_from(start: date, last: Draft) -> date | None:
    """The end of a range: a weekday is the first one after the start."""
    end = last.date_to
    if last.weekday is not None:
        return start + timedelta((last.weekday - start.isoweekday()) % 7)
    if end is not None and end < start:
        return make_date(end.year + 1, end.month, end.day)
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
    hours, day = settled(found, "at", group=2, part_group=3), _origin(found)
    return with_time(day, hours) if hours and isinstance(day, Draft) else None


def _origin_hour(found: Found) -> Result:
    draft = settled(found, "at", part_group=1)
    return replace(draft, relation="origin", alternatives=()) if draft else None


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


DAY_RELATIONS: list[Rule] = [
    rule("between (t_holiday) (?:a|and) (t_holiday)", "time", _between_holidays),
    rule("PRE? (DAY)", "time", _plain, **MACROS),
    rule(
        f"PRE? (t_day|t_weekday) comma? (num|ord_f)(?!dash|to){NOT_COUNTED}",
        "time",
        _day_and_number,
        **MACROS,
    ),
    rule("t_bound()", "time", lambda found: found.all[0].draft),
    rule("from PRE? (DAY)", "time", _shifted("from"), **MACROS),
    rule("after PRE? (DAY)", "time", _shifted("after"), **MACROS),
    rule("before PRE? (DAY)", "time", _shifted("before"), **MACROS),
    rule("to PRE? (DAY)", "time", _shifted("until"), **MACROS),
    rule("not (?:earlier than|earlier|before) PRE? (DAY)", "time", _shifted("from"), **MACROS),
    rule("earliest (?:from)? PRE? (DAY)", "time", _shifted("from"), **MACROS),
    rule("PRE? (DAY) (?:or|and) later", "time", _shifted("from"), **MACROS),
    rule("later than PRE? (DAY)", "time", _shifted("after"), **MACROS),
    rule("earlier than PRE? (DAY)", "time", _shifted("before"), **MACROS),
    rule("not (?:later than|after|later) (?:to)? PRE? (DAY)", "time", _shifted("until"), **MACROS),
    rule("latest (?:to)? PRE? (DAY)", "time", _shifted("until"), **MACROS),
    rule("from PRE? (DAY) (?:to|dash) PRE? (DAY)", "time", _from_to, **MACROS),
    rule("(t_day|t_weekday) (?:dash|to) (t_day|t_weekday)", "time", _from_to, **MACROS),
    rule("between PRE? (DAY) (?:a|and) PRE? (DAY)", "time", _from_to, **MACROS),
    rule("of (t_day|t_weekday)", "time", _origin),
    rule("of (t_day|t_weekday) comma? (?:at|hour) (HOUR) (PART?)", "time", _origin_at, **MACROS),
    rule("of date_word (t_day)", "time", _document),
    rule("(num)? (day|week|month_unit) (before|after) PRE? (t_holiday|t_day)", "time", _beside, **MACROS),
    rule("instead PRE? (DAY)", "time", _origin, **MACROS),
    rule("instead at (HOUR)", "time", _origin_hour, **MACROS),
    rule("of (HOUR) (?=onto)", "time", _origin_hour, **MACROS),
    rule(
        "in? t_weekday (?:(?:or|and|comma) in? t_weekday){0,6} (?:in|onto|of)? (t_span)",
        "time",
        _week_pair,
    ),
    rule(
        "(?:in)? (t_span) comma? in? t_weekday (?:(?:or|and|comma) in? t_weekday){0,6}",
        "time",
        _week_pair,
        **MACROS,
    ),
]
