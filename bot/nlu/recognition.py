"""What a message names: lexicon mentions and times, as Rasa entities and as spans for the classifier."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.language.lexicon import Lexicon, Mention
from bot.language.times import TimeExpression, When, find_times, to_when, without_reasons
from bot.nlu.spans import Span, without_overlaps

TIME = "time"
WHEN = "when"
# „Maj” or „Sobota” may be a surname, „3 Maja” a street: a name that was recognised is not a date.
_NAMES = frozenset({"doctor", "dependant", "facility", "city", "unlisted_city", "district"})


@dataclass(frozen=True, slots=True)
class Recognition:
    """Everything named in one message; `when` merges its times, or is None."""

    text: str
    mentions: tuple[Mention, ...]
    times: tuple[TimeExpression, ...]
    when: When | None


def recognise(text: str, now: datetime, lexicon: Lexicon) -> Recognition:
    """Find names and times in a message; `now` is aware, patients' time (Europe/Warsaw)."""
    mentions = tuple(lexicon.find(text))
    names = [mention for mention in mentions if mention.kind in _NAMES]
    times = tuple(found for found in find_times(text, now) if not _overlaps(found, names))
    return Recognition(text, mentions, times, to_when(without_reasons(text, times), now) if times else None)


def prepare(lexicon: Lexicon, now: datetime) -> None:
    """Build now what the first message would have to wait for."""
    recognise("Jutro o 10 do lekarza w Warszawie?", now, lexicon)


def named_spans(text: str, now: datetime, lexicon: Lexicon) -> tuple[Span, ...]:
    """Only where the names and times are, in order and without overlaps (longer ones win)."""
    return spans_of(recognise(text, now, lexicon))


def spans_of(recognition: Recognition) -> tuple[Span, ...]:
    """Spans of the mentions and times, in order and without overlaps (longer ones win)."""
    found = [Span(mention.start, mention.end, mention.kind) for mention in recognition.mentions]
    found += [Span(time.start, time.end, TIME) for time in recognition.times]
    return without_overlaps(found)


def entities_of(recognition: Recognition, extractor: str) -> list[dict[str, Any]]:
    """The message's entities as Rasa knows them, ready for JSON."""
    entities = [_mention_entity(mention) for mention in recognition.mentions]
    entities += [_time_entity(expression) for expression in recognition.times]
    entities.sort(key=lambda entity: (entity["start"], -entity["end"]))
    if recognition.when is not None:
        entities.append(_when_entity(recognition.when, recognition))
    return [{**entity, "extractor": extractor} for entity in entities]


def _mention_entity(mention: Mention) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "entity": mention.kind,
        "value": mention.ids[0],
        "candidates": list(mention.ids),
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "score": round(float(mention.score), 4),
        "negated": mention.negated,
        "contrast": mention.contrast,
    }
    if mention.age is not None:
        entity["age"] = mention.age
    return entity


def _time_entity(expression: TimeExpression) -> dict[str, Any]:
    return {
        "entity": TIME,
        "value": _json_text(expression.to_json()),
        "start": expression.start,
        "end": expression.end,
        "text": expression.text,
        "score": 1.0,
        "negated": expression.excluded,
        "contrast": None,
    }


def _when_entity(when: When, recognition: Recognition) -> dict[str, Any]:
    start = min(time.start for time in recognition.times)
    end = max(time.end for time in recognition.times)
    return {
        "entity": WHEN,
        "value": _json_text(when.to_json()),
        "start": start,
        "end": end,
        "text": recognition.text[start:end],
        "score": 1.0,
        "negated": False,
        "contrast": None,
    }


def _json_text(value: dict[str, Any]) -> str:
    # Slots and tracker events compare values: one spelling of the same content.
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _overlaps(expression: TimeExpression, mentions: Iterable[Mention]) -> bool:
    return any(mention.start < expression.end and expression.start < mention.end for mention in mentions)
