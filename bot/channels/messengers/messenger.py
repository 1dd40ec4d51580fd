"""Facebook Messenger (Send API)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.channels.messengers import meta
from bot.channels.messengers.model import Bubble, Capability, FileRef, Update
from bot.channels.messengers.vendor import call, stream

CAPABILITY = Capability(
    "messenger", text=2000, buttons=13, label=20, button_text=2000, window=timedelta(hours=24),
    overall=timedelta(milliseconds=25),
)  # fmt: skip
HOSTS = ("fbcdn.net", "fbsbx.com")


@dataclass(frozen=True, slots=True)
class Messenger(meta.MetaWebhook):
    """`page`: its name in m.me addresses."""

    page: str
    base: str = meta.GRAPH
    hosts: tuple[str, ...] = HOSTS
    capability: Capability = CAPABILITY

    def updates(self, body: Mapping[str, Any]) -> Sequence[Update]:
        """Messages, presses and referrals; echoes and receipts are not people's doing."""
        return [
            update
            for entry in meta.entries(body, "page")
            for event in entry.get("messaging") or ()
            if (update := _update(event)) is not None
        ]

    async def send(self, chat: str, bubble: Bubble) -> None:
        """A message with quick replies."""
        message: dict[str, Any] = {"text": bubble.text}
        if bubble.buttons:
            message["quick_replies"] = [
                {"content_type": "text", "title": choice.label, "payload": choice.token}
                for choice in bubble.buttons
            ]
        await self._call({"recipient": {"id": chat}, "messaging_type": "RESPONSE", "message": message})

    async def typing(self, chat: str, update: Update | None) -> None:
        """Read, then writing."""
        for action in ("mark_seen", "typing_on"):
            await self._call({"recipient": {"id": chat}, "sender_action": action})

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        """From Meta's hosts only: the address comes with the message."""
        async for chunk in stream(self.http, meta.check_host(file.ref, self.hosts)):
            yield chunk

    def link_address(self, token: str) -> str:
        """The chat opens and the token comes as a referral."""
        return f"https://m.me/{self.page}?ref={token}"

    async def _call(self, fields: Mapping[str, Any]) -> None:
        await call(self.http, f"{self.base}/me/messages", fields, self.bearer)


def _update(event: Mapping[str, Any]) -> Update | None:
    chat = str((event.get("sender") or {}).get("id") or "")
    message, pressed = event.get("message") or {}, event.get("postback") or {}
    referral = event.get("referral") or pressed.get("referral") or {}
    if not chat or message.get("is_echo"):
        return None
    if referral.get("ref"):
        return Update(f"ref:{chat}:{event.get('timestamp')}", chat, text=str(referral["ref"]))
    if pressed:
        once = str(pressed.get("mid") or f"postback:{chat}:{event.get('timestamp')}")
        return Update(once, chat, button=str(pressed.get("payload") or "-"))
    if not message.get("mid"):
        return None
    reply = message.get("quick_reply") or {}
    if reply.get("payload"):
        return Update(str(message["mid"]), chat, button=str(reply["payload"]))
    text = message.get("text")
    return Update(
        str(message["mid"]),
        chat,
        text=str(text) if text else None,
        files=tuple(_files(message.get("attachments") or ())),
        album=str(message["mid"]),
    )


def _files(attachments: Sequence[Mapping[str, Any]]) -> Iterator[FileRef]:
    """All of them; a sticker or a place has no file of its own."""
    for item in attachments:
        payload = item.get("payload") or {}
        if (
            item.get("type") in {"image", "file", "video", "audio"}
            and payload.get("url")
            and "sticker_id" not in payload
        ):
            url = str(payload["url"])
            name = url.split("?", 1)[0].rsplit("/", 1)[-1]
            yield FileRef(url, name or str(item["type"]))
