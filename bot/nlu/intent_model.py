"""The intent model: from words and named spans to calibrated probabilities. Knows nothing of Rasa."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.language.concepts import Concepts, serve
from bot.language.text import fold
from bot.nlu.calibration import Calibration, calibrated
from bot.nlu.costs import Limit, Limits
from bot.nlu.facts import Fact, Facts
from bot.nlu.familiarity import Familiarity
from bot.nlu.features import block_prints, read_views
from bot.nlu.lemma_index import LemmaIndex
from bot.nlu.linear import LinearScorer, Scores, ThinScorer
from bot.nlu.mapped import load_arrays, save_arrays
from bot.nlu.material import Example, Material, ModelSettings, corrector
from bot.nlu.merging import Merging
from bot.nlu.spans import Span
from bot.nlu.vectorizer import Floats, Integers, Vectorizer

logger = logging.getLogger(__name__)
_FILE, _CONCEPTS, _SETTINGS = "words.json", "concepts.json", "settings.json"
_MEANT = "concepts"
_POSSIBLE = 0.01
"""Nobody asks for the fact of an intent that is less likely."""


class Reading(NamedTuple):
    """One intent a message may have, its probability, and its fact (None: the intent has no facts)."""

    intent: str
    confidence: float
    fact: Fact | None = None


class Scorer:
    """Scores of the intents for a message; the part of the model that is trained on every message."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        lemmas: LemmaIndex,
        meanings: Concepts,
        familiar: Familiarity,
        vectorizer: Vectorizer,
        merging: Merging,
        linear: LinearScorer | ThinScorer,
        encoder: float,
    ) -> None:
        """`vocabulary` counts the words that unknown ones are corrected to; empty: no correction."""
        self.vocabulary = vocabulary
        self.lemmas = lemmas
        self.meanings = meanings
        self.familiar = familiar
        self.vectorizer = vectorizer
        self.merging = merging
        self.linear = linear
        self.encoder = encoder
        self._correct = corrector(vocabulary, lemmas) if vocabulary else fold

    def vector(self, text: str, spans: Sequence[Span], sentence: Floats | None) -> tuple[Integers, Floats]:
        """Columns and values of a message's features; `sentence` is its vector by an encoder."""
        views = read_views(text, spans, self._correct)
        self.lemmas.meet(views.words())
        blocks = self.vectorizer.blocks
        terms = block_prints(
            views, blocks, self.lemmas, self.lemmas.knows, self.meanings.find, self.familiar.knows
        )
        columns, values = self.merging.vector(*self.vectorizer.vector(terms))
        if sentence is None:
            return columns, values
        width = self.merging.width
        behind = np.arange(width, width + len(sentence), dtype=np.int32)
        return np.concatenate([columns, behind]), np.concatenate([values, self.encoder * sentence])


class IntentModel:
    """A trained and calibrated model; safe to share between threads."""

    def __init__(self, scorer: Scorer, calibration: Calibration, facts: Facts, limits: Limits) -> None:
        self._scorer = scorer
        self._calibration = calibration
        self._facts = facts
        self._limits = limits
        self.labels = scorer.linear.labels

    @classmethod
    def train(
        cls, examples: Sequence[Example], settings: ModelSettings, say: Callable[[str], None] = logger.info
    ) -> IntentModel:
        """Train and calibrate. Same examples and settings give the same model.

        Raises:
            ValueError: fewer than two intents, or an intent with fewer than two different messages.
        """
        material = Material.of(examples, settings)
        say(f"intent model: {len(examples)} messages, {material.vectorizer.width} features")
        linear, scores, truth = material.fitted()
        calibration, probabilities = calibrated(scores, truth, settings.calibration_strength)
        limits = Limits.cheapest(
            linear.labels, settings.kinds(), probabilities, truth, outside=settings.outside
        )
        say(f"asks back below: {limits.by_kind}, or other matters above {limits.doubt}")
        scorer = Scorer(
            material.vocabulary,
            material.lemmas,
            material.meanings,
            material.familiar,
            material.vectorizer,
            material.merging,
            linear,
            settings.encoder,
        )
        facts = material.facts()
        say(f"facts: {', '.join(facts.intents) or 'none'}")
        return cls(scorer, calibration, facts, limits)

    def readings(
        self, text: str, spans: Sequence[Span], facts: int = 1, sentence: Floats | None = None
    ) -> list[Reading]:
        """All intents, most likely first; the first `facts` of them, if they are possible, with their fact.

        `sentence` is the message's vector, for a model that was trained with an encoder.
        """
        columns, values = self._scorer.vector(text, spans, sentence)
        probabilities = self._probabilities(columns, values)
        order = np.argsort(-probabilities, kind="stable")
        ranked = [Reading(self.labels[place], float(probabilities[place])) for place in order]
        return [
            reading._replace(fact=self._facts.best(reading.intent, columns, values))
            if at < facts and (not at or reading.confidence >= _POSSIBLE)
            else reading
            for at, reading in enumerate(ranked)
        ]

    def likeliest(self, text: str, spans: Sequence[Span], sentence: Floats | None = None) -> Reading:
        """The likeliest intent alone, with its fact."""
        columns, values = self._scorer.vector(text, spans, sentence)
        probabilities = self._probabilities(columns, values)
        place = int(np.argmax(probabilities))
        intent = self.labels[place]
        return Reading(intent, float(probabilities[place]), self._facts.best(intent, columns, values))

    def asks(self, readings: Sequence[Reading]) -> Limit | None:
        """The limit that the likeliest of the readings does not reach: asking back costs less than acting."""
        return self._limits.asks([(reading.intent, reading.confidence) for reading in readings])

    def _probabilities(self, columns: Integers, values: Floats) -> Scores:
        return self._calibration.probabilities(self._scorer.linear.scores(columns, values))

    def ranking(self, text: str, spans: Sequence[Span]) -> list[tuple[str, float]]:
        """All intents with their probabilities, most likely first."""
        return [(reading.intent, reading.confidence) for reading in self.readings(text, spans, facts=0)]

    def save(self, folder: Path) -> None:
        """Write the model as JSON and native arrays: vocabulary and weights, no training message.

        Raises:
            ValueError: the model was read, so it is on disk already.
        """
        if isinstance(self._scorer.linear, ThinScorer):
            raise ValueError("a model that was read is not written again")
        _write(folder / _FILE, self._scorer.vocabulary)
        _write(folder / _SETTINGS, {"encoder": self._scorer.encoder})
        if self._scorer.meanings:
            arrays, content = self._scorer.meanings.parts()
            save_arrays(folder, _MEANT, arrays)
            _write(folder / _CONCEPTS, content)
        scorer = self._scorer
        understood = (scorer.lemmas, scorer.familiar, scorer.vectorizer, scorer.merging, self._scorer.linear)
        for part in (*understood, self._calibration, self._facts, self._limits):
            part.save(folder)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote."""
        meanings = Concepts.of_entries({})
        if (folder / _CONCEPTS).exists():
            meanings = Concepts.from_parts(load_arrays(folder, _MEANT), _read(folder / _CONCEPTS))
            serve(meanings)
        scorer = Scorer(
            _read(folder / _FILE),
            LemmaIndex.load(folder),
            meanings,
            Familiarity.load(folder),
            Vectorizer.load(folder),
            Merging.load(folder),
            ThinScorer(LinearScorer.load(folder)),
            float(_read(folder / _SETTINGS)["encoder"]),
        )
        return cls(scorer, Calibration.load(folder), Facts.load(folder), Limits.load(folder))


def _write(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
