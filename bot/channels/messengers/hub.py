"""Every messenger's way in: once, in order, in the background; then the front desk as for anybody."""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.channels import texts
from bot.channels.admission import TooManyMessagesError
from bot.channels.background import Background, stop
from bot.channels.cleaning import UnreadableTextError
from bot.channels.core import FrontDesk
from bot.channels.desk_settings import TextTooLongError
from bot.channels.files.desk import FileDesk, Given
from bot.channels.files.kinds import FileRefusedError, display_name
from bot.channels.messages import Incoming, Outgoing, Visitor
from bot.channels.messengers.chats import Chat, Chats
from bot.channels.messengers.delivery import Delivery
from bot.channels.messengers.layout import bubbles, chosen
from bot.channels.messengers.linking import Linking
from bot.channels.messengers.model import Adapter, FileRef, Update, VendorError
from bot.language.text import fold
from bot.storage.protocols import StorageError

_log = logging.getLogger(__name__)
KEEP_SEEN = timedelta(days=8)
"""Vendors repeat what was not acknowledged for up to a week."""
FOLLOW = timedelta(seconds=45)
SWEEP = timedelta(seconds=60)
_TOKEN = re.compile(r"(?:/start(?:@\w+)? )?([A-Za-z0-9_-]{24})")
_CODE = re.compile(r"\D*(\d{3})[ -]?(\d{3})\D*")
_SHOWN = 6


