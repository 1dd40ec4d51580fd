"""How much a message is like known calls for help: the net under the rules, and a check on them.

A linear model over parts of words, lemmas and the signs of the rules, kept as a small file of weights
(`python -m tools.train_safety`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations, pairwise
from math import exp, sqrt

import numpy as np
import numpy.typing as npt

from bot.language.morphology import lemmas
from bot.language.text import fold

SIZE = 1 << 16
"""Number of weights of each kind."""
_SHORTEST, _LONGEST = 3, 5
_STEM = 4
_LEMMAS = 3
_FEWEST = 2
"""Words; one word alone („krew”) is like too many things."""
_MARKS = frozenset(",._")


class Kind(StrEnum):
    """What a message is like; the order is that of the rows of weights."""

    NONE = "none"
    BODY = "body"
    MIND = "mind"
    VIOLENCE = "violence"


def features(tokens: Iterable[str], signs: Iterable[str] = ()) -> list[int]:
    """Indices of what a message is made of.

    Parts of words (three to five letters, with their blanks), words, their beginnings and lemmas, pairs
    of neighbours, the `signs` of the rules (bot/safety/rules.py) found in it and pairs of them.
    """
    words = [token for token in tokens if token[0] not in _MARKS]
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
    found = sorted(signs)
    parts.update(f"s:{sign}" for sign in found)
    parts.update(f"p:{one}{other}" for one, other in combinations(found, 2))
    return sorted({zlib.crc32(part.encode()) % SIZE for part in parts})


@lru_cache(maxsize=20_000)
def _lemmas(word: str) -> tuple[str, ...]:
    return tuple(sorted({fold(lemma) for lemma in lemmas(word)}))[:_LEMMAS]


@cache
def _weights() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Weights (kinds x SIZE) and the constant of each kind."""
    with resources.files("bot.safety.data").joinpath("likeness.npz").open("rb") as file:
        stored = np.load(file)
        scale = stored["scale"].astype(np.float32)
        return stored["weights"].astype(np.float32) * scale, stored["constants"].astype(np.float32)


def likeness(tokens: Sequence[str], signs: Iterable[str] = ()) -> tuple[Kind, float]:
    """The likeliest kind of danger, and the probability (0 to 1) of any danger at all."""
    found = features(tokens, signs)
    if sum(token[0] not in _MARKS for token in tokens) < _FEWEST:
        return Kind.NONE, 0.0
    weights, constants = _weights()
    sums = weights[:, found].sum(axis=1) / sqrt(len(found)) + constants
    powers = [exp(float(value - sums.max())) for value in sums]
    dangers = list(Kind)[1:]
    best = max(range(1, len(powers)), key=powers.__getitem__)
    return dangers[best - 1], sum(powers[1:]) / sum(powers)
