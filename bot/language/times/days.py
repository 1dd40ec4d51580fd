"""Single days: days of the week, days of the month, weekdays counted within a month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from bot.language.times.draft import Draft, on_day
from bot.language.times.moment import Moment

IMPOSSIBLE = Draft("day", impossible=True)
# A date that went by this lately may be a slip: both it and the next year's are offered.
_LATELY = timedelta(days=60)
_YEARS_AHEAD = 8


def weekday_draft(weekday: int, modifier: str | None, moment: Moment) -> Draft:
    """A named day of the week; "this", "next", "prev", "near", "last" as said before it."""
    today = moment.today
    ahead = (weekday - today.isoweekday()) % 7
    coming = today + timedelta(ahead or 7)
    gone = today - timedelta((today.isoweekday() - weekday) % 7 or 7)
    if modifier in ("prev", "last"):
        return _previous(weekday, modifier, gone, moment)
    if modifier == "next":
        return _following(weekday, coming, moment)
    if modifier is None and moment.past:
        others = [today] if ahead == 0 else []
        return on_day(gone, *others, weekday=weekday)
    if ahead == 0 and modifier == "this":
        return on_day(today, coming)
    if ahead == 0:  # whoever means today says "today", but not always
        return on_day(coming, today, weekday=None if modifier else weekday)
    return on_day(coming, weekday=None if modifier else weekday)


def _following(weekday: int, coming: date, moment: Moment) -> Draft:
    """„przyszły piątek”: Friday of next week for some, the coming one for others."""
    monday = moment.today - timedelta(moment.today.isoweekday() - 1)
    next_week = monday + timedelta(7 + weekday - 1)
    return on_day(next_week, coming)


def _previous(weekday: int, modifier: str, gone: date, moment: Moment) -> Draft:
    monday = moment.today - timedelta(moment.today.isoweekday() - 1)
    if modifier == "last" or gone < monday:
        return on_day(gone)
    before = gone - timedelta(7)
    yesterday = gone == moment.today - timedelta(1)
    return on_day(before) if yesterday else on_day(gone, before)


def in_week_of(day: date, weekday: int) -> date:
    """That weekday in the calendar week (Monday to Sunday) of a day."""
    return day + timedelta(weekday - day.isoweekday())


def month_day(day: int, month: int, year: int | None, moment: Moment, weekday: int | None = None) -> Draft:
    """A day of a month; the year is found when not said, a weekday beside it is checked."""
    if year is not None:
        found = make_date(year, month, day)
        return _matching(found, [], weekday, moment) if found else IMPOSSIBLE
    this_year = make_date(moment.today.year, month, day)
    if month == 2 and day == 29:
        this_year = _leap_day(moment)
    if this_year is None:
        return IMPOSSIBLE
    return _in_some_year(this_year, weekday, moment)


def _in_some_year(this_year: date, weekday: int | None, moment: Moment) -> Draft:
    today = moment.today
    if moment.past:
        past = this_year if this_year <= today else make_date(today.year - 1, this_year.month, this_year.day)
        return _matching(past or this_year, [], weekday, moment)
    if this_year >= today:
        return _matching(this_year, [], weekday, moment)
    later = make_date(today.year + 1, this_year.month, this_year.day)
    if later is None:
        return IMPOSSIBLE
    return _matching(later, [this_year] if today - this_year <= _LATELY else [], weekday, moment)


def _leap_day(moment: Moment) -> date | None:
    # 29 February is the nearest one; when that year has none, it is not moved four years on.
    ahead = moment.today.year + (moment.today > date(moment.today.year, 2, 28) and not moment.past)
    candidate = make_date(moment.today.year, 2, 29)
    if candidate and (candidate >= moment.today or moment.past):
        return candidate
    return make_date(ahead, 2, 29)


def _matching(best: date, others: list[date], weekday: int | None, moment: Moment) -> Draft:
    """The candidate on the named weekday; when none is, both readings of the contradiction."""
    candidates = [best, *others]
    if weekday is None:
        return on_day(best, *others)
    fitting = [day for day in candidates if day.isoweekday() == weekday]
    if fitting:
        return on_day(fitting[0])
    ahead = (weekday - moment.today.isoweekday()) % 7 or 7
    return on_day(best, moment.today + timedelta(ahead))


def day_of_month(day: int, moment: Moment, weekday: int | None = None) -> Draft | None:
    """„piętnastego”: the nearest one; with a weekday („w piątek trzynastego”) the nearest that is both."""
    if not 1 <= day <= 31:
        return None
    step = -1 if moment.past else 1
    year, month = moment.today.year, moment.today.month
    for _ in range(12 * _YEARS_AHEAD):
        found = make_date(year, month, day)
        ahead = found is not None and (found <= moment.today if moment.past else found >= moment.today)
        if found is not None and ahead and weekday in (None, found.isoweekday()):
            return on_day(found)
        year, month = add_months(year, month, step)
    return None


def weekday_of_month(order: int, weekday: int, year: int, month: int) -> date | None:
    """The first, second ... weekday of a month; order -1 is the last; None for a fifth that is missing."""
    length = monthrange(year, month)[1]
    days = [date(year, month, day) for day in range(1, length + 1)]
    fitting = [day for day in days if day.isoweekday() == weekday]
    if order == -1:
        return fitting[-1]
    return fitting[order - 1] if 1 <= order <= len(fitting) else None


def make_date(year: int, month: int, day: int) -> date | None:
    """A date, or None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """Year and month some months on."""
    total = year * 12 + month - 1 + count
    return total // 12, total % 12 + 1
