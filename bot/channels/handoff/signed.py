"""A desk by our own contract (docs/channels.md): signed JSON both ways."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

import httpx

from bot.channels.handoff.model import DeskError, HandoffRequest, Said, SaidKind

_SIGNATURE = re.compile(r"t=(?P<t>[0-9]{1,12}),v1=(?P<v1>[0-9a-f]{64})", re.ASCII)
_TOLERANCE = 300
_TRIES = 3
_TIMEOUT = 10.0
_KINDS: dict[str, SaidKind] = {
    "handoff.accepted": "accepted",
    "handoff.unavailable": "unavailable",
    "message.from_agent": "message",
    "typing": "typing",
    "handoff.ended": "ended",
}


def sign(secret: bytes, body: bytes, now: float) -> str:
    """Value of the Desk-Signature header."""
    moment = str(int(now))
    return f"t={moment},v1={hmac.new(secret, moment.encode() + b'.' + body, sha256).hexdigest()}"


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
        body = json.dumps({**fields, "id": once, "type": kind, "conversation": conversation}).encode()
        for attempt in range(_TRIES):
            headers = {
                "content-type": "application/json",
                "desk-signature": sign(self.secret, body, time.time()),
            }
            try:
                answer = await self.http.post(self.url, content=body, headers=headers, timeout=_TIMEOUT)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.is_success:
                return
            if answer is not None and answer.is_client_error and answer.status_code != 429:
                break
            await asyncio.sleep(0.2 * 3**attempt)
        raise DeskError(kind)
