"""The Polish words of the assistant, read from the domain: no reply text lives in Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

_VARIABLE = re.compile(r"\{(\w+)\}")


class MissingTextError(KeyError):
    """A response that the domain does not have, or a variable that was not given."""


def load_responses(project: Path) -> dict[str, list[dict[str, Any]]]:
    """Responses of `domain.yml` and `data/responses/*.yml`, with all their variants."""
    responses: dict[str, list[dict[str, Any]]] = {}
    for path in [project / "domain.yml", *sorted((project / "data" / "responses").glob("*.yml"))]:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for name, variants in (content.get("responses") or {}).items():
            responses[name] = list(variants or [{}])
    return responses


def replies_of(project: Path, topics: Iterable[str]) -> frozenset[str]:
    """Names of the replies of these topics, without those named after an intent: they tell it to anybody.

    Raises FileNotFoundError for a topic without responses.
    """
    domain = yaml.safe_load((project / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(item)) if isinstance(item, dict) else str(item) for item in domain["intents"]}
    names: set[str] = set()
    for topic in topics:
        path = project / "data" / "responses" / f"{topic}.yml"
        names |= set(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"])
    return frozenset(n for n in names if n.removeprefix("utter_").partition("/")[0] not in intents)


class Texts:
    """Short pieces (button labels, lines of a summary) that are put together into replies."""

    def __init__(self, responses: Mapping[str, str]) -> None:
        self._responses = dict(responses)

    @classmethod
    def load(cls, project: Path) -> Texts:
        """Reads the responses below the project folder; of several variants the first is used."""
        found = load_responses(project)
        return cls({name: str(variants[0].get("text") or "").strip() for name, variants in found.items()})

    def has(self, name: str) -> bool:
        """Whether the domain has this response."""
        return name in self._responses

    def has_facts(self, intent: str) -> bool:
        """Whether an asking intent has replies to single facts."""
        return any(name.startswith(f"utter_{intent}/") for name in self._responses)

    def get(self, name: str, /, **values: Any) -> str:
        """The text with its variables filled in. Raises MissingTextError, never leaves a hole."""
        if name not in self._responses:
            raise MissingTextError(name)

        def value(match: re.Match[str]) -> str:
            if match.group(1) not in values:
                raise MissingTextError(f"{name}: {match.group(1)}")
            return str(values[match.group(1)])

        return _VARIABLE.sub(value, self._responses[name])

    def label(self, name: str, /, **values: Any) -> str:
        """The label of a button: response `utter_label_<name>`."""
        return self.get(f"utter_label_{name}", **values)
