"""Portal events: proved, taken once, held over the night, told where the patient is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.background import stop
from bot.channels.core import FrontDesk
from bot.channels.events.wording import NameOf, told
from bot.channels.identity import Gatekeeper, Identity
from bot.channels.messengers.chats import Chat
from bot.channels.messengers.hub import Hub
from bot.channels.quiet import is_quiet
from bot.storage.protocols import StorageError

_log = logging.getLogger(__name__)
KEEP_SEEN = timedelta(days=8)
KEEP_DUE = timedelta(days=3)
SOON = timedelta(hours=14)
"""A visit so near that the patient is told of its cancellation even at night."""
SWEEP = timedelta(seconds=30)
LINKED = "linked-chat"
"""Kind of record: a patient's web sender -> the linked chat's conversation."""


@dataclass(frozen=True, slots=True)
class PortalEvent:
    """An event whose signature was good."""

    id: str
    kind: str
    patient_id: str
    data: Mapping[str, Any]


OpenEvent = Callable[[str, bytes, datetime], PortalEvent]
"""(signature, raw body, now) -> event; ValueError when it is not the portal's or too old."""


@dataclass(slots=True)
class EventInbox:
    """Takes events and tells patients."""

    desk: FrontDesk
    gatekeeper: Gatekeeper
    open_event: OpenEvent
    name_of: NameOf
    hub: Hub | None = None
    channel: str = "web"
    _sweeping: asyncio.Task[None] | None = field(default=None)

    async def start(self) -> None:
        """Begin telling what waited for the morning."""
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """End background work."""
        if self._sweeping is not None:
            await stop(self._sweeping)

    async def take(self, signature: str, body: bytes) -> None:
        """Raises ValueError for what is not the portal's, StorageError when it should be sent again."""
        now = self.desk.clock()
        event = self.open_event(signature, body, now)
        if not await self.desk.stores.dedupe.first("portal-event", event.id, now, KEEP_SEEN):
            return
        due = {"kind": event.kind, "patient_id": event.patient_id, "data": dict(event.data)}
        await self.desk.stores.records.put("due-event", event.id, due, KEEP_DUE)
        await self.tell(event.id)

    async def tell(self, event_id: str) -> bool:
        """Tell the patient now, unless it is night; True when nothing is left to do."""
        records, now = self.desk.stores.records, self.desk.clock()
        due = await records.get("due-event", event_id)
        if due is None:
            return True
        message = told(str(due["kind"]), due["data"], now, self.name_of)
        if message is None:
            await records.take("due-event", event_id)
            return True
        if is_quiet(now) and not (message.urgent and _soon(due["data"], now)):
            return False
        if await records.take("due-event", event_id) is None:
            return True  # another process tells it
        conversation = await self._place(str(due["patient_id"]))
        await self.desk.say(
            conversation, replace(message.message, until=message.until, urgent=message.urgent)
        )
        if self.hub is not None:
            await self.hub.delivery.deliver(conversation)
        return True

    async def _place(self, patient_id: str) -> str:
        """Where the patient was last: a linked chat that may be written to, or the web."""
        person = Identity(patient_id, True, datetime.fromtimestamp(0, UTC))
        sender = self.gatekeeper.sender(person, self.channel)
        web = self.gatekeeper.conversation(sender)
        chat = await self._chat(sender)
        if chat is None or self.hub is None or not self.hub.delivery.may_write(chat):
            return web
        said = await self.desk.stores.outbox.latest(web, 1)
        return web if said and said[0].at.timestamp() > chat.heard else chat.conversation

    async def _chat(self, sender: str) -> Chat | None:
        record = await self.desk.stores.records.get(LINKED, sender)
        if record is None or self.hub is None:
            return None
        chat = await self.hub.chats.find(str(record["conversation"]))
        return chat if chat is not None and chat.link == record["link"] else None

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP.total_seconds())
            try:
                if not is_quiet(self.desk.clock()):
                    for event_id in await self.desk.stores.records.keys("due-event"):
                        await self.tell(event_id)
            except StorageError:
                _log.warning("storage failed while telling events")


def _soon(data: Mapping[str, Any], now: datetime) -> bool:
    start = datetime.fromisoformat(str(((data.get("reservation") or {}).get("slot") or {}).get("start")))
    return start - now < SOON
