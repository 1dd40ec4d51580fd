"""What a patient tells beside what they want: reasons, other doctors of the story, days gone by."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.telling import tells
from bot.language.text import folded_words
from bot.language.times import When
from bot.language.times.model import WARSAW

_CLAUSE_END = re.compile(r"[,.;:!?]")
_AFTER = 3
"""How many words after a thing say what is the matter with it ("przez telefon to nie słyszę")."""
_TOLD_FROM = 3
"""Shorter messages are no story: "wczoraj" alone answers the question for a day."""
_THINGS = ("service", "specialty")
_PLACES = frozenset({"city", "district", "facility"})


def wish(turn: Turn, now: datetime) -> Turn:
    """The turn without what is only told: asked for is what is left of it."""
    kept = tuple(m for m in turn.mentions if not _told(turn, m))
    return replace(turn, mentions=kept, when=_ahead(turn.when, turn.text, now))


def listed(turn: Turn) -> list[Mention]:
    """Things asked for in one breath ("masaż, krioterapia i kinezyterapia"); fewer than two are no list."""
    named = [m for m in turn.said(*_THINGS) if len(m.ids) == 1 or m.kind == "specialty"]
    for one, other in pairwise(named):
        between = _blanked(turn, one.end, other.start)
        if one.ids == other.ids:  # "badania krwi, czyli morfologia"
            continue
        if not between.strip() or not cue("between_things").covers(folded_words(between)):
            return []
    once = list({m.ids: m for m in named}.values())  # "badania krwi, morfologia i cukier" are two tests
    return once if len(once) > 1 else []


def _blanked(turn: Turn, start: int, end: int) -> str:
    """The words between two things, without places and other things named there ("okulista w Poznaniu i")."""
    text = turn.text
    for mention in turn.mentions:
        if mention.kind in _PLACES:
            text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text[start:end] or " "


def _told(turn: Turn, mention: Mention) -> bool:
    """Only told, when something else of the kind is asked for: "kardiolog, bo rodzinny kazał"."""
    others = [m for m in turn.said(mention.kind) if m.ids != mention.ids]
    if not others or mention.unwanted or mention.kind not in {"specialty", "service", "visit_kind"}:
        return False
    before = folded_words(turn.text[: mention.start])[-1:]
    if mention.kind == "service":
        return cue("compared_with").among(before)
    after = folded_words(_CLAUSE_END.split(turn.text[mention.end :])[0])[:_AFTER]
    if mention.kind == "specialty":
        return cue("tells").among(after)
    first = min(m.end for m in others)
    between = folded_words(turn.text[first : mention.start])
    return cue("refused").among(after) or (first <= mention.start and cue("because").among(between))


def _ahead(when: When | None, text: str, now: datetime) -> When | None:
    """Without the days that are gone, when the message tells of them ("wczoraj mi strzeliło w kolanie")."""
    today = now.astimezone(WARSAW).date()
    said = folded_words(text)
    if when is not None and any(day < today for day in when.excluded_dates):
        when = replace(when, excluded_dates=frozenset(d for d in when.excluded_dates if d >= today))
    told = cue("gone_by").among(said)
    if when is not None and not when.options and when.is_past(now):
        told = told or tells(text)  # "w sobotę byłem u córki"
    if when is None or len(said) < _TOLD_FROM or not told:
        return when if when != When() else None
    if when.options:
        ahead = [o for o in when.options if not o.is_past(now) and not _since(o, today)]
        left = replace(when, options=tuple(ahead)) if len(ahead) > 1 else When().merge(*ahead or [When()])
        return left if left != When() else None
    if when.is_past(now):
        when = replace(when, date_from=None, date_to=None, dates=())
    elif when.date_from is not None and when.date_from < today:
        when = replace(when, date_from=None)
    return when if when != When() else None


def _since(when: When, today: date) -> bool:
    """How long something has been going on ("od wczoraj"), not when a visit may be."""
    return when.date_from is not None and when.date_from < today and when.date_to is None
