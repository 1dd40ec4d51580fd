"""A desk by our own contract (docs/channels.md): signed JSON both ways."""

from __future__ import annotations

import hmac
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx

from bot.channels.handoff.model import DeskError, HandoffRequest, Said, SaidKind
from bot.channels.signing import post_signed, sign

_SIGNATURE = re.compile(r"t=(?P<t>[0-9]{1,12}),v1=(?P<v1>[0-9a-f]{64})", re.ASCII)
_TOLERANCE = 300
_KINDS: dict[str, SaidKind] = {
    "handoff.accepted": "accepted",
    "handoff.unavailable": "unavailable",
    "message.from_agent": "message",
    "typing": "typing",
    "handoff.ended": "ended",
}


@dataclass(frozen=True, slots=True)
class SignedDesk:
    """`url` takes our events; theirs come to /handoff/desk."""

    http: httpx.AsyncClient
    url: str
    secret: bytes = field(repr=False)

    async def request(self, request: HandoffRequest) -> str:
        """`handoff.requested`."""
        await self._post("handoff.requested", request.conversation, asdict(request), str(uuid.uuid4()))
        return request.conversation

    async def message(self, conversation: str, ref: str, text: str, once: str) -> None:
        """`message.from_patient`."""
        await self._post("message.from_patient", conversation, {"text": text}, once)

    async def close(self, conversation: str, ref: str) -> None:
        """`conversation.closed`."""
        await self._post("conversation.closed", conversation, {}, str(uuid.uuid4()))

    def genuine(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now: float) -> bool:
        """Signature and age."""
        match = _SIGNATURE.fullmatch(str(headers.get("desk-signature", "")))
        if match is None:
            return False
        good = sign(self.secret, body, int(match["t"]))
        return hmac.compare_digest(good, match[0]) and abs(now - int(match["t"])) <= _TOLERANCE

    def said(self, body: Mapping[str, object]) -> Sequence[Said]:
        """One event; an unknown type says nothing."""
        kind = _KINDS.get(str(body.get("type")))
        if kind is None or not body.get("id") or not body.get("conversation"):
            return ()
        fields = {
            name: str(body.get(name) or "") for name in ("id", "conversation", "text", "agent", "hours")
        }
        return (Said(kind=kind, on=body.get("on") is True, **fields),)

    async def _post(self, kind: str, conversation: str, fields: Mapping[str, Any], once: str) -> None:
        """The same `id` at every try, so that the desk takes it once."""
        event = {**fields, "id": once, "type": kind, "conversation": conversation}
        status = await post_signed(self.http, self.url, self.secret, "desk-signature", event)
        if not httpx.codes.is_success(status):
            raise DeskError(kind)
