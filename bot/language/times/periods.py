"""Stretches of days: weeks, weekends, months, seasons, holidays."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.easter import easter

from bot.language.times.days import add_months, make_date
from bot.language.times.draft import Draft, over
from bot.language.times.moment import Moment

_DAY = timedelta(days=1)
_SEASONS = {1: ((3, 21), (6, 20)), 2: ((6, 21), (9, 22)), 3: ((9, 23), (12, 20)), 4: ((12, 21), (3, 20))}
_FIXED: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "christmas": ((12, 24), (12, 26)),
    "saint_nicholas": ((12, 6), (12, 6)),
    "valentines": ((2, 14), (2, 14)),
    "christmas_eve": ((12, 24), (12, 24)),
    "new_years_eve": ((12, 31), (12, 31)),
    "new_year": ((1, 1), (1, 1)),
    "epiphany": ((1, 6), (1, 6)),
    "may": ((5, 1), (5, 3)),
    "assumption": ((8, 15), (8, 15)),
    "all_saints": ((11, 1), (11, 1)),
    "independence": ((11, 11), (11, 11)),
    "summer": ((7, 1), (8, 31)),
}
# Days from Easter Sunday: Saturday before to Monday; Corpus Christi.
_MOVABLE = {"easter": (-1, 1), "easter_monday": (1, 1), "corpus_christi": (60, 60)}


def week(offset: int, moment: Moment) -> Draft:
    """The calendar week that many weeks from this one; of this week, what is left."""
    monday = moment.today - timedelta(moment.today.isoweekday() - 1) + timedelta(7 * offset)
    return _remaining(over(monday, monday + timedelta(6), "week"), moment)


def weekend(modifier: str | None, moment: Moment) -> Draft:
    """Saturday and Sunday; the one that goes on, the coming one, or next week's."""
    today = moment.today
    saturday = today - timedelta(today.isoweekday() - 6)
    if modifier in ("prev", "last") or (modifier is None and moment.past):
        gone = saturday - timedelta(7) if today.isoweekday() <= 6 or modifier else saturday
        return over(gone, gone + _DAY, "weekend")
    this = over(max(saturday, today), saturday + _DAY, "weekend")
    after = over(saturday + timedelta(7), saturday + timedelta(8), "weekend")
    if modifier == "next":
        # On a weekend the next one is certain; before it some mean the coming one.
        return after if today.isoweekday() > 5 else replace(after, alternatives=(this,))
    if today.isoweekday() == 7 and modifier != "this":
        return replace(after, alternatives=(this,))
    if today.isoweekday() == 6 and modifier != "this":
        return replace(this, alternatives=(after,))
    return this


def month_of(
    year: int, month: int, moment: Moment, part: str | None = None, half: int | None = None
) -> Draft:
    """A month or its start (1-10), middle (11-20), end (21-), half (to the 15th, from the 16th)."""
    length = monthrange(year, month)[1]
    first, last = {"start": (1, 10), "mid": (11, 20), "end": (21, length)}.get(part or "", (1, length))
    if half:
        first, last = (1, 15) if half == 1 else (16, length)
    return over(date(year, month, first), date(year, month, last), "month")


def named_month(month: int, year: int | None, moment: Moment, part: str | None = None) -> Draft:
    """A month by name, in the year that fits when none was said."""
    if year is None:
        year = moment.today.year
        if moment.past:
            year -= month > moment.today.month
        else:
            last = month_of(year, month, moment, part).date_to
            year += last is not None and last < moment.today
    return _remaining(month_of(year, month, moment, part), moment)


def relative_month(offset: int, moment: Moment, part: str | None = None) -> Draft:
    """This, next or a past month; „na początku miesiąca” near its end means the next one."""
    year, month = add_months(moment.today.year, moment.today.month, offset)
    found = month_of(year, month, moment, part)
    if part and offset == 0 and not moment.past and found.date_to and found.date_to < moment.today:
        year, month = add_months(year, month, 1)
        found = month_of(year, month, moment, part)
    return _remaining(found, moment) if offset >= 0 else found


