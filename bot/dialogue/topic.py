"""What was answered last: "a ile to trwa?" asks one more thing about the same topic."""

from __future__ import annotations

from bot.dialogue.state import Conversation
from bot.dialogue.turn import FALLBACK, Turn

_SHORT = 8
"""Words; a longer message says itself what it is about."""
_UNSURE = 0.6
"""From this confidence on a message is about what it seems to be about, whatever was said before."""
_POSSIBLE = 0.02
"""Below this the topic is no reading of the message at all."""
_POINTING = frozenset(
    {"inform", "correct", "show_more", "show_later", "show_earlier", "choose_option", "help"}
)
"""Intents that mean little with nothing open."""


def asked_on(turn: Turn, conversation: Conversation) -> str | None:
    """`intent/fact` that a short, unsure message asks for in the topic answered last; None otherwise.

    Only with no task open, and never what was answered just now.
    """
    topic, _, said = conversation.topic.partition("/")
    if not topic or conversation.top is not None or len(turn.text.split()) > _SHORT:
        return None
    if turn.intent not in _POINTING | {FALLBACK, topic} and turn.confidence >= _UNSURE:
        return None
    fact = turn.facts.get(topic)
    if fact is None or fact == said or dict(turn.ranking).get(topic, 0.0) < _POSSIBLE:
        return None
    return f"{topic}/{fact}"
