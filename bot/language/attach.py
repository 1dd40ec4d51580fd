"""The patients' own vocabulary attached to what the portal lists, whatever the portal calls it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from bot.language.context import sets
from bot.language.data import load
from bot.language.morphology import WORDS_KEPT, known, lemmas
from bot.language.text import fold, words


class _Entry(NamedTuple):
    keys: tuple[frozenset[str], ...]
    aliases: tuple[str, ...]


@lru_cache(maxsize=WORDS_KEPT)
def _lemma(word: str) -> str:
    found = lemmas(word.lower())
    return fold(found[0]) if found else fold(word)


def signature(name: str) -> frozenset[str]:
    """The words of a name by lemma and in any order, without prepositions."""
    return frozenset(_lemma(word.text) for word in words(name)) - sets("function_words")


@lru_cache(maxsize=4)
def _entries(file: str, section: str) -> tuple[_Entry, ...]:
    return tuple(
        _Entry(tuple(signature(key) for key in entry["keys"]), tuple(entry["aliases"]))
        for entry in load(file)[section]
    )


@lru_cache(maxsize=4)
def _additions(file: str) -> frozenset[str]:
    return frozenset(_lemma(word) for word in load(file)["additions"])


def _fit(key: frozenset[str], name: frozenset[str], additions: frozenset[str]) -> int:
    """How many words of the name the key accounts for; 0 when it says something else."""
    core = key - additions or key
    return len(core) + 1 if core <= name and name - core <= additions | key else 0


def colloquial(file: str, section: str, names: Iterable[str]) -> tuple[str, ...]:
    """Patients' words for something that the portal calls by these names."""
    additions = _additions(file)
    signatures = [signature(name) for name in names]
    best, aliases = 0, dict[str, None]()
    for entry in _entries(file, section):
        fit = max((_fit(key, name, additions) for key in entry.keys for name in signatures), default=0)
        if fit > best:
            best, aliases = fit, dict.fromkeys(entry.aliases)
        elif fit and fit == best:
            aliases |= dict.fromkeys(entry.aliases)
    return tuple(aliases)


def unattached(file: str, section: str, names: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Entries (first key, aliases) that fit none of these names."""
    additions = _additions(file)
    signatures = [signature(name) for name in names]
    return [
        (str(raw["keys"][0]), entry.aliases)
        for raw, entry in zip(load(file)[section], _entries(file, section), strict=True)
        if not any(_fit(key, name, additions) for key in entry.keys for name in signatures)
    ]


def derived(name: str) -> tuple[str, ...]:
    """Words of the same family that Polish has: „dermatologia”, „konsultacja dermatologiczna”.

    The adjective alone may say anything („maść dermatologiczna”), so it comes with a noun of visits.
    """
    if len(words(name)) != 1:
        return ()
    data = load("specialties")
    lower = name.lower()
    found: list[str] = []
    for ending, replacements in data["derivations"].items():
        stem = lower.removesuffix(ending)
        family = [stem + replacement for replacement in replacements if stem != lower]
        found += [word for word in family if known(word) and not word.endswith("ny")]
        found += [
            phrase.format(adjective.removesuffix("y"))
            for adjective in family
            if adjective.endswith("ny") and known(adjective)
            for phrase in data["visit_phrases"]
        ]
    return tuple(found)


def speaks_of_kind(name: str) -> bool:
    """Whether a service's name says how the visit is held („Teleporada internisty”)."""
    kinds = {_lemma(word) for word in load("specialties")["kind_words"]}
    return not signature(name).isdisjoint(kinds)
