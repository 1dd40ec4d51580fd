"""Features of a message for intent classification: several views of its words, as n-grams."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bot.language.concepts import Meanings
from bot.language.morphology import known
from bot.language.prints import Prints, group_prints, prints
from bot.language.text import words
from bot.nlu.spans import Span

CHARACTERS, CONCEPTS, FAMILIARITY = "characters", "concepts", "familiarity"
BLOCKS = ("words", CHARACTERS, "lemmas", "masked", "shape", "make_up", CONCEPTS, FAMILIARITY)
WORD_ORDERS = (1, 2)
CHARACTER_ORDERS = (2, 3, 4, 5)
MASKED_ORDERS = (1, 2, 3)
_LENGTHS = (1, 2, 3, 5, 8, 12, 20)
_SHARES = 4
_SHORT, _MANY = 2, 5
"""Letters of a word that says too little to be missed; from so many words on it makes no difference."""
# Concepts of `bot/language/data/concepts.yml` that tell the mood of a message.
_ASKING, _NEGATION = "ask_", "negation"
_DIGIT = re.compile(r"\d")
_MARKS = frozenset("?!…")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word, with the kind of the span it stands in (None outside); `first` opens its span."""

    text: str
    kind: str | None = None
    first: bool = True


@dataclass(frozen=True, slots=True)
class Views:
    """What is read off one message: its tokens, and its marks („?”, „!”, emoji)."""

    tokens: tuple[Token, ...]
    marks: tuple[str, ...]

    def words(self) -> list[str]:
        """Folded words; digits are all alike, since „o 15” and „o 16” mean the same act."""
        return [_DIGIT.sub("0", token.text) for token in self.tokens]

    def masked(self) -> list[str]:
        """Words, with every recognised name or time as one placeholder: unseen names look like seen ones."""
        return [
            f"__{token.kind}__" if token.kind else _DIGIT.sub("0", token.text)
            for token in self.tokens
            if token.kind is None or token.first
        ]


def read_views(text: str, spans: Sequence[Span], correct: Callable[[str], str]) -> Views:
    """Read a message; `correct` mends and folds one word.

    Words of names and times are mended too: a name that was recognised in spite of a slip reads as without.
    """
    tokens: list[Token] = []
    opened: Span | None = None
    position = 0
    for word in words(text):
        while position < len(spans) and spans[position].end <= word.start:
            position += 1
        inside = position < len(spans) and spans[position].start < word.end
        span = spans[position] if inside else None
        for part in correct(word.text).split():  # two words may have been run together
            tokens.append(Token(part, span.kind, span is not opened) if span else Token(part))
            opened = span
    return Views(tuple(tokens), _marks(text))


def no_meanings(said: Sequence[str]) -> Meanings:
    """For messages whose concepts are not asked for."""
    return ()


def all_familiar(lemmas: Sequence[str]) -> bool:
    """For messages whose strange words are not asked for."""
    return True


def block_prints(
    views: Views,
    blocks: Collection[str],
    lemmas: Callable[[str], Sequence[str]],
    polish: Callable[[str], bool] = known,
    meanings: Callable[[Sequence[str]], Meanings] = no_meanings,
    familiar: Callable[[Sequence[str]], bool] = all_familiar,
) -> dict[str, Prints]:
    """The terms of each block of features as their prints, with repetitions (see `block_terms`).

    Groups of characters are never cut out: their prints follow from the words.
    """
    terms = block_terms(views, blocks, lemmas, polish, meanings, familiar)
    found = prints([term for listed in terms.values() for term in listed])
    ends = np.cumsum([len(listed) for listed in terms.values()], dtype=np.intp)
    of_block = dict(zip(terms, np.split(found, ends), strict=False))  # nothing is behind the last end
    if CHARACTERS in blocks:
        of_block[CHARACTERS] = group_prints(views.words(), CHARACTER_ORDERS)
    return of_block


