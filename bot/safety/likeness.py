"""How much a message is like known calls for help: the net under the rules, and a check on them.

A linear model over two kinds of features, parts of words and what the words mean (data/concepts.yml), kept
as a small file of weights (`python -m tools.train_safety`).
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations, pairwise
from math import exp
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.language.concepts import Concepts
from bot.language.morphology import WORDS_KEPT, lemmas
from bot.language.text import fold
from bot.safety.data import load

LETTERS, MEANING = 1 << 19, 1 << 19
"""Number of weights for each kind of features; with fewer, features that nobody met would borrow weights."""
RARITY_STEP = 0.05
"""Rarities are stored in steps of this."""
_SHORTEST, _LONGEST = 3, 5
_STEM = 4
_LEMMAS = 3
_NEAR = 2
"""Words between a concept and the words that colour it („nie”, „przez”)."""
_FEWEST = 2
"""Words; one word alone („krew”) is like too many things."""
_MARKS = frozenset(",._")
_LENGTH_STEP, _LONGEST_STEP = 3, 8
"""Words in a step of length, and the step from which a message is just long."""


class Kind(StrEnum):
    """What a message is like; the order is that of the rows of weights."""

    NONE = "none"
    BODY = "body"
    MIND = "mind"
    VIOLENCE = "violence"


class Features(NamedTuple):
    """Indices of what a message is made of: by its letters and by its meaning (from LETTERS on)."""

    letters: list[int]
    meaning: list[int]


def features(tokens: Iterable[str], marks: Iterable[str] = ()) -> Features:
    """What a message is made of; `marks` are the signs and guards of the rules found in it.

    Letters: parts of words (three to five letters, with their blanks), words, their beginnings and lemmas,
    pairs of neighbours, marks and pairs of them. Meaning: concepts, pairs of them in one message, of
    neighbours in order, with the words about them, and with marks.
    """
    words = [token for token in tokens if token[0] not in _MARKS]
    found = sorted(marks)
    meaning = _indices(_meaning(words, found), MEANING)
    return Features(_indices(_letters(words, found), LETTERS), [LETTERS + index for index in meaning])


def _letters(words: Sequence[str], marks: Sequence[str]) -> set[str]:
    parts = {
        f" {word} "[start : start + length]
        for word in words
        for length in range(_SHORTEST, _LONGEST + 1)
        for start in range(max(1, len(word) + 3 - length))
    }
    for word in words:
        parts.update((f"w:{word}", f"b:{word[:_LONGEST]}", *(f"l:{lemma}" for lemma in _lemmas(word))))
    for one, other in pairwise(words):
        parts.update((f"{one}+{other}", f"{one[:_STEM]}~{other[:_STEM]}"))
    parts.update(f"s:{mark}" for mark in marks)
    parts.update(f"p:{one}{other}" for one, other in combinations(marks, 2))
    return parts


def _meaning(words: Sequence[str], marks: Sequence[str]) -> set[str]:
    said, denied = _denied(words)
    order = concepts().find(said)
    meant = sorted({concept for each in order for concept in each})
    parts = {f"c:{concept}" for concept in meant}
    parts.update(f"not:{concept}" for each in concepts().find(denied) for concept in each)
    parts.update(f"{one}&{other}" for one, other in combinations(meant, 2))
    parts.update(f"{one}>{other}" for first, second in pairwise(order) for one in first for other in second)
    parts.update(f"{concept}/{mark}" for concept in meant for mark in marks if mark.startswith(GUARD))
    parts.update(_coloured(words))
    parts.add(f"length:{min(_LONGEST_STEP, len(words) // _LENGTH_STEP)}")
    return parts


def _coloured(words: Sequence[str]) -> Iterator[str]:
    """Words each with a concept that stands near: what a concept means depends on the words about it."""
    for place, word in enumerate(words):
        around = range(max(0, place - _NEAR), min(len(words), place + _NEAR + 1))
        for concept in _concepts_of(word):
            yield from (f"{_lemma(words[other])}@{concept}" for other in around if other != place)


def _denied(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words without those denied, and the denied ones („bez duszności”, „nie mam gorączki ani kaszlu”)."""
    said: list[str] = []
    denied: list[str] = []
    reach, before = 0, ""
    for word in words:
        if word in _DENYING or (before == "nie" and word.startswith(_HAVING)):
            reach = _REACH
        elif reach:
            reach -= 1
            denied.append(word)
        else:
            said.append(word)
        before = word
    return said, denied


_DENYING = frozenset({"bez", "ani", "brak", "zaden", "zadna", "zadne", "zadnego", "zadnej", "zadnych"})
_HAVING = ("mam", "ma", "mial", "bylo", "byl", "wystep", "wystap", "stwierdz")
_REACH = 2
"""Words that a denial reaches."""
GUARD = "guard:"
"""Begins the marks that are guards."""
SPARED = "spared:"
"""Begins the marks that are signs which a guard took the danger out of."""


def _indices(parts: Iterable[str], size: int) -> list[int]:
    return sorted({zlib.crc32(part.encode()) % size for part in parts})


@cache
def concepts() -> Concepts:
    """The concepts of danger with all their inflected forms; built once (a second)."""
    return Concepts.of_entries(load("concepts")["concepts"])


@lru_cache(maxsize=WORDS_KEPT)
def _lemmas(word: str) -> tuple[str, ...]:
    return tuple(sorted({fold(lemma) for lemma in lemmas(word)}))[:_LEMMAS]


@lru_cache(maxsize=20_000)
def _lemma(word: str) -> str:
    return next(iter(_lemmas(word)), word)


@lru_cache(maxsize=20_000)
def _concepts_of(word: str) -> tuple[str, ...]:
    return tuple(concept for each in concepts().find([word]) for concept in each)


class _Weights(NamedTuple):
    """Rows: danger of any kind, then each kind of danger. Rarity: how little a feature is met, in steps."""

    rows: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]
    constants: npt.NDArray[np.float32]
    rarity: npt.NDArray[np.unsignedinteger[Any]]


@cache
def _weights() -> _Weights:
    with resources.files("bot.safety.data").joinpath("likeness.npz").open("rb") as file:
        stored = np.load(file)
        return _Weights(stored["rows"], stored["scales"], stored["constants"], stored["rarity"])


def likeness(tokens: Sequence[str], marks: Collection[str] = ()) -> tuple[Kind, float]:
    """The likeliest kind of danger, and the probability (0 to 1) of any danger at all."""
    if sum(token[0] not in _MARKS for token in tokens) < _FEWEST:
        return Kind.NONE, 0.0
    weights = _weights()
    sums = weights.constants.copy()
    for part in features(tokens, marks):
        if part:
            values = weights.rarity[part].astype(np.float32) * RARITY_STEP
            sums += weights.rows[:, part] @ values / np.linalg.norm(values) * weights.scales
    kind = list(Kind)[1 + int(sums[1:].argmax())]
    return kind, 1 / (1 + exp(-float(sums[0])))
