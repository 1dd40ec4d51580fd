"""Training messages turned into features, once for all the fits on them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.language.concepts import Concepts, concepts
from bot.language.correction import Corrector
from bot.language.morphology import WORDS_KEPT, known
from bot.language.text import fold, words
from bot.nlu import sparse
from bot.nlu.costs import Kind
from bot.nlu.counting import Terms, count_terms
from bot.nlu.facts import GENERAL, FactModel, Facts, Labelled
from bot.nlu.familiarity import Familiarity
from bot.nlu.features import BLOCKS, CONCEPTS, Views, block_prints, read_views
from bot.nlu.folds import assign_folds
from bot.nlu.lemma_index import LemmaIndex
from bot.nlu.linear import LinearScorer, Scores
from bot.nlu.merging import Merging, unmet
from bot.nlu.parallel import side_by_side
from bot.nlu.slips import spoiled_copy
from bot.nlu.spans import Span
from bot.nlu.vectorizer import Floats, Vectorizer


class Example(NamedTuple):
    """One training message."""

    text: str
    spans: tuple[Span, ...]
    intent: str
    fact: str = GENERAL
    """What inside the intent it asks for."""
    vector: Floats | None = None
    """What an encoder makes of it, where the installation has one."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What can be tuned; defaults are the measured best (see `docs/nlu.md`)."""

    blocks: Mapping[str, float] = field(
        default_factory=lambda: {
            "characters": 1.0,
            "lemmas": 0.5,
            "masked": 1.0,
            "shape": 0.3,
            "make_up": 0.6,
            "concepts": 0.5,
            "familiarity": 0.5,
        }
    )
    """Weight of each block of features; a block that is left out is not computed into the model."""
    strength: float = 1.0
    """Inverse of regularisation of the classifier (C)."""
    copies: int = 0
    """Misspelt copies of each training message."""
    min_count: int = 1
    """Training messages (copies too) that a term needs, to enter the vocabulary."""
    folds: int = 4
    """Folds of the held-out scores that calibration is fitted on."""
    calibration_strength: float = 0.1
    """Inverse of regularisation of the calibration layer."""
    encoder: float = 1.0
    """Weight of the sentence vector, where there is an encoder."""
    correction: bool = True
    """Correct unknown words at distance one against the training vocabulary."""
    writing: Sequence[str] = ()
    """Intents that start a task that writes: a mistake costs more (`bot/nlu/costs.py`)."""
    urgent: Sequence[str] = ()
    """Intents of somebody in need."""
    outside: Sequence[str] = ()
    """Intents of what is no matter of the portal's."""
    seed: int = 20261123

    def kinds(self) -> dict[str, Kind]:
        """Kinds of intents that are not just answered."""
        urgent: dict[str, Kind] = dict.fromkeys(self.urgent, "urgent")
        return {**dict.fromkeys(self.writing, "writing"), **urgent}

    def __post_init__(self) -> None:
        unknown = set(self.blocks) - set(BLOCKS)
        if unknown:
            raise ValueError(f"unknown blocks of features: {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True)
class Material:
    """Training messages turned into features, once for all the fits on them."""

    examples: Sequence[Example]
    settings: ModelSettings
    vocabulary: Mapping[str, int]
    lemmas: LemmaIndex
    meanings: Concepts
    """Empty when the settings leave the block of concepts out."""
    familiar: Familiarity
    vectorizer: Vectorizer
    terms: sparse.csr_matrix
    """Messages in order, then their misspelt copies in the same order (as often as the settings say)."""
    merging: Merging
    rows: sparse.csr_matrix
    """The same with columns joined, and with the sentence vectors behind them."""

    @classmethod
    def of(cls, examples: Sequence[Example], settings: ModelSettings) -> Material:
        """Read the messages, learn the vocabulary, compute the features."""
        vocabulary = word_counts(example.text for example in examples)
        lemmas = LemmaIndex.of_words(vocabulary)
        if not settings.correction:
            vocabulary = {}
        correct = corrector(vocabulary, lemmas) if vocabulary else fold
        meanings = concepts() if CONCEPTS in settings.blocks else Concepts.of_entries({})
        outside = frozenset(settings.outside)
        familiar = Familiarity.of((e.text for e in examples if e.intent not in outside), lemmas)

        def read(piece: slice) -> Iterator[Terms]:
            for place in range(*piece.indices(len(examples) * (1 + settings.copies))):
                copy, at = divmod(place, len(examples))
                views = read_views(examples[at].text, examples[at].spans, correct)
                views = _slipped(views, settings.seed, place) if copy else views
                knows = partial(familiar.knows, own=int(examples[at].intent not in outside))
                yield block_prints(views, settings.blocks, lemmas, lemmas.knows, meanings.find, knows)

        counted = count_terms(read, len(examples) * (1 + settings.copies), settings.blocks)
        vectorizer = Vectorizer.fit(counted, settings.blocks, settings.min_count)
        terms = vectorizer.matrix(counted)
        merging = Merging.of(terms, settings.seed)
        rows = with_vectors(merging.rows(terms), examples, settings)
        return cls(
            examples, settings, vocabulary, lemmas, meanings, familiar, vectorizer, terms, merging, rows
        )

    def fit(self, chosen: npt.NDArray[np.bool_]) -> LinearScorer:
        """Train on the chosen messages and their copies (ValueError: fewer than two intents)."""
        rows = np.tile(chosen, 1 + self.settings.copies)
        labels = [example.intent for example in self.examples] * (1 + self.settings.copies)
        kept = [label for label, keep in zip(labels, rows, strict=True) if keep]
        return LinearScorer.fit(self.rows[rows], kept, self.settings.strength, self.settings.seed)

    def fitted(self) -> tuple[LinearScorer, Scores, npt.NDArray[np.intp]]:
        """A scorer of all messages; what each message scores without it and its likes; its true intent.

        Intents are places among their sorted names.
        """
        names = sorted({example.intent for example in self.examples})
        places = {name: place for place, name in enumerate(names)}
        folds = np.array(fold_numbers(self.examples, self.settings.folds))
        asked = [folds == number for number in np.unique(folds)]
        # The longest first: the cores are done at about the same time.
        linear, *parts = side_by_side(self._fitted_part, [None, *asked])
        if not isinstance(linear, LinearScorer):
            raise TypeError("the scorer of all messages comes first")
        scores = np.zeros((len(self.examples), len(names)))
        for rows, scored in zip(asked, parts, strict=True):
            scores[rows] = scored
        return linear, scores, np.array([places[example.intent] for example in self.examples], dtype=np.intp)

    def facts(self) -> Facts:
        """A model of facts for every intent that has some."""
        members: dict[str, list[int]] = {}
        for place, example in enumerate(self.examples):
            members.setdefault(example.intent, []).append(place)
        return Facts(
            {
                intent: FactModel.train(self._labelled(places), self.settings.seed)
                for intent, places in sorted(members.items())
                if len({self.examples[place].fact for place in places}) > 1
            }
        )

    def _labelled(self, places: Sequence[int]) -> Labelled:
        facts = [self.examples[place].fact for place in places]
        asked = [
            self.examples[place]._replace(intent=fact) for place, fact in zip(places, facts, strict=True)
        ]
        folds = np.array(fold_numbers(asked, self.settings.folds), dtype=np.intp)
        return Labelled(self.rows[np.asarray(places)], facts, folds)

    def _fitted_part(self, asked: npt.NDArray[np.bool_] | None) -> LinearScorer | Scores:
        if asked is None:
            return self.fit(np.ones(len(self.examples), dtype=bool))
        linear = self.fit(~asked)
        held = np.flatnonzero(asked)
        seen = self.terms[np.tile(~asked, 1 + self.settings.copies)]
        known_terms = self.merging.rows(self.vectorizer.without(self.terms[held], unmet(seen)))
        return linear.score_rows(
            sparse.hstack([known_terms, self.rows[held][:, self.merging.width :]], "csr")
        )


def with_vectors(
    rows: sparse.csr_matrix, examples: Sequence[Example], settings: ModelSettings
) -> sparse.csr_matrix:
    """Rows with the weighted sentence vectors behind their terms; as they are without an encoder.

    Raises:
        ValueError: some messages have a vector and others none.
    """
    vectors = [example.vector for example in examples if example.vector is not None]
    if not vectors:
        return rows
    if len(vectors) != len(examples):
        raise ValueError("the encoder has left out some messages")
    dense = sparse.csr_matrix(np.tile(settings.encoder * np.vstack(vectors), (1 + settings.copies, 1)))
    return sparse.hstack([rows, dense], format="csr")


def word_counts(texts: Iterable[str]) -> dict[str, int]:
    """Lower-case words of the training messages that can be trusted: repeated, or known to SGJP."""
    counts = Counter(word.text.lower() for text in texts for word in words(text) if word.text.isalpha())
    return {word: count for word, count in sorted(counts.items()) if count > 1 or known(word)}


def corrector(vocabulary: Mapping[str, int], lemmas: LemmaIndex) -> Callable[[str], str]:
    """A cached function that mends a word and folds it; it knows all forms of the words of training."""
    correct = Corrector(vocabulary, forms=lemmas.forms).word

    @lru_cache(maxsize=WORDS_KEPT)
    def mend(word: str) -> str:
        return fold(correct(word.lower()))

    return mend


def fold_numbers(examples: Sequence[Example], folds: int) -> list[int]:
    """Fold of each message; messages that differ in names, times, digits or letters only share one."""
    keys = [" ".join(read_views(example.text, example.spans, fold).masked()) for example in examples]
    return assign_folds(keys, [example.intent for example in examples], folds)


def _slipped(views: Views, seed: int, place: int) -> Views:
    """A misspelt copy; the same place is always misspelt alike, whichever process does it."""
    return spoiled_copy(views, random.Random(f"{seed} {place}"))
