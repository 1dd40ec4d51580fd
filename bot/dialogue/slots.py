"""What a task needs to know, declared once: the question, its second wording, why it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.turn import Turn


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One fact of a task. Responses follow from the names: `utter_ask_<task>_<slot>` and so on."""

    name: str
    optional: bool = False
    """Whether "obojętnie" and "pomiń" are answers."""
    any_is: str = ""
    """The value that "obojętnie" stands for where something has to be chosen."""
    dependants: tuple[str, ...] = ()
    """Facts that no longer hold when this one changes."""
    told_by: tuple[str, ...] = ()
    """Kinds of mentions that answer the question even in a message about something else."""

    questions: tuple[str, ...] = ()
    """Intents that ask about the values themselves ("co to jest Konsultacja Telefoniczna")."""
    free_text: bool = False
    """Whether the patient's own words are the answer; a request, a question or an emergency is still none."""
    not_of: tuple[str, ...] = ()
    """Kinds of things that no such words name: with one of them it is a wish of its own."""
    text_of: tuple[str, ...] = ()
    """Intents that such words may look like and are taken for the answer all the same."""

    def question(self, task: str, *, again: bool = False) -> str:
        """Response that asks for it; `again` is the second wording after a miss."""
        return f"utter_ask_{task}_{self.name}" + ("_again" if again else "")

    def answer_beside(self, turn: Turn) -> Turn:
        """What a message about something else tells of this fact: "Kraków. A czy za to zapłacę?"."""
        if turn.intent in self.questions:
            return replace(turn, intent="inform", mentions=(), when=None)
        told = tuple(m for m in turn.mentions if m.kind in self.told_by)
        return replace(turn, intent="inform", mentions=told, when=None)

    def explanation(self, task: str) -> str:
        """Response that says why it is asked."""
        return f"utter_explain_{task}_{self.name}"


def forget(facts: dict[str, Any], slot: str, specs: Mapping[str, SlotSpec]) -> None:
    """Clears a fact and everything that depends on it."""
    facts.pop(slot, None)
    spec = specs.get(slot)
    for dependant in spec.dependants if spec else ():
        if dependant in facts:
            forget(facts, dependant, specs)
