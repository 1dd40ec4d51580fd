"""Medical questions: no diagnosis, no advice, no reading of results; a warm word and the ways to a doctor."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.world import Reception, World
from bot.dialogue.texts import Texts
from bot.dialogue.turn import Turn
from bot.language.concepts import Concepts, current_concepts
from bot.language.text import folded_words
from bot.portal.errors import PortalError

KINDS = (
    ("pregnancy", frozenset({"pregnancy"})),
    ("medicine", frozenset({"drug", "prescription", "dose_safety"})),
    ("result", frozenset({"results", "lab_test", "imaging"})),
    ("child", frozenset({"child"})),
)
"""What the question is about by concepts of the domain, the most telling first; symptoms without any."""


class MedicalQuestion(Action):
    """`action_medical_question`: an answer that fits what was asked; the open task comes back by itself."""

    def __init__(self, reception: Reception, texts: Texts) -> None:
        self._reception = reception
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_medical_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says it, with the named specialty (or the telephone) in one tap."""
        turn = Turn.from_message(tracker.latest_message)
        known = await asyncio.to_thread(current_concepts)  # a second of work where the model has none
        kind = kind_of(turn.text, known)
        buttons = [await self._booking(tracker.sender_id, turn, kind)]
        buttons.append(self._button("medical_online", "ask_online_consultation", {"visit_kind": "online"}))
        buttons.append(self._button("medical_urgent", "urgent_help"))
        dispatcher.utter_message(response=f"utter_medical_question_{kind}", buttons=buttons)
        return []

    async def _booking(self, sender: str, turn: Turn, kind: str) -> dict[str, str]:
        """The specialty that was named, a paediatrician for a child, else a phone consultation."""
        specialty = next((mention.ids[0] for mention in turn.said("specialty")), None)
        if specialty is None and kind == "child":
            specialty = "pediatra"
        name = await self._name(sender, specialty) if specialty else ""
        if not name:
            return self._button("medical_phone", "book_visit", {"visit_kind": "phone"})
        return self._button("medical_book", "book_visit", {"specialty": str(specialty)}, specialty=name)

    async def _name(self, sender: str, specialty: str) -> str:
        try:
            world: World = await self._reception.world(sender)
        except PortalError:
            return ""
        return world.catalogue.specialty_names.get(specialty, "") if world.catalogue else ""

    def _button(
        self, label: str, intent: str, said: dict[str, str] | None = None, **values: str
    ) -> dict[str, str]:
        payload = f"/{intent}{json.dumps(said, separators=(',', ':'))}" if said else f"/{intent}"
        return {"title": self._texts.label(label, **values), "payload": payload}


def kind_of(text: str, known: Concepts) -> str:
    """ "pregnancy", "medicine", "result", "child" or "symptom"."""
    meant = {concept for found in known.find(folded_words(text)) for concept in found}
    return next((kind for kind, of in KINDS if meant & of), "symptom")
