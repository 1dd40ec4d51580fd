"""``PortalClient``: the booking API over HTTP for one patient; ``Portal``: what it fulfils."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import httpx

from bot.portal.booking import BookingEndpoints
from bot.portal.care import CareEndpoints
from bot.portal.clock import PortalClock
from bot.portal.dictionaries import DictionaryCache
from bot.portal.protocol import Portal
from bot.portal.retry import RetryPolicy, Timeouts
from bot.portal.transport import Sleep, TokenSource, Wire

__all__ = ["Portal", "PortalClient"]


class PortalClient(BookingEndpoints, CareEndpoints, Portal):
    """One patient's view of the portal.

    Constructing it opens a connection pool of its own; a server keeps one ``Wire`` and one
    ``DictionaryCache`` for all patients and uses ``PortalClient.on``.
    """

    def __init__(
        self,
        base_url: str,
        *,
        tokens: TokenSource,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - immutable
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - immutable
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        clock: PortalClock | None = None,
        dictionaries: DictionaryCache | None = None,
    ) -> None:
        self._wire = Wire(
            base_url,
            transport=transport,
            timeouts=timeouts,
            retry=retry,
            sleep=sleep,
            jitter=jitter,
            clock=clock,
        )
        self._tokens = tokens
        self._dictionaries = dictionaries or DictionaryCache()

    @classmethod
    def on(cls, wire: Wire, tokens: TokenSource, dictionaries: DictionaryCache) -> PortalClient:
        """A client for one patient over what all patients share."""
        client = cls.__new__(cls)
        client._wire, client._tokens, client._dictionaries = wire, tokens, dictionaries
        return client

    @property
    def clock(self) -> PortalClock:
        """Server time."""
        return self._wire.clock

    async def aclose(self) -> None:
        """Close the connection pool (everybody's, when shared)."""
        await self._wire.aclose()
