"""A short question about the topic at hand, whatever its few words are near to: "a czy to coś kosztuje?"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from bot.dialogue.acts import ALWAYS_ANSWERED, SURE
from bot.dialogue.options import named_option
from bot.dialogue.state import Conversation
from bot.dialogue.turn import FALLBACK, PRESS, Mention, Turn
from bot.language.asides import OTHER, Aside, find_aside

_ALARMS = frozenset({"emergency", "crisis"})
_GROWN_UP = 18
_CHILDREN = frozenset({"child", "daughter", "son", "grandchild"})
_NOBODY_ELSE = frozenset({"self"})
_FEW = 1
"""So many words of its own leave a message that is unsure about the topic at hand."""
_NAMED = frozenset({"service", "specialty", "doctor", "unlisted", "city", "facility"})
_OF_ITS_OWN = frozenset({"cost", "duration", "deadline", "papers", "undo", "safe", "for_child", "for_adult"})
"""What a first message may ask of its own intent beside the facts that understanding finds."""
_ASKING = ("ask_", "confirm_identity")
"""Beginnings of intents that ask how things are; the others want something done."""
_MOST = 2


def asides(turn: Turn, conversation: Conversation) -> tuple[str, ...]:
    """`intent/fact` (or `intent`) of the replies to a question about the topic at hand; none when it is none.

    The topic is what was answered last, else the open task's, else what the message itself is surely about.
    """
    if turn.intent == PRESS or turn.pressed or not turn.text or _means_an_option(turn, conversation):
        return ()
    people = [m for m in turn.mentions if m.kind == "relation" and not _NOBODY_ELSE & set(m.ids)]
    found = find_aside(turn.text, [(m.start, m.end) for m in people])
    if found is None or turn.intent in _ALARMS:
        return ()
    asked = [_whose(people, turn.text) if name == OTHER else name for name in found.asks]
    for topic in _topics(turn, conversation, found, asked):
        told = [answers()[topic][name] for name in asked if name in answers().get(topic, {})]
        if told:
            return tuple(dict.fromkeys(told))[:_MOST]
    return ()


def _topics(turn: Turn, conversation: Conversation, found: Aside, asked: list[str]) -> Iterator[str]:
    if _bare(turn, found):
        if conversation.topic:
            yield conversation.topic.partition("/")[0]
        if conversation.top is not None:
            yield conversation.top.topic
    asking = turn.intent.startswith(_ASKING) and turn.fact is None
    if asking and conversation.top is None and turn.confidence >= SURE and set(asked) <= _OF_ITS_OWN:
        yield turn.intent


def _bare(turn: Turn, found: Aside) -> bool:
    """Whether it says nothing else that it could be about."""
    if any(mention.kind in _NAMED for mention in turn.mentions):
        return False
    if not found.names:
        return True
    unsure = turn.intent == FALLBACK or (turn.confidence < SURE and turn.intent not in ALWAYS_ANSWERED)
    return unsure and len(found.names) <= _FEW


def _means_an_option(turn: Turn, conversation: Conversation) -> bool:
    """Whether it is word for word something that can be tapped."""
    frame = conversation.top or conversation.parked
    return frame is not None and frame.prompt is not None and named_option(frame.prompt, turn) is not None


def _whose(people: list[Mention], text: str) -> str:
    ages = [int(word) for word in text.split() if word.isdigit()]
    grown_up = any(age >= _GROWN_UP for age in ages)
    child = any(_CHILDREN & set(person.ids) for person in people) and not grown_up
    return "for_child" if child else "for_adult"


@lru_cache(maxsize=1)
def answers() -> Mapping[str, Mapping[str, str]]:
    """asides.yml: topic -> what is asked -> `intent/fact` of the reply."""
    text = resources.files("bot.dialogue").joinpath("asides.yml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)["answers"]
    return read
