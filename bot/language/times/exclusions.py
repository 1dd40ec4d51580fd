"""Grammar of exclusions: „byle nie w środę”, „w piątki nie mogę”, „codziennie oprócz”."""

from __future__ import annotations

from dataclasses import replace

from bot.language.times.clocks import part_draft
from bot.language.times.draft import Draft
from bot.language.times.items import Found, Item, Result, Rule, rule
from bot.language.times.shared import DAYS, LIST, MACROS, PARTS_OF_DAY, settled


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
        return replace(
            excluded(day), time_from=part.time_from, time_to=part.time_to, grain="part", part=part.part
        )
    draft = day or part
    return excluded(draft) if draft else None


def _excluded_hour(found: Found) -> Result:
    draft = settled(found, "at")
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


EXCLUSIONS: list[Rule] = [
    rule("not at (HOUR) (PART?)", "time", _excluded_hour, **MACROS),
    rule(f"PRE? DAY {LIST} not (?=comma|stop|mark|paren|$)", "time", _excluded, **MACROS),
    rule(f"NEG PRE? DAY {DAYS}", "time", _excluded, **MACROS),
    rule(f"NEG PRE? part {PARTS_OF_DAY}", "time", _excluded, **MACROS),
    rule(f"cannot SKIP? PRE? DAY {DAYS}", "time", _excluded, **MACROS),
    rule(f"cannot SKIP? PRE? part {PARTS_OF_DAY}", "time", _excluded, **MACROS),
    rule(f"DAY {DAYS} falls_out (?=comma|stop|mark|paren|but|$)", "time", _excluded, **MACROS),
    rule(f"PRE? DAY {LIST} comma? SKIP? cannot", "time", _excluded, **MACROS),
    rule("(?:PRE? DAY PART|PART) SKIP? SKIP? cannot", "time", _excluded_before, **MACROS),
    rule(f"daily comma? NEG PRE? DAY {LIST}", "time", _daily_except, **MACROS),
    rule("daily (?=at|after|before|from|to|part|between|about|t_clock)", "time", _daily),
]
