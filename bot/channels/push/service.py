"""The operator's push service: one signed request for one device, with nothing of health in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import httpx

from bot.channels.signing import post_signed

_GONE = frozenset({httpx.codes.NOT_FOUND, httpx.codes.GONE})


class Answer(Enum):
    """What became of a push."""

    TAKEN = "taken"
    GONE = "gone"
    """The device is not there any more."""
    REFUSED = "refused"
    """The same request will never be taken."""
    LATER = "later"


@dataclass(frozen=True, slots=True)
class PushService:
    """`url` takes `message.waiting`, signed by `Push-Signature` (docs/channels.md)."""

    http: httpx.AsyncClient
    url: str
    secret: bytes = field(repr=False)

    async def send(self, push: Mapping[str, Any]) -> Answer:
        """One push; its `id` is the same at every try."""
        status = await post_signed(self.http, self.url, self.secret, "push-signature", push)
        if httpx.codes.is_success(status):
            return Answer.TAKEN
        if status in _GONE:
            return Answer.GONE
        final = httpx.codes.is_client_error(status) and status != httpx.codes.TOO_MANY_REQUESTS
        return Answer.REFUSED if final else Answer.LATER


def push_service(settings: Mapping[str, str], http: httpx.AsyncClient) -> PushService | None:
    """The service whose settings are there (`push_url`, `push_secret`). Raises KeyError without a secret."""
    url = settings.get("push_url")
    return PushService(http, url, settings["push_secret"].encode()) if url else None
