"""Graph component: which intent a message has, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.code import code_fingerprint
from bot.nlu.costs import Limit
from bot.nlu.encoder_component import VECTOR, VECTOR_OF
from bot.nlu.entities import ENTITIES_OF, SPANS, LexiconEntityExtractor
from bot.nlu.facts import GENERAL
from bot.nlu.importer import FACT
from bot.nlu.intent_model import IntentModel, Reading
from bot.nlu.material import Example, ModelSettings
from bot.nlu.requests import requests_in, with_mark
from bot.nlu.spans import Span

REQUESTS = "requests"
"""In the parse result: the parts of a message that asks for several things, each like a message."""
_RANKING_LENGTH = "ranking_length"
_WITH_FACTS = 10
"""Readings whose fact is looked for: the likeliest, and those that what was said before may make likely."""
_NEVER_SURER = 0.5
"""Confidence of a fallback at most: whatever the limit was, nobody may take it for something understood."""
_OF_INTENT = (INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PolishIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `fact`; masks what `LexiconEntityExtractor` found before it.

    Where asking back costs less than acting (`bot/nlu/costs.py`), the intent is `nlu_fallback`.

    `fact` is `{"name", "confidence"}`: which of the intent's facts is asked for, name None for its general
    question. Only intents that have facts have it; the first entries of the ranking have their own.
    `requests` is there only when the message asks for several things (`bot/nlu/requests.py`).
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._settings = _settings(config)
        self._ranking_length = int(config[_RANKING_LENGTH])
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        """Names and times must be known before (Rasa's interface)."""
        return [LexiconEntityExtractor]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that training needs (Rasa's interface)."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Fields of `ModelSettings`, and how many intents the ranking lists."""
        defaults = ModelSettings()
        settings = {field.name: getattr(defaults, field.name) for field in fields(defaults)}
        return {**settings, _RANKING_LENGTH: 10}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PolishIntentClassifier:
        """An untrained component (Rasa's interface)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PolishIntentClassifier:
        """A trained component (Rasa's interface). A damaged model raises: better than an untrained bot."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(Path(folder)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Retrain when any of our code changes (Rasa looks at this class alone)."""
        return code_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the messages with their spans and write the model."""
        examples = [
            Example(
                message.get(TEXT),
                _spans(message),
                message.get(INTENT),
                message.get(FACT) or GENERAL,
                message.get(VECTOR),
            )
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        self._model = IntentModel.train(examples, self._settings)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of each message; an empty text is like no intent (Rasa needs one)."""
        if self._model is None:
            raise RuntimeError("the intent classifier is not trained")
        for message in messages:
            self._read(message, self._model)
        return messages

    def _read(self, message: Message, model: IntentModel) -> None:
        text, spans = message.get(TEXT) or "", _spans(message)
        readings = model.readings(text, spans, _WITH_FACTS, message.get(VECTOR))
        self._set_intent(message, readings, model.asks(readings))
        vector_of = message.get(VECTOR_OF)

        def read(start: int, end: int) -> Reading:
            part = text[start:end]
            vector = vector_of(part) if vector_of else None
            return model.likeliest(part, _shifted(spans, start, end), vector)

        parts = requests_in(text, readings[0], read)
        if parts:
            listed = [self._request(message, with_mark(text, part), part.reading) for part in parts]
            message.set(REQUESTS, listed, add_to_output=True)

    @staticmethod
    def _request(message: Message, text: str, reading: Reading) -> dict[str, Any]:
        """A part of the message in the form of a message of its own."""
        entities_of = message.get(ENTITIES_OF)
        entry = _listed(reading)
        intent = {name: entry[name] for name in _OF_INTENT}
        return {
            TEXT: text,
            INTENT: intent,
            INTENT_RANKING_KEY: [entry],
            **({FACT: entry[FACT]} if FACT in entry else {}),
            ENTITIES: entities_of(text) if entities_of else [],
        }

    def _set_intent(self, message: Message, readings: Sequence[Reading], limit: Limit | None) -> None:
        listed = [_listed(reading) for reading in readings[: self._ranking_length]]
        message.set(INTENT, {name: listed[0][name] for name in _OF_INTENT}, add_to_output=True)
        message.set(INTENT_RANKING_KEY, listed, add_to_output=True)
        if FACT in listed[0]:
            message.set(FACT, listed[0][FACT], add_to_output=True)
        if limit is not None:  # as Rasa's own fallback does it: the ranking stays, to ask with
            doubtful = min(limit.confidence, _NEVER_SURER)
            asks = dict(zip(_OF_INTENT, (DEFAULT_NLU_FALLBACK_INTENT_NAME, doubtful), strict=True))
            message.set(INTENT, asks, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [asks, *listed], add_to_output=True)


def _listed(reading: Reading) -> dict[str, Any]:
    entry = {INTENT_NAME_KEY: reading.intent, PREDICTED_CONFIDENCE_KEY: reading.confidence}
    if reading.fact is None:
        return entry
    fact = {"name": reading.fact.name or None, "confidence": reading.fact.confidence}
    return {**entry, FACT: fact}


def _shifted(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The spans inside a stretch of the message, as offsets in it."""
    inside = (span for span in spans if start <= span.start and span.end <= end)
    return tuple(span._replace(start=span.start - start, end=span.end - start) for span in inside)


def _spans(message: Message) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in message.get(SPANS) or ())


def _settings(config: dict[str, Any]) -> ModelSettings:
    names = {field.name for field in fields(ModelSettings)}
    try:
        return ModelSettings(**{name: value for name, value in config.items() if name in names})
    except (TypeError, ValueError) as error:
        raise InvalidConfigException(str(error)) from error
