"""Understanding texts with the NLU part of a trained model: no server, no dialogue."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import tensorflow_standin

RANKING_LENGTH = 10


class Understanding:
    """The understanding of one trained model, loaded once."""

    def __init__(self, model: Path) -> None:
        """Load a model file. Raises RasaException when it does not fit this code."""
        tensorflow_standin.install()
        from rasa.engine.graph import ExecutionContext
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage

        with tempfile.TemporaryDirectory() as folder:
            storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model)
            # The node before Rasa's handler of "/intent" messages: a text is always a patient's text here.
            handler = metadata.predict_schema.nodes[metadata.nlu_target]
            self._target: str = handler.needs["messages"]
            schema = metadata.predict_schema.minimal_graph_schema([self._target])
            context = ExecutionContext(graph_schema=schema, model_id=metadata.model_id)
            self._runner = DaskGraphRunner.create(schema, storage, context)

    def parse(self, text: str, now: str | None = None) -> dict[str, Any]:
        """Text, intent, fact, ranking, entities and the requests of several, ready for JSON.

        `now` is ISO 8601 with an offset, else the real clock; a malformed one raises ValueError.
        """
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE

        metadata = {} if now is None else {"now": _checked(now)}
        message = UserMessage(text=text, metadata=metadata)
        parsed = self._runner.run({PLACEHOLDER_MESSAGE: [message]}, [self._target])[self._target][0]
        return {
            "text": text,
            "intent": parsed.get("intent") or {"name": None, "confidence": 0.0},
            "fact": parsed.get("fact"),
            "intent_ranking": (parsed.get("intent_ranking") or [])[:RANKING_LENGTH],
            "entities": parsed.get("entities") or [],
            "requests": parsed.get("requests") or [],
        }


def parse_lines(model: Path, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Parse each line: `{"text": ..., "now"?: ...}`, a JSON string, or plain text; blank ones are skipped.

    Raises:
        ValueError: an object without a text, or with a malformed `now`; the text names the line.
    """
    understanding = Understanding(model)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            text, now = _request(line)
            yield understanding.parse(text, now)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error


def _request(line: str) -> tuple[str, str | None]:
    plain = line.rstrip("\r\n")
    try:
        content = json.loads(plain)
    except json.JSONDecodeError:
        return plain, None
    if isinstance(content, str):
        return content, None
    if not isinstance(content, dict):
        return plain, None  # „2” and „true” are things that patients write
    text, now = content.get("text"), content.get("now")
    if not isinstance(text, str) or not (now is None or isinstance(now, str)):
        raise ValueError("needs a string 'text', and 'now' as a string where it is given")
    return text, now


def _checked(now: str) -> str:
    if datetime.fromisoformat(now).tzinfo is None:
        raise ValueError(f"'{now}' needs an offset")
    return now
