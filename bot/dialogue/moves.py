"""To cancel or to move: "nie odwołać, tylko przełożyć" holds both words, and only one is meant."""

from __future__ import annotations

import re

from bot.language.consent import explicit_yes, spoken_no
from bot.language.cues import Cue, cue
from bot.language.questions import looks_like_question
from bot.language.text import folded_words

CANCEL, MOVE, UNCLEAR = "cancel_visit", "reschedule_visit", "nlu_fallback"
_YES = frozenset({"affirm", "affirm_weak"})
_MAY_BE = frozenset({CANCEL, MOVE, "correct", "deny", "inform", "cancel_task", UNCLEAR, "list_visits"})
"""Intents near enough for the words to decide."""
_NEVER = frozenset({"emergency", "crisis"})
_REACH = 2
"""How many words before a verb may refuse it ("nie chcę odwołać")."""
_CLAUSE = re.compile(r"[,.;:!?–-]")


def settled(text: str, intent: str) -> str:
    """The intent, put right by the words: one of both refused and the other wanted, or a bare "dlaczego"."""
    if intent not in _NEVER and spoken_no(text):
        return "deny"
    if intent in _YES and looks_like_question(text) and not explicit_yes(text):
        return UNCLEAR  # "a jak duże może być"
    if intent not in _MAY_BE:
        return intent
    if _bare_why(folded_words(text)):
        return "why"
    if _does_not_know(folded_words(text)):
        return "skip"
    if _bare_refusal(folded_words(text)):
        return "deny"
    clauses = [folded_words(clause) for clause in _CLAUSE.split(text)]
    off, on = _refused(clauses, cue("cancelling_words")), _refused(clauses, cue("moving_words"))
    if off is None or on is None or off == on:
        return intent
    return MOVE if off else CANCEL


def _bare_why(said: list[str]) -> bool:
    """ "Dlaczego nie można?", "ale czemu się nie da": a why and nothing that it is about."""
    why = cue("asks_why")
    others = [word for word in said if not why.matches(word)]
    return len(others) < len(said) and cue("beside_why").covers(others)


def _does_not_know(said: list[str]) -> bool:
    """ "Pojęcia nie mam", "ni w ząb nie wiem"."""
    knows = cue("does_not_know").among(said) and cue("refused").among(said)
    return knows and cue("beside_not_knowing").covers(said)


def _bare_refusal(said: list[str]) -> bool:
    """ "Albo nie, jednak nie": no thing is named that is not wanted, and none instead."""
    return cue("refused").among(said) and cue("beside_a_refusal").covers(said)


def _refused(clauses: list[list[str]], verbs: Cue) -> bool | None:
    """Whether the verb is said with a "nie" before it; None when it is not said at all."""
    found = [
        _negated(said[max(0, at - _REACH) : at])
        for said in clauses
        for at, word in enumerate(said)
        if verbs.matches(word)
    ]
    return all(found) if found else None


def _negated(before: list[str]) -> bool:
    """A "nie" among the words before; one that stands before the other verb belongs to that."""
    for word in reversed(before):
        if cue("cancelling_words").matches(word) or cue("moving_words").matches(word):
            return False
        if cue("refused").matches(word):
            return True
    return False
