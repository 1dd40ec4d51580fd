"""Chatwoot: an API inbox for patients and an agent bot whose webhook is ours."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.channels.handoff.model import DeskError, HandoffRequest, Said, SaidKind

_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Chatwoot:
    """`token`: of the agent bot or a user; `secret`: part of the webhook's address."""

    http: httpx.AsyncClient
    url: str
    token: str = field(repr=False)
    account: str
    inbox: str
    secret: str = field(repr=False)

    async def request(self, request: HandoffRequest) -> str:
        """A conversation with a private summary, open for people."""
        who = {"inbox_id": int(self.inbox), "name": "Pacjent", "identifier": request.conversation}
        contact = await self._find(request.conversation) or (
            (await self._post("contacts", who)).get("payload", {}).get("contact", {})
        )
        inboxes = contact.get("contact_inboxes") or [{}]
        fields = {
            "source_id": inboxes[0].get("source_id"),
            "inbox_id": int(self.inbox),
            "contact_id": contact.get("id"),
            "custom_attributes": {"conversation": request.conversation, "channel": request.channel},
            "status": "open",
        }
        ref = str((await self._post("conversations", fields)).get("id") or "")
        if not ref:
            raise DeskError("conversations")
        note = {"content": request.summary_pl, "message_type": "outgoing", "private": True}
        await self._post(f"conversations/{ref}/messages", note)
        await self._post(f"conversations/{ref}/toggle_status", {"status": "open"})
        return ref

    async def message(self, conversation: str, ref: str, text: str, once: str) -> None:
        """The patient's words."""
        await self._post(
            f"conversations/{ref}/messages", {"content": text, "message_type": "incoming", "echo_id": once}
        )

    async def close(self, conversation: str, ref: str) -> None:
        """Done for people."""
        await self._post(f"conversations/{ref}/toggle_status", {"status": "resolved"})

    def genuine(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now: float) -> bool:
        """The secret in the address, compared in constant time: Chatwoot signs nothing."""
        return hmac.compare_digest(str(query.get("secret", "")).encode(), self.secret.encode())

    def said(self, body: Mapping[str, object]) -> Sequence[Said]:
        """Messages of people, a person who takes the conversation, its end."""
        event = str(body.get("event"))
        about = body.get("conversation") if event == "message_created" else body
        about = about if isinstance(about, Mapping) else {}
        attributes = about.get("custom_attributes") or {}
        conversation = str(attributes.get("conversation") or "") if isinstance(attributes, Mapping) else ""
        if not conversation:
            return ()
        if event == "message_created":
            return self._message(body, conversation)
        ref, status = str(about.get("id")), str(about.get("status"))
        assignee = (
            (about.get("meta") or {}).get("assignee") if isinstance(about.get("meta"), Mapping) else None
        )
        if event == "conversation_status_changed" and status in {"resolved", "pending"}:
            return (self._of("ended", f"{ref}:{status}:{about.get('timestamp')}", conversation),)
        if event in {"conversation_updated", "conversation_status_changed"} and assignee:
            name = str(assignee.get("name") or "")
            return (self._of("accepted", f"{ref}:accepted:{assignee.get('id')}", conversation, agent=name),)
        return ()

    def _message(self, body: Mapping[str, object], conversation: str) -> Sequence[Said]:
        sender = body.get("sender")
        person = isinstance(sender, Mapping) and sender.get("type") in {"user", "User"}
        if body.get("message_type") not in {"outgoing", 1} or body.get("private") or not person:
            return ()
        name = str(sender.get("name") or "") if isinstance(sender, Mapping) else ""
        text = str(body.get("content") or "")
        return (self._of("message", f"m{body.get('id')}", conversation, text=text, agent=name),)

    def _of(self, kind: SaidKind, once: str, conversation: str, text: str = "", agent: str = "") -> Said:
        return Said(once, kind, conversation, text=text, agent=agent)

    async def _find(self, identifier: str) -> dict[str, Any]:
        found = await self._call("GET", f"contacts/search?q={identifier}", None)
        matching = (item for item in found.get("payload") or () if item.get("identifier") == identifier)
        return next(matching, {})

    async def _post(self, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        return await self._call("POST", path, dict(fields))

    async def _call(self, method: str, path: str, fields: dict[str, Any] | None) -> dict[str, Any]:
        url = f"{self.url}/api/v1/accounts/{self.account}/{path}"
        headers = {"api_access_token": self.token}
        try:
            answer = await self.http.request(method, url, json=fields, headers=headers, timeout=_TIMEOUT)
            answer.raise_for_status()
            value = answer.json() if answer.content else {}
        except (httpx.HTTPError, ValueError) as error:
            raise DeskError(path.split("?", 1)[0]) from error
        return value if isinstance(value, dict) else {}
