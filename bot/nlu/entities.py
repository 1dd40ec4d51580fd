"""Graph component: names and times in a message, from the lexicon and the time parser of `bot.language`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.lexicon import Lexicon
from bot.nlu.code import PROJECT, code_fingerprint
from bot.nlu.dictionaries import Dictionaries, as_dictionaries, holder, lexicon_with_dependants
from bot.nlu.parallel import pieces, side_by_side
from bot.nlu.recognition import entities_of, named_spans, recognise, spans_of

logger = logging.getLogger(__name__)

SPANS = "named_spans"
ENTITIES_OF = "entities_of"
"""Property of a message while it is read: a function that gives the entities of a part of it."""
WARSAW = ZoneInfo("Europe/Warsaw")
SNAPSHOT_FILE = "dictionaries.json"
_PIECE = 2_000
"""So many training messages at least are worth a process of their own."""
# Training only asks where the times are, not what they mean: any fixed moment keeps it repeatable.
_TRAINING_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)


def _real_clock() -> datetime:
    return datetime.now(WARSAW)


# A featurizer too: Rasa runs only tokenizers and featurizers over the training messages.
@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=True,
)
class LexiconEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Sets `entities`, and the spans that `PolishIntentClassifier` masks.

    Metadata of a message may hold `now` (ISO 8601 with offset; else the real clock) and `dependants`
    (objects with `id` and `first_name`, known for this patient only).
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        clock: Callable[[], datetime] = _real_clock,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._clock = clock

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`dictionaries`: JSON file, from the project's folder, to train with when none were set."""
        return {"dictionaries": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LexiconEntityExtractor:
        """A component without a snapshot (Rasa's interface)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LexiconEntityExtractor:
        """A component whose snapshot serves until fresh dictionaries are set (Rasa's interface)."""
        with model_storage.read_from(resource) as folder:
            holder().offer(read_dictionaries(Path(folder) / SNAPSHOT_FILE))
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Retrain when our code or the dictionaries change (Rasa looks at this class alone)."""
        return f"{code_fingerprint()} {json.dumps(training_dictionaries(config), sort_keys=True)}"

    def train(self, training_data: TrainingData) -> Resource:
        """Write the dictionaries of today into the model."""
        data = training_dictionaries(self._config)
        holder().offer(data)
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / SNAPSHOT_FILE).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Mark what the training messages name. Values are left out: they would change from day to day."""
        lexicon = holder().lexicon()
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        parts = side_by_side(
            lambda piece: [
                [tuple(span) for span in named_spans(message.get(TEXT), _TRAINING_NOW, lexicon)]
                for message in messages[piece]
            ],
            pieces(len(messages), _PIECE),
        )
        for message, spans in zip(messages, chain.from_iterable(parts), strict=True):
            message.set(SPANS, spans)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            metadata = message.get(METADATA) or {}
            now, lexicon = self._now(metadata), self._lexicon(metadata)
            recognition = recognise(text, now, lexicon)
            entities = [*message.get(ENTITIES, []), *entities_of(recognition, self.name)]
            message.set(ENTITIES, entities, add_to_output=True)
            message.set(ENTITIES_OF, partial(self._entities_of, now, lexicon))
            message.set(SPANS, [tuple(span) for span in spans_of(recognition)])
        return messages

    def _entities_of(self, now: datetime, lexicon: Lexicon, text: str) -> list[dict[str, Any]]:
        return entities_of(recognise(text, now, lexicon), self.name)

    def _now(self, metadata: dict[str, Any]) -> datetime:
        given = metadata.get("now")
        if given is None:
            return self._clock()
        try:
            return datetime.fromisoformat(given).astimezone(WARSAW)
        except (TypeError, ValueError):
            # A turn is worth more than a clock that some channel set wrongly.
            logger.warning("metadata 'now' is not a time; the real clock is used")
            return self._clock()

    @staticmethod
    def _lexicon(metadata: dict[str, Any]) -> Lexicon:
        dependants = metadata.get("dependants")
        return lexicon_with_dependants(dependants) if dependants else holder().lexicon()


def training_dictionaries(config: dict[str, Any]) -> Dictionaries:
    """Lists set in this process, else those of the configured file, else none.

    Raises:
        ValueError: the configured file is not a file of dictionaries.
        OSError: it cannot be read.
    """
    fresh = holder().fresh()
    if fresh is not None:
        return fresh
    file = config.get("dictionaries")
    return read_dictionaries(PROJECT / file) if file else {}


def read_dictionaries(file: Path) -> Dictionaries:
    """Read a JSON file of the portal's lists (see `training_dictionaries` for errors)."""
    return as_dictionaries(json.loads(file.read_text(encoding="utf-8")))
