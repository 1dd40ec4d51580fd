"""Signed events to the assistant, as the document's webhook describes them."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

import httpx

from bot.sandbox.store import Doc, dump

_TRIES = 2
_TIMEOUT_SECONDS = 5.0


def signature(secret: bytes, body: bytes, now: datetime) -> str:
    """Value of the Portal-Signature header."""
    moment = str(int(now.timestamp()))
    digest = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


@dataclass
class EventSender:
    """Sends where it was told to; without an address events are only made."""

    url: str | None = None
    secret: bytes = b""
    transport: httpx.AsyncBaseTransport | None = None

    async def send(self, event: Doc, now: datetime) -> bool:
        """True when the assistant took the event; tried twice."""
        if self.url is None:
            return False
        body = dump(event).encode()
        headers = {"Content-Type": "application/json", "Portal-Signature": signature(self.secret, body, now)}
        async with httpx.AsyncClient(transport=self.transport, timeout=_TIMEOUT_SECONDS) as client:
            for _ in range(_TRIES):
                try:
                    answer = await client.post(self.url, content=body, headers=headers)
                except httpx.TransportError:
                    continue
                if answer.is_success:
                    return True
        return False
