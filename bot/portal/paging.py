"""Lists of the portal come in pages; what is read of them is bounded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.portal.models import Page

T = TypeVar("T")


async def every_page(fetch: Callable[[str | None], Awaitable[Page[T]]], *, most: int) -> list[T]:
    """The items of up to `most` pages, in the portal's order. `fetch` gets a cursor, None for the first.

    Raises what `fetch` raises; nothing is kept of a list that could not be read whole.
    """
    found: list[T] = []
    cursor = None
    for _ in range(most):
        page = await fetch(cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    return found
