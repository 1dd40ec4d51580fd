"""What a message of a patient is: words, a button of this session, or nothing the desk can pass on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels import texts
from bot.channels.desk_settings import DeskSettings
from bot.channels.messages import Incoming, Outgoing, Visitor
from bot.channels.turn import instruction
from bot.storage.protocols import Button, Clock, Stores

ACKNOWLEDGED = "ack:"
"""A button's payload that begins so is answered by the desk itself, with the text of that name."""
OF_THE_HOUSE = "desk:"
"""A button's payload that begins so calls a person, or goes back to the assistant."""


class People(Protocol):
    """Who answers in place of the assistant."""

    async def has(self, conversation: str) -> bool:
        """Whether a person has the conversation."""
        ...

    def offer(self, message: Outgoing) -> Outgoing:
        """The message, with a button that calls a person where that fits."""
        ...

    async def pressed(self, visitor: Visitor, payload: str) -> Outgoing:
        """Answer to a button of the house."""
        ...

    async def heard(self, conversation: str, text: str, once: str) -> Outgoing | None:
        """The person hears the patient; an answer of ours only when that failed."""
        ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads messages for the front desk."""

    stores: Stores
    clock: Clock
    settings: DeskSettings

    async def read(
        self, visitor: Visitor, message: Incoming, text: str | None
    ) -> tuple[dict[str, Any], Button | None]:
        """What is kept of the message, and the button that was pressed, if it is good."""
        body: dict[str, Any] = {"client_message_id": message.client_message_id, "text": text or ""}
        pressed = await self._pressed(visitor, message.button) if message.button is not None else None
        if pressed is not None:
            body["text"] = pressed.label
        if text or pressed:
            body["work"] = instruction(visitor, message, pressed)
        return body, pressed

    async def _pressed(self, visitor: Visitor, token: str) -> Button | None:
        """The button, unless it was offered before the last log-out."""
        button = await self.stores.buttons.find(visitor.conversation, token, self.clock())
        if button is None or (ended := await self.stores.revocations.get(visitor.sender)) is None:
            return button
        return button if button.expires_at - self.settings.button_life > ended.at else None


def own_reply(message: Incoming, text: str | None, pressed: Button | None) -> Outgoing | None:
    """What the desk answers itself: an unknown or used button, a text with nothing in it."""
    if pressed is not None and pressed.payload.startswith(ACKNOWLEDGED):
        return Outgoing(text=texts.message(pressed.payload.removeprefix(ACKNOWLEDGED)))
    if message.button is not None:
        return None if pressed else Outgoing(text=texts.message("button_expired"))
    return None if text else Outgoing(text=texts.message("empty"))
