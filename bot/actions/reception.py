"""Who is writing: the server's session of a sender, turned into that patient's view of the portal."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.actions.catalogue import Catalogue
from bot.actions.world import World
from bot.portal.client import PortalClient
from bot.portal.dictionaries import DictionaryCache
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.tokens import PatientTokens, TokenExchange
from bot.portal.transport import Wire

_CLIENTS = 4096
"""How many patients' token caches are kept; the one not seen for longest goes first."""


class PatientSession(Protocol):
    """What the front desk knows of a logged-in patient (bot.storage.protocols.PatientSession)."""

    @property
    def token(self) -> str: ...
    @property
    def channel(self) -> str: ...


SessionOf = Callable[[str], Awaitable[PatientSession | None]]
"""The session behind a sender id, None for a visitor who has not logged in."""


OnDictionaries = Callable[[dict[str, Sequence[Any]]], Awaitable[None]]
"""Told when the portal's lists are new: services, cities, facilities, doctors."""


class PortalReception:
    """One wire and one set of dictionaries for all patients; tokens for each."""

    def __init__(
        self,
        wire: Wire,
        session_of: SessionOf,
        dictionaries: DictionaryCache | None = None,
        on_dictionaries: OnDictionaries | None = None,
        decisions: Decisions = DEFAULT_DECISIONS,
    ) -> None:
        self._decisions = decisions
        self._on_dictionaries = on_dictionaries
        self._wire = wire
        self._session_of = session_of
        self._dictionaries = dictionaries or DictionaryCache()
        self._exchange = TokenExchange(wire)
        self._tokens: OrderedDict[str, tuple[str, PatientTokens]] = OrderedDict()
        self._catalogue: tuple[tuple[int, ...], Catalogue] | None = None

    async def world(self, sender: str) -> World:
        """The world of this turn. Raises PortalError when the dictionaries cannot be had."""
        session = await self._session_of(sender)
        if session is None:
            return World(sender, self.now(), "web", None, None, self._decisions)
        client = PortalClient.on(self._wire, self._tokens_of(sender, session.token), self._dictionaries)
        catalogue = await self._load(client)
        return World(sender, self.now(), session.channel, client, catalogue, self._decisions)

    def now(self) -> datetime:
        """The portal's clock."""
        return self._wire.clock.now()

    def _tokens_of(self, sender: str, token: str) -> PatientTokens:
        known = self._tokens.get(sender)
        if known is None:
            known = (token, PatientTokens(self._exchange, token))
        elif known[0] != token:
            known[1].replace_chat_token(token)
            known = (token, known[1])
        self._tokens[sender] = known
        self._tokens.move_to_end(sender)
        if len(self._tokens) > _CLIENTS:
            self._tokens.popitem(last=False)
        return known[1]

    async def _load(self, client: PortalClient) -> Catalogue:
        """The catalogue; made anew only when a dictionary was fetched anew."""
        lists = (
            await client.services(),
            await client.cities(),
            await client.facilities(),
            await client.doctors(),
        )
        version = tuple(id(items) for items in lists)
        if self._catalogue is None or self._catalogue[0] != version:
            self._catalogue = (version, Catalogue.of(*lists))
            self._lists = lists  # keeps the lists alive, so that an id is not used again
            if self._on_dictionaries is not None:
                names = ("services", "cities", "facilities", "doctors")
                await self._on_dictionaries(dict(zip(names, lists, strict=True)))
        return self._catalogue[1]
