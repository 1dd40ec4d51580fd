"""Training data importer that keeps the assistant's responses sorted by topic, and knows facts.

`domain.yml` holds everything but the texts; `data/responses/<topic>.yml` hold `responses:` only. A message
labelled `intent/fact` is one of the intent for everything in Rasa, and carries its fact beside it (`FACT`):
no response selector is involved. Named in `config.yml` under `importers:`, so that every `rasa` command sees
the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import ResponsesSyncImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, RESPONSE_IDENTIFIER_DELIMITER
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method
from rasa.shared.utils.validation import validate_training_data_format_version

RESPONSES_FOLDER = "data/responses"
EVALUATION_FOLDER = "data/evaluation"
FACT = "fact"
"""Property of a message: the fact inside its intent; also the entity by which a button names one."""
_ALLOWED_KEYS = {"version", "responses"}
_FACT_PAYLOAD = re.compile(r"/(\w+)/(\w+)")


class ResponsesError(RasaException):
    """A file of responses holds something else, or two files define the same response."""


class TopicImporter(RasaFileImporter):
    """Rasa's file importer, with the responses of `data/responses/` merged into the domain."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | list[str] | None = None,
        training_data_paths: list[str] | str | None = None,
        responses: str = RESPONSES_FOLDER,
        evaluation: str = EVALUATION_FOLDER,
    ) -> None:
        """`responses` and `evaluation` are folders, relative to the folder of `config_file`."""
        super().__init__(config_file, domain_path, training_data_paths)
        root = Path(config_file).resolve().parent if config_file else Path.cwd()
        self._response_files = sorted((root / responses).glob("**/*.yml"))
        # Rasa takes any file with a `responses` key for NLU data with retrieval intents.
        ours = {file.resolve() for file in self._response_files}
        self._nlu_files: list[str] = [file for file in self._nlu_files if Path(file).resolve() not in ours]
        # Plain `rasa` commands read all of `data/`; what the assistant is measured with never trains it.
        kept = (root / evaluation).resolve()
        for name in ("_nlu_files", "_story_files", "_conversation_test_files"):
            files = [file for file in getattr(self, name) if not Path(file).resolve().is_relative_to(kept)]
            setattr(self, name, files)

    @cached_method
    def get_domain(self) -> Domain:
        """The domain with all responses in it.

        Raises:
            ResponsesError: a response is defined twice, or a file holds more than responses.
        """
        domain = super().get_domain()
        if domain.is_empty():
            return domain
        return domain.merge(Domain.from_dict({"responses": self._responses(set(domain.responses))}))

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The messages; the fact of a label `intent/fact` becomes a property of its own."""
        data = super().get_nlu_data(language)
        for message in data.training_examples:
            label = message.data.pop(INTENT_RESPONSE_KEY, None)
            if label is not None:
                message.set(FACT, label.partition(RESPONSE_IDENTIFIER_DELIMITER)[2])
        return data

    def _responses(self, defined: set[str]) -> dict[str, list[dict[str, Any]]]:
        origin = dict.fromkeys(defined, "the domain")
        collected: dict[str, list[dict[str, Any]]] = {}
        for file in self._response_files:
            for name, variations in _read_responses(file).items():
                if name in origin:
                    raise ResponsesError(
                        f"Response '{name}' of {file.name} is defined in {origin[name]} too."
                    )
                origin[name] = file.name
                collected[name] = variations
        return collected


def _read_responses(file: Path) -> dict[str, list[dict[str, Any]]]:
    content = rasa.shared.utils.io.read_yaml_file(file) or {}
    unexpected = set(content) - _ALLOWED_KEYS
    if unexpected:
        raise ResponsesError(f"{file.name} may hold responses only, not {', '.join(sorted(unexpected))}.")
    if not validate_training_data_format_version(content, str(file)):
        raise ResponsesError(f"{file.name} has a version that this Rasa does not read.")
    responses: dict[str, list[dict[str, Any]]] = content.get("responses") or {}
    for variation in (variation for variations in responses.values() for variation in variations):
        for button in variation.get("buttons") or ():
            button["payload"] = rasa_payload(str(button["payload"]))
    return responses


def keep_replies_out_of_training() -> None:
    """An edited reply trains nothing anew: Rasa would make all replies `utter_x/y` part of the messages.

    They are for its response selector, which is not used here.
    """
    ResponsesSyncImporter._get_nlu_data_with_responses = staticmethod(lambda _: TrainingData())


def rasa_payload(payload: str) -> str:
    """A button's `/intent/fact` in the form that Rasa's own channels read."""
    return (
        _FACT_PAYLOAD.sub(rf'/\1{{"{FACT}": "\2"}}', payload) if _FACT_PAYLOAD.fullmatch(payload) else payload
    )
