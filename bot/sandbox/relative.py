"""Moments relative to the start of a world, as its data files and patches write them."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.sandbox.clock import WARSAW, parse_moment, warsaw_date

_STEP = re.compile(r"([+-]\d+)(d|h|min|months)(?: (\d{1,2}):(\d{2}))?")


def moment_of(text: str, now: datetime) -> datetime:
    """ "+3h", "-90min", "+2d 10:20" (Warsaw clock) or RFC 3339 with an offset; ValueError otherwise."""
    match = _STEP.fullmatch(text)
    if match is None:
        return parse_moment(text).astimezone(WARSAW)
    amount, unit, hour, minute = int(match[1]), match[2], match[3], match[4]
    if unit in ("h", "min"):
        return now + (timedelta(hours=amount) if unit == "h" else timedelta(minutes=amount))
    day = date_of(match[1] + unit, now)
    clock = time(int(hour), int(minute)) if hour else now.astimezone(WARSAW).time()
    return datetime.combine(day, clock, tzinfo=WARSAW)


def date_of(text: str, now: datetime) -> date:
    """ "+30d", "-3months" from the Warsaw date of `now`, or an ISO date; ValueError otherwise."""
    match = _STEP.fullmatch(text)
    if match is None:
        return date.fromisoformat(text)
    amount, unit = int(match[1]), match[2]
    start = warsaw_date(now)
    if unit == "d":
        return start + timedelta(days=amount)
    if unit == "months":
        moved: date = start + relativedelta(months=amount)
        return moved
    raise ValueError(f"not a date: {text}")


def birth_date(entry: dict[str, Any], now: datetime) -> date:
    """`born`, or a birthday 100 days ago that makes the person `age` years old."""
    if "born" in entry:
        return date_of(str(entry["born"]), now)
    birthday: date = warsaw_date(now) - timedelta(days=100) - relativedelta(years=int(entry["age"]))
    return birthday


def age_on(born: date, day: date) -> int:
    """Completed years."""
    return int(relativedelta(day, born).years)


def months_before(day: date, months: int) -> date:
    """Calendar months back; the 31st clamps to the end of a shorter month (A9)."""
    moved: date = day - relativedelta(months=months)
    return moved
