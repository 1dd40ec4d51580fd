"""The start of a session: what is known goes on, as it is now.

Rasa's own action repeats every SlotSet of the session before, and the next session repeats those
again: 238 events after 200 turns. Ours sets each slot once, to its current value.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

SLOTS = frozenset({"conversation"})
"""What goes on into a new session. Rasa's own slots (metadata of a message, a form's question) do not."""


class SessionStart(Action):
    """`action_session_start`: see the module."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_session_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The session's first events, and what is carried over."""
        carried = [
            SlotSet(name, value)
            for name, value in tracker.slots.items()
            if name in SLOTS and value is not None
        ]
        return [SessionStarted(), *carried, ActionExecuted("action_listen")]
