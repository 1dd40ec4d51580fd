"""Ages in completed years."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta


def birthday(birth_date: date, age: int) -> date:
    """The day ``age`` is reached; born on 29 February: the 28th in common years."""
    reached: date = birth_date + relativedelta(years=age)
    return reached


def completed_years(birth_date: date, on: date) -> int:
    """Age on a day."""
    years = on.year - birth_date.year
    return years if birthday(birth_date, years) <= on else years - 1
