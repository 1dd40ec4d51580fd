"""What is said of coming: "jednak przyjdę" keeps a visit, "nie dam rady" neither keeps nor cancels it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.turn import Turn
from bot.language.consent import behind_yes, explicit_yes
from bot.language.cues import cue
from bot.language.text import folded_words, words

_NOT = frozenset({"nie", "ani"})
_CLAUSE = re.compile(r"[,.;:!?]")


def keeps(text: str) -> bool:
    """ "Nie, jednak pójdę", "nie odwołuj": the visit stays. Not what is asked, or stands under an "if"."""
    if "?" in text:
        return False
    clauses = _clauses(text)
    stays = any(_plainly(said, at) for said in clauses for at in _at("stays", said))
    spared = any(_negated(said, at) for said in clauses for at in _at("calling_off", said))
    called_off = any(not _negated(said, at) for said in clauses for at in _at("calling_off", said))
    return (stays or spared) and not called_off and not _away(clauses)


def stays_away(text: str) -> bool:
    """ "Nie, nie dam rady przyjść": nobody comes; whether the visit is to be cancelled has to be asked."""
    return _away(_clauses(text))


def without_reason(turn: Turn) -> Turn:
    """The turn without what is behind a "bo": "odwołaj, bo utknąłem w Opolu" means no visit there."""
    because = next((word.start for word in words(turn.text) if cue("because").matches(word.folded)), None)
    if because is None:
        return turn
    return replace(turn, mentions=tuple(m for m in turn.mentions if m.start < because))


def rather_moves(text: str) -> bool:
    """ "No trudno, to przełóż na jutro" at the question whether to cancel."""
    moves = cue("puts_off").heard(text) and not cue("cancelling_words").heard(text)
    return moves and not cue("takes_back").heard(text)


def says_why(text: str) -> bool:
    """ "No tak, nie dam rady przyjść": a plain yes, and behind it nothing but that nobody comes."""
    bounds = behind_yes(text)
    if bounds is None or "?" in text or not explicit_yes(text[: bounds[0]]):
        return False
    return stays_away(text) and not cue("doubts").heard(text[bounds[0] : bounds[1]])


def _away(clauses: Sequence[list[str]]) -> bool:
    return any(
        _negated(said, at) for said in clauses for name in ("stays", "attends") for at in _at(name, said)
    )


def _clauses(text: str) -> list[list[str]]:
    return [folded_words(clause) for clause in _CLAUSE.split(text)]


def _at(name: str, said: Sequence[str]) -> list[int]:
    return [at for at, word in enumerate(said) if cue(name).matches(word)]


def _plainly(said: Sequence[str], at: int) -> bool:
    return not _negated(said, at) and not cue("takes_back").among(
        word for word in said[:at] if word not in _NOT
    )


def _negated(said: Sequence[str], at: int) -> bool:
    """Whether a "nie" stands before the word, with nothing but helping words between."""
    while at > 0 and cue("beside_a_not").matches(said[at - 1]):
        at -= 1
    return at > 0 and said[at - 1] in _NOT
