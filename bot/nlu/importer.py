"""Training data importer that keeps the assistant's responses sorted by topic.

`domain.yml` holds everything but the texts; `data/responses/<topic>.yml` hold `responses:` only. Named in
`config.yml` under `importers:`, so that every `rasa` command sees one domain.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.common import cached_method
from rasa.shared.utils.validation import validate_training_data_format_version

RESPONSES_FOLDER = "data/responses"
_ALLOWED_KEYS = {"version", "responses"}


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
    ) -> None:
        """`responses` is a folder, relative to the folder of `config_file`."""
        super().__init__(config_file, domain_path, training_data_paths)
        root = Path(config_file).resolve().parent if config_file else Path.cwd()
        self._response_files = sorted((root / responses).glob("**/*.yml"))
        # Rasa takes any file with a `responses` key for NLU data with retrieval intents.
        ours = {file.resolve() for file in self._response_files}
        self._nlu_files: list[str] = [file for file in self._nlu_files if Path(file).resolve() not in ours]

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
    return responses
