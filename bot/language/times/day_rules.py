"""Grammar of days: what names one day or days of the week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.language.times.clocks import clocks_of
from bot.language.times.days import (
    IMPOSSIBLE,
    add_months,
    day_of_month,
    make_date,
    month_day,
    weekday_draft,
    weekday_of_month,
)
from bot.language.times.draft import Draft, on_day, over
from bot.language.times.items import Found, Item, Result, Rule, rule
from bot.language.times.moment import Moment
from bot.language.times.periods import working_day

_MACROS = {
    "WD": "(?:wday|wday_any)",
    "MOD": "(?:this|next|prev|near|last)",
    "DAYNUM": "(?:num|ord_g|ord_m|ord_o)",
    "ORD": "(?:ord_f|ord_g|ord_m|ord_o|last)",
    "MONTH": "(?:month|month_short|month_roman)",
}
WORKDAYS = frozenset(range(1, 6))
_LAST_NAMED_DAY = 39
_CENTURY = 2000
_SURE_ORDINAL = 4


def _month_day(found: Found) -> Result:
    day, month = found.value(2), found.value(3)
    if day is None or month is None or not 1 <= day <= _LAST_NAMED_DAY:
        return None
    return month_day(day, month, None, found.moment, found.value(1))


def _month_day_year(found: Found) -> Result:
    day, month, year = found.value(2), found.value(3), _year(found, 4)
    if day is None or month is None or year is None or not 1 <= day <= _LAST_NAMED_DAY:
        return None
    return month_day(day, month, year, found.moment, found.value(1))


def _year(found: Found, group: int) -> int | None:
    """2026, 26 r., „przyszłego roku”."""
    items = found.group(group)
    if items[0].category in ("this", "next", "prev"):
        return found.moment.today.year + {"this": 0, "next": 1, "prev": -1}[items[0].category]
    value = items[0].value
    if value < 100 and items[-1].category == "year":
        value += _CENTURY
    return value if _CENTURY <= value <= _CENTURY + 100 else None


def _full(found: Found) -> Result:
    text = found.all[-1].text
    parts = [int(part) for part in text.replace("/", "-").replace(".", "-").split("-")]
    if parts[0] > 31:
        year, month, day = parts
    else:
        day, month, year = parts
    year += _CENTURY if year < 100 else 0
    if not 1 <= month <= 12 or not _CENTURY <= year <= _CENTURY + 100 or not 1 <= day <= 31:
        return None
    return month_day(day, month, year, found.moment, found.value(1))


def dotted_day(text: str, moment: Moment, weekday: int | None = None) -> Draft | None:
    """`15.12` or `15/12` as a date; None when no month has that number."""
    day, month, *_ = (int(part) for part in text.strip(".").replace("/", ".").split("."))
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return month_day(day, month, None, moment, weekday)


def _dotted(found: Found) -> Result:
    """„17.30” is an hour, „17.12.” a date; what could be both depends on the words around."""
    weekday, item = found.value(1), found.all[-1]
    body = item.text.strip(".")
    day = dotted_day(item.text, found.moment, weekday)
    clock = clocks_of(body) if len(body.split(".")[1]) == 2 else None
    before = found.before.category if found.before else ""
    if clock and clock.written and not weekday and before not in _CLOCK_PREPOSITIONS:  # „2.50” is a price
        clock = None
    if clock and (day is None or before in ("at", "hour", "about", "rel")):
        return [replace(item, category="t_clock", clock=clock, end=item.start + len(body))]
    if day is None:
        return None
    if weekday is not None and clock and day.alternatives:
        return None
    full_month = len(body.split(".")[1]) == 2
    if not (full_month or weekday or item.text.endswith(".") or before in _DATE_PREPOSITIONS):
        return None
    return day


_CLOCK_PREPOSITIONS = frozenset(
    ["at", "hour", "about", "rel", "onto", "from", "to", "after", "before", "dash", "wday"]
)
_DATE_PREPOSITIONS = frozenset(
    ["onto", "in", "from", "to", "after", "before", "date_word", "day", "or", "and", "of"]
)


def _slashed(found: Found) -> Result:
    before = found.before.category if found.before else ""
    first, second = found.all[-1].text.split("/")
    bare = found.value(1) is None and before not in _DATE_PREPOSITIONS
    if bare and (len(first) < 2 or len(second) < 2 or first == second):
        return None
    return dotted_day(found.all[-1].text, found.moment, found.value(1))


def _several(found: Found) -> Result:
    """„15, 16 i 17 grudnia”: days that share a month."""
    month = found.value(1)
    numbers = [item for item in found.all if item.category in ("num", "ord_g", "ord_m")]
    if month is None or any(not 1 <= item.value <= 31 for item in numbers):
        return None
    made = [
        Item("t_day", item.start, item.end, draft=month_day(item.value, month, None, found.moment))
        for item in numbers
    ]
    made[-1] = replace(made[-1], end=found.all[-1].end)
    joined: list[Item] = []
    for item in made:
        joined += [item, Item("or", item.end, item.end)]
    return joined[:-1]


def _range(found: Found) -> Result:
    """„od 15 do 20 grudnia”, „15-20.12”."""
    first, last, month = found.value(1), found.value(2), found.value(3)
    dotted = found.one(2)
    if dotted is not None and dotted.category == "dot":
        last, month = (int(part) for part in dotted.text.strip(".").split("."))
    if first is None or last is None or month is None or not 1 <= first < last <= 31 or not 1 <= month <= 12:
        return None
    end = month_day(last, month, None, found.moment)
    return _between(month_day(first, month, None, found.moment), end)


def _dotted_range(found: Found) -> Result:
    first = dotted_day(found.group(1)[0].text, found.moment)
    last_text = found.group(2)[0].text
    last = dotted_day(last_text, found.moment)
    return _between(first, last) if first and last else None


def _between(first: Draft, last: Draft) -> Draft | None:
    if first.impossible or last.impossible:
        return IMPOSSIBLE
    start, end = first.date_from, last.date_to
    if start is None or end is None:
        return None
    if start > end:  # a range that goes on today starts in the past
        start = make_date(end.year, start.month, start.day) or start
    return replace(over(start, end, "day"), relation="between") if start < end else None


def _ordinal_range(found: Found) -> Result:
    first, last = found.value(1), found.value(2)
    if first is None or last is None:
        return None
    start = day_of_month(first, found.moment)
    if start is None or start.date_from is None or last > 31:
        return None
    end = start.date_from
    for _ in range(31):
        end += timedelta(1)
        if end.day == last:
            return replace(over(start.date_from, end, "day"), relation="between")
    return None


def _bare_day(found: Found) -> Result:
    item, after = found.all[-1], found.after
    if item.category == "ord_o" and item.value <= _SURE_ORDINAL:  # „jedno po drugim”
        return None
    risky = (
        item.value < _SURE_ORDINAL
        and after is not None
        and after.category in ("word", "unit", "filler", "free", "title")
    )
    if risky and not (found.before and found.before.category == "date_word"):
        return None
    return day_of_month(item.value, found.moment)


def _weekday_and_day(found: Found) -> Result:
    """„w piątek trzynastego”; „w piątek 27” only when that Friday is the 27th."""
    weekday, item = found.value(1), found.all[-1]
    if weekday is None:
        return None
    if item.category == "ord_g":
        return day_of_month(item.value, found.moment, weekday)
    coming = weekday_draft(weekday, None, found.moment)
    options = [coming.date_from, *(other.date_from for other in coming.alternatives)]
    if coming.date_from:
        options += [coming.date_from + timedelta(7 * ahead) for ahead in (1, 2, 3)]
    fitting = [day for day in options if day and day.day == item.value]
    return on_day(fitting[0]) if fitting else None


def _day_of_that_month(found: Found) -> Result:
    day, modifier = found.value(1), found.group(2)[0].category
    offset = {"this": 0, "next": 1, "prev": -1}.get(modifier, 0)
    year, month = add_months(found.moment.today.year, found.moment.today.month, offset)
    exact = make_date(year, month, day or 0)
    return on_day(exact) if exact else IMPOSSIBLE


def _numbered_day(found: Found) -> Result:
    item = found.all[-1]
    if found.before and found.before.category in ("at", "hour", "month", "dash", "num", "after", "of"):
        return None
    return day_of_month(item.value, found.moment) if item.category != "num" or item.digits else None


def _relative(found: Found) -> Result:
    return on_day(found.moment.today + timedelta(found.all[0].value))


def _weekday(found: Found) -> Result:
    modifier = found.one(1)
    return weekday_draft(found.value(2) or 0, modifier.category if modifier else None, found.moment)


def _recurring(found: Found) -> Result:
    days = frozenset(item.value for item in found.all if item.category.startswith("wday"))
    if found.group(1) and not _plural(found):
        return None
    return Draft("day", weekdays=days)


def _every(found: Found) -> Result:
    return Draft("day", weekdays=frozenset({found.all[-1].value}))


def _every_day(found: Found) -> Result:
    first, last = found.all[0], found.all[-1]
    return [Item("daily", first.start, last.end)]


def _moved_day(found: Found) -> Result:
    """„z 10 na 12 grudnia”: the day moved away from, and the new one."""
    old, new, month = found.one(1), found.one(2), found.value(3)
    if old is None or new is None or month is None:
        return None
    origin = replace(month_day(old.value, month, None, found.moment), relation="origin")
    target = month_day(new.value, month, None, found.moment)
    return [
        Item("time", found.all[0].start, old.end, draft=origin),
        Item("t_day", new.start, found.all[-1].end, draft=target),
    ]


def _plural(found: Found) -> bool:
    """„w środy” is every week; „w niedziele” without Polish letters is most often one Sunday."""
    first = next(item for item in found.all if item.category.startswith("wday"))
    return first.value != 7 or found.moment.marked or first.category == "wdays"


def _weekday_range(found: Found) -> Result:
    first, last = found.value(1) or 0, found.value(2) or 0
    if first >= last:
        return None
    return Draft("day", weekdays=frozenset(range(first, last + 1)))


def _nth_weekday(found: Found) -> Result:
    order = -1 if found.group(1)[0].category == "last" else found.value(1) or 0
    weekday, month = found.value(2) or 0, found.one(4)
    today = found.moment.today
    if month is not None:
        year, number = today.year, month.value
    else:
        modifier = found.one(3)
        offset = {"next": 1, "prev": -1}.get(modifier.category, 0) if modifier else 0
        year, number = add_months(today.year, today.month, offset)
    day = weekday_of_month(order, weekday, year, number)
    if month is None and not found.one(3) and not found.moment.past and day and day < today:
        day = weekday_of_month(order, weekday, *add_months(year, number, 1))
    if month is not None and not found.moment.past and (day is None or day < today):
        day = weekday_of_month(order, weekday, year + 1, number)
    return on_day(day) if day else IMPOSSIBLE


def _working_days(found: Found) -> Result:
    if found.group(1):
        return on_day(working_day(found.moment))
    return Draft("day", weekdays=WORKDAYS)


def _free_days(_found: Found) -> Result:
    return Draft("weekend", weekdays=frozenset({6, 7}))


def _whole_year_date(found: Found) -> Result:
    text, year = found.group(1)[0].text, _year(found, 2)
    day, month = (int(part) for part in text.strip(".").split("."))
    if year is None or not 1 <= month <= 12:
        return None
    exact: date | None = make_date(year, month, day)
    return on_day(exact) if exact else IMPOSSIBLE


_YEAR = "(num year?|(?:this|next|prev) year)"
_AND = "(?:comma and|comma or|and|or|comma|slash)"

DAY_RULES: list[Rule] = [
    rule(f"(?:(WD) comma? date_word?)? (DAYNUM) stop? (MONTH) {_YEAR}", "t_day", _month_day_year, **_MACROS),
    rule("(?:(WD) comma? date_word?)? (DAYNUM) stop? (MONTH)", "t_day", _month_day, **_MACROS),
    rule("(?:(WD) comma? date_word?)? full", "t_day", _full, **_MACROS),
    rule(f"(dot) {_YEAR}", "t_day", _whole_year_date, **_MACROS),
    rule("(?:(WD) comma? date_word?)? dot", "t_day", _dotted, **_MACROS),
    rule("(?:(WD) comma? date_word?)? slash_num", "t_day", _slashed, **_MACROS),
    rule("from? (num|ord_g) (?:to|dash) (num|ord_g) stop? (month|month_short)", "t_span", _range),
    rule("between (num|ord_g|ord_o) (?:a|and) (num|ord_g|ord_o) stop? (month|month_short)", "t_span", _range),
    rule("(?:from|of)? (num|ord_g) (?:to|dash) (dot)()", "t_span", _range),
    rule("from? (dot) (?:to|dash) (dot)", "t_span", _dotted_range),
    rule("from (ord_g) to (ord_g)", "t_span", _ordinal_range),
    rule(
        f"NUM (?:{_AND} NUM)(?:{_AND} NUM)? stop? (month|month_short)",
        "t_day",
        _several,
        NUM="(?:num|ord_g|ord_m)",
    ),
    rule("(ord_g|num) (this|next|prev) month_unit", "t_day", _day_of_that_month),
    rule(
        "this? (WD) comma? date_word? (?:ord_g|num(?!part|hour|hours|dash|to|unit|week|day))",
        "t_day",
        _weekday_and_day,
        **_MACROS,
    ),
    rule("ord_g", "t_day", _bare_day),
    rule("(?<=AFTER_OR_BEFORE) ord_o", "t_day", _bare_day, AFTER_OR_BEFORE="(?:after|before)"),
    rule("date_word num", "t_day", _numbered_day),
    rule("num stop? (?=at (?:clock|num|ord_f|hour|dot|half|hence|quarter))", "t_day", _numbered_day),
    rule("rel", "t_day", _relative),
    rule("(MOD)(WD)", "t_day", _weekday, **_MACROS),
    rule("()(WD)", "t_weekday", _weekday, **_MACROS),
    rule("every wday|every wdays|every wday_any", "t_days", _every),
    rule("in? every (?:day|date_word)", "daily", _every_day),
    rule("of (num|ord_g) onto (num|ord_g) (month|month_short)", "t_day", _moved_day),
    rule("()wdays", "t_days", _recurring),
    rule(f"((?:in|onto)?) (?:wdays|wday_any) (?:{_AND} in? (?:wdays|wday_any)){{0,6}}", "t_days", _recurring),
    rule("(WD) dash (WD)", "t_days", _weekday_range, **_MACROS),
    rule("(ORD) (WD) of? in? (MOD)? (?:(month)|month_unit)", "t_day", _nth_weekday, **_MACROS),
    rule("(near|next)? (?:day working|working day)", "t_days", _working_days),
    rule("in (?:day free|free day)", "t_days", _free_days),
]
