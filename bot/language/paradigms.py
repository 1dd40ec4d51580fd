"""Tags of the dictionary read into cases, and tables of forms by case."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from bot.language.cases import Case
from bot.language.morphology import Form

Table = Mapping[Case, tuple[str, ...]]
"""Forms by case; the first of each is the one to speak."""

_RARE = ("rzad.", "daw.", "przest.", "char.", "arch.", "pot.", "hom.")


class Features(NamedTuple):
    """What a nominal tag says; an empty set means that the tag does not tell."""

    numbers: frozenset[str]
    cases: frozenset[str]
    genders: frozenset[str]


@lru_cache(maxsize=4096)
def features(tag: str) -> Features:
    """Number, case and gender of a noun's, adjective's or numeral's tag."""
    parts = tag.split(":")
    if len(parts) < 4 or parts[0] not in {"subst", "depr", "adj", "num", "ppas", "pact", "ger"}:
        return Features(frozenset(), frozenset(), frozenset())
    return Features(*(frozenset(part.split(".")) for part in parts[1:4]))


def table(forms: Iterable[Form], number: str = "sg") -> Table:
    """Forms of one paradigm by case, usual ones before rare ones; empty when there is none."""
    usual: dict[Case, list[str]] = {}
    rare: dict[Case, list[str]] = {}
    for form in forms:
        seen = features(form.tag)
        if number not in seen.numbers or form.pos == "depr":
            continue
        marked = any(label.startswith(_RARE) for label in form.labels)
        for case in seen.cases:
            (rare if marked else usual).setdefault(Case(case), []).append(form.text)
    return {
        case: tuple(dict.fromkeys((*usual.get(case, ()), *rare.get(case, ()))))
        for case in Case
        if case in usual or case in rare
    }


def unchanged(word: str) -> Table:
    """A word that does not decline."""
    return dict.fromkeys(Case, (word,))