def block_terms(
    views: Views,
    blocks: Collection[str],
    lemmas: Callable[[str], Sequence[str]],
    polish: Callable[[str], bool] = known,
    meanings: Callable[[Sequence[str]], Meanings] = no_meanings,
    familiar: Callable[[Sequence[str]], bool] = all_familiar,
) -> dict[str, list[str]]:
    """Terms of the wanted blocks of features but that of characters, with repetitions.

    `lemmas` gives the lemmas of a folded word, `polish` tells whether it is a Polish word at all,
    `meanings` gives the concepts of the folded words of a message, `familiar` tells from its lemmas whether
    a word belongs to the portal's matters.
    """
    plain = views.words()
    lemmas_of = [lemmas(word) for word in plain]
    made: dict[str, Callable[[], list[str]]] = {
        "words": lambda: [*_ngrams(plain, WORD_ORDERS), *views.marks],
        "lemmas": lambda: [lemma for found in lemmas_of for lemma in found],
        "masked": lambda: list(_ngrams(["<", *views.masked(), ">"], MASKED_ORDERS)),
        "shape": lambda: _shape(plain, views.marks),
        "make_up": lambda: _make_up(views, polish),
        CONCEPTS: lambda: _concepts(meanings([token.text for token in views.tokens]), views.marks),
        FAMILIARITY: lambda: _familiarity(views, lemmas_of, familiar),
    }
    return {name: make() for name, make in made.items() if name in blocks}


def _familiarity(
    views: Views, lemmas_of: Sequence[Sequence[str]], familiar: Callable[[Sequence[str]], bool]
) -> list[str]:
    """How many of the words, names and numbers aside, belong to no matter of the portal's."""
    asked = [
        lemmas
        for token, lemmas in zip(views.tokens, lemmas_of, strict=True)
        if token.kind is None and len(token.text) > _SHORT and not _DIGIT.search(token.text)
    ]
    if not asked:
        return []
    strange = sum(not familiar(lemmas) for lemmas in asked)
    return [f"share {round(strange / len(asked) * _SHARES)}", f"words {min(strange, _MANY)}"]


def _make_up(views: Views, polish: Callable[[str], bool]) -> list[str]:
    """Of what the message is made: how much of it is names and times, how much no Polish word at all.

    A bare name is an answer, whatever it is the name of; words that Polish does not know are another
    language or a cat on the keyboard.
    """
    if not views.tokens:
        return []
    named = sum(token.kind is not None for token in views.tokens)
    others = [token.text for token in views.tokens if token.kind is None and not _DIGIT.search(token.text)]
    unknown = sum(not polish(text) for text in others)
    shares = {"named": named / len(views.tokens), "unknown": unknown / len(others) if others else 0.0}
    return [f"{name} {round(share * _SHARES)}" for name, share in shares.items()]


def _concepts(found: Meanings, marks: Sequence[str]) -> list[str]:
    """Concepts, each with the mood of the message, and pairs of them, near or far.

    An unseen word means what a seen one of its concept does.
    """
    single = [concept for meant in found for concept in meant]
    distinct = sorted(set(single))
    asks = "?" in marks or any(concept.startswith(_ASKING) for concept in distinct)
    mood = ("?" if asks else ".") + ("-" if _NEGATION in distinct else "")
    pairs = (f"{one} & {other}" for one, other in combinations(distinct, 2))
    return [*single, *(f"{concept} {mood}" for concept in distinct), *pairs]


def _marks(text: str) -> tuple[str, ...]:
    found = (char for char in text if char in _MARKS or unicodedata.category(char) == "So")
    return tuple(dict.fromkeys(found))


def _shape(plain: Sequence[str], marks: Sequence[str]) -> list[str]:
    """How the message opens and ends, and how long it is: short answers differ from stories."""
    shape = [f"length {bisect_right(_LENGTHS, len(plain))}", *marks]
    if plain:
        shape += [f"^{plain[0]}", f"^{' '.join(plain[:2])}", f"{plain[-1]}$"]
    return shape


def _ngrams(items: Sequence[str], orders: Iterable[int]) -> Iterator[str]:
    for order in orders:
        for start in range(len(items) - order + 1):
            yield " ".join(items[start : start + order])
