"""Brings kept messages to a vendor's chat, in order, as fast as the vendor allows, each until it has it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.channels.messengers.chats import Chat, Chats
from bot.channels.messengers.layout import bubbles
from bot.channels.messengers.model import Adapter, Bubble, VendorError
from bot.storage.protocols import Clock, Entry, StorageError, Stores

_log = logging.getLogger(__name__)
TRIES = 6
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 60.0


class Pace:
    """Keeps the least time between two messages."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    async def wait(self, key: str, gap: timedelta) -> None:
        """Return when the next message may go out."""
        if not gap:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        at = max(now, self._next.get(key, 0.0))
        self._next[key] = at + gap.total_seconds()
        if len(self._next) > 10_000:
            self._next = {name: then for name, then in self._next.items() if then > now}
        await asyncio.sleep(at - now)


class Delivery:
    """One for all vendors."""

    def __init__(self, stores: Stores, chats: Chats, adapters: Mapping[str, Adapter], clock: Clock) -> None:
        self._stores = stores
        self._chats = chats
        self._adapters = adapters
        self._clock = clock
        self._pace = Pace()

    def may_write(self, chat: Chat) -> bool:
        """Whether the vendor lets us write without being asked (24-hour windows)."""
        window = self._adapters[chat.channel].capability.window
        return (
            window is None
            or self._clock() < datetime.fromtimestamp(chat.heard, self._clock().tzinfo) + window
        )

    async def deliver(self, conversation: str) -> None:
        """Send what the chat does not have yet. Raises StorageError; a vendor's failure only delays."""
        async with self._stores.locks.hold(f"deliver-{conversation}"):
            chat = await self._chats.find(conversation)
            if chat is None or chat.channel not in self._adapters or not self.may_write(chat):
                return
            while entries := await self._stores.outbox.after(conversation, chat.cursor):
                for entry in entries:
                    if entry.author in {"assistant", "agent"} and not await self._entry(chat, entry):
                        return
                    changed = await self._chats.change(conversation, cursor=entry.seq)
                    chat = changed or chat

    async def _entry(self, chat: Chat, entry: Entry) -> bool:
        adapter = self._adapters[chat.channel]
        for bubble in bubbles(entry.body, adapter.capability):
            if not await self._send(adapter, chat.chat, bubble):
                return False
        return True

    async def _send(self, adapter: Adapter, chat: str, bubble: Bubble) -> bool:
        """True when the vendor has it, or will never take it; False to try again later."""
        capability, wait = adapter.capability, _FIRST_WAIT
        for _ in range(TRIES):
            await self._pace.wait(f"{capability.channel}:{chat}", capability.per_chat)
            await self._pace.wait(capability.channel, capability.overall)
            try:
                await adapter.send(chat, bubble)
                return True
            except VendorError as error:
                if error.wait is None:
                    _log.error("%s refused a message: %d", capability.channel, error.status)
                    return True
                await asyncio.sleep(min(_LONGEST_WAIT, max(wait, error.wait.total_seconds())))
                wait *= 2
        _log.warning("%s does not take messages", capability.channel)
        return False

    async def follow(self, conversation: str, longest: timedelta) -> None:
        """Deliver as the answer is being made, until nothing is owed any more."""
        end = asyncio.get_running_loop().time() + longest.total_seconds()
        async with self._stores.signals.listen(conversation) as signals:
            while True:
                await self.deliver(conversation)
                owed = await self._stores.outbox.next_work(conversation)
                left = end - asyncio.get_running_loop().time()
                if owed is None or left <= 0:
                    break
                waiting = asyncio.ensure_future(anext(signals))
                await asyncio.wait({waiting}, timeout=min(left, 1.0))
                if not waiting.done():
                    waiting.cancel()
                    await asyncio.gather(waiting, return_exceptions=True)
        await self.deliver(conversation)

    async def sweep(self) -> None:
        """Deliver what an earlier process, or a vendor that was down, left."""
        for conversation in await self._chats.all():
            try:
                await self.deliver(conversation)
            except StorageError:
                _log.warning("storage failed while delivering")
