"""Every form that a word of a name may take in a patient's sentence."""

from functools import lru_cache

from bot.language import declension
from bot.language.data import load
from bot.language.morphology import Form, forms, readings
from bot.language.text import fold

_NOMINAL = frozenset({"subst", "depr", "adj", "num", "ppas", "pact", "ger"})
_DEGREES = (":com", ":sup")


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Folded prepositions and conjunctions, which do not inflect."""
    return frozenset(load("context")["function_words"])


def _nominal(candidates: tuple[Form, ...]) -> list[Form]:
    return [form for form in candidates if form.pos in _NOMINAL and not form.tag.endswith(_DEGREES)]


def _from_dictionary(word: str) -> set[str]:
    found: set[str] = set()
    for spelling in dict.fromkeys((word, word.lower())):
        own = _nominal(forms(spelling))
        found.update(form.text for form in own)
        for reading in _nominal(readings(spelling)):
            # „jamy” stands for all of „jama”; „Biała” is an adjective as well as a name.
            if not own or reading.pos != "subst":
                found.update(form.text for form in _nominal(forms(reading.lemma)))
    return found


def _from_places(word: str) -> set[str]:
    return {form.text for form in forms(word) if any("geograficzn" in label for label in form.labels)}


def _from_rules(word: str) -> set[str]:
    tables = [declension.masculine(word)]
    if word.endswith("a"):
        tables.append(declension.adjectival_feminine(word))
    elif word[-1] not in "aąeęioóuy":
        tables.append(declension.noun_in_consonant(word, animate=False))
    return {variant for table in tables for variants in table.values() for variant in variants}


@lru_cache(maxsize=20_000)
def word_forms(word: str, *, exact: bool = False, place: bool = False) -> frozenset[str]:
    """Lower-case forms of one word of a name, itself included; rules where SGJP is silent.

    `place` keeps to the geographical reading when there is one („Marki” is not „marka”).
    """
    lower = word.lower()
    if exact or len(word) < 3 or not word.isalpha() or fold(word) in function_words():
        return frozenset({lower})
    found = (_from_places(word) if place else set()) or _from_dictionary(word)
    if not found and not readings(word) and not readings(lower) and not word.isupper():
        found = _from_rules(lower)
    return frozenset({lower, *(form.lower() for form in found)})
