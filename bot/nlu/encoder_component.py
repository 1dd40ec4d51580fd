"""Graph component: the vector of a message by a sentence encoder that the installation has (optional)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.code import PROJECT, code_fingerprint
from bot.nlu.encoder import EncoderError, SentenceEncoder, encoder_fingerprint

VECTOR = "sentence_vector"
"""Property of a message: its vector; `PolishIntentClassifier` adds it to its features."""
VECTOR_OF = "vector_of"
"""Property of a message while it is read: a function that gives the vector of a part of it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class OnnxSentenceFeaturizer(GraphComponent):
    """Sets the sentence vector, also as dense features for Rasa's own classifiers.

    `path`: folder of the encoder, absolute or from the project's folder; `lowercase`: for a vocabulary
    without capitals.
    """

    def __init__(self, encoder: SentenceEncoder, name: str) -> None:
        self._encoder = encoder
        self._name = name

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No folder: the encoder is named where it is wanted."""
        return {"path": None, "lowercase": False, FEATURIZER_CLASS_ALIAS: None}

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be there (Rasa's interface)."""
        return ["onnxruntime"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OnnxSentenceFeaturizer:
        """The component with its encoder. Raises InvalidConfigException."""
        if not config["path"]:
            raise InvalidConfigException("the sentence encoder needs a 'path'")
        try:
            encoder = SentenceEncoder.load(_folder(config), lowercase=bool(config["lowercase"]))
        except EncoderError as error:
            raise InvalidConfigException(str(error)) from error
        return cls(encoder, execution_context.node_name or cls.__name__)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Another encoder is another model."""
        return f"{code_fingerprint()} {encoder_fingerprint(_folder(config)) if config.get('path') else ''}"

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Vectors of the training messages."""
        for message in training_data.training_examples:
            if message.get(TEXT):
                self._set(message)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Vectors of messages."""
        for message in messages:
            self._set(message)
            message.set(VECTOR_OF, self._encoder.encode)
        return messages

    def _set(self, message: Message) -> None:
        vector = self._encoder.encode(message.get(TEXT) or "")
        message.set(VECTOR, vector)
        message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._name))


def _folder(config: dict[str, Any]) -> Path:
    return PROJECT / str(config["path"])
