"""What a short question asks about whatever is talked about: „a ile to trwa?”, „kto to czyta?”."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from bot.language.data import load
from bot.language.text import words

OTHER = "for_other"
"""Whether somebody else may too („a mama też może?”)."""
_LONGEST = 12
"""Words; a longer message says itself what it is about."""
_PERIOD = ("deadline", "duration")
"""„Na jak długo ważna” is no „jak długo to trwa”, and „do kiedy oddzwonią” no „do kiedy mogę”."""


class Aside(NamedTuple):
    """A question about what is talked about."""

    asks: tuple[str, ...]
    """Names of `asides` in data/asides.yml."""
    names: tuple[str, ...]
    """Folded words that belong to none of them and are no fillers: what else the message is about."""


class _Step(NamedTuple):
    """One word of a pattern: any of these words, or one that begins so."""

    whole: frozenset[str]
    stems: tuple[str, ...]

    def matches(self, word: str) -> bool:
        return word in self.whole or (bool(self.stems) and word.startswith(self.stems))


def find_aside(text: str, people: Sequence[tuple[int, int]] = ()) -> Aside | None:
    """What the text asks about; `people` are the places of words for somebody else than the patient.

    None for a long text and for one that asks nothing of the kind.
    """
    said = words(text)
    folded = [word.folded for word in said]
    if not said or len(said) > _LONGEST or not _is_question(text, folded):
        return None
    found: dict[str, set[int]] = {}
    for name, patterns in _patterns().items():
        for pattern in patterns:
            places = _places(pattern, folded)
            if places:
                found.setdefault(name, set()).update(places)
    persons = {at for at, word in enumerate(said) if any(a <= word.start < b for a, b in people)}
    if persons and _listed("may_too") & set(folded):
        found[OTHER] = persons
    asks = _told_apart(found)
    if not asks:
        return None
    taken = set().union(*(found[name] for name in asks)) | persons
    rest = [w for at, w in enumerate(folded) if at not in taken and not w.isdigit()]
    return Aside(tuple(asks), tuple(w for w in rest if w not in _listed("fillers")))


def _told_apart(found: dict[str, set[int]]) -> list[str]:
    """Readings without those that only share the words of a closer one."""
    asks = list(found)
    if {"deadline", "duration"} <= found.keys():
        longer = max(_PERIOD, key=lambda name: len(found[name]))
        asks.remove(next(name for name in _PERIOD if name != longer))
    return [
        name
        for name in asks
        if not any(found[name] < found[other] for other in asks if other != name and other != OTHER)
    ]


def _is_question(text: str, folded: list[str]) -> bool:
    return "?" in text or bool(_listed("questions") & set(folded)) or folded[0] in _listed("openers")


def _places(pattern: tuple[_Step, ...], folded: list[str]) -> set[int]:
    """Where the steps are heard, in order; empty when one of them is not."""
    places: set[int] = set()
    start = 0
    for step in pattern:
        heard = [i for i in range(start, len(folded)) if step.matches(folded[i])]
        if not heard:
            return set()
        places.update(heard)
        start = heard[0] + 1
    return places


@lru_cache(maxsize=1)
def _patterns() -> dict[str, list[tuple[_Step, ...]]]:
    asides: dict[str, list[str]] = load("asides")["asides"]
    return {
        name: [tuple(_step(word) for word in line.split()) for line in lines]
        for name, lines in asides.items()
    }


def _step(alternatives: str) -> _Step:
    entries = alternatives.split("|")
    return _Step(
        frozenset(e for e in entries if not e.endswith("*")),
        tuple(e.removesuffix("*") for e in entries if e.endswith("*")),
    )


@lru_cache(maxsize=8)
def _listed(name: str) -> frozenset[str]:
    listed: Any = load("asides")[name]
    return frozenset(str(word) for word in listed)


def names_of_asides() -> frozenset[str]:
    """All that can be asked about."""
    return frozenset(_patterns())
