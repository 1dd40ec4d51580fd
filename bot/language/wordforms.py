"""Every form that a word of a name may take in a patient's sentence."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from bot.language import declension
from bot.language.data import load
from bot.language.morphology import Form, forms, readings
from bot.language.paradigms import features
from bot.language.text import fold

Manner = Literal["phrase", "single", "place", "exact"]

_NOMINAL = frozenset({"subst", "depr", "adj", "num", "ppas", "pact", "ger"})
_ADJECTIVES = frozenset({"adj", "ppas", "pact"})
_SHORTEST_INFLECTED = 5
_DEGREES = ("com", "sup")


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Folded prepositions and conjunctions, which do not inflect."""
    return frozenset(load("context")["function_words"])


def _degree(form: Form) -> str:
    ending = form.tag.rpartition(":")[2]
    return ending if ending in _DEGREES else ""


def _nominal(candidates: Iterable[Form], degree: str = "") -> list[Form]:
    return [form for form in candidates if form.pos in _NOMINAL and _degree(form) == degree]


def _family(reading: Form) -> list[Form]:
    """Forms of the reading's lemma in its degree („wcześniejszy” is not „wczesny”)."""
    return _nominal(forms(reading.lemma), _degree(reading))


def _nominative(word: str, number: str, *, nouns: bool) -> list[Form]:
    return [
        reading
        for spelling in dict.fromkeys((word, word.lower()))
        for reading in readings(spelling)
        if (reading.pos == "subst" if nouns else reading.pos in _ADJECTIVES)
        and number in features(reading.tag).numbers
        and "nom" in features(reading.tag).cases
    ]


def _from_dictionary(word: str) -> set[str]:
    found: set[str] = set()
    for spelling in dict.fromkeys((word, word.lower())):
        own = _nominal(forms(spelling))
        found.update(form.text for form in own)
        for reading in readings(spelling):
            # „jamy” stands for all of „jama”; „Biała” is an adjective as well as a name.
            if reading.pos in _NOMINAL and (not own or reading.pos != "subst"):
                found.update(form.text for form in _family(reading))
    return found


def _of_number(candidates: Iterable[Form], number: str) -> set[str]:
    return {form.text for form in candidates if number in features(form.tag).numbers}


def _from_places(word: str) -> set[str]:
    """Forms of a town's name in its own number: „Łódź” has no „łodzie”, „Tychy” no „Tycha”."""
    own = [form for form in forms(word) if any("geograficzn" in label for label in form.labels)]
    singular = any(form.text == word and "sg" in features(form.tag).numbers for form in own)
    return _of_number(own, "sg" if singular else "pl")


def _from_single(word: str) -> set[str]:
    """Forms of a name of one common word: „szwy” are not one „szew”, „skórny” is the man, not the rash."""
    if _nominative(word, "sg", nouns=True):
        return set()
    plural = _nominative(word, "pl", nouns=True)
    if plural:
        return {text for reading in plural for text in _of_number(_family(reading), "pl")}
    adjectives = _nominative(word, "sg", nouns=False)
    return {
        form.text
        for reading in adjectives
        for form in _family(reading)
        if "m1" in features(form.tag).genders and "sg" in features(form.tag).numbers
    }


def _from_rules(word: str) -> set[str]:
    tables = [declension.masculine(word)]
    if word.endswith("a"):
        tables.append(declension.adjectival_feminine(word))
    elif word[-1] not in "aąeęioóuy":
        tables.append(declension.noun_in_consonant(word, animate=False))
    return {variant for table in tables for variants in table.values() for variant in variants}


@lru_cache(maxsize=1_024)
def word_forms(word: str, manner: Manner = "phrase") -> frozenset[str]:
    """Lower-case forms of one word of a name, itself included; rules where SGJP is silent.

    `manner` tells what the word is part of: „phrase” any name of several words, „single” a common word
    that is a name by itself, „place” a town or district of one word, „exact” a word taken as written.
    """
    lower = word.lower()
    if manner == "exact" or len(word) < 3 or not word.isalpha() or fold(word) in function_words():
        return frozenset({lower})
    if word.isupper():  # „PSA” is no form of „pies”
        return frozenset({lower, *(form.text.lower() for form in _nominal(forms(word)))})
    if manner == "place":
        found = _from_places(word)
        if not found and len(word) < _SHORTEST_INFLECTED:
            return frozenset({lower})
        found = found or _from_dictionary(word)
    else:
        found = (_from_single(word) if manner == "single" else set()) or _from_dictionary(word)
    if not found and not readings(word) and not readings(lower):
        found = _from_rules(lower)
    return frozenset({lower, *(form.lower() for form in found)})
