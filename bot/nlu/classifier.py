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
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.code import code_fingerprint
from bot.nlu.entities import SPANS, LexiconEntityExtractor
from bot.nlu.intent_model import Example, IntentModel, ModelSettings
from bot.nlu.spans import Span

_RANKING_LENGTH = "ranking_length"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PolishIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking`; masks what `LexiconEntityExtractor` found before it."""

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
            Example(message.get(TEXT), _spans(message), message.get(INTENT))
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
            self._set_intent(message, self._model.ranking(message.get(TEXT) or "", _spans(message)))
        return messages

    def _set_intent(self, message: Message, ranking: Sequence[tuple[str, float]]) -> None:
        listed = [
            {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: probability}
            for name, probability in ranking[: self._ranking_length]
        ]
        message.set(INTENT, dict(listed[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, listed, add_to_output=True)


def _spans(message: Message) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in message.get(SPANS) or ())


def _settings(config: dict[str, Any]) -> ModelSettings:
    names = {field.name for field in fields(ModelSettings)}
    try:
        return ModelSettings(**{name: value for name, value in config.items() if name in names})
    except (TypeError, ValueError) as error:
        raise InvalidConfigException(str(error)) from error
