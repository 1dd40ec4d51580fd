"""Reads requests of the Chat API within limits; whatever is wrong is a 4xx with a code."""

from __future__ import annotations

import ipaddress
import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from sanic.request import Request

from bot.channels.messages import Incoming
from bot.channels.problems import ApiProblem

MAX_BODY = 64 * 1024
MAX_PAGE = 100
_BUTTON = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,15}")


def bearer(request: Request) -> str | None:
    """The bearer token of the request, if it has one."""
    scheme, _, token = str(request.headers.get("authorization", "")).partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def address(request: Request) -> str | None:
    """Network address that limits count by, or None when it stands for nobody in particular.

    Behind PROXIES_COUNT proxies it is what the outermost of them saw. An address of IPv6 counts by its
    /64 network, which is what one household gets. A loopback address is a proxy that did not say for
    whom it asks: a limit would shut out everybody at once.
    """
    try:
        found = ipaddress.ip_address(str(request.remote_addr or request.ip).strip("[]"))
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return None
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def visitor_token(fields: Mapping[str, Any]) -> str | None:
    """Token the device had as an anonymous visitor, sent along with the first request after a log-in."""
    token = fields.get("visitor_token")
    if token is not None and not isinstance(token, str):
        raise ApiProblem(422, "unknown_field")
    return token or None


async def json_object(request: Request) -> Mapping[str, Any]:
    """The request's JSON object; reads at most MAX_BODY bytes of it."""
    declared = str(request.headers.get("content-length", "0"))
    if _NUMBER.fullmatch(declared) and int(declared) > MAX_BODY:
        raise ApiProblem(413, "body_too_large")
    body = bytearray()
    async for chunk in request.stream:
        body += chunk
        if len(body) > MAX_BODY:
            raise ApiProblem(413, "body_too_large")
    if not body:
        return {}
    if str(request.headers.get("content-type", "")).partition(";")[0].strip().lower() != "application/json":
        raise ApiProblem(415, "unsupported_media")
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ApiProblem(400, "malformed") from error
    if not isinstance(value, dict):
        raise ApiProblem(422, "unknown_field")
    return value


def incoming(conversation: str, fields: Mapping[str, Any]) -> Incoming:
    """A message: a UUID of the client's and either a text or a button's token.

    Everything else a client may send (sender, metadata, ...) is ignored.
    """
    text, button = fields.get("text"), fields.get("button")
    if (text is None) == (button is None):
        raise ApiProblem(422, "unknown_field")
    if text is not None and not isinstance(text, str):
        raise ApiProblem(422, "unknown_field")
    if button is not None and not (isinstance(button, str) and _BUTTON.fullmatch(button)):
        raise ApiProblem(422, "unknown_field")
    return Incoming(conversation, client_id(fields.get("client_message_id")), text=text, button=button)


def client_id(value: object) -> str:
    """A UUID of the client's, in its usual form."""
    try:
        if not isinstance(value, str) or len(value) != 36:
            raise ValueError
        return str(uuid.UUID(value))
    except ValueError as error:
        raise ApiProblem(422, "unknown_field") from error


def number(value: str | None, default: int | None, largest: int | None = None) -> int | None:
    """A non-negative whole number of the query or a header."""
    if value is None or value == "":
        return default
    if not _NUMBER.fullmatch(value) or (largest is not None and int(value) > largest):
        raise ApiProblem(422, "unknown_field")
    return int(value)
