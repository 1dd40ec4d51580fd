"""What the words of a message mean: concepts of `data/concepts.yml`, by all inflected forms and phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.language.data import load
from bot.language.morphology import forms, lemmas
from bot.language.text import fold, words
from bot.language.wordtable import Arrays, WordTable

_EXACT = "="
_NEGATED = "neg"
_BLANK = " "
# „odwołał|a|by|m”: SGJP lists the past without its movable endings.
_MOVABLE = re.compile(r"(?P<past>\w{2,}l[aoiy]?)(?:by)?(?:e?[ms]|smy|scie)?")

Meanings = Sequence[Sequence[str]]
"""Concepts of a message in order: one entry a word or phrase, several concepts where it has several."""


class Concepts:
    """Concepts by phrases of words; a word is looked up by any of its folded inflected forms."""

    def __init__(self, keys_of: WordTable, concepts_of: Mapping[str, Sequence[str]]) -> None:
        """`keys_of`: the words that a folded form may be of, with blanks between; `concepts_of`: what phrases
        of them mean."""
        self._keys_of = keys_of
        self._concepts_of = concepts_of
        self._beginnings = {
            _BLANK.join(keys[:end])
            for keys in (phrase.split(_BLANK) for phrase in concepts_of)
            for end in range(1, len(keys) + 1)
        }

    def __bool__(self) -> bool:
        """Whether there is any concept at all."""
        return bool(self._concepts_of)

    @classmethod
    def of_entries(cls, entries: Mapping[str, Iterable[str]]) -> Concepts:
        """From the words and phrases of each concept („=” in front: as written). About a second."""
        keys_of: dict[str, set[str]] = {}
        concepts_of: dict[str, set[str]] = {}
        said: set[str] = set()
        for concept, phrases in entries.items():
            for phrase in phrases:
                keys = [_key(word.text, phrase) for word in words(phrase)]
                concepts_of.setdefault(_BLANK.join(keys), set()).add(concept)
                said.update(keys)
        for key in sorted(said):
            for form in _forms(key):
                keys_of.setdefault(form, set()).add(key)
        return cls(
            WordTable.of({form: _BLANK.join(sorted(keys)) for form, keys in keys_of.items()}),
            {phrase: sorted(concepts_of[phrase]) for phrase in sorted(concepts_of)},
        )

    @classmethod
    def from_parts(cls, arrays: Arrays, content: Mapping[str, Any]) -> Concepts:
        """What `parts` gave; the arrays may be mapped files."""
        return cls(WordTable.from_arrays(arrays, content["words"]), content["concepts"])

    def parts(self) -> tuple[Arrays, dict[str, Any]]:
        """Everything as arrays and plain objects: reading them back takes hundredths of a second."""
        arrays, texts = self._keys_of.arrays()
        return arrays, {"words": texts, "concepts": self._concepts_of}

    def find(self, said: Sequence[str]) -> list[Sequence[str]]:
        """Concepts of the folded words, the longest phrase at each place; words without any left out."""
        found: list[Sequence[str]] = []
        keys = self._keys(said)
        place = 0
        while place < len(keys):
            length, meant = self._longest(keys, place)
            if meant:
                found.append(meant)
            place += max(length, 1)
        return found

    def _longest(self, keys: Sequence[Sequence[str]], start: int) -> tuple[int, Sequence[str]]:
        best: tuple[int, Sequence[str]] = (0, ())
        paths = [""]
        for end in range(start, len(keys)):
            longer = [f"{path}{_BLANK}{key}" if path else key for path in paths for key in keys[end]]
            paths = [path for path in longer if path in self._beginnings]
            if not paths:
                break
            meant = {concept for path in paths for concept in self._concepts_of.get(path, ())}
            if meant:
                best = (end - start + 1, sorted(meant))
        return best

    def _keys(self, said: Sequence[str]) -> list[Sequence[str]]:
        """Words of phrases that each folded word may be a form of."""
        found = self._keys_of.find(said)
        pasts = {
            place: past["past"]
            for place, keys in enumerate(found)
            if keys is None and (past := _MOVABLE.fullmatch(said[place]))
        }
        for place, keys in zip(pasts, self._keys_of.find(list(pasts.values())), strict=True):
            found[place] = keys
        return [keys.split(_BLANK) if keys else () for keys in found]


@lru_cache(maxsize=1)
def concepts() -> Concepts:
    """All concepts of the file, read and expanded once a process."""
    entries: dict[str, list[str]] = load("concepts")["concepts"]
    return Concepts.of_entries(entries)


def current_concepts() -> Concepts:
    """The concepts of the model that this process serves; where there is none, those of the file."""
    return _served or concepts()


def serve(known: Concepts) -> None:
    """Use the concepts that a model brought along: they need not be built (a second) and kept twice."""
    global _served
    _served = known


_served: Concepts | None = None


def _key(word: str, phrase: str) -> str:
    return f"{_EXACT}{word}" if phrase.startswith(_EXACT) else word


def _forms(key: str) -> frozenset[str]:
    """Folded forms of a word: of it as a lemma, else of the lemmas it is a form of, itself included."""
    word = key.removeprefix(_EXACT)
    if word != key:
        return frozenset({fold(word)})
    inflected = forms(word) or [form for lemma in lemmas(word) for form in forms(lemma)]
    plain = {fold(form.text) for form in inflected if _NEGATED not in form.tag.split(":")}
    return frozenset({fold(word), *plain})
