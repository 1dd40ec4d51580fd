"""What was answered last, or what the open task is about: "a ile to trwa?" asks one more thing about it."""

from __future__ import annotations

from bot.dialogue.state import Conversation
from bot.dialogue.turn import FALLBACK, Turn
from bot.language.cues import cue
from bot.language.questions import looks_like_question
from bot.language.text import folded_words

_SHORT = 8
"""Words; a longer message says itself what it is about."""
_UNSURE = 0.6
"""From this confidence on a message is about what it seems to be about, whatever was said before."""
_SURE_OF_ANOTHER = 0.8
"""From here on "jak to działa" is a question of its own ("jak działa aplikacja")."""
_POSSIBLE = 0.02
"""Below this the topic is no reading of the message at all."""
_POINTING = frozenset(
    {"inform", "correct", "show_more", "show_later", "show_earlier", "choose_option", "help", "out_of_scope"}
)
"""Intents that mean little with nothing open, or outside of the topic."""
_KINDS = frozenset({"control", "phone", "rehab"})
"""Kinds of visits that a wish after the answer is for."""


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
    if conversation.top is not None and _asks_how(turn):
        return topic
    if turn.intent not in _POINTING | {FALLBACK, topic} and turn.confidence >= _UNSURE:
        return None
    fact = turn.facts.get(topic)
    if fact is None or fact == said or dict(turn.ranking).get(topic, 0.0) < _POSSIBLE:
        return None
    return f"{topic}/{fact}"


def _asks_how(turn: Turn) -> bool:
    """ "A jak to działa?", "najpierw powiedz, na czym to polega": what the open task is."""
    said = folded_words(turn.text)
    how = any(
        cue("how").matches(word) and cue("works_how").among(said[at + 1 : at + 3])
        for at, word in enumerate(said)
    )
    sure = turn.confidence >= _SURE_OF_ANOTHER and turn.intent not in {"help", "why", FALLBACK}
    return how and not turn.has_facts and not sure


def subject_of(turn: Turn) -> dict[str, str]:
    """What was asked about: the service or specialty, when there is but one, and the kind of visit."""
    named = turn.said("service", "specialty")
    about = {named[0].kind: named[0].ids[0]} if len({mention.ids for mention in named}) == 1 else {}
    kinds = {mention.ids[0] for mention in turn.said("visit_kind")}  # "telefon czy gabinet?" wants neither
    return about | ({"visit_kind": kinds.pop()} if len(kinds) == 1 and kinds <= _KINDS else {})
