"""Several requests in one message: whether to take it apart, and in which order its parts are done.

What the parts are is found in understanding (`bot/nlu/requests.py`). Questions are answered first, then an
answer to the open question, then tasks one after the other, each when the one before it is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.acts import ALWAYS_ANSWERED, ANSWERS, MOVES, REFINING, SURE, TELLING
from bot.dialogue.options import match_option
from bot.dialogue.state import CONSENT, Conversation, Waiting
from bot.dialogue.turn import Turn, fact_of
from bot.language.consent import behind_yes, explicit_yes
from bot.language.cues import cue
from bot.language.questions import asks
from bot.language.text import folded_words

Part = Mapping[str, Any]
_ASKING = ("ask_", "check_")
"""Beginnings of the intents that ask how things are."""
_SUBJECTS = frozenset({"service", "specialty", "visit_kind", "unlisted"})
"""Kinds of things that "ile to kosztuje?" may be about when they stand in another part of the message."""


def takes_apart(turn: Turn, conversation: Conversation, starts: Mapping[str, str]) -> bool:
    """Whether the parts of a message are done one by one; `starts` are the tasks that intents start."""
    parts = _whole(turn.requests)
    if not parts or (turn.intent in ALWAYS_ANSWERED and turn.confidence >= SURE):
        return False
    prompt = conversation.top.prompt if conversation.top else None
    rest = _led_by_yes(turn, conversation, parts)
    if rest is not None:
        return _rest_apart(turn, conversation, rest, starts)
    if prompt is not None and (
        prompt.about == CONSENT or prompt.free_text or match_option(prompt, turn) is not None
    ):
        return False
    if len(parts) == 1:
        return True
    if _is_answer(parts[0]):
        return prompt is not None and is_question(parts[1])
    return _different_tasks(parts, starts)


def _led_by_yes(turn: Turn, conversation: Conversation, parts: Sequence[Part]) -> Part | None:
    """What is asked for behind a leading yes: "no dobrze, podaj ten numer".

    Not the question behind an answer ("tak, a ile to trwa?") where no "tak" changes anything.
    """
    if len(parts) != 2 or intent_of(parts[0]) != "affirm" or behind_yes(turn.text) is None:
        return None
    prompt = conversation.top.prompt if conversation.top else None
    beside = prompt is not None and prompt.about != CONSENT and is_question(parts[1])
    return None if beside else parts[1]


def _rest_apart(turn: Turn, conversation: Conversation, rest: Part, starts: Mapping[str, str]) -> bool:
    """Whether the rest behind a leading yes is done by itself.

    A question takes the yes back: it is answered, and what was asked is asked again (R49). A wish for another
    task comes after the yes. What belongs to the open task stays whole: "tak, odwołaj ją".
    """
    top, intent = conversation.top, intent_of(rest)
    if top is not None and (intent == top.topic or starts.get(intent) == top.task):
        return False
    if top is not None and top.prompt is not None and top.prompt.free_text:
        return False
    if _yes_counts(turn, conversation, rest):
        return True
    return intent != turn.intent and (turn.intent in ANSWERS | TELLING or turn.confidence < SURE)


def _yes_counts(turn: Turn, conversation: Conversation, rest: Part) -> bool:
    """Whether the leading yes was asked for, and no question or "ale" comes behind it."""
    prompt = conversation.top.prompt if conversation.top else None
    bounds = behind_yes(turn.text)
    if prompt is None or prompt.about != CONSENT or bounds is None:
        return False
    end, first = bounds
    text = str(rest["text"])
    doubted = intent_of(rest).startswith(_ASKING) or asks(text) or "?" in text
    doubted = doubted or cue("doubts").heard(turn.text[end:first])
    return not doubted and explicit_yes(turn.text[:end])


def in_order(turn: Turn, conversation: Conversation) -> list[Waiting]:
    """The parts as they are to be done."""
    open_tasks = len(conversation.stack)
    parts = _whole(turn.requests)
    rest = _led_by_yes(turn, conversation, parts)
    if rest is not None:
        agreed = [Waiting(dict(parts[0]), open_tasks)] if _yes_counts(turn, conversation, rest) else []
        return [*agreed, Waiting(dict(rest), 0 if agreed else open_tasks)]
    questions = [part for part in parts if is_question(part)]
    answers = [part for part in parts if _is_answer(part)]
    others = [part for part in parts if part not in questions and part not in answers]
    return [
        *(Waiting(_about_the_same(part, parts), open_tasks) for part in questions),
        *(Waiting(dict(part), open_tasks) for part in answers),
        *(Waiting(dict(part), 0) for part in others),
    ]


def intent_of(part: Part) -> str:
    """The intent of a part."""
    return str(part["intent"]["name"])


def _whole(parts: Sequence[Part]) -> list[Part]:
    """The parts, a question that is only a condition of the one before it ("..., jak nie mam pakietu?")
    put back where it belongs."""
    whole: list[Part] = []
    for part in parts:
        if whole and intent_of(part).startswith(_ASKING) and _conditional(str(part["text"])):
            whole[-1] = _joined(whole[-1], part)
        else:
            whole.append(part)
    return whole


def _conditional(text: str) -> bool:
    said = folded_words(text)
    if cue("if").among(said[:1]):
        return True
    return cue("as").among(said[:1]) and cue("behind_an_if").among(said[1:2])


def _joined(one: Part, other: Part) -> dict[str, Any]:
    lead = f"{one['text']}, "
    moved = [
        {**entity, "start": entity.get("start", 0) + len(lead), "end": entity.get("end", 0) + len(lead)}
        for entity in other.get("entities") or ()
    ]
    return {**one, "text": f"{lead}{other['text']}", "entities": [*(one.get("entities") or ()), *moved]}


def _is_answer(part: Part) -> bool:
    return intent_of(part) in TELLING | REFINING | ANSWERS


def is_question(part: Part) -> bool:
    """Whether a part asks how things are, and so is answered at once."""
    text = str(part["text"])
    return intent_of(part).startswith(_ASKING) and (asks(text) or "?" in text)


def _different_tasks(parts: Sequence[Part], starts: Mapping[str, str]) -> bool:
    """One task for two parts is one wish ("umów mnie i daj znać, jak się zwolni"), and so is a visit both
    called off and moved, unless each of the parts says which visit it means."""
    named = [{intent_of(part), f"{intent_of(part)}/{fact_of(part)}"} & starts.keys() for part in parts]
    tasks = [starts[found.pop()] for found in named if found]
    if len(set(tasks)) < len(tasks):
        return False
    moves = [part for part in parts if intent_of(part) in MOVES]
    return len(moves) < 2 or all(part.get("entities") for part in moves)


def _about_the_same(question: Part, parts: Sequence[Part]) -> dict[str, Any]:
    """A question that names nothing is about what another part names: "umów USG. Ile to kosztuje?"."""
    entities = list(question.get("entities") or ())
    if not _subjects(entities):
        entities += next((found for part in parts if (found := _subjects(part.get("entities") or ()))), [])
    return {**question, "entities": entities}


def _subjects(entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [entity for entity in entities if entity.get("entity") in _SUBJECTS and not entity.get("negated")]
