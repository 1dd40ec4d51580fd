"""Finding time expressions in raw text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.language.text import fold
from bot.language.times.combine import combine
from bot.language.times.day_relations import DAY_RELATIONS
from bot.language.times.day_rules import DAY_RULES
from bot.language.times.draft import expression
from bot.language.times.exclusions import EXCLUSIONS
from bot.language.times.hour_relations import HOUR_RELATIONS
from bot.language.times.hour_rules import HOUR_RULES
from bot.language.times.items import Grammar, Item
from bot.language.times.lexicon import lexicon
from bot.language.times.model import Prefer, TimeExpression
from bot.language.times.moment import Moment
from bot.language.times.period_rules import PERIOD_RULES
from bot.language.times.tokens import tokenize

_RELATIONS = Grammar([*HOUR_RELATIONS, *DAY_RELATIONS, *EXCLUSIONS])
_PARTS = Grammar([*DAY_RULES, *PERIOD_RULES, *HOUR_RULES])
# How many words around "since" may tell that a complaint is described.
_NEAR = 8
_MARKS = frozenset({"comma", "stop", "mark", "colon", "dash", "or"})


def find_times(text: str, now: datetime, *, prefer: Prefer = "future") -> list[TimeExpression]:
    """Time expressions of the text in order, read at `now` (aware; naive raises ValueError)."""
    moment = Moment.of(now, prefer, text)
    items = tokenize(text)
    related = _read(items, moment)
    if any(_tells_past(related, at, text) for at in range(len(related))):
        related = _with_past(related, _read(items, replace(moment, prefer="past")), text)
    return [
        expression(item.draft, item.start, item.end, text)
        for item in combine(related)
        if item.category == "time" and item.draft is not None
    ]


def _read(items: list[Item], moment: Moment) -> list[Item]:
    return _RELATIONS.reduce(_PARTS.reduce(items, moment), moment)


def _tells_past(items: list[Item], at: int, text: str) -> bool:
    """„od środy boli”, „w piątek byłem”: when something was, not when a visit is wanted."""
    draft = items[at].draft
    if draft is None or draft.date_from is None:
        return False
    if draft.relation == "from":
        near = [*items[max(0, at - _NEAR) : at], *items[at + 1 : at + 1 + _NEAR]]
        return any(item.text.startswith(lexicon().complaint_stems) for item in near)
    if draft.relation != "at" or not _located(text[items[at].start : items[at].end]):
        return False
    return any(lexicon().past_words.match(item.text) for item in _clause(items, at))


def _located(said: str) -> bool:
    """„w piątek”, „we wtorek”, but not „na piątek”."""
    first = said.split()[0]
    entry = lexicon().find(first, fold(first))
    return entry is not None and entry.category == "in"


def _clause(items: list[Item], at: int) -> list[Item]:
    """Words around an item, up to the nearest mark on either side."""
    before: list[Item] = []
    for item in reversed(items[max(0, at - _NEAR) : at]):
        if item.category in _MARKS:
            break
        before.append(item)
    after: list[Item] = []
    for item in items[at + 1 : at + 1 + _NEAR]:
        if item.category in _MARKS:
            break
        after.append(item)
    return before + after


def _with_past(future: list[Item], past: list[Item], text: str) -> list[Item]:
    by_place = {(item.start, item.end): item for item in past}
    return [
        by_place.get((item.start, item.end), item) if _tells_past(future, at, text) else item
        for at, item in enumerate(future)
    ]
