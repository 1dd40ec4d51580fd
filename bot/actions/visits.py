"""What the patient has booked."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.booking.describe import Describer
from bot.actions.world import Reception, World
from bot.dialogue.speaker import Speaker
from bot.dialogue.state import CONVERSATION_SLOT, Conversation
from bot.dialogue.texts import Texts
from bot.language.speech import counted
from bot.portal.errors import PortalError
from bot.portal.models import Reservation, ReservationStatus

SHOWN = 10


class ListVisits(Action):
    """`action_list_visits`: the booked visits, the nearest first (both account levels, R2)."""

    def __init__(self, reception: Reception, texts: Texts) -> None:
        self._reception = reception
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_list_visits"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says the list, or why there is none."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        speaker = Speaker(dispatcher, self._texts, conversation)
        try:
            await say_list(speaker, await self._reception.world(tracker.sender_id))
        except PortalError:
            speaker.say("utter_portal_down")
        return []


async def say_list(speaker: Speaker, world: World) -> None:
    """The booked visits in words. Raises PortalError."""
    if not world.logged_in:
        speaker.say("utter_login_required")
        return
    portal, catalogue = world.signed_in()
    page = await portal.reservations(ReservationStatus.BOOKED, world.now)
    visits = sorted(page.items, key=lambda visit: visit.slot.start)
    if not visits:
        speaker.say("utter_visits_none")
        return
    words = Describer(catalogue, speaker.texts, world.now)
    lines = "\n".join(_line(visit, words, world, speaker.texts) for visit in visits[:SHOWN])
    speaker.say("utter_visits", count=counted(len(visits), "wizyta"), visits=lines)


def _line(visit: Reservation, words: Describer, world: World, texts: Texts) -> str:
    service = world.signed_in()[1].services.get(visit.service_id)
    parts = (
        words.when(visit.slot),
        service.name if service else "",
        words.doctor(visit.slot.doctor_id),
        words.place(visit.slot),
    )
    return texts.get("utter_piece_visit", visit=", ".join(part for part in parts if part))
