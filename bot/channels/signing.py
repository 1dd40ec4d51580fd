"""Webhooks of ours: signed JSON with the time, sent again while that may help."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import httpx

_TRIES = 3
_FIRST_WAIT = 0.2
_TIMEOUT = 10.0
"""Seconds."""


def sign(secret: bytes, body: bytes, now: float) -> str:
    """`t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<raw body>">`: the value of a signature's header."""
    moment = str(int(now))
    return f"t={moment},v1={hmac.new(secret, moment.encode() + b'.' + body, sha256).hexdigest()}"


async def post_signed(
    http: httpx.AsyncClient, url: str, secret: bytes, header: str, fields: Mapping[str, Any]
) -> int:
    """Status of the last answer, 0 when there was none; the same body at every try, signed anew.

    A client error other than 429 is final; anything else is tried three times.
    """
    body, status = json.dumps(dict(fields), ensure_ascii=False).encode(), 0
    for attempt in range(_TRIES):
        if attempt:
            await asyncio.sleep(_FIRST_WAIT * 3 ** (attempt - 1))
        headers = {"content-type": "application/json", header: sign(secret, body, time.time())}
        try:
            answer = await http.post(url, content=body, headers=headers, timeout=_TIMEOUT)
        except httpx.HTTPError:
            status = 0
            continue
        status = answer.status_code
        if answer.is_success or (answer.is_client_error and status != httpx.codes.TOO_MANY_REQUESTS):
            break
    return status
