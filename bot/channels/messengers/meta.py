"""What Messenger and WhatsApp share: Meta's signature over the raw body and its check of the address."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.channels.messengers.model import VendorError

GRAPH = "https://graph.facebook.com/v24.0"


@dataclass(frozen=True, slots=True)
class MetaWebhook:
    """The side of Meta's products that is the same: who called, and whether the address is ours."""

    http: httpx.AsyncClient
    token: str = field(repr=False)
    secret: str = field(repr=False)
    verify: str = field(repr=False)

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """`X-Hub-Signature-256` over the raw body; the older SHA-1 header proves nothing."""
        given = str(headers.get("x-hub-signature-256", ""))
        expected = "sha256=" + hmac.new(self.secret.encode(), body, sha256).hexdigest()
        return hmac.compare_digest(given.encode(), expected.encode())

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Meta's check of the address: the word we agreed on, answered with what it sent."""
        if query.get("hub.mode") != "subscribe":
            return None
        good = hmac.compare_digest(str(query.get("hub.verify_token", "")).encode(), self.verify.encode())
        return str(query.get("hub.challenge", "")) if good else None

    @property
    def bearer(self) -> dict[str, str]:
        """Header of every call to the Graph API."""
        return {"authorization": f"Bearer {self.token}"}


def entries(body: Mapping[str, Any], product: str) -> Iterator[Mapping[str, Any]]:
    """Every entry of a batch."""
    if body.get("object") == product:
        yield from (entry for entry in body.get("entry") or () if isinstance(entry, Mapping))


def check_host(url: str, hosts: tuple[str, ...]) -> str:
    """The address, when it is on one of the vendor's hosts (or below one). Raises VendorError."""
    parts = urlsplit(url)
    host = parts.netloc if parts.scheme == "http" else parts.hostname or ""
    allowed = any(host == known or host.endswith("." + known) for known in hosts)
    if not allowed or parts.scheme not in {"https", "http"} or parts.username:
        raise VendorError(403, None)
    return url
