"""Which packages the patient has, until when, and where their scope is shown."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.answer import answer_to
from bot.actions.coverage.where import where
from bot.actions.world import Reception, World
from bot.dialogue.speaker import Speaker
from bot.dialogue.state import CONVERSATION_SLOT, Conversation
from bot.dialogue.texts import Texts
from bot.dialogue.turn import Turn
from bot.language.spoken import day_of
from bot.language.times.model import WARSAW
from bot.portal.errors import PortalError
from bot.portal.models import Package

log = logging.getLogger(__name__)


class AskPackage(Action):
    """`action_ask_package`: the packages of the account (both levels, R2), then R91 or R92 and R94."""

    def __init__(self, reception: Reception, texts: Texts) -> None:
        self._reception = reception
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_package"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Says them; without an account, or an answer of the portal, only where to look."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        speaker = Speaker(dispatcher, self._texts, conversation)
        turn = Turn.from_message(tracker.latest_message)
        if turn.fact:  # told alike to everybody; Rasa picks the words of the channel (R91, R92)
            dispatcher.utter_message(response=answer_to(turn, self._texts))
            return _talked_of(conversation)
        try:
            world = await self._reception.world(tracker.sender_id)
            packages = (await world.me()).packages if world.logged_in else None
        except PortalError as error:
            log.warning("packages not known: %s", error)
            speaker.say("utter_ask_package")
            return _talked_of(conversation)
        if packages is None:
            speaker.say("utter_ask_package")
        elif packages:
            lines = "\n".join(_line(package, world, self._texts) for package in packages)
            speaker.say("utter_packages", packages=lines, where=where(world, self._texts))
        else:
            speaker.say("utter_packages_none", where=where(world, self._texts))
        return _talked_of(conversation)


def _talked_of(conversation: Conversation) -> list[dict[str, Any]]:
    """ "A mąż może dołączyć?" asks one more thing about packages."""
    conversation.topic = "ask_package"
    conversation.answered = "coverage"  # "a dentysta?" asks whether it is in there
    return [SlotSet(CONVERSATION_SLOT, conversation.to_json())]


def _line(package: Package, world: World, texts: Texts) -> str:
    if package.valid_to is None:
        return texts.get("utter_piece_package", name=package.name)
    today = world.now.astimezone(WARSAW).date()
    response = "utter_piece_package_ended" if package.valid_to < today else "utter_piece_package_until"
    return texts.get(response, name=package.name, day=day_of(package.valid_to, today))
