"""HTTP to a vendor: what may be tried again, what never helps; files only from where they were promised."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import httpx

from bot.channels.messengers.model import VendorError

_TIMEOUT = 10.0
_SOON = timedelta(seconds=1)


async def call(
    http: httpx.AsyncClient, url: str, fields: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """POST JSON. Raises VendorError; the URL, which may hold a token, is never part of it."""
    try:
        answer = await http.post(url, json=dict(fields), headers=dict(headers or {}), timeout=_TIMEOUT)
    except httpx.HTTPError as error:
        raise VendorError(0, _SOON) from error
    if answer.is_success:
        return _object(answer)
    raise VendorError(answer.status_code, _wait(answer))


async def get(
    http: httpx.AsyncClient, url: str, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """GET JSON. Raises VendorError."""
    try:
        answer = await http.get(url, headers=dict(headers or {}), timeout=_TIMEOUT)
    except httpx.HTTPError as error:
        raise VendorError(0, _SOON) from error
    if answer.is_success:
        return _object(answer)
    raise VendorError(answer.status_code, _wait(answer))


async def stream(
    http: httpx.AsyncClient, url: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[bytes]:
    """The bytes behind an address; redirects are not followed. Raises VendorError."""
    try:
        async with http.stream("GET", url, headers=dict(headers or {}), timeout=_TIMEOUT) as answer:
            if not answer.is_success:
                raise VendorError(answer.status_code, None)
            async for chunk in answer.aiter_bytes(64 * 1024):
                yield chunk
    except httpx.HTTPError as error:
        raise VendorError(0, _SOON) from error


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        value = answer.json()
    except ValueError:
        return {}
    return value if isinstance(value, Mapping) else {}


def _wait(answer: httpx.Response) -> timedelta | None:
    """429 and 5xx pass; anything else never helps."""
    if answer.status_code != httpx.codes.TOO_MANY_REQUESTS and not answer.is_server_error:
        return None
    told = (_object(answer).get("parameters") or {}).get("retry_after") or answer.headers.get("retry-after")
    return timedelta(seconds=float(told)) if str(told).isdigit() else _SOON
