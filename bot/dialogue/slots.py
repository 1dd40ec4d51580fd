"""What a task needs to know, declared once: the question, its second wording, why it is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One fact of a task. Responses follow from the names: `utter_ask_<task>_<slot>` and so on."""

    name: str
    optional: bool = False
    """Whether "obojętnie" and "pomiń" are answers."""
    dependants: tuple[str, ...] = ()
    """Facts that no longer hold when this one changes."""

    def question(self, task: str, *, again: bool = False) -> str:
        """Response that asks for it; `again` is the second wording after a miss."""
        return f"utter_ask_{task}_{self.name}" + ("_again" if again else "")

    def explanation(self, task: str) -> str:
        """Response that says why it is asked."""
        return f"utter_explain_{task}_{self.name}"
