"""Polish inflection from the SGJP dictionary inside Morfeusz2, shared and cached."""

import threading
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple

import morfeusz2

# One analyser serves all threads, one at a time: a word takes about five microseconds, loading 60 ms.
_lock = threading.Lock()
WORDS_KEPT = 4_096
"""Words whose analysis is kept: nearly all that patients use, in a few megabytes."""
_PARADIGMS_KEPT = 512
"""Lemmas whose forms are kept: a verb has two hundred, and they are asked for only while lists are built."""


class Form(NamedTuple):
    """One inflected form: its text, lemma (without homonym marks), tag and the dictionary's labels."""

    text: str
    lemma: str
    tag: str
    labels: tuple[str, ...]

    @property
    def pos(self) -> str:
        """Part of speech, as SGJP calls it: subst, adj, inf, prep ..."""
        return self.tag.partition(":")[0]


@lru_cache(maxsize=1)
def _morfeusz() -> Any:
    return morfeusz2.Morfeusz()


def _form(text: str, lemma: str, tag: str, names: list[str], styles: list[str]) -> Form:
    # There are few tags and labels, and Morfeusz makes new texts of them each time.
    return Form(text, lemma.partition(":")[0], intern(tag), _labels((*names, *styles)))


@lru_cache(maxsize=4_096)
def _labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    return labels


@lru_cache(maxsize=WORDS_KEPT)
def readings(word: str) -> tuple[Form, ...]:
    """All dictionary readings of one word form; empty when SGJP does not know it.

    Of a verb with a movable ending („zrobił|em”, „chciał|by|m”) the readings of the verb.
    """
    return _readings(word)


def listed(word: str) -> bool:
    """Whether SGJP knows exactly this spelling. Keeps nothing: for guesses, most of which are no words."""
    with _lock:
        found = _morfeusz()._morfeusz_obj.analyse(
            word
        )  # as Morfeusz gives it: made into tuples it takes twice as long
        unknown = found.empty() or found[0].isIgn()
    return not unknown and bool(_readings(word))


def _readings(word: str) -> tuple[Form, ...]:
    with _lock:
        found = _morfeusz().analyse(word)
    last = max((end for _, end, _ in found), default=0)
    if any(tag == "ign" for _, _, (_, _, tag, _, _) in found):
        return ()
    whole = [reading for start, end, reading in found if start == 0 and end == last]
    if not whole and any(tag.startswith("aglt") or text == "by" for _, _, (text, _, tag, _, _) in found):
        whole = [reading for start, _, reading in found if start == 0]
    return tuple(_form(word, lemma, tag, names, styles) for _, lemma, tag, names, styles in whole)


def known(word: str) -> bool:
    """Whether SGJP knows this spelling, as written or in lower case."""
    return bool(readings(word)) or bool(readings(word.lower()))


def lemmas(word: str) -> tuple[str, ...]:
    """Distinct lemmas of a word form, in the dictionary's order; empty when unknown."""
    return tuple(dict.fromkeys(reading.lemma for reading in readings(word)))


@lru_cache(maxsize=_PARADIGMS_KEPT)
def forms(lemma: str) -> tuple[Form, ...]:
    """All inflected forms of a lemma with their tags; empty when SGJP does not know the lemma."""
    with _lock:
        found = _morfeusz().generate(lemma)
    return tuple(
        _form(text, base, tag, names, styles) for text, base, tag, names, styles in found if tag != "ign"
    )
