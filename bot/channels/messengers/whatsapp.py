"""WhatsApp Cloud API. Health stays out of it until lawyers sign (features of the installation)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from bot.channels import texts
from bot.channels.messengers import meta
from bot.channels.messengers.model import Bubble, Capability, Choice, FileRef, Update
from bot.channels.messengers.vendor import call, get, stream

CAPABILITY = Capability(
    "whatsapp", text=4096, buttons=3, label=20, button_text=1024, rows=10, row_label=24,
    window=timedelta(hours=24), overall=timedelta(milliseconds=15), files=False, health=False,
)  # fmt: skip
SIGNED_OFF = replace(CAPABILITY, files=True, health=True)
HOSTS = ("fbsbx.com", "facebook.com", "whatsapp.net")


@dataclass(frozen=True, slots=True)
class WhatsApp(meta.MetaWebhook):
    """`number_id`: the sending number's id at Meta; `phone`: the number in wa.me addresses."""

    number_id: str
    phone: str
    base: str = meta.GRAPH
    hosts: tuple[str, ...] = HOSTS
    capability: Capability = CAPABILITY

    def updates(self, body: Mapping[str, Any]) -> Sequence[Update]:
        """Messages of our own number; delivery receipts are not people's doing."""
        return [
            update
            for entry in meta.entries(body, "whatsapp_business_account")
            for change in entry.get("changes") or ()
            for update in self._changed(change.get("value") or {})
        ]

    def _changed(self, value: Mapping[str, Any]) -> Iterator[Update]:
        if (value.get("metadata") or {}).get("phone_number_id") != self.number_id:
            return
        names = {
            str(contact.get("wa_id")): str((contact.get("profile") or {}).get("name") or "")
            for contact in value.get("contacts") or ()
        }
        for message in value.get("messages") or ():
            if message.get("id") and message.get("from"):
                yield _update(message, names.get(str(message["from"]), ""))

    async def send(self, chat: str, bubble: Bubble) -> None:
        """Text, up to three buttons, or a list of up to ten rows."""
        fields: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": chat}
        if bubble.buttons or bubble.rows:
            fields |= {"type": "interactive", "interactive": _interactive(bubble)}
        else:
            fields |= {"type": "text", "text": {"body": bubble.text, "preview_url": False}}
        await self._call(fields)

    async def typing(self, chat: str, update: Update | None) -> None:
        """A read mark carries the typing sign."""
        if update is not None:
            sign = {"status": "read", "message_id": update.id, "typing_indicator": {"type": "text"}}
            await self._call({"messaging_product": "whatsapp", **sign})

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        """The media id gives an address; the address wants the same token."""
        headers = self.bearer
        found = await get(self.http, f"{self.base}/{quote(file.ref, safe='')}", headers)
        async for chunk in stream(
            self.http, meta.check_host(str(found.get("url") or ""), self.hosts), headers
        ):
            yield chunk

    def link_address(self, token: str) -> str:
        """The chat opens with the token ready to be sent."""
        return f"https://wa.me/{self.phone}?text={token}"

    async def _call(self, fields: Mapping[str, Any]) -> None:
        url = f"{self.base}/{self.number_id}/messages"
        await call(self.http, url, fields, self.bearer)


def _interactive(bubble: Bubble) -> dict[str, Any]:
    body = {"text": bubble.text}
    if bubble.buttons:
        buttons = [{"type": "reply", "reply": _named(choice)} for choice in bubble.buttons]
        return {"type": "button", "body": body, "action": {"buttons": buttons}}
    rows = [_named(choice) for choice in bubble.rows]
    action = {"button": texts.messenger("open_list"), "sections": [{"rows": rows}]}
    return {"type": "list", "body": body, "action": action}


def _named(choice: Choice) -> dict[str, str]:
    return {"id": choice.token, "title": choice.label}


def _update(message: Mapping[str, Any], name: str) -> Update:
    kind = str(message.get("type"))
    update = Update(str(message["id"]), str(message["from"]), name)
    content = message.get(kind) or {}
    if kind == "text":
        return replace(update, text=str(content.get("body") or "") or None)
    if kind == "interactive":
        pressed = content.get("button_reply") or content.get("list_reply") or {}
        return replace(update, button=str(pressed.get("id") or "-"))
    if kind == "button":
        return replace(update, text=str(content.get("text") or "") or None)
    if kind in {"image", "document", "video", "audio"} and content.get("id"):
        caption = content.get("caption")
        file = FileRef(
            str(content["id"]), str(content.get("filename") or ("zdjecie.jpg" if kind == "image" else kind))
        )
        return replace(update, text=str(caption) if caption else None, files=(file,))
    return update
