"""Who answers a message: the open task, a new task, or a plain answer from the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.dialogue.acts import ANSWERS, OF_VISITS, TELLING
from bot.dialogue.belonging import belongs
from bot.dialogue.declared import Declared
from bot.dialogue.hearing import greeted, ordered, unsure
from bot.dialogue.starting import alike, by_facts, instead_of_an_act, started
from bot.dialogue.state import Conversation, Frame
from bot.dialogue.taking_up import asks_the_same, goes_on, takes_up_at_once
from bot.dialogue.turn import PRESS, Turn

_SHOUT = re.compile(r"[A-Z]+[.!]*")
"""One word in capitals."""


class Router:
    """Decides in one order: what was pressed, the open task, what was set aside, a new task, bare facts."""

    def __init__(self, tasks: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._declared = Declared(tasks)

    @property
    def starts(self) -> Mapping[str, str]:
        """Intents that start a task, and which."""
        return self._declared.starts

    def task_for(self, turn: Turn, conversation: Conversation) -> str | None:
        """The task that takes this message; None leaves it to the rules."""
        declared, top = self._declared, conversation.top
        turn = greeted(turn, frozenset(declared.starts))
        if turn.intent == PRESS:
            found = conversation.find(turn.key or "")
            if found:
                return found[0].task
            return top.task if top else None
        if turn.tap:  # under a message of ours: it says itself what it is about, whatever is open
            return declared.starts.get(turn.intent)
        if asks_the_same(declared, turn, conversation):
            return conversation.answered
        if top is not None and (task := _beside(declared, turn, top)) is not None:
            return task
        if top is not None and belongs(declared, turn, top):
            return top.task
        parked = conversation.parked.task if conversation.parked else None
        if conversation.takes_up(takes_up_at_once(declared, turn, conversation)):
            return parked
        task = started(declared, turn, conversation)
        if task is not None:
            return task
        if conversation.takes_up(goes_on(declared, turn, conversation)):
            return parked
        if top is None and turn.intent in declared.shouted and _SHOUT.fullmatch(turn.text.strip()):
            return declared.shouted[turn.intent]
        told = turn.intent in TELLING | ANSWERS or unsure(turn)
        return (by_facts(declared, turn) if told else None) or instead_of_an_act(declared, turn, conversation)


def _beside(declared: Declared, turn: Turn, top: Frame) -> str | None:
    """Another task in the middle of the open one: asked for like one answered before, or ordered."""
    other = alike(declared, turn)
    if other in declared.again and other != top.task and "?" in turn.text:
        return other
    order = ordered(turn) if unsure(turn) and turn.has(*OF_VISITS) else None
    task = declared.starts.get(order) if order is not None else None
    return task if task != top.task else None  # "a wcześniej odwołaj mi morfologię"
