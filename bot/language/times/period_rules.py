"""Grammar of periods and distances: weeks, months, „za 2 tygodnie”, „pod koniec miesiąca”."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.language.times import periods
from bot.language.times.days import add_months
from bot.language.times.draft import Draft, on_day, over
from bot.language.times.items import Found, Item, Result, Rule, rule
from bot.language.times.lexicon import lexicon
from bot.language.times.model import Grain

_MACROS = {
    "MOD": "(?:this|next|prev|near|last)",
    "EDGE": "(?:toward? (?:start|mid|end))",
    "UNIT": "(?:day|week|month_unit|year|hours|hour|minute)",
    "ORD": "(?:ord_f|ord_g|ord_m|ord_o|last)",
}
_OFFSETS = {"this": 0, "near": 0, "next": 1, "prev": -1, "last": -1}
_GRAINS: dict[str, Grain] = {"day": "day", "week": "week", "month_unit": "month", "year": "year"}
_FEW = (3, 6)
_BEFORE_MONTH = frozenset(
    ["from", "to", "after", "before", "or", "not", "onto", "a", "except", "wday", "wdays"]
)
_BESIDE_MONTH = frozenset(["comma", "stop", "mark", "or", "and", "filler", "dash"])
_SOON = timedelta(days=14)
_HALF_YEAR = 6


def _distance(found: Found, count: int, unit: str) -> Draft:
    """The moment that far from now, to the grain it was said in."""
    moment = found.moment
    if unit in ("hour", "hours", "minute"):
        delta = timedelta(minutes=count) if unit == "minute" else timedelta(hours=count)
        return _instant(found, delta)
    if unit in ("month_unit", "year"):
        day = periods.months_later(moment, count * (12 if unit == "year" else 1))
    else:
        day = moment.today + timedelta(count * (7 if unit == "week" else 1))
    return on_day(day, grain=_GRAINS[unit])


def _instant(found: Found, delta: timedelta) -> Draft:
    then = found.moment.later(delta)
    clock = then.time().replace(second=0, microsecond=0, fold=0)
    return Draft("minute", then.date(), then.date(), clock, clock)


def _unit(found: Found, group: int) -> str:
    return found.group(group)[0].category


def _hence(found: Found) -> Result:
    count = found.value(1)
    return _distance(found, 1 if count is None else count, _unit(found, 2))


def _ago(found: Found) -> Result:
    count = found.value(1)
    return _distance(found, -(1 if count is None else count), _unit(found, 2))


def _hence_half(found: Found) -> Result:
    if _unit(found, 1) == "year":
        return on_day(periods.months_later(found.moment, _HALF_YEAR), grain="month")
    return _instant(found, timedelta(minutes=30))


def _hence_one_half(found: Found) -> Result:
    unit = _unit(found, 1)
    if unit in ("hour", "hours"):
        return _instant(found, timedelta(minutes=90))
    days = {"week": 10, "month_unit": 45, "year": 547}.get(unit)
    return on_day(found.moment.today + timedelta(days), grain=_GRAINS[unit]) if days else None


def _hence_few(found: Found) -> Result:
    return _stretch(found, *_FEW, _unit(found, 1))


def _few_ago(found: Found) -> Result:
    return _stretch(found, -_FEW[1], -_FEW[0], _unit(found, 1))


def _hence_range(found: Found) -> Result:
    first, last = found.value(1), found.value(2)
    return _stretch(found, first or 1, last or 2, _unit(found, 3))


def _hence_or(found: Found) -> Result:
    return _stretch(found, 1, found.value(2) or 2, _unit(found, 1))


def _stretch(found: Found, first: int, last: int, unit: str) -> Draft | None:
    start, end = _distance(found, first, unit), _distance(found, last, unit)
    if unit in ("hour", "hours", "minute") or start.date_from is None or end.date_to is None:
        return None
    return over(start.date_from, end.date_to, start.grain)


def _within_few(found: Found) -> Result:
    far = _distance(found, _FEW[1], _unit(found, 1))
    return replace(far, date_from=found.moment.today)


def _within(found: Found) -> Result:
    count, unit = found.value(1), _unit(found, 2)
    far = _distance(found, 7 if unit == "day" and count is None else count or 1, unit)
    return replace(far, date_from=found.moment.today, time_from=None, time_to=None)


def _soon(found: Found) -> Result:
    return over(found.moment.today, found.moment.today + _SOON, "open")


def _modifier(found: Found, group: int) -> str | None:
    item = found.one(group)
    return item.category if item else None


def _offset(found: Found, group: int) -> int:
    return _OFFSETS[_modifier(found, group) or "this"]


def _week(found: Found) -> Result:
    if _modifier(found, 1) == "near":
        return over(found.moment.today, found.moment.today + timedelta(7), "week")
    return periods.week(_offset(found, 1), found.moment)


def _weekend(found: Found) -> Result:
    return periods.weekend(_modifier(found, 1), found.moment)


def _either_period(found: Found) -> Result:
    """„w tym albo przyszłym tygodniu”."""
    unit, made = found.group(3)[0], list[Item]()
    for group in (1, 2):
        name = _modifier(found, group) or "this"
        draft = {
            "week": lambda name=name: periods.week(_OFFSETS[name], found.moment),
            "weekend": lambda name=name: periods.weekend(name, found.moment),
            "month_unit": lambda name=name: periods.relative_month(_OFFSETS[name], found.moment),
        }[unit.category]()
        item = found.group(group)[0]
        made.append(Item("t_span", item.start, item.end, draft=replace(draft, alternatives=())))
    made[1] = replace(made[1], end=unit.end)
    return [made[0], Item("or", made[0].end, made[0].end), made[1]]


def _this_month(found: Found) -> Result:
    return periods.relative_month(_offset(found, 1), found.moment)


def _this_year(found: Found) -> Result:
    return periods.year_of(_offset(found, 1), found.moment)


def _workweek(found: Found) -> Result:
    """„w tygodniu” against „w weekend”."""
    before = found.before
    if before is not None and before.category in ("num", "unit", "noise", "day"):
        return None
    return Draft("day", weekdays=frozenset(range(1, 6)))


def _month(found: Found) -> Result:
    item = found.group(1)[0]
    if not found.group(2) and not _stands_alone(found):
        return None
    return periods.named_month(item.value, None, found.moment)


def _stands_alone(found: Found) -> bool:
    """„dr Maj”, „pani Marzec”, „córka Maja”: a name has a capital or stands beside a title."""
    before, item, after = found.before, found.all[0], found.after
    if before is not None and before.category in _BEFORE_MONTH:
        return True
    if before is not None and before.category == "title":
        return False
    if item.text in lexicon().month_names and item.spelling.islower():
        return True
    return all(beside is None or beside.category in _BESIDE_MONTH for beside in (before, after))


def _month_year(found: Found) -> Result:
    number, year = found.value(1), found.group(2)
    value = year[0].value if year[0].category == "num" else None
    if value is None:
        value = found.moment.today.year + _OFFSETS[year[0].category]
    if number is None or not 2000 <= value <= 2100:
        return None
    return periods.named_month(number, value, found.moment)


def _edge_of_month(found: Found) -> Result:
    return periods.named_month(found.value(2) or 0, None, found.moment, _edge(found))


def _edge(found: Found) -> str:
    return next(item.category for item in found.group(1) if item.category != "toward")


def _edge_of_period(found: Found) -> Result:
    edge, unit = _edge(found), _unit(found, 3)
    if unit == "week":
        return periods.week_part(_offset(found, 2), edge, found.moment)
    if unit == "year":
        return periods.year_of(_offset(found, 2), found.moment, edge)
    return periods.relative_month(_offset(found, 2), found.moment, edge)


def _edge_of_summer(found: Found) -> Result:
    if found.group(2)[0].name != "summer":
        return None
    month = {"start": 7, "mid": 7, "end": 8}[_edge(found)]
    return periods.named_month(month, None, found.moment, _edge(found))


def _half_of_month(found: Found) -> Result:
    half, month = found.value(1) or 0, found.one(3)
    if half not in (1, 2):
        return None
    today = found.moment.today
    if month is None:
        year, number = add_months(today.year, today.month, _offset(found, 2))
        return periods.month_of(year, number, found.moment, half=half)
    draft = periods.month_of(today.year, month.value, found.moment, half=half)
    if draft.date_to and draft.date_to < today and not found.moment.past:
        draft = periods.month_of(today.year + 1, month.value, found.moment, half=half)
    return draft


def _next_weeks(found: Found) -> Result:
    """„w kolejnych tygodniach”: four weeks from the next Monday."""
    first = periods.week(1, found.moment).date_from or found.moment.today
    return over(first, first + timedelta(27), "week")


def _half_of_week(found: Found) -> Result:
    """Monday to Wednesday or Thursday and Friday; one that has begun gives way to the next."""
    half, offset = found.value(1), _offset(found, 2)
    first, last = (0, 2) if half == 1 else (3, 4)
    today = found.moment.today
    monday = today - timedelta(today.isoweekday() - 1) + timedelta(7 * offset)
    if monday + timedelta(first) < today:
        monday += timedelta(7)
    return over(monday + timedelta(first), monday + timedelta(last), "week") if half in (1, 2) else None


def _ago_half(found: Found) -> Result:
    return on_day(periods.months_later(found.moment, -_HALF_YEAR), grain="month")


def _week_of_month(found: Found) -> Result:
    if found.group(2)[0].category == "month":
        whole = periods.named_month(found.value(2) or 0, None, found.moment)
    else:
        whole = periods.relative_month(0, found.moment)
    if whole.date_from is None or whole.date_to is None:
        return None
    order = found.value(1) or 0
    if found.group(1)[0].category == "last":
        return over(whole.date_to - timedelta(6), whole.date_to, "week")
    if not 1 <= order <= 5:
        return None
    first = whole.date_from.replace(day=1) + timedelta(7 * (order - 1))
    last = min(first + timedelta(6), whole.date_to)
    if last < found.moment.today and not found.moment.past:  # gone by: the same week a year on
        first, last = first.replace(year=first.year + 1), last.replace(year=last.year + 1)
    return over(first, last, "week")


def _season(found: Found) -> Result:
    return periods.season(found.all[-1].value, found.moment)


def _holiday(found: Found) -> Result:
    return periods.holiday(found.all[-1].name, found.moment)


def _end_only(found: Found) -> Result:
    """„do końca tygodnia”: the whole of the period until its end."""
    unit, item = _unit(found, 2), found.group(2)[0]
    period: Draft | None
    if unit == "week":
        period = periods.week(_offset(found, 1), found.moment)
    elif unit == "year":
        period = periods.year_of(_offset(found, 1), found.moment)
    elif unit == "month":
        period = periods.named_month(item.value, None, found.moment)
    elif unit == "holiday":
        period = periods.holiday(item.name, found.moment)
    elif unit == "weekend":
        period = periods.weekend(_modifier(found, 1), found.moment)
    else:
        period = periods.relative_month(_offset(found, 1), found.moment)
    return replace(period, date_from=None, relation="until", alternatives=()) if period else None


def _from_start(found: Found) -> Result:
    """„od początku grudnia”, „od połowy grudnia”."""
    edge, unit, item = found.group(1)[0].category, _unit(found, 3), found.group(3)[0]
    if unit == "week":
        period = periods.week_part(_offset(found, 2), edge, found.moment)
    elif unit == "month":
        period = periods.named_month(item.value, None, found.moment, edge)
    elif unit == "year":
        period = periods.year_of(_offset(found, 2), found.moment, edge)
    else:
        period = periods.relative_month(_offset(found, 2), found.moment, edge)
    return replace(period, date_to=None, relation="from")


def _rest(found: Found) -> Result:
    period = _end_only(found)
    return replace(period, date_from=found.moment.today) if isinstance(period, Draft) else None


def spanning(item: Item) -> bool:
    """Whether a recognised period is longer than a day."""
    draft = item.draft
    return draft is not None and draft.date_from != draft.date_to


PERIOD_RULES: list[Rule] = [
    rule("hence (?:about|filler)? (num)? (UNIT)", "t_day", _hence, **_MACROS),
    rule("hence half (hours|hour|year|month_unit)", "t_day", _hence_half),
    rule(
        "hence half_year()",
        "t_day",
        lambda found: on_day(periods.months_later(found.moment, 6), grain="month"),
    ),
    rule("hence one_half (UNIT)", "t_day", _hence_one_half, **_MACROS),
    rule("hence few (UNIT)", "t_span", _hence_few, **_MACROS),
    rule(
        "hence (?:about|filler)? (num) (?:dash|to|or|slash|comma)? (num) (UNIT)",
        "t_span",
        _hence_range,
        **_MACROS,
    ),
    rule("hence (UNIT) (?:or|comma) (num)", "t_span", _hence_or, **_MACROS),
    rule("(num)? (UNIT) ago", "t_day", _ago, **_MACROS),
    rule("few (UNIT) ago", "t_span", _few_ago, **_MACROS),
    rule("(?:within|in|onto) (?:near|nears) (num)? (day|week|month_unit|year)", "t_span", _within),
    rule("within (num)? (day|week|month_unit|year)", "t_span", _within),
    rule("within few (day|week|month_unit)", "t_span", _within_few),
    rule("before (num)? (week|month_unit|year)", "t_day", _ago),
    rule("hence quarter", "t_day", lambda found: _instant(found, timedelta(minutes=15))),
    rule("near time_word", "t_span", _soon),
    rule("(MOD) week", "t_span", _week, **_MACROS),
    rule("(MOD) (?:or|and) in? (MOD) (week|weekend|month_unit)", "t_span", _either_period, **_MACROS),
    rule("(MOD)? weekend", "t_span", _weekend, **_MACROS),
    rule("(MOD) month_unit", "t_span", _this_month, **_MACROS),
    rule("(MOD) year", "t_span", _this_year, **_MACROS),
    rule("in week", "t_days", _workweek),
    rule("(month)()", "t_span", _month),
    rule("(month)(this|next|prev)", "t_span", _month),
    rule(
        "in (month)(())", "t_span", lambda found: periods.named_month(found.value(1) or 0, None, found.moment)
    ),
    rule(
        "(?:near|next|this) (month)",
        "t_span",
        lambda found: periods.named_month(found.value(1) or 0, None, found.moment),
    ),
    rule("in? (month) (num year?|(?:this|next|prev) year)", "t_span", _month_year),
    rule("(EDGE) of? (month)", "t_span", _edge_of_month, **_MACROS),
    rule("(EDGE) of? (MOD)? (week|month_unit|year)", "t_span", _edge_of_period, **_MACROS),
    rule("(EDGE) (holiday)", "t_span", _edge_of_summer, **_MACROS),
    rule("(ord_f) mid (MOD)? (?:(month)|month_unit)", "t_span", _half_of_month, **_MACROS),
    rule("(ord_f) mid (MOD)? week", "t_span", _half_of_week, **_MACROS),
    rule("half year ago", "t_day", _ago_half),
    rule("next_weeks", "t_span", _next_weeks),
    rule("weekends", "t_days", lambda _found: Draft("weekend", weekdays=frozenset({6, 7}))),
    rule("(ORD) week of? (month|month_unit)", "t_span", _week_of_month, **_MACROS),
    rule("season", "t_span", _season),
    rule("MOD? holiday", "t_holiday", _holiday, **_MACROS),
    rule(
        "(?:to|before) end (MOD)? (week|month_unit|year|month|holiday|weekend)",
        "t_bound",
        _end_only,
        **_MACROS,
    ),
    rule("from (start|mid|end) (MOD)? (week|month_unit|year|month)", "t_bound", _from_start, **_MACROS),
    rule("rest (MOD)? (week|month_unit|year)", "t_bound", _rest, **_MACROS),
]
