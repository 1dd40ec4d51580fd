"""Slips of careless writing: typing errors for training copies, perturbed messages for evaluation."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from bot.language.keyboard import touching
from bot.language.text import words
from bot.nlu.features import Views

_POLISH_LETTERS = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
_SHORTEST = 4  # shorter words rarely stay recognisable with a letter changed


class Perturbation(Enum):
    """Ways of spoiling an evaluation message."""

    LETTERS = "letters stripped"
    ONE_TYPO = "one typo"
    TWO_TYPOS = "two typos"
    LETTERS_AND_TYPO = "letters stripped, one typo"


def _drop(word: str, place: int, chance: random.Random) -> str:
    return word[:place] + word[place + 1 :]


def _double(word: str, place: int, chance: random.Random) -> str:
    return word[: place + 1] + word[place:]


def _swap(word: str, place: int, chance: random.Random) -> str:
    place = min(place, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _miss_key(word: str, place: int, chance: random.Random) -> str:
    letter = word[place]
    near = touching().get(letter.lower().translate(_POLISH_LETTERS))
    if not near:
        return _drop(word, place, chance)
    hit = chance.choice(near)
    return word[:place] + (hit.upper() if letter.isupper() else hit) + word[place + 1 :]


_SLIPS: tuple[Callable[[str, int, random.Random], str], ...] = (_drop, _double, _swap, _miss_key)


def misspell(word: str, chance: random.Random) -> str:
    """The word with one slip: a letter lost, doubled, swapped with the next or hit next to its key.

    The first letter stays: people rarely get it wrong.
    """
    for _ in range(5):  # swapping two equal letters changes nothing: try again
        spoiled = chance.choice(_SLIPS)(word, chance.randrange(1, len(word)), chance)
        if spoiled != word:
            return spoiled
    return _drop(word, 1, chance)


def spoiled_copy(views: Views, chance: random.Random) -> Views:
    """A training copy as a hasty patient would type it: one slip outside names, marks often forgotten."""
    tokens = list(views.tokens)
    candidates = [at for at, token in enumerate(tokens) if token.kind is None and _can_slip(token.text)]
    if candidates:
        at = chance.choice(candidates)
        tokens[at] = replace(tokens[at], text=misspell(tokens[at].text, chance))
    return Views(tuple(tokens), views.marks if chance.random() < 0.5 else ())


def perturb(text: str, how: Perturbation, chance: random.Random) -> str:
    """An evaluation message with its letters stripped or with typing errors in different words."""
    if how in (Perturbation.LETTERS, Perturbation.LETTERS_AND_TYPO):
        text = strip_letters(text)
    slips = {Perturbation.LETTERS: 0, Perturbation.TWO_TYPOS: 2}.get(how, 1)
    candidates = [word for word in words(text) if _can_slip(word.text)]
    chosen = chance.sample(candidates, min(slips, len(candidates)))
    for word in sorted(chosen, key=lambda word: word.start, reverse=True):
        text = text[: word.start] + misspell(word.text, chance) + text[word.end :]
    return text


def strip_letters(text: str) -> str:
    """The text without Polish diacritics, otherwise as it was."""
    return text.translate(_POLISH_LETTERS)


def _can_slip(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha()
