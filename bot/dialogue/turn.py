"""One message of the patient, as understood: what every task reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.moves import settled
from bot.language.times import When

PRESS = "press"
"""Intent of a pressed button; its entity `key` names the option (state.Prompt)."""
FALLBACK = "nlu_fallback"
FACT = "fact"
"""In Rasa's message: the fact inside the intent, `{"name", "confidence"}`; a button names it as an entity."""
TAP = "tap"
"""Entity of a button under a message that the assistant started: ids of what it is about."""
PART = "part"
"""In the metadata of a message that is only a part of what the patient wrote: which one (from 1)."""
SURE_OF_A_FACT = 0.4
"""Below this the general reply of the intent is given: it is about the same thing, only less to the point."""


_NO_MENTIONS = frozenset({"when", "time", "key", FACT, TAP})
_BUTTON = "button"
"""Extractor of what a button says; see bot.channels.rasa_bridge.parse_payload."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing of the domain named in the message; `ids` are the candidates, best first."""

    kind: str
    ids: tuple[str, ...]
    text: str
    start: int
    end: int
    negated: bool = False
    contrast: str | None = None
    score: float = 1.0
    age: int | None = None
    """Years, when the word says them ("trzylatek")."""

    @property
    def unwanted(self) -> bool:
        """The patient said they do not want it: "nie u Kowalskiego", "oprócz piątku"."""
        return self.negated or self.contrast == "not"


@dataclass(frozen=True, slots=True)
class Turn:
    """What the patient wrote or pressed in one message."""

    text: str
    intent: str
    confidence: float = 1.0
    ranking: tuple[tuple[str, float], ...] = ()
    mentions: tuple[Mention, ...] = ()
    when: When | None = None
    fact: str | None = None
    """What inside the intent is asked for ("banks" of "confirm_identity"); None for its general question."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """The same for every likely intent of the ranking."""
    requests: tuple[Mapping[str, Any], ...] = ()
    """The parts of a message that asks for several things, each in the form of a message."""
    key: str | None = None
    tap: Mapping[str, Any] = field(default_factory=dict)
    """Of a button under an event of the portal: `visit`, `watch` (ids), `slot` (as the portal shows it)."""
    message_id: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Turn:
        """Reads a Rasa `latest_message` (text, intent, intent_ranking, entities)."""
        entities = [entity for entity in message.get("entities") or () if isinstance(entity, Mapping)]
        intent = message.get("intent") or {}
        return cls(
            text=_words(message),
            intent=settled(_words(message), str(intent.get("name") or FALLBACK)),
            confidence=float(intent.get("confidence") or 0.0),
            ranking=tuple(
                (str(item.get("name")), float(item.get("confidence") or 0.0))
                for item in message.get("intent_ranking") or ()
            ),
            mentions=tuple(_mentions(entities)),
            when=_when(entities),
            fact=_fact(message, entities),
            facts={
                str(item.get("name")): fact
                for item in message.get("intent_ranking") or ()
                if (fact := fact_of(item)) is not None
            },
            requests=tuple(message.get("requests") or ()),
            key=next((str(e.get("value")) for e in entities if e.get("entity") == "key"), None),
            tap=_tap(entities),
            message_id=str(message.get("message_id") or ""),
            metadata=message.get("metadata") or {},
        )

    @property
    def pressed(self) -> bool:
        """True for a button (also once its meaning is carried out), False for words."""
        return self.intent == PRESS or self.key is not None or bool(self.tap)

    @property
    def has_facts(self) -> bool:
        """Whether anything was named, wanted or not, or a time."""
        return bool(self.mentions) or self.when is not None

    def best_intent(self) -> str:
        """The likeliest intent even when the classifier was not sure enough to claim it."""
        if self.intent != FALLBACK:
            return self.intent
        return next((name for name, _ in self.ranking if name != FALLBACK), FALLBACK)

    def said(self, *kinds: str) -> list[Mention]:
        """Wanted mentions of these kinds, in the order they were said."""
        return [m for m in self.mentions if m.kind in kinds and not m.unwanted]

    def unwanted(self, *kinds: str) -> list[Mention]:
        """Mentions the patient excluded."""
        return [m for m in self.mentions if m.kind in kinds and m.unwanted]

    def has(self, *kinds: str) -> bool:
        """Whether anything of these kinds was said, wanted or not."""
        return any(m.kind in kinds for m in self.mentions)

    def says(self, kind: str, identifier: str) -> bool:
        """Whether this very thing was said (and wanted)."""
        return any(identifier in m.ids for m in self.said(kind))


def _mentions(entities: list[Mapping[str, Any]]) -> Iterator[Mention]:
    for entity in entities:
        kind = str(entity.get("entity"))
        if kind in _NO_MENTIONS:
            continue
        candidates = entity.get("candidates") or [entity.get("value")]
        yield Mention(
            kind=kind,
            ids=tuple(str(candidate) for candidate in candidates if candidate is not None),
            text=str(entity.get("text") or ""),
            start=int(entity.get("start") or 0),
            end=int(entity.get("end") or 0),
            negated=bool(entity.get("negated")),
            contrast=entity.get("contrast"),
            score=float(entity.get("score") or 1.0),
            age=int(entity["age"]) if isinstance(entity.get("age"), int) else None,
        )


def fact_of(reading: Mapping[str, Any]) -> str | None:
    """The fact of a message or of an entry of its ranking, when it is sure enough."""
    fact = reading.get(FACT) or {}
    sure = float(fact.get("confidence") or 0.0) >= SURE_OF_A_FACT
    return str(fact["name"]) if sure and fact.get("name") else None


def _words(message: Mapping[str, Any]) -> str:
    """What the patient wrote. A button or a report of the channel has no words to look for a "tak" in, or to
    take for a free text; its payload begins with a slash, which no text of a patient does."""
    text = str(message.get("text") or "")
    return "" if text.startswith("/") else text


def _fact(message: Mapping[str, Any], entities: list[Mapping[str, Any]]) -> str | None:
    pressed = next((str(e.get("value")) for e in entities if e.get("entity") == FACT), None)
    return pressed or fact_of(message)


def _tap(entities: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    for entity in entities:
        if entity.get("entity") == TAP and entity.get("extractor") == _BUTTON:
            value = entity.get("value")
            return value if isinstance(value, Mapping) else {}
    return {}


def _when(entities: list[Mapping[str, Any]]) -> When | None:
    for entity in entities:
        if entity.get("entity") == "when" and entity.get("value"):
            return When.from_json(json.loads(str(entity["value"])))
    return None
