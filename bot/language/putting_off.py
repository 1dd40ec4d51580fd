"""Whether something is put off: "zrobię to później", "jeszcze się zastanowię", "innym razem".

A moment ("chwila, zastanowię się") is none, and neither is a wish about time ("coś później").
"""

from __future__ import annotations

from bot.language.cues import cue
from bot.language.questions import looks_like_question
from bot.language.telling import tells
from bot.language.text import folded_words

_LONGEST = 14
"""Words; a longer message says something of its own."""
_NEAR = 4
"""Words between what is done and when: "dodam ten plik jutro w domu"."""


def puts_off(text: str) -> bool:
    """Whether the message says that it is done another time, or has to be thought over first."""
    said = folded_words(text)
    if not said or len(said) > _LONGEST or "?" in text:
        return False
    if cue("another_time").among(said) and cue("beside_another_time").covers(said):
        return True  # "kiedy indziej" only begins like a question
    if looks_like_question(text):
        return False
    if cue("only_a_moment").among(said) or cue("orders_now").among(said):
        return False
    if tells(text) and not cue("beside_not_now").covers(said):  # "pani mówiła, że oddzwonią później"
        return False
    return cue("thinks_it_over").among(said) or _lets_know(said) or _does_it_later(said) or _not_now(said)


def only_later(text: str) -> bool:
    """ "Później", "to może potem": no more is said, and where a time is asked for it is an answer."""
    said = folded_words(text)
    return "?" not in text and cue("later_alone").among(said) and cue("beside_another_time").covers(said)


def _does_it_later(said: list[str]) -> bool:
    verbs = [at for at, word in enumerate(said) if cue("does_it_later").matches(word)]
    times = [at for at, word in enumerate(said) if cue("some_later_time").matches(word)]
    return any(abs(verb - time) <= _NEAR for verb in verbs for time in times)


def _lets_know(said: list[str]) -> bool:
    """ "Dam znać", "wrócę do tego", "muszę najpierw pogadać z żoną"."""
    first = next((at for at, word in enumerate(said) if cue("lets_know").matches(word)), None)
    return first is not None and cue("of_letting_know").among(said[first + 1 : first + 1 + _NEAR])


def _not_now(said: list[str]) -> bool:
    """ "Nie teraz", "nie mam teraz czasu", "dzisiaj nie mam do tego głowy"."""
    return "nie" in said and cue("not_now").among(said) and cue("beside_not_now").covers(said)
