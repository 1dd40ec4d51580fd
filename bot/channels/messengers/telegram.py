"""Telegram Bot API."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from bot.channels.messengers.model import Bubble, Capability, FileRef, Update, VendorError
from bot.channels.messengers.vendor import call, stream

CAPABILITY = Capability(
    "telegram", text=4096, buttons=12, label=60, button_text=4096, per_chat=timedelta(seconds=1),
    overall=timedelta(milliseconds=34),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telegram:
    """`secret` comes back with every update (X-Telegram-Bot-Api-Secret-Token)."""

    http: httpx.AsyncClient
    token: str = field(repr=False)
    secret: str = field(repr=False)
    name: str
    base: str = "https://api.telegram.org"
    capability: Capability = CAPABILITY

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """The secret, compared in constant time."""
        given = str(headers.get("x-telegram-bot-api-secret-token", ""))
        return hmac.compare_digest(given.encode(), self.secret.encode())

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Telegram checks nothing."""
        return None

    def updates(self, body: Mapping[str, Any]) -> Sequence[Update]:
        """One update; private chats only."""
        number = body.get("update_id")
        if not isinstance(number, int):
            return ()
        pressed = body.get("callback_query") or {}
        message = pressed.get("message") or body.get("message") or body.get("edited_message") or {}
        chat = message.get("chat") or {}
        if chat.get("type") != "private" or "id" not in chat:
            return ()
        person = pressed.get("from") or message.get("from") or {}
        name = " ".join(str(person[key]) for key in ("first_name", "last_name") if person.get(key))
        update = Update(str(number), str(chat["id"]), name)
        return (_pressed(update, pressed) if pressed else _said(update, message),)

    async def send(self, chat: str, bubble: Bubble) -> None:
        """A message, its buttons one below another."""
        fields: dict[str, Any] = {
            "chat_id": int(chat),
            "text": bubble.text,
            "link_preview_options": {"is_disabled": True},
        }
        if bubble.buttons:
            rows = [[{"text": choice.label, "callback_data": choice.token}] for choice in bubble.buttons]
            fields["reply_markup"] = {"inline_keyboard": rows}
        await self._call("sendMessage", fields)

    async def typing(self, chat: str, update: Update | None) -> None:
        """A press is acknowledged, or its button would go on spinning."""
        if update is not None and update.callback:
            await self._call("answerCallbackQuery", {"callback_query_id": update.callback})
        await self._call("sendChatAction", {"chat_id": int(chat), "action": "typing"})

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        """`getFile`, then the file from the same host."""
        found = await self._call("getFile", {"file_id": file.ref})
        path = str((found.get("result") or {}).get("file_path") or "")
        if not path or ".." in path or path.startswith("/"):
            raise VendorError(404, None)
        async for chunk in stream(self.http, f"{self.base}/file/bot{self.token}/{path}"):
            yield chunk

    def link_address(self, token: str) -> str:
        """Deep link: the chat opens and sends `/start <token>`."""
        return f"https://t.me/{self.name}?start={token}"

    async def _call(self, method: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        return await call(self.http, f"{self.base}/bot{self.token}/{method}", fields)


def _pressed(update: Update, pressed: Mapping[str, Any]) -> Update:
    return Update(
        update.id,
        update.chat,
        update.name,
        button=str(pressed.get("data") or "-"),
        callback=str(pressed.get("id") or ""),
    )


def _said(update: Update, message: Mapping[str, Any]) -> Update:
    files = tuple(_files(message))
    text = message.get("text") or message.get("caption")
    return Update(
        update.id,
        update.chat,
        update.name,
        text=str(text) if text else None,
        files=files,
        album=str(message["media_group_id"]) if message.get("media_group_id") else None,
    )


def _files(message: Mapping[str, Any]) -> list[FileRef]:
    """A photo is its largest size; every other kind has one file."""
    found: list[FileRef] = []
    if photos := message.get("photo"):
        largest = max(photos, key=lambda photo: int(photo.get("file_size") or photo.get("width") or 0))
        found.append(FileRef(str(largest["file_id"]), "zdjecie.jpg", largest.get("file_size")))
    for kind in ("document", "video", "voice", "audio", "animation", "video_note"):
        if item := message.get(kind):
            found.append(
                FileRef(str(item["file_id"]), str(item.get("file_name") or kind), item.get("file_size"))
            )
            break  # an animation is also sent as a document
    return found
