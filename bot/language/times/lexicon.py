"""The vocabulary of time: every inflected form, folded, with one correction of a typing slip."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Any

import yaml
from rapidfuzz.distance import OSA

from bot.language.morphology import WORDS_KEPT, Form, forms, known, readings
from bot.language.numbers import OrdinalKind, number_words
from bot.language.text import fold

MIN_TYPO_LENGTH, MAX_TYPO_LENGTH = 5, 20
# Letters that lose a mark when a patient writes without Polish letters.
_MARKED = {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "żź"}
# Spellings that serve the singular and the plural alike („soboty”, „środy”).
_BOTH_NUMBERS = "wday_any"

_NUMERALS: dict[OrdinalKind | None, str] = {
    None: "num",
    "feminine": "ord_f",
    "genitive": "ord_g",
    "nominative": "ord_m",
    "other": "ord_o",
}


@dataclass(frozen=True)
class Entry:
    """A folded word: its category in the grammar, its value and the spellings that fold to it."""

    word: str
    category: str
    value: int
    spellings: frozenset[str]
    plurals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Phrase:
    """A fixed expression, folded word by word."""

    words: tuple[str, ...]
    category: str
    value: str


class Lexicon:
    """Words and phrases of time; look-ups take folded words."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._entries: dict[str, Entry] = {}
        self.phrases: dict[str, list[Phrase]] = {}
        for category, values in data["words"].items():
            for value, spellings in values.items():
                for spelling in spellings:
                    self._add(category, int(value), spelling)
        for category, values in data["lemmas"].items():
            for value, lemma in values.items():
                self._add_lemma(category, int(value), lemma)
        for lemma in data["counted"]:
            for spelling in (lemma, *(form.text for form in forms(lemma) if form.pos == "subst")):
                self._add("unit", 0, spelling)
        for category, values in data["adjectives"].items():
            for value, lemma in values.items():
                for form in forms(lemma):
                    if form.pos == "adj":
                        self._add(category, int(value), form.text)
        for folded, numeral in number_words().items():
            category = _NUMERALS[numeral.kind]
            self._entries.setdefault(folded, Entry(folded, category, numeral.value, numeral.spellings))
        self._add_phrases(data["phrases"])
        self._refused = frozenset(map(fold, data["not_typos"]))
        self.month_names = frozenset(map(fold, data["lemmas"]["month"].values()))
        self.complaint_stems = tuple(map(fold, data["complaint_stems"]))
        self.past_words = re.compile(data["past_words"])
        self._near = self._deletions()

    def find(self, spelling: str, folded: str) -> Entry | None:
        """The entry of a word as written, through at most one slip; None for any other word."""
        entry = self._entries.get(folded)
        if entry is not None:
            return entry if self._meant(entry, spelling) else None
        if not MIN_TYPO_LENGTH <= len(folded) <= MAX_TYPO_LENGTH:
            return None
        return self._corrected(spelling, folded)

    def weekday(self, folded: str) -> Entry | None:
        """A day of the week by its exact folded form."""
        entry = self._entries.get(folded)
        return entry if entry and entry.category.startswith("wday") else None

    def in_phrases_only(self, folded: str) -> bool:
        """Whether it means something only inside fixed expressions."""
        entry = self._entries.get(folded)
        return entry is not None and entry.category == "word"

    def _meant(self, entry: Entry, spelling: str) -> bool:
        # „mają” folds to „maja” and is no month; „piątęk” is a slip in the marks.
        lower = spelling.lower()
        return lower.isascii() or lower in entry.spellings or not known(lower)

    def _corrected(self, spelling: str, folded: str) -> Entry | None:
        candidates = {
            word
            for key in _keys(folded)
            for word in self._near.get(key, ())
            if OSA.distance(word, folded, score_cutoff=1) <= 1
        }
        # Slips seldom hit the first letter, and never silently there: „rodo” is not „środo”.
        candidates = {word for word in candidates if set(word[:2]) & set(folded[0])}
        if not candidates or folded in self._refused:
            return None
        swapped = any(sorted(word) == sorted(folded) for word in candidates)
        if _common(spelling.lower()) if swapped else _is_a_word(spelling.lower(), folded):
            return None
        if spelling.istitle() and known(spelling):  # a surname or a place
            return None
        return _agreed([self._entries[word] for word in sorted(candidates)])

    def _add_lemma(self, category: str, value: int, lemma: str) -> None:
        self._add(category, value, lemma)
        for form in forms(lemma):
            if form.pos != "subst" or _vocative(form):
                continue
            plural = ":pl:" in form.tag
            if plural and category != "wday":
                continue
            self._add("wdays" if plural else category, value, form.text)

    def _add(self, category: str, value: int, spelling: str) -> None:
        key = fold(spelling)
        old = self._entries.get(key)
        plural = frozenset({spelling}) if category == "wdays" else frozenset()
        if old is None:
            self._entries[key] = Entry(key, category, value, frozenset({spelling}), plural)
            return
        if old.value == value and {old.category, category} == {"wday", "wdays"}:
            category = _BOTH_NUMBERS
        elif old.category == _BOTH_NUMBERS or old.category != category:
            category = old.category
        self._entries[key] = Entry(key, category, old.value, old.spellings | {spelling}, old.plurals | plural)

    def _add_phrases(self, groups: dict[str, dict[str, list[str]]]) -> None:
        for category, values in groups.items():
            for value, texts in values.items():
                for text in texts:
                    phrase = Phrase(tuple(fold(text).split()), category, value)
                    self.phrases.setdefault(phrase.words[0], []).append(phrase)
                    for word in text.split():
                        known_entry = self._entries.get(fold(word))
                        if known_entry is None or known_entry.category == "word":
                            self._add("word", 0, word)
        for known_phrases in self.phrases.values():
            known_phrases.sort(key=lambda phrase: -len(phrase.words))

    def _deletions(self) -> dict[str, tuple[str, ...]]:
        near: dict[str, set[str]] = {}
        for word in self._entries:
            if len(word) >= MIN_TYPO_LENGTH:
                for key in _keys(word):
                    near.setdefault(key, set()).add(word)
        return {key: tuple(sorted(found)) for key, found in near.items()}


