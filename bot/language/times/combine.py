"""Joining what was said side by side: a day with its hours, a weekday with its week."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from bot.language.times.clocks import clock_draft
from bot.language.times.days import in_week_of
from bot.language.times.draft import Draft, on_day, with_time
from bot.language.times.items import Item
from bot.language.times.moment import PARTS

_LOOSE = frozenset({"filler", "comma", "paren", "about", "this", "dash", "only", "but", "a", "and"})
_WIDEST_GAP = 3
_LOWER = frozenset({"from", "after"})
_MORNINGS = frozenset({"early", "morning", "forenoon"})


def combine(items: list[Item]) -> list[Item]:
    """Items with neighbouring times joined where they make one statement."""
    joined: list[Item] = []
    for item in items:
        joined.append(item)
        while (pair := _last_two(joined)) is not None:
            first, second = pair
            both = _join(joined[first], joined[second], joined[first + 1 : second])
            if both is None:
                break
            joined[first:] = [both]
    return joined


def _last_two(items: list[Item]) -> tuple[int, int] | None:
    last = len(items) - 1
    if last < 1 or items[last].category != "time":
        return None
    for at in range(last - 1, max(-1, last - 2 - _WIDEST_GAP), -1):
        if items[at].category == "time":
            return at, last
        if items[at].category not in _LOOSE:
            return None
    return None


def _join(first: Item, second: Item, gap: list[Item]) -> Item | None:
    one, two = first.draft, second.draft
    if one is None or two is None or "origin" in (one.relation, two.relation):
        return None
    if two.excluded or (one.excluded and (gap or one.timed)) or one.asap != two.asap:
        return None
    listed = any(item.category == "and" for item in gap)
    if listed and (one.dated or two.dated):
        return None
    both = joined_drafts(one, two)
    return Item("time", first.start, second.end, draft=both) if both else None


def joined_drafts(one: Draft, two: Draft) -> Draft | None:
    """One statement from two that stand side by side, None when they are separate."""
    if one.impossible or two.impossible:
        return None
    if one.asap and two.asap:
        return one
    if one.dated and not one.timed and two.timed and not two.dated:
        return with_time(one, two)
    if two.dated and not two.timed and one.timed and not one.dated:
        return with_time(two, one)
    if one.dated and two.dated:
        return _days(one, two)
    return _hours(one, two)


def _days(one: Draft, two: Draft) -> Draft | None:
    if one.excluded or two.excluded or (one.timed and two.timed):
        return None
    timed = one if one.timed else two
    for narrow, wide in ((one, two), (two, one)):
        day = _within(narrow, wide)
        if day is not None:
            return with_time(day, replace(timed, alternatives=())) if timed.timed else day
    return None


def _within(narrow: Draft, wide: Draft) -> Draft | None:
    """A weekday in its week, recurring weekdays in an interval."""
    if (
        narrow.weekday is not None
        and wide.grain == "week"
        and wide.date_to is not None
        and wide.relation == "at"
    ):
        return on_day(in_week_of(wide.date_to, narrow.weekday))
    if narrow.weekday is not None and _single(wide) and wide.date_from:
        return wide if wide.date_from.isoweekday() == narrow.weekday else None
    interval = wide.date_from != wide.date_to and not wide.weekdays
    if narrow.weekdays and not narrow.date_from and interval and wide.grain != "weekend":
        return replace(wide, weekdays=narrow.weekdays, grain=narrow.grain)
    if narrow.weekday is not None and interval and wide.grain in ("month", "open"):
        return replace(wide, weekdays=frozenset({narrow.weekday}), grain="day")
    return narrow if _inside(narrow, wide) else _overlap(narrow, wide)


def _inside(narrow: Draft, wide: Draft) -> bool:
    """„w przyszłym tygodniu od wtorku do czwartku”: the narrower of two is what is meant."""
    first, last, start, end = narrow.date_from, narrow.date_to, wide.date_from, wide.date_to
    if first is None or last is None or start is None or end is None or wide.weekdays or _single(wide):
        return False
    return start <= first <= last <= end and (first, last) != (start, end)


def _single(draft: Draft) -> bool:
    return draft.date_from is not None and draft.date_from == draft.date_to


def _overlap(whole: Draft, bound: Draft) -> Draft | None:
    """„w grudniu, ale po świętach”: a period cut by a bound."""
    if bound.relation not in ("from", "after", "before", "until") or bound.weekdays or _single(whole):
        return None
    starts = [day for day in (whole.date_from, bound.date_from) if day]
    ends = [day for day in (whole.date_to, bound.date_to) if day]
    if not starts or not ends or max(starts) > min(ends) or (whole.relation == bound.relation):
        return None
    return replace(
        whole, date_from=max(starts), date_to=min(ends), relation="between", grain="day", alternatives=()
    )


def _hours(one: Draft, two: Draft) -> Draft | None:
    """„rano o 8”, „po 10, ale przed 14”, „jutro po południu po 16”."""
    if not (one.timed and two.timed) or (two.dated and one.dated):
        return None
    dated = one if one.dated else two
    for part, hours in ((one, two), (two, one)):
        if part.part and part.hours is None and hours.hours is not None:
            exact = clock_draft(hours.hours, part.part)
            if part is one and _hour_relation(hours) in _LOWER and _begins_within(exact, part):
                exact = replace(exact, time_to=_end_of(part), relation="between", hours=None)
            return _onto_day(dated, exact)
    upper = {"until", "before"}
    for low, high in ((one, two), (two, one)):
        if _hour_relation(low) in _LOWER and _hour_relation(high) in upper:
            if low.time_from is None or high.time_to is None or low.time_from >= high.time_to:
                return None
            window = replace(low, time_to=high.time_to, relation="between", hours=None)
            return _onto_day(dated, window)
    return None


def _begins_within(hours: Draft, part: Draft) -> bool:
    """„rano, ale nie przed dziewiątą”: the part of the day goes on from there."""
    if part.part == "after_work" or not (part.time_from and hours.time_from):  # „po pracy, czyli po 17”
        return False
    return part.time_from <= hours.time_from < _end_of(part)


def _end_of(part: Draft) -> time:
    """Where a part of the day ends; whoever cuts the morning's beginning means the whole forenoon."""
    end = part.time_to or time.max
    return max(end, PARTS["forenoon"][1]) if part.part in _MORNINGS else end


def _hour_relation(draft: Draft) -> str:
    return draft.hours.relation if draft.hours else draft.relation


def _onto_day(dated: Draft, hours: Draft) -> Draft:
    if not dated.dated:
        return hours
    # Readings that differed only in the hour are settled now.
    others = {(other.date_from, other.date_to): other for other in dated.alternatives}
    others.pop((dated.date_from, dated.date_to), None)
    days = replace(dated, time_from=None, time_to=None, relation="at", alternatives=tuple(others.values()))
    return with_time(days, hours)
