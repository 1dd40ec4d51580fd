"""Dictionaries (services, cities, facilities, doctors, languages), shared between patients by ETag."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.portal.errors import PortalUnavailable


@dataclass(frozen=True, slots=True)
class Fetched:
    """A dictionary as it came, with its version."""

    items: tuple[Any, ...]
    etag: str | None


class Fetch(Protocol):
    """Asks the portal for a dictionary; None when ``etag`` is still the current version."""

    def __call__(self, etag: str | None) -> Awaitable[Fetched | None]: ...


@dataclass(slots=True)
class _Entry:
    fetched: Fetched
    checked_at: float


class DictionaryCache:
    """Keeps each dictionary ``max_age`` seconds, then asks whether it has changed.

    While the portal is down an old copy is served for up to ``max_stale`` seconds: names of services
    and towns change seldom, and without them nothing can be understood.
    """

    def __init__(
        self,
        *,
        max_age: float = 300.0,
        max_stale: float = 86_400.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_age = max_age
        self._max_stale = max_stale
        self._monotonic = monotonic
        self._entries: dict[str, _Entry] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, name: str, fetch: Fetch) -> tuple[Any, ...]:
        """The items of a dictionary; concurrent callers share one request."""
        entry = self._entries.get(name)
        if entry is not None and self._age(entry) < self._max_age:
            return entry.fetched.items
        async with self._locks[name]:
            entry = self._entries.get(name)
            if entry is not None and self._age(entry) < self._max_age:
                return entry.fetched.items
            return await self._refresh(name, entry, fetch)

    async def _refresh(self, name: str, entry: _Entry | None, fetch: Fetch) -> tuple[Any, ...]:
        try:
            fetched = await fetch(entry.fetched.etag if entry else None)
        except PortalUnavailable:
            if entry is None or self._age(entry) >= self._max_stale:
                raise
            return entry.fetched.items
        if fetched is None:
            if entry is None:
                raise PortalUnavailable("not modified, but never fetched")
            fetched = entry.fetched
        self._entries[name] = _Entry(fetched, self._monotonic())
        return fetched.items

    def _age(self, entry: _Entry) -> float:
        return self._monotonic() - entry.checked_at
