"""What the words of a message mean: concepts of `data/concepts.yml`, by all inflected forms and phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.language.data import load
from bot.language.morphology import forms, lemmas
from bot.language.text import fold, words

_EXACT = "="
_NEGATED = "neg"
_BLANK = " "
# „odwołał|a|by|m”: SGJP lists the past without its movable endings.
_MOVABLE = re.compile(r"(?P<past>\w{2,}l[aoiy]?)(?:by)?(?:e?[ms]|smy|scie)?")

Meanings = Sequence[Sequence[str]]
"""Concepts of a message in order: one entry a word or phrase, several concepts where it has several."""


class Concepts:
    """Concepts by phrases of words; a word is looked up by any of its folded inflected forms."""

    def __init__(
        self, keys_of: Mapping[str, Sequence[str]], concepts_of: Mapping[str, Sequence[str]]
    ) -> None:
        """`keys_of` lists the words that a folded form may be of, `concepts_of` what phrases of them mean."""
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
        return cls(_sorted(keys_of), _sorted(concepts_of))

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Concepts:
        """What `to_json` gave."""
        return cls(_shared(content["words"]), _shared(content["concepts"]))

    def to_json(self) -> dict[str, Any]:
        """Everything as plain objects: reading them back takes hundredths of a second."""
        return {"words": self._keys_of, "concepts": self._concepts_of}

    def find(self, said: Sequence[str]) -> list[Sequence[str]]:
        """Concepts of the folded words, the longest phrase at each place; words without any left out."""
        found: list[Sequence[str]] = []
        place = 0
        while place < len(said):
            length, meant = self._longest(said, place)
            if meant:
                found.append(meant)
            place += max(length, 1)
        return found

    def _longest(self, said: Sequence[str], start: int) -> tuple[int, Sequence[str]]:
        best: tuple[int, Sequence[str]] = (0, ())
        paths = [""]
        for end in range(start, len(said)):
            keys = self._keys(said[end])
            longer = [f"{path}{_BLANK}{key}" if path else key for path in paths for key in keys]
            paths = [path for path in longer if path in self._beginnings]
            if not paths:
                break
            meant = {concept for path in paths for concept in self._concepts_of.get(path, ())}
            if meant:
                best = (end - start + 1, sorted(meant))
        return best

    def _keys(self, word: str) -> Sequence[str]:
        keys = self._keys_of.get(word)
        if keys is None and (past := _MOVABLE.fullmatch(word)):
            keys = self._keys_of.get(past["past"])
        return keys or ()


@lru_cache(maxsize=1)
def concepts() -> Concepts:
    """All concepts of the file, read and expanded once a process."""
    entries: dict[str, list[str]] = load("concepts")["concepts"]
    return Concepts.of_entries(entries)


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


def _sorted(found: Mapping[str, set[str]]) -> dict[str, Sequence[str]]:
    return _shared({name: sorted(found[name]) for name in sorted(found)})


def _shared(lists: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The same with one object for all lists that are alike: the forms of a word are of the same words."""
    kept: dict[tuple[str, ...], tuple[str, ...]] = {}
    return {
        name: kept.setdefault(entries, entries)
        for name, entries in zip(lists, map(tuple, lists.values()), strict=True)
    }
