"""The intent model: from words and named spans to calibrated probabilities. Knows nothing of Rasa."""

from __future__ import annotations

import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.language.correction import Corrector
from bot.language.morphology import known
from bot.language.text import fold, words
from bot.nlu.calibration import Calibration
from bot.nlu.features import BLOCKS, Views, block_terms, read_views
from bot.nlu.folds import assign_folds
from bot.nlu.lemma_index import LemmaIndex
from bot.nlu.linear import LinearScorer, Scores
from bot.nlu.slips import spoiled_copy
from bot.nlu.spans import Span
from bot.nlu.vectorizer import Vectorizer

logger = logging.getLogger(__name__)
_FILE = "words.json"


class Example(NamedTuple):
    """One training message."""

    text: str
    spans: tuple[Span, ...]
    intent: str


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What can be tuned; defaults are the measured best (see `docs/nlu.md`)."""

    blocks: Mapping[str, float] = field(
        default_factory=lambda: {"words": 0.5, "characters": 1.0, "lemmas": 0.5, "masked": 0.5, "shape": 0.3}
    )
    """Weight of each block of features; a block that is left out is not computed into the model."""
    strength: float = 1.0
    """Inverse of regularisation of the classifier (C)."""
    copies: int = 1
    """Misspelt copies of each training message."""
    min_count: int = 2
    """Training messages (copies too) that a term needs, to enter the vocabulary."""
    folds: int = 4
    """Folds of the held-out scores that calibration is fitted on."""
    calibration_strength: float = 0.1
    """Inverse of regularisation of the calibration layer."""
    correction: bool = True
    """Correct unknown words at distance one against the training vocabulary."""
    seed: int = 20261123

    def __post_init__(self) -> None:
        unknown = set(self.blocks) - set(BLOCKS)
        if unknown:
            raise ValueError(f"unknown blocks of features: {', '.join(sorted(unknown))}")


class Scorer:
    """Scores of the intents for a message; the part of the model that is trained on every message."""

    def __init__(
        self, vocabulary: Mapping[str, int], lemmas: LemmaIndex, vectorizer: Vectorizer, linear: LinearScorer
    ) -> None:
        """`vocabulary` counts the words that unknown ones are corrected to; empty: no correction."""
        self.vocabulary = vocabulary
        self.lemmas = lemmas
        self.vectorizer = vectorizer
        self.linear = linear
        self._correct = corrector(vocabulary) if vocabulary else fold

    @classmethod
    def fit(cls, examples: Sequence[Example], settings: ModelSettings) -> Scorer:
        """Train on the messages and their misspelt copies.

        Raises:
            ValueError: fewer than two intents.
        """
        vocabulary = word_counts(example.text for example in examples)
        lemmas = LemmaIndex.of_words(vocabulary)
        if not settings.correction:
            vocabulary = {}
        correct = corrector(vocabulary) if vocabulary else fold
        views = [read_views(example.text, example.spans, correct) for example in examples]
        documents = [block_terms(view, lemmas) for view in _with_copies(views, settings)]
        vectorizer = Vectorizer.fit(documents, settings.blocks, settings.min_count)
        labels = [example.intent for example in examples] * (1 + settings.copies)
        linear = LinearScorer.fit(vectorizer.matrix(documents), labels, settings.strength, settings.seed)
        return cls(vocabulary, lemmas, vectorizer, linear)

    def scores(self, text: str, spans: Sequence[Span]) -> Scores:
        """Decision scores in the order of the labels; no probabilities yet."""
        terms = block_terms(read_views(text, spans, self._correct), self.lemmas)
        return self.linear.scores(*self.vectorizer.vector(terms))


class IntentModel:
    """A trained and calibrated model; safe to share between threads."""

    def __init__(self, scorer: Scorer, calibration: Calibration) -> None:
        self._scorer = scorer
        self._calibration = calibration
        self.labels = scorer.linear.labels

    @classmethod
    def train(
        cls, examples: Sequence[Example], settings: ModelSettings, say: Callable[[str], None] = logger.info
    ) -> IntentModel:
        """Train and calibrate. Same examples and settings give the same model.

        Raises:
            ValueError: fewer than two intents, or an intent with fewer than two different messages.
        """
        say(f"intent model: {len(examples)} messages, calibrating on {settings.folds} held-out folds")
        scores, truth = held_out_scores(examples, settings)
        calibration = Calibration.fit(scores, truth, settings.calibration_strength)
        scorer = Scorer.fit(examples, settings)
        say(f"intent model: {len(scorer.linear.labels)} intents, {scorer.vectorizer.width} features")
        return cls(scorer, calibration)

    def ranking(self, text: str, spans: Sequence[Span]) -> list[tuple[str, float]]:
        """All intents with their probabilities, most likely first."""
        probabilities = self._calibration.probabilities(self._scorer.scores(text, spans))
        order = np.argsort(-probabilities, kind="stable")
        return [(self.labels[place], float(probabilities[place])) for place in order]

    def save(self, folder: Path) -> None:
        """Write the model as JSON and native arrays: vocabulary and weights, no training message."""
        (folder / _FILE).write_text(json.dumps(self._scorer.vocabulary, ensure_ascii=False), encoding="utf-8")
        for part in (self._scorer.lemmas, self._scorer.vectorizer, self._scorer.linear, self._calibration):
            part.save(folder)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote."""
        vocabulary = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        lemmas, vectorizer = LemmaIndex.load(folder), Vectorizer.load(folder)
        return cls(
            Scorer(vocabulary, lemmas, vectorizer, LinearScorer.load(folder)), Calibration.load(folder)
        )


def word_counts(texts: Iterable[str]) -> dict[str, int]:
    """Lower-case words of the training messages that can be trusted: repeated, or known to SGJP."""
    counts = Counter(word.text.lower() for text in texts for word in words(text) if word.text.isalpha())
    return {word: count for word, count in sorted(counts.items()) if count > 1 or known(word)}


def corrector(vocabulary: Mapping[str, int]) -> Callable[[str], str]:
    """A cached function that mends a word and folds it."""
    correct = Corrector(vocabulary).word

    @lru_cache(maxsize=50_000)
    def mend(word: str) -> str:
        return fold(correct(word.lower()))

    return mend


def held_out_scores(
    examples: Sequence[Example], settings: ModelSettings
) -> tuple[Scores, npt.NDArray[np.intp]]:
    """Scores of each message by a scorer that saw neither it nor its likes, and the index of its intent."""
    labels = sorted({example.intent for example in examples})
    places = {label: place for place, label in enumerate(labels)}
    folds = fold_numbers(examples, settings.folds)
    scores = np.zeros((len(examples), len(labels)))
    for number in range(settings.folds):
        kept = [example for example, at in zip(examples, folds, strict=True) if at != number]
        scorer = Scorer.fit(kept, settings)
        for place, (example, at) in enumerate(zip(examples, folds, strict=True)):
            if at == number:
                scores[place] = scorer.scores(example.text, example.spans)
    return scores, np.array([places[example.intent] for example in examples], dtype=np.intp)


def fold_numbers(examples: Sequence[Example], folds: int) -> list[int]:
    """Fold of each message; messages that differ in names, times, digits or letters only share one."""
    keys = [" ".join(read_views(example.text, example.spans, fold).masked()) for example in examples]
    return assign_folds(keys, [example.intent for example in examples], folds)


def _with_copies(views: Sequence[Views], settings: ModelSettings) -> list[Views]:
    chance = random.Random(settings.seed)
    copies = [spoiled_copy(view, chance) for _ in range(settings.copies) for view in views]
    return [*views, *copies]
