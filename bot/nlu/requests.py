"""Several requests in one message: "odwołaj jutrzejszą wizytę i umów dermatologa". Knows nothing of Rasa.

The message is cut into clauses. A clause that asks for nothing by itself (a greeting, the story behind a
wish) is read together with its neighbour, and so are neighbours that mean the same. What is left over is
several requests only when each of them is understood well by itself and the whole message is not clearly
something else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bot.language.clauses import is_request, split_clauses
from bot.language.questions import asks
from bot.nlu.intent_model import Reading

_MARKS = ".?!"
_LEADING_WORDS = 2
MOST_CLAUSES = 5
"""Longer messages are stories with one wish."""
MOST_REQUESTS = 3
SURE = 0.6
"""How likely the intent of each request has to be. Measured: docs/nlu.md."""
SURE_OF_THE_WHOLE = 0.6
"""A whole message that is this likely to be none of its parts is not taken apart."""

ANSWERS = frozenset(
    {
        "affirm", "affirm_weak", "choose_option", "deny", "inform", "no_preference", "other_day",
        "other_doctor", "other_place", "show_earlier", "show_later", "show_more",
    }
)  # fmt: skip
"""What may stand before a question: "w piątek, a ile to kosztuje?"."""
NO_REQUESTS = ANSWERS | {
    "bot_challenge", "cancel_task", "chitchat", "complaint_about_bot", "correct", "crisis", "emergency",
    "foreign_language", "gibberish", "go_back", "goodbye", "greet", "help", "insult", "medical_question",
    "out_of_scope", "repeat", "resume", "skip", "start_over", "thanks", "urgent_help", "wait", "why",
}  # fmt: skip
"""Acts of conversation, and what is never put off: none of these is one of two things to do."""


class Part(NamedTuple):
    """A stretch of the message that is read by itself; offsets in characters."""

    start: int
    end: int
    reading: Reading


Read = Callable[[int, int], Reading]
"""The likeliest reading of a stretch of the message."""


def requests_in(text: str, whole: Reading, read: Read) -> list[Part]:
    """The requests as they are said, or an answer and the question after it; empty for a single one."""
    clauses = split_clauses(text)
    if not 2 <= len(clauses) <= MOST_CLAUSES:
        return []
    said = [Part(clause.start, clause.end, read(clause.start, clause.end)) for clause in clauses]
    parts = _joined(text, said, read)
    names = [part.reading.intent for part in parts]
    if 2 <= len(parts) <= MOST_REQUESTS:
        strange = whole.intent not in names and whole.confidence > SURE_OF_THE_WHOLE
        return [] if strange or len(set(names)) == 1 else parts
    return _answer_and_question(text, said, read)


def with_mark(text: str, part: Part) -> str:
    """The words of a part, with the question mark or full stop right behind them."""
    end = part.end
    while end < len(text) and text[end] in _MARKS:
        end += 1
    return text[part.start : end]


def _joined(text: str, parts: list[Part], read: Read) -> list[Part]:
    """Parts that each ask for something else than the one before; fewer than two when there is but one."""
    at = 0
    while at < len(parts) and len(parts) > 1:
        part = parts[at]
        if not _is_request(text, part):
            forward = at == 0 or (at + 1 < len(parts) and _leads_on(text, part))
            other = at + 1 if forward else at - 1
        elif at and part.reading.intent == parts[at - 1].reading.intent:
            other = at - 1
        else:
            at += 1
            continue
        first = min(at, other)
        parts = [*parts[:first], _together(parts[first], parts[first + 1], read), *parts[first + 2 :]]
        at = 0
    return parts


def _leads_on(text: str, part: Part) -> bool:
    """Whether a clause only opens the next one: "i powiedzcie, ile to kosztuje"."""
    said = text[part.start : part.end]
    return len(said.split()) <= _LEADING_WORDS and is_request(said)


def _together(first: Part, second: Part, read: Read) -> Part:
    return Part(first.start, second.end, read(first.start, second.end))


def _is_request(text: str, part: Part) -> bool:
    sure = part.reading.intent not in NO_REQUESTS and part.reading.confidence >= SURE
    return sure and is_request(text[part.start : part.end])


def _answer_and_question(text: str, parts: list[Part], read: Read) -> list[Part]:
    """ "W piątek, a ile to kosztuje?": what may answer the open question, and a question behind it."""
    *before, last = parts
    if not (_is_request(text, last) and asks(text[last.start : last.end])):
        return []
    answer = before[0]
    for part in before[1:]:
        answer = _together(answer, part, read)
    sure = answer.reading.intent in ANSWERS and answer.reading.confidence >= SURE
    return [answer, last] if sure else []
