"""Times that only say why: „po południu, bo rano mam wnuki”, „po 16, bo do 15 pracuję”."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.language.clauses import split_sentences
from bot.language.cues import cue
from bot.language.text import Word, words
from bot.language.times.model import TimeExpression

_NEAR = 3
"""How many words may stand between a time and what keeps somebody busy then."""
_WISHED = "na"
"""Before a time it asks for a visit then, even in a reason ("bo w piątek pracuję, na środę")."""


@dataclass(frozen=True, slots=True)
class _Reason:
    start: int
    end: int
    words: tuple[Word, ...]


def without_reasons(text: str, found: Sequence[TimeExpression]) -> list[TimeExpression]:
    """The times of a message as wishes: of a reason nothing where something is wished for outside of it.

    With nothing outside, a time at which somebody is busy is a time to keep free („rano pracuję” excludes
    the morning, „pracuję do 16” asks for later). A time that is free („dopiero w czwartek mam wolne”) stays.
    """
    reasons = _reasons(text) if found else []
    if not reasons:
        return list(found)
    inside = {id(said): reason for said in found if (reason := _holding(reasons, text, said)) is not None}
    wished = any(id(said) not in inside and said.relation != "origin" for said in found)
    made: list[TimeExpression] = []
    for said in found:
        reason = inside.get(id(said))
        if reason is None or said.excluded or _free(reason):
            made.append(said)
        elif not wished:
            made.append(_kept_free(said) if _busy(reason, said) else said)
    return made


def _reasons(text: str) -> list[_Reason]:
    """Stretches from a „bo” to the end of its sentence, or to what turns away from it."""
    made: list[_Reason] = []
    for sentence in split_sentences(text):
        said = words(sentence.text)
        start: int | None = None
        for at, word in enumerate(said):
            if start is None and cue("because").matches(word.folded):
                start = at
            elif start is not None and _turns(sentence.text, said, at):
                made.append(_reason(sentence.start, said, start, at))
                start = None
        if start is not None:
            made.append(_reason(sentence.start, said, start, len(said)))
    return made


def _reason(offset: int, said: Sequence[Word], first: int, last: int) -> _Reason:
    inside = tuple(w._replace(start=w.start + offset, end=w.end + offset) for w in said[first:last])
    return _Reason(inside[0].start, inside[-1].end, inside)


def _turns(text: str, said: Sequence[Word], at: int) -> bool:
    between = text[said[at - 1].end : said[at].start]
    word = said[at].folded
    return cue("turns_from_reason").matches(word) or ("," in between and cue("then").matches(word))


def _holding(reasons: Sequence[_Reason], text: str, said: TimeExpression) -> _Reason | None:
    before = words(text[: said.start])[-1:]
    own = words(said.text)[:1]
    if any(word.folded == _WISHED for word in (*before, *own)):
        return None
    return next((each for each in reasons if each.start < said.start and said.end <= each.end), None)


def _free(reason: _Reason) -> bool:
    return cue("is_free").among([word.folded for word in reason.words])


def _busy(reason: _Reason, said: TimeExpression) -> bool:
    before = [w.folded for w in reason.words if w.end <= said.start][-_NEAR:]
    after = [w.folded for w in reason.words if w.start >= said.end][:_NEAR]
    return cue("is_busy").among(before) or cue("is_busy").among(after)


def _kept_free(said: TimeExpression) -> TimeExpression:
    if said.relation in {"until", "before"} and said.time_to is not None:
        return replace(said, relation="from", time_from=said.time_to, time_to=None, alternatives=())
    if said.relation in {"from", "after"} and said.time_from is not None and said.date_from is None:
        return replace(said, relation="until", time_from=None, time_to=said.time_from, alternatives=())
    return replace(said, excluded=True, alternatives=())