def week_part(offset: int, part: str, moment: Moment) -> Draft:
    """Monday and Tuesday, Tuesday to Thursday, Thursday and Friday of a week."""
    whole = week(offset, moment)
    sunday = whole.date_to or moment.today
    monday = sunday - timedelta(6)
    first, last = {"start": (0, 1), "mid": (1, 3), "end": (3, 4)}[part]
    if offset == 0 and monday + timedelta(last) < moment.today and not moment.past:
        monday += timedelta(7)
    return _remaining(over(monday + timedelta(first), monday + timedelta(last), "week"), moment)


def year_of(offset: int, moment: Moment, part: str | None = None) -> Draft:
    """A calendar year, its first or last two months or its middle."""
    year = moment.today.year + offset
    first, last = {"start": (1, 2), "mid": (6, 7), "end": (11, 12)}.get(part or "", (1, 12))
    if part and offset == 0 and not moment.past and date(year, last, 28) < moment.today:
        year += 1
    end = date(year, last, monthrange(year, last)[1])
    return _remaining(over(date(year, first, 1), end, "year"), moment)


def season(number: int, moment: Moment) -> Draft:
    """Spring, summer, autumn or winter, the running or the next one."""
    (first_month, first_day), (last_month, last_day) = _SEASONS[number]
    for year in range(moment.today.year - 1, moment.today.year + 2):
        last_year = year + (last_month < first_month)
        last = date(last_year, last_month, last_day)
        if last >= moment.today:
            return _remaining(over(date(year, first_month, first_day), last, "month"), moment)
    raise AssertionError("unreachable: a season ends within two years")


def holiday(name: str, moment: Moment) -> Draft | None:
    """A holiday by name, the running or the next one (the last one when the past is meant)."""
    found = []
    for year in range(moment.today.year - 1, moment.today.year + 3):
        found += _spans(name, year)
    found.sort()
    if moment.past:
        gone = [span for span in found if span[0] <= moment.today]
        return over(*gone[-1], "day") if gone else None
    ahead = [span for span in found if span[1] >= moment.today]
    return over(*ahead[0], "day") if ahead else None


def _spans(name: str, year: int) -> list[tuple[date, date]]:
    if name == "holidays":
        return _spans("christmas", year) + _spans("easter", year)
    if name == "long_weekend":
        return list(long_weekends(year))
    if name in _MOVABLE:
        first, last = _MOVABLE[name]
        sunday = easter(year)
        return [(sunday + timedelta(first), sunday + timedelta(last))]
    first_day, last_day = _FIXED[name]
    return [(date(year, *first_day), date(year, *last_day))]


@lru_cache(maxsize=32)
def public_holidays(year: int) -> frozenset[date]:
    """Polish public holidays of a year."""
    return frozenset(holidays.country_holidays("PL", years=year))


def is_free(day: date) -> bool:
    """Whether it is a weekend or a public holiday."""
    return day.isoweekday() > 5 or day in public_holidays(day.year)


@lru_cache(maxsize=32)
def long_weekends(year: int) -> tuple[tuple[date, date], ...]:
    """Runs of at least three free days, with a single working day between free ones counted as free."""
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        if not is_free(day):
            day += _DAY
            continue
        last = day
        while is_free(last + _DAY) or (is_free(last + 2 * _DAY) and _holiday_near(last)):
            last += _DAY
        if (last - day).days >= 2:
            found.append((day, last))
        day = last + _DAY
    return tuple(found)


def _holiday_near(day: date) -> bool:
    # A bridge pays when the free day on one of its sides is a weekday holiday.
    sides = (day, day + 2 * _DAY)
    return any(side.isoweekday() <= 5 and side in public_holidays(side.year) for side in sides)


def working_day(moment: Moment) -> date:
    """The next working day after today."""
    day = moment.today + _DAY
    while is_free(day):
        day += _DAY
    return day


def months_later(moment: Moment, count: int) -> date:
    """Today's day some months on, at the end of a shorter month."""
    year, month = add_months(moment.today.year, moment.today.month, count)
    return make_date(year, month, moment.today.day) or date(year, month, monthrange(year, month)[1])


def _remaining(draft: Draft, moment: Moment) -> Draft:
    """Of a period that goes on, what is left of it (or what went by, when the past is meant)."""
    first, last = draft.date_from, draft.date_to
    if first is None or last is None or not first <= moment.today <= last:
        return draft
    return replace(draft, date_to=moment.today) if moment.past else replace(draft, date_from=moment.today)
