"""Spellings that mean one word: sound-alikes, one slip of the finger, Polish letters left out."""

import string
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from bot.language.morphology import WORDS_KEPT, known, listed
from bot.language.text import fold

_LETTERS = {"a": "aą", "c": "cć", "e": "eę", "l": "lł", "n": "nń", "o": "oó", "s": "sś", "z": "zżź"}
_SOFTENED_BY_I, _NEVER_FIRST, _NASAL, _VOWELS = "cnsz", "aen", "ae", "aeiouyąęó"
_ALPHABET = string.ascii_lowercase
_MAX_VARIANTS = 256
_SOUNDS = (("ó", "u"), ("rz", "ż"), ("ch", "h"))
SHORTEST_TYPO = 5
"""Words under this many letters are never matched or mended with a slip."""


@lru_cache(maxsize=WORDS_KEPT)
def sound_key(word: str) -> str:
    """One key for spellings that sound alike (ó/u, rz/ż, ch/h), folded."""
    lower = word.lower()
    for written, heard in _SOUNDS:
        lower = lower.replace(written, heard)
    return fold(lower)


def deletions(word: str) -> Iterator[str]:
    """The word without each of its letters in turn."""
    for position in range(len(word)):
        yield word[:position] + word[position + 1 :]


def slips(word: str) -> set[str]:
    """Every folded spelling at distance one: a letter missing, added, changed, or two swapped."""
    found = set(deletions(word))
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        found.update([before + letter + after for letter in _ALPHABET])
        found.update([before + letter + after[1:] for letter in _ALPHABET])
        found.add(before + after[1:2] + after[:1] + after[2:])
    found.discard(word)
    return found


class Neighbours:
    """Words at distance one (a letter changed, missing, added, or two swapped), looked up one by one.

    An index of all that is left of the words without one letter would answer in half the time and take forty
    times the memory of the words.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are folded."""
        long = (word for word in words if len(word) >= SHORTEST_TYPO - 1)
        self._places = {word: place for place, word in enumerate(long)}

    def of(self, word: str) -> list[str]:
        """Indexed words at distance at most one of a word of five letters or more, in their order."""
        if len(word) < SHORTEST_TYPO:
            return []
        near = (other for other in {word, *slips(word)} if other in self._places)
        return sorted(near, key=self._places.__getitem__)


@lru_cache(maxsize=2 * WORDS_KEPT)
def accented(word: str) -> tuple[str, ...]:
    """Dictionary words that this one may be, written without (some) Polish letters; lower case."""
    lower = word.lower()
    choices = [_choices(lower, place) for place in range(len(lower))]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MAX_VARIANTS:
        return (lower,) if known(lower) else ()
    return tuple(variant for variant in map("".join, product(*choices)) if listed(variant))


def _choices(word: str, place: int) -> str:
    """Letters that one letter of a word may stand for, as Polish is spelt."""
    letter, following = word[place], word[place + 1 : place + 2]
    never = (
        (following == "i" and letter in _SOFTENED_BY_I)  # „ci” is soft already: there is no „ći”
        or (not place and letter in _NEVER_FIRST)
        or (not following and letter == "o")
        or (letter in _NASAL and following and following in _VOWELS)
    )
    allowed = _LETTERS.get(letter, letter)
    return letter + "ż" * (letter == "z") if never else allowed


def is_polish(word: str) -> bool:
    """Whether the word, with or without Polish letters, is one that SGJP knows."""
    return known(word) or bool(accented(word))
