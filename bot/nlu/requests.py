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
from bot.language.consent import behind_yes
from bot.language.questions import asks
from bot.nlu.intent_model import Reading

_MARKS = ".?!"
YES = "affirm"
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


class _Stretch(NamedTuple):
    start: int
    end: int


Read = Callable[[int, int], Reading]
"""The likeliest reading of a stretch of the message."""


def requests_in(text: str, whole: Reading, read: Read) -> list[Part]:
    """The requests as they are said, or an answer and the question after it; empty for a single one.

    A stretch is read only when it is looked at, and once: most clauses are told apart by their words alone.
    """
    clauses = split_clauses(text)
    agreed = _yes_and_more(text, read)
    if agreed:
        return agreed
    if not 2 <= len(clauses) <= MOST_CLAUSES:
        return []
    said = [_Stretch(clause.start, clause.end) for clause in clauses]
    message = _Message(text, (said[0].start, said[-1].end), whole, read)
    parts = message.joined(said)
    if 2 <= len(parts) <= MOST_REQUESTS:
        names = [message.reading(part).intent for part in parts]
        strange = whole.intent not in names and whole.confidence > SURE_OF_THE_WHOLE
        found = [] if strange or len(set(names)) == 1 else parts
    else:
        found = message.answer_and_question(said)
    return [Part(*part, message.reading(part)) for part in found]


def _yes_and_more(text: str, read: Read) -> list[Part]:
    """ "No dobrze, podaj numer", "tak, i jeszcze receptę poproszę": a yes, and what is asked for behind it.

    Only a rest that is one request of its own; a reason ("tak, bo wyjeżdżam") belongs to the yes.
    """
    bounds = behind_yes(text)
    if bounds is None:
        return []
    end, first = bounds
    if len(split_clauses(text[first:])) > 1 or not is_request(text[first:]):
        return []
    rest = read(first, len(text))
    if rest.intent in NO_REQUESTS or rest.confidence < SURE:
        return []
    return [Part(0, end, Reading(YES, 1.0)), Part(first, len(text), rest)]


def with_mark(text: str, part: Part) -> str:
    """The words of a part, with the question mark or full stop right behind them."""
    end = part.end
    while end < len(text) and text[end] in _MARKS:
        end += 1
    return text[part.start : end]


class _Message:
    """A message of several clauses while it is taken apart."""

    def __init__(self, text: str, reach: tuple[int, int], whole: Reading, read: Read) -> None:
        self._text = text
        self._read = read
        self._readings: dict[tuple[int, int], Reading] = {reach: whole}

    def reading(self, part: _Stretch) -> Reading:
        if part not in self._readings:
            self._readings[part] = self._read(*part)
        return self._readings[part]

    def joined(self, parts: list[_Stretch]) -> list[_Stretch]:
        """Parts that each ask for something else than the one before; one when nothing else is asked."""
        at = 0
        while at < len(parts) and len(parts) > 1:
            part = parts[at]
            if not self._is_request(part):
                forward = at == 0 or (at + 1 < len(parts) and self._leads_on(part))
                other = at + 1 if forward else at - 1
            elif at and self.reading(part).intent == self.reading(parts[at - 1]).intent:
                other = at - 1
            else:
                at += 1
                continue
            first = min(at, other)
            parts = [*parts[:first], _together(parts[first], parts[first + 1]), *parts[first + 2 :]]
            at = 0
        return parts

    def answer_and_question(self, parts: list[_Stretch]) -> list[_Stretch]:
        """ "W piątek, a ile to kosztuje?": what may answer the open question, and a question behind it."""
        *before, last = parts
        if not (asks(self._text[last.start : last.end]) and self._is_request(last)):
            return []
        answer = _together(before[0], before[-1])
        reading = self.reading(answer)
        return [answer, last] if reading.intent in ANSWERS and reading.confidence >= SURE else []

    def _leads_on(self, part: _Stretch) -> bool:
        """Whether a clause only opens the next one: "i powiedzcie, ile to kosztuje"."""
        said = self._text[part.start : part.end]
        return len(said.split()) <= _LEADING_WORDS and is_request(said)

    def _is_request(self, part: _Stretch) -> bool:
        if not is_request(self._text[part.start : part.end]):
            return False
        reading = self.reading(part)
        return reading.intent not in NO_REQUESTS and reading.confidence >= SURE


def _together(first: _Stretch, second: _Stretch) -> _Stretch:
    return _Stretch(first.start, second.end)
