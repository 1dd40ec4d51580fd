"""Answers that need nothing of the portal: the fact that was asked for, else the general reply."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.texts import Texts
from bot.dialogue.turn import Turn


class Answer(Action):
    """`action_answer`: `utter_<intent>/<fact>` when the fact is sure and has a reply, else `utter_<intent>`.

    The replies keep Rasa's variations by channel (R108), since Rasa itself picks and sends them.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says one reply."""
        dispatcher.utter_message(response=answer_to(Turn.from_message(tracker.latest_message), self._texts))
        return []


def answer_to(turn: Turn, texts: Texts) -> str:
    """Name of the reply to a question of an intent that has a plain answer."""
    general = f"utter_{turn.intent}"
    exact = f"{general}/{turn.fact}"
    return exact if turn.fact and texts.has(exact) else general
