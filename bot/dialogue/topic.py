"""What was answered last, or what the open task is about: "a ile to trwa?" asks one more thing about it."""

from __future__ import annotations

from bot.dialogue.state import Conversation
from bot.dialogue.turn import FALLBACK, Turn
from bot.language.questions import looks_like_question

_SHORT = 8
"""Words; a longer message says itself what it is about."""
_UNSURE = 0.6
"""From this confidence on a message is about what it seems to be about, whatever was said before."""
_POSSIBLE = 0.02
"""Below this the topic is no reading of the message at all."""
_POINTING = frozenset(
    {"inform", "correct", "show_more", "show_later", "show_earlier", "choose_option", "help", "out_of_scope"}
)
"""Intents that mean little with nothing open, or outside of the topic."""
_OF_PRICES = frozenset({"ask_payment", "check_coverage"})
_PRICED = frozenset({"ask_home_visit", "urgent_help"})


def asked_on(turn: Turn, conversation: Conversation) -> str | None:
    """`intent/fact` that a short, unsure message asks for in the topic at hand; None otherwise.

    With a task open only a question does, and the topic is the task's. Never what was answered just now.
    """
    if conversation.top is not None:
        topic, said = conversation.top.topic if looks_like_question(turn.text) else "", ""
    else:
        topic, _, said = conversation.topic.partition("/")
    if not topic or len(turn.text.split()) > _SHORT:
        return None
    if turn.intent not in _POINTING | {FALLBACK, topic} and turn.confidence >= _UNSURE:
        return None
    fact = turn.facts.get(topic)
    if fact is None or fact == said or dict(turn.ranking).get(topic, 0.0) < _POSSIBLE:
        return None
    return f"{topic}/{fact}"


def price_of_topic(turn: Turn, conversation: Conversation) -> str | None:
    """ "Ile to kosztuje" right after an answer whose price is told: no service of the package is meant."""
    topic = conversation.topic.partition("/")[0]
    bare = conversation.top is None and not turn.has_facts and turn.intent in _OF_PRICES
    return f"{topic}/cost" if bare and topic in _PRICED else None
