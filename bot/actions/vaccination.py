"""Vaccination: the documents say nothing of it (R38), the portal's dictionary may."""

from __future__ import annotations

import json
import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answer import answer_to
from bot.actions.catalogue import Catalogue
from bot.actions.world import Reception
from bot.dialogue.texts import Texts
from bot.dialogue.turn import Turn
from bot.language.cues import cue
from bot.language.speech import join_and
from bot.portal.errors import PortalError
from bot.portal.models import Service

log = logging.getLogger(__name__)
BUTTONS = 3


class AskVaccination(Action):
    """`action_ask_vaccination`: what the dictionary lists, booked in one tap; else the honest no of R38."""

    def __init__(self, reception: Reception, texts: Texts) -> None:
        self._reception = reception
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_vaccination"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says which are listed, or the fact asked for; without the portal the general reply."""
        turn = Turn.from_message(tracker.latest_message)
        if turn.fact:
            dispatcher.utter_message(response=answer_to(turn, self._texts))
            return []
        catalogue = None
        try:
            catalogue = (await self._reception.world(tracker.sender_id)).catalogue
        except PortalError as error:
            log.warning("dictionaries not known: %s", error)
        found = listed(turn, catalogue) if catalogue else []
        if not found:
            dispatcher.utter_message(response="utter_ask_vaccination")
            return []
        buttons = [
            {
                "title": self._texts.label("vaccination", service=service.name),
                "payload": f"/book_visit{json.dumps({'service': service.id})}",
            }
            for service in found[:BUTTONS]
        ]
        names = join_and([service.name for service in found])
        dispatcher.utter_message(response="utter_vaccination_listed", services=names, buttons=buttons)
        return []


def listed(turn: Turn, catalogue: Catalogue) -> list[Service]:
    """The vaccinations that were named, else all that the portal lists, by name."""
    every = [s for s in catalogue.services.values() if s.bookable and cue("vaccination").heard(s.name)]
    named = {each for mention in turn.said("service") for each in mention.ids}
    return sorted([s for s in every if s.id in named] or every, key=lambda s: s.name)
