"""When a phone rings: a message waits, nobody has the chat open, and it is no night.

What waits is kept until it was read, told, or a day old, so that neither a restart nor a push service
that is down loses it. Several messages are one push; the next one replaces it on the phone.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.channels import texts
from bot.channels.background import Background, stop
from bot.channels.push.devices import Device, Devices
from bot.channels.push.service import Answer, PushService
from bot.channels.quiet import is_quiet
from bot.channels.reading_marks import ReadingMarks
from bot.operations.metrics import METRICS
from bot.storage.protocols import Clock, Entry, StorageError, Stores

_log = logging.getLogger(__name__)
_DUE, _RANG = "push-due", "push-rang"
KEEP_DUE = timedelta(hours=24)
MOST_COUNTED = 100
_AUTHORS = frozenset({"assistant", "agent"})


@dataclass(frozen=True, slots=True)
class BellSettings:
    """`grace`: an answer that is being read is no reason to ring; `rest`: between two pushes.

    `watched`: so long a message may lie unread in an open chat (a phone that was put away keeps its
    connection for a while) before it counts as seen.
    """

    grace: timedelta = timedelta(seconds=10)
    rest: timedelta = timedelta(minutes=1)
    watched: timedelta = timedelta(minutes=2)
    sweep: timedelta = timedelta(seconds=15)


@dataclass(slots=True)
class Bell:
    """One for all conversations of the web and the app."""

    stores: Stores
    service: PushService
    clock: Clock
    settings: BellSettings = field(default_factory=BellSettings)
    _background: Background = field(default_factory=Background)
    _sweeping: asyncio.Task[None] | None = field(default=None)
    _soon_rung: set[str] = field(default_factory=set)

    @property
    def devices(self) -> Devices:
        """Who is woken."""
        return Devices(self.stores)

    async def start(self) -> None:
        """Begin with what an earlier process left."""
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """End background work; what waits is kept."""
        if self._sweeping is not None:
            await stop(self._sweeping)
        await self._background.finish(timedelta(0))

    async def waiting(self, conversation: str, seq: int, at_night: bool) -> None:
        """A message was kept for the patient. `at_night`: it answers them now, or may not wait."""
        if not await self.devices.of(conversation):
            return
        async with self.stores.locks.hold(f"push-{conversation}"):
            before = await self.stores.records.get(_DUE, conversation) or {}
            due = {
                "first": before.get("first", seq),
                "last": seq,
                "since": self.clock().timestamp(),
                "at_night": at_night or bool(before.get("at_night")),
            }
            await self.stores.records.put(_DUE, conversation, due, KEEP_DUE)
        if conversation not in self._soon_rung:
            self._soon_rung.add(conversation)
            self._background.spawn(self._soon(conversation))

    async def ring(self, conversation: str) -> None:
        """Tell the devices, when that is due. Raises StorageError."""
        async with self.stores.locks.hold(f"ring-{conversation}"):
            due = await self.stores.records.get(_DUE, conversation)
            if due is None or not await self._is_time(conversation, due):
                return
            if await self._tell(conversation, due):
                await self.stores.records.put(_RANG, conversation, {}, self.settings.rest)
                await self._told(conversation, int(due["last"]))

    async def _told(self, conversation: str, last: int) -> None:
        """What came while the service was asked goes on waiting."""
        async with self.stores.locks.hold(f"push-{conversation}"):
            due = await self.stores.records.take(_DUE, conversation)
            if due is not None and int(due["last"]) > last:
                await self.stores.records.put(_DUE, conversation, due | {"first": last + 1}, KEEP_DUE)

    async def _is_time(self, conversation: str, due: dict[str, Any]) -> bool:
        """False while it is not; what was seen meanwhile is forgotten."""
        now, marks = self.clock(), ReadingMarks(self.stores)
        lying = now - datetime.fromtimestamp(float(due["since"]), now.tzinfo)
        there = await marks.somebody(conversation)
        seen = (await marks.read(conversation) or 0) >= int(due["last"])
        if seen or (there and lying > self.settings.watched):
            await self._told(conversation, int(due["last"]))
            return False
        if there or lying < self.settings.grace or (is_quiet(now) and not due["at_night"]):
            return False
        return await self.stores.records.get(_RANG, conversation) is None

    async def _tell(self, conversation: str, due: dict[str, Any]) -> bool:
        """Whether every device was told, or never will be."""
        told, count = True, await self._count(conversation, due)
        for device in await self.devices.of(conversation):
            answer = await self.service.send(self._push(conversation, device, due, count))
            METRICS.pushes.labels(answer.value).inc()
            if answer is Answer.GONE:
                await self.devices.remove(conversation, device.id)
            elif answer is not Answer.TAKEN:
                _log.warning("a push was not taken: %s", answer.value)
            told = told and answer is not Answer.LATER
        return told

    async def _count(self, conversation: str, due: dict[str, Any]) -> int:
        read = await ReadingMarks(self.stores).read(conversation)
        after = int(due["first"]) - 1 if read is None else read
        unread: list[Entry] = list(await self.stores.outbox.after(conversation, after, MOST_COUNTED))
        return max(1, sum(entry.author in _AUTHORS for entry in unread))

    def _push(self, conversation: str, device: Device, due: dict[str, Any], count: int) -> dict[str, Any]:
        """Never a word of the conversation: a locked screen shows it to anybody."""
        once = uuid.uuid5(uuid.NAMESPACE_OID, f"push:{conversation}:{due['last']}:{device.id}")
        return {
            "id": str(once),
            "type": "message.waiting",
            "device": {"id": device.id, "platform": device.platform, "token": device.token},
            "collapse_key": conversation,
            "title": texts.push("title"),
            "text": texts.push("one") if count == 1 else texts.push("many", count=count),
            "count": count,
            "expires_at": (self.clock() + KEEP_DUE).isoformat(timespec="seconds"),
        }

    async def _soon(self, conversation: str) -> None:
        await asyncio.sleep(self.settings.grace.total_seconds())
        self._soon_rung.discard(conversation)
        await self._try(conversation)

    async def _try(self, conversation: str) -> None:
        try:
            await self.ring(conversation)
        except StorageError:
            _log.warning("storage failed while waking a phone")

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self.settings.sweep.total_seconds())
            try:
                waiting = await self.stores.records.keys(_DUE)
            except StorageError:
                _log.warning("storage failed while looking for messages that wait")
                continue
            for conversation in waiting:
                await self._try(conversation)