@dataclass(slots=True)
class Hub:
    """One for all vendors."""

    desk: FrontDesk
    chats: Chats
    linking: Linking
    delivery: Delivery
    adapters: Mapping[str, Adapter]
    files: FileDesk | None = None
    _background: Background = field(default_factory=Background)
    _sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin delivering what was left; no vendor has to be reachable."""
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """End background work."""
        if self._sweeping is not None:
            await stop(self._sweeping)
        await self._background.finish(timedelta(seconds=5))

    async def take(self, channel: str, update: Update) -> bool:
        """Handle an update in the background; False when it was seen before. Raises StorageError."""
        scope, now = f"webhook-{channel}", self.desk.clock()
        if not await self.desk.stores.dedupe.first(scope, update.id, now, KEEP_SEEN):
            return False
        self._background.spawn(self._handle(channel, update))
        return True

    async def _handle(self, channel: str, update: Update) -> None:
        try:
            # In the order they came: updates of one chat wait for one another.
            async with self.desk.stores.locks.hold(f"chat-in-{channel}-{update.chat}"):
                chat, new = await self.chats.of(channel, update.chat)
                heard = self.desk.clock().timestamp()
                await self.chats.keep(replace(chat, heard=heard)) if new else await self.chats.change(
                    chat.conversation, heard=heard
                )
                chat = await self.chats.find(chat.conversation) or chat
                if new:
                    await self._say(chat, texts.message("ai_notice"))
                await self._one(chat, update)
            await self._sign(channel, update)
            await self.delivery.follow(chat.conversation, FOLLOW)
        except Exception:
            _log.exception("update of %s failed", channel)

    async def _one(self, chat: Chat, update: Update) -> None:
        if await self._link_words(chat, update):
            return
        visitor = await self.visitor(chat)
        if chat.link and not visitor.authenticated and not chat.told_over:
            over = await self.linking.of_chat(chat) is None
            await self._say(chat, texts.messenger("link_over" if over else "session_over"))
            await self.chats.change(
                chat.conversation, **({"link": None, "pending": None} if over else {"told_over": True})
            )
        for number, file in enumerate(update.files):
            await self._file(visitor, update, file, number)
        if update.button is not None or update.text:
            await self._receive(visitor, chat, update)
        elif not update.files:
            await self._say(chat, texts.messenger("kind_unknown"))

    async def visitor(self, chat: Chat) -> Visitor:
        """Who writes in this chat: a patient only while the link's session lasts."""
        session = await self.linking.session(chat)
        capability = self.adapters[chat.channel].capability
        return Visitor(
            chat.sender,
            chat.conversation,
            chat.channel,
            authenticated=session is not None,
            level=session.level if session else None,
            uploads=session is not None and self.files is not None and capability.files and capability.health,
        )

    async def _receive(self, visitor: Visitor, chat: Chat, update: Update) -> None:
        text, button = update.text, update.button
        if text is not None:
            shown = await self.desk.stores.outbox.latest(chat.conversation, _SHOWN)
            button = chosen(shown, text, self.adapters[chat.channel].capability)
        once = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{chat.channel}:{update.id}"))
        incoming = Incoming(chat.conversation, once, text=None if button else text, button=button)
        try:
            receipt = await self.desk.receive(visitor, incoming)
        except TextTooLongError:
            await self._say(chat, texts.problem("text_too_long", limit=self.desk.settings.max_text))
            return
        except UnreadableTextError:
            await self._say(chat, texts.problem("text_unreadable"))
            return
        except TooManyMessagesError:
            return  # told once, by the desk
        for reply in receipt.replies:  # an emergency although nothing could be kept
            await self._send_now(chat, reply)

    async def _file(self, visitor: Visitor, update: Update, file: FileRef, number: int) -> None:
        if (not visitor.uploads and visitor.authenticated) or self.files is None:
            await self.desk.say(
                visitor.conversation, Outgoing(text=texts.file("channel_off", name=display_name(file.name)))
            )
            return
        once = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{visitor.channel}:{update.id}:{number}"))
        given = Given(once, file.name, update.album or once, file.size)
        stream = self.adapters[visitor.channel].fetch(file)
        try:
            await self.files.receive(visitor, given, stream)
        except FileRefusedError:
            return  # the conversation says which and why
        except VendorError:
            _log.warning("a file of %s cannot be fetched", visitor.channel)
            await self.desk.say(
                visitor.conversation, Outgoing(text=texts.file("too_slow", name=display_name(file.name)))
            )

    async def _link_words(self, chat: Chat, update: Update) -> bool:
        """A one-time token, the six digits of an open link, or the wish to unlink."""
        text = (update.text or "").strip()
        if token := _TOKEN.fullmatch(text):
            opened = await self.linking.open(chat, update.name, token[1])
            await self._say(chat, texts.messenger("link_opened" if opened else "link_unknown"))
            return True
        if text == "/start":
            await self._say(chat, texts.message("greeting"))
            return True
        if chat.pending and (code := _CODE.fullmatch(text)):
            await self._say(chat, texts.messenger(await self.linking.confirm(chat, code[1] + code[2])))
            return True
        if chat.link and fold(text).strip(" .!") in {"odlacz", "/odlacz", "rozlacz konto", "odlacz konto"}:
            await self.unlink(chat)
            return True
        return False

    async def unlink(self, chat: Chat) -> None:
        """Nothing of the patient's account is reachable from this chat any more."""
        link = await self.linking.of_chat(chat)
        if link is not None:
            await self.linking.end(link)
        else:
            await self.chats.change(chat.conversation, link=None, pending=None)
        await self.desk.forget(Visitor(chat.sender, chat.conversation, chat.channel))
        await self._say(chat, texts.messenger("unlinked"))
        await self.delivery.deliver(chat.conversation)

    async def _say(self, chat: Chat, text: str) -> None:
        await self.desk.say(chat.conversation, Outgoing(text=text))

    async def _send_now(self, chat: Chat, reply: Outgoing) -> None:
        adapter = self.adapters[chat.channel]
        links = [{"label": link.label, "href": link.href} for link in reply.links]
        for bubble in bubbles({"text": reply.text, "links": links}, adapter.capability):
            await adapter.send(chat.chat, bubble)

    async def _sign(self, channel: str, update: Update) -> None:
        """Typing and read marks; a lost sign is no reason to fail."""
        try:
            await self.adapters[channel].typing(update.chat, update)
        except VendorError as error:
            _log.info("%s took no sign: %d", channel, error.status)

    async def _sweep(self) -> None:
        while True:
            try:
                await self.delivery.sweep()
            except StorageError:
                _log.warning("storage failed while looking for undelivered messages")
            await asyncio.sleep(SWEEP.total_seconds())
