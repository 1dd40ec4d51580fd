"""The intent model: from words and named spans to calibrated probabilities. Knows nothing of Rasa."""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.language.correction import Corrector
from bot.language.morphology import known
from bot.language.text import fold, words
from bot.nlu.features import BLOCKS, Views, block_terms, read_views
from bot.nlu.lemma_index import LemmaIndex
from bot.nlu.linear import LinearClassifier, Scores, fit_temperature
from bot.nlu.recognition import Span
from bot.nlu.slips import spoiled_copy
from bot.nlu.vectorizer import Vectorizer

_FILE = "model.json"


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
    correction: bool = True
    """Correct unknown words at distance one against the training vocabulary."""
    seed: int = 20261123

    def __post_init__(self) -> None:
        unknown = set(self.blocks) - set(BLOCKS)
        if unknown:
            raise ValueError(f"unknown blocks of features: {', '.join(sorted(unknown))}")


class IntentModel:
    """A trained model; safe to share between threads."""

    def __init__(
        self,
        settings: ModelSettings,
        vocabulary: Mapping[str, int],
        lemmas: LemmaIndex,
        vectorizer: Vectorizer,
        classifier: LinearClassifier,
    ) -> None:
        self.settings = settings
        self._vocabulary = vocabulary
        self._correct = corrector(vocabulary) if settings.correction else fold
        self._lemmas = lemmas
        self._vectorizer = vectorizer
        self._classifier = classifier

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the intents, in the order of `probabilities`."""
        return self._classifier.labels

    @classmethod
    def train(
        cls, examples: Sequence[Example], settings: ModelSettings, say: Callable[[str], None] = lambda line: None
    ) -> IntentModel:
        """Train and calibrate. Same examples and settings give the same model.

        Raises:
            ValueError: fewer than two intents.
        """
        vocabulary = word_counts(example.text for example in examples)
        model = _fit(examples, vocabulary, settings)
        say(f"intent model: {len(examples)} messages, {len(model.labels)} intents, {model.width} features")
        scores, truth = held_out_scores(examples, settings, model.labels)
        model._classifier.temperature = fit_temperature(scores, truth)
        accuracy = float((scores.argmax(axis=1) == truth).mean()) if len(truth) else float("nan")
        say(f"intent model: {accuracy:.1%} right on held-out folds, temperature {model._classifier.temperature:.3f}")
        return model

    @property
    def width(self) -> int:
        """Number of features."""
        return self._vectorizer.width

    def ranking(self, text: str, spans: Sequence[Span]) -> list[tuple[str, float]]:
        """All intents with their probabilities, most likely first."""
        probabilities = self._classifier.probabilities(self.scores(text, spans))
        order = np.argsort(-probabilities, kind="stable")
        return [(self.labels[place], float(probabilities[place])) for place in order]

    def scores(self, text: str, spans: Sequence[Span]) -> Scores:
        """Decision scores before calibration, in the order of `labels`."""
        terms = block_terms(read_views(text, spans, self._correct), self._lemmas)
        return self._classifier.scores(*self._vectorizer.vector(terms))

    def save(self, folder: Path) -> None:
        """Write the model as JSON and native arrays: vocabulary and weights, no training message."""
        content: dict[str, Any] = {"settings": asdict(self.settings), "vocabulary": self._vocabulary}
        (folder / _FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        self._lemmas.save(folder)
        self._vectorizer.save(folder)
        self._classifier.save(folder)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote."""
        content = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(
            ModelSettings(**content["settings"]),
            content["vocabulary"],
            LemmaIndex.load(folder),
            Vectorizer.load(folder),
            LinearClassifier.load(folder),
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
    examples: Sequence[Example], settings: ModelSettings, labels: Sequence[str]
) -> tuple[Scores, Any]:
    """Scores of each message by a model that saw neither it nor its likes, and the index of its intent."""
    places = {label: place for place, label in enumerate(labels)}
    folds = fold_numbers(examples, settings.folds)
    scores: list[Scores] = []
    truth: list[int] = []
    for number in range(settings.folds):
        kept = [example for example, at in zip(examples, folds, strict=True) if at != number]
        asked = [example for example, at in zip(examples, folds, strict=True) if at == number]
        if set(labels) != {example.intent for example in kept}:
            continue  # an intent with a handful of messages may fall into one fold: its scores would be missing
        model = _fit(kept, word_counts(example.text for example in kept), settings)
        scores += [model.scores(example.text, example.spans) for example in asked]
        truth += [places[example.intent] for example in asked]
    return np.array(scores).reshape(len(truth), len(labels)), np.array(truth, dtype=np.intp)


def fold_numbers(examples: Sequence[Example], folds: int) -> list[int]:
    """Fold of each message; messages that differ in names, times or letters only share one."""
    keys = (" ".join(read_views(example.text, example.spans, fold).masked()) for example in examples)
    return [zlib.crc32(key.encode()) % folds for key in keys]


def _fit(examples: Sequence[Example], vocabulary: Mapping[str, int], settings: ModelSettings) -> IntentModel:
    correct = corrector(vocabulary) if settings.correction else fold
    views = [read_views(example.text, example.spans, correct) for example in examples]
    labels = [example.intent for example in examples]
    lemmas = LemmaIndex.of_words(vocabulary)
    documents = [block_terms(view, lemmas) for view in _with_copies(views, settings)]
    vectorizer = Vectorizer.fit(documents, settings.blocks, settings.min_count)
    classifier = LinearClassifier.fit(
        vectorizer.matrix(documents), labels * (1 + settings.copies), settings.strength, settings.seed
    )
    return IntentModel(settings, vocabulary, lemmas, vectorizer, classifier)


def _with_copies(views: Sequence[Views], settings: ModelSettings) -> list[Views]:
    chance = random.Random(settings.seed)
    copies = [spoiled_copy(view, chance) for _ in range(settings.copies) for view in views]
    return [*views, *copies]
