"""Sentences and coordinated requests."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.language.data import load
from bot.language.morphology import WORDS_KEPT, readings
from bot.language.spelling import accented
from bot.language.text import Word, words

_LONGEST_JOIN = 3
_REACH = 5
"""How many words may stand between a join and the verb of the request that it opens."""
_FAR_REACH = 8
_RELATIVE_REACH = 2
_LONGEST_WORD = 40
_TRIM = " \t\n,;:-–—.!?…"


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(entries) for name, entries in load("clauses").items()}


def abbreviations() -> frozenset[str]:
    """Folded short forms after which a full stop ends no sentence."""
    return _lists()["abbreviations"]


def split_sentences(text: str) -> list[Span]:
    """Sentences; a full stop after „dr”, „ul” or a number ends none."""
    found: list[Span] = []
    start = 0
    for match in re.finditer(r"[.!?…]+|\n", text):
        if match.group() == "." and not _ends_sentence(text, match.start()):
            continue
        _append(found, text, start, match.end())
        start = match.end()
    _append(found, text, start, len(text))
    return found


def _ends_sentence(text: str, stop: int) -> bool:
    rest = text[stop + 1 : stop + 1 + _LONGEST_WORD]
    if rest[:1].isalnum():  # „15.30”, „pacjent.pl”
        return False
    before = words(text[max(0, stop - _LONGEST_WORD) : stop])
    if not before or not text[stop - 1].isalnum():
        return True
    word = before[-1].folded
    if word in abbreviations() or (len(word) == 1 and word.isalpha()):
        return not rest.strip()
    following = rest.lstrip()
    return not (word.isdigit() and following[:1].islower())


def _append(found: list[Span], text: str, start: int, end: int) -> None:
    stripped = text[start:end].strip(" \t\n,;-–—")
    if any(char.isalnum() for char in stripped):
        begin = text.index(stripped, start)
        found.append(Span(begin, begin + len(stripped), stripped))


def split_clauses(text: str) -> list[Span]:
    """One span for each sentence and for each request joined to another by „i”, „oraz”, „a potem”."""
    return [clause for sentence in split_sentences(text) for clause in _requests(text, sentence)]


def _requests(text: str, sentence: Span) -> Iterator[Span]:
    sentence_words = words(sentence.text)
    start = 0
    position = 1
    asked = bool(sentence_words) and _acts(sentence_words[0])
    while position < len(sentence_words):
        length = _join(sentence, sentence_words, position)
        if (
            length is not None
            and (asked or sentence_words[position + length].folded in _lists()["questions"])
            and _opens_request(sentence_words, position, length)
        ):
            yield from _trimmed(text, sentence.start + start, sentence.start + sentence_words[position].start)
            position += length
            start = sentence_words[position].start
            asked = False
        asked = asked or _acts(sentence_words[position])
        position += 1
    yield from _trimmed(text, sentence.start + start, sentence.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    raw = text[start:end]
    left = len(raw) - len(raw.lstrip(_TRIM))
    clause = raw.strip(_TRIM if end < len(text) else _TRIM.replace("?", "").replace("!", "").replace(".", ""))
    if clause:
        yield Span(start + left, start + left + len(clause), clause)


def _join(sentence: Span, sentence_words: Sequence[Word], position: int) -> int | None:
    """Length of the join at a position: its words, 0 for a bare comma, None when nothing joins here."""
    for length in range(_LONGEST_JOIN, 0, -1):
        phrase = " ".join(word.folded for word in sentence_words[position : position + length])
        if phrase in _lists()["joins"] and len(sentence_words) > position + length:
            return length
    gap = sentence.text[sentence_words[position - 1].end : sentence_words[position].start]
    return 0 if any(mark in gap for mark in ",;") else None


def _opens_request(sentence_words: Sequence[Word], position: int, length: int) -> bool:
    """Whether a join of so many words is followed by a request; far joins let it end with its verb."""
    join = " ".join(word.folded for word in sentence_words[position : position + length])
    far = join in _lists()["far_joins"]
    if length == 0 and (
        _is_relative(sentence_words[position : position + _RELATIVE_REACH])
        or _is_governed(sentence_words[position - 1], sentence_words[position])
    ):
        return False
    following = sentence_words[position + length : position + length + (_FAR_REACH if far else _REACH)]
    for word in following:
        if _asks(word) or _request_verb(word):
            return True
        if not far and word.folded not in _lists()["between"]:
            return False
    return False


def _is_relative(opening: Sequence[Word]) -> bool:
    """Whether a clause after a comma tells more of what was named: "wizytę, którą wczoraj umówiłam"."""
    return any(word.folded in _lists()["relatives"] for word in opening)


def _is_governed(before: Word, first: Word) -> bool:
    """Whether a comma only stands before what is asked about: "sprawdzić, czy mam", "wszystko, co mam"."""
    lists = _lists()
    return (before.folded in lists["askers"] and first.folded in lists["questions"]) or (
        before.folded in lists["antecedents"] and first.folded in lists["of_antecedents"]
    )


def is_request(text: str) -> bool:
    """Whether a clause asks for something or how something is, rather than tells what happened."""
    return "?" in text or any(_asks(word) or _request_verb(word) for word in words(text))


def _asks(word: Word) -> bool:
    return word.folded in _lists()["requests"]


def _acts(word: Word) -> bool:
    return _verb(word) or _asks(word)


@lru_cache(maxsize=WORDS_KEPT)
def _parts_of_speech(word: str) -> frozenset[str]:
    lower = word.lower()
    return frozenset(reading.pos for spelling in {lower, *accented(lower)} for reading in readings(spelling))


def _verb(word: Word) -> bool:
    found = _parts_of_speech(word.text)
    return bool(found & {"impt", "fin", "inf", "praet", "pred"}) and not found & {"prep", "subst", "adj"}


def _request_verb(word: Word) -> bool:
    """An imperative or infinitive that is no noun („umów”, „odwołać”)."""
    found = _parts_of_speech(word.text)
    return bool(found & {"impt", "inf"}) and not found & {"subst", "adj", "prep", "conj"}
