"""What an action may use: the patient's portal, the clock, the channel, the dictionaries.

The patient comes from the server's session of this sender, never from a slot, an entity or the
message's metadata (notes: object level authorisation).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.actions.catalogue import Catalogue
from bot.portal.models import Dependant, Me
from bot.portal.protocol import Portal
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions


@dataclass(slots=True)
class World:
    """One patient in one turn. `portal` is None for a visitor who has not logged in (R1)."""

    sender: str
    now: datetime
    """The portal's clock, aware, Europe/Warsaw."""
    channel: str
    portal: Portal | None
    catalogue: Catalogue | None
    decisions: Decisions = DEFAULT_DECISIONS
    """What this network decided where the documents are open (A1-A23)."""
    _me: Me | None = field(default=None)

    @property
    def logged_in(self) -> bool:
        """Whether there is an account to act for."""
        return self.portal is not None

    def signed_in(self) -> tuple[Portal, Catalogue]:
        """The portal and its dictionaries; only to be called behind the log-in gate."""
        if self.portal is None or self.catalogue is None:
            raise LookupError("this needs a logged-in patient")
        return self.portal, self.catalogue

    async def me(self) -> Me:
        """The account, read once a turn (R1: before every gated action). Raises PortalError."""
        if self._me is None:
            self._me = await self.signed_in()[0].me()
        return self._me

    def forget_me(self) -> None:
        """The account changed in this turn (a file came or went): it is read anew when needed."""
        self._me = None

    async def dependants(self) -> tuple[Dependant, ...]:
        """People the patient may book for (R7)."""
        return (await self.me()).dependants


class Reception(Protocol):
    """Who knows which patient writes under which sender id."""

    async def world(self, sender: str) -> World:
        """The world of this turn. Raises PortalError when the portal's dictionaries cannot be had."""
        ...
