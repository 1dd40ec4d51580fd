"""How complaints are filed and answered, and what became of those the portal has of this account."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answer import answer_to
from bot.actions.world import Reception, World
from bot.dialogue.speaker import Speaker
from bot.dialogue.state import CONVERSATION_SLOT, Conversation
from bot.dialogue.texts import Texts
from bot.dialogue.turn import Turn
from bot.language.spoken import day_of
from bot.portal.clock import local_date
from bot.portal.errors import PortalError
from bot.portal.records import Complaint

log = logging.getLogger(__name__)
_STATUS = "status"
"""Fact of `ask_complaint_channels`: what became of mine?"""
_SHOWN = 5


class AskComplaints(Action):
    """`action_ask_complaints`: the answer to the question, or the patient's complaints with their state."""

    def __init__(self, reception: Reception, texts: Texts) -> None:
        self._reception = reception
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_complaints"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says one reply; without an answer of the portal where else to ask."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        speaker = Speaker(dispatcher, self._texts, conversation)
        turn = Turn.from_message(tracker.latest_message)
        filed: tuple[Complaint, ...] = ()
        if turn.fact == _STATUS:
            try:
                world = await self._reception.world(tracker.sender_id)
                if world.logged_in:
                    filed = (await world.signed_in()[0].complaints()).items
                    lines = [_line(complaint, world, self._texts) for complaint in filed[-_SHOWN:][::-1]]
            except PortalError as error:
                log.warning("complaints cannot be listed: %s", error)
                speaker.say("utter_portal_down")
                return []
        if filed:
            speaker.say("utter_complaints", complaints="\n".join(lines))
        else:
            speaker.say(answer_to(turn, self._texts))
        return []


def _line(complaint: Complaint, world: World, texts: Texts) -> str:
    """ "R/2026/00001 z 23 listopada: w trakcie wyjaśniania"."""
    filed = day_of(local_date(complaint.filed_at), local_date(world.now))
    state = texts.get(f"utter_piece_complaint_{complaint.status.value}")
    return texts.get("utter_piece_complaint_line", number=complaint.case_number, day=filed, state=state)
