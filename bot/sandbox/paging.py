"""Opaque cursors: a position bound to the query it belongs to."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from bot.sandbox.problems import Problem


def fingerprint(query: object) -> str:
    """Short name of a query, so that a cursor of another query is refused."""
    return hashlib.blake2b(json.dumps(query, sort_keys=True, default=str).encode(), digest_size=6).hexdigest()


def write_cursor(position: str, query: object) -> str:
    return base64.urlsafe_b64encode(f"{fingerprint(query)}|{position}".encode()).decode()


def read_cursor(cursor: str | None, query: object) -> str | None:
    """Position after which to go on; Problem INVALID_REQUEST for a foreign cursor."""
    if cursor is None:
        return None
    try:
        owner, _, position = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Problem("INVALID_REQUEST", {"field": "cursor"}) from error
    if owner != fingerprint(query):
        raise Problem("INVALID_REQUEST", {"field": "cursor"})
    return position


def page(items: Sequence[dict[str, Any]], query: dict[str, Any], key: str = "id") -> dict[str, Any]:
    """One page of an ordered list, from the item after the cursor's; all of it where nothing is paged."""
    limit = int(query.get("limit") or len(items))
    identity = {name: value for name, value in query.items() if name not in ("cursor", "limit")}
    after = read_cursor(query.get("cursor"), identity)
    start = 0
    if after is not None:
        start = next((i + 1 for i, item in enumerate(items) if item[key] == after), len(items))
    part = list(items[start : start + limit])
    more = start + limit < len(items)
    return {"items": part, "next_cursor": write_cursor(part[-1][key], identity) if more and part else None}