def _vocative(form: Form) -> bool:
    return form.tag.split(":")[2] == "voc"


def _agreed(entries: list[Entry]) -> Entry | None:
    """The one meaning of all candidates; a slip in a weekday is read as one day rather than as many."""
    meanings = {(entry.category, entry.value) for entry in entries}
    if len(meanings) == 1:
        return entries[0]
    if all(entry.category.startswith("ord") for entry in entries) and len({e.value for e in entries}) == 1:
        return next((entry for entry in entries if entry.category == "ord_f"), entries[0])
    days = [entry for entry in entries if entry.category.startswith("wday")]
    others = {entry.category[:3] for entry in entries if entry not in days}
    if days and len({entry.value for entry in days}) == 1 and others <= {"ord"}:
        return next((entry for entry in days if entry.category == "wday"), None)
    return None


def _keys(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


@lru_cache(maxsize=WORDS_KEPT)
def _is_a_word(lower: str, folded: str) -> bool:
    """Whether a spelling is an ordinary word, possibly written without Polish letters."""
    if _common(lower):
        return True
    if lower != folded:
        return False
    places = [at for at, letter in enumerate(folded) if letter in _MARKED]
    spots = [(at,) for at in places] + list(combinations(places, 2))
    return any(_common(marked) for chosen in spots[:60] for marked in _restored(folded, chosen))


def _common(word: str) -> bool:
    """Whether SGJP knows it as more than a name: „pątek” and „grudna” are names only."""
    return any(reading.lemma.islower() for reading in readings(word))


def _restored(word: str, places: tuple[int, ...]) -> list[str]:
    results = [word]
    for at in places:
        results = [text[:at] + mark + text[at + 1 :] for text in results for mark in _MARKED[text[at]]]
    return results


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of the package, read once."""
    text = files("bot.language.times").joinpath("words.yml").read_text(encoding="utf-8")
    return Lexicon(yaml.safe_load(text))
