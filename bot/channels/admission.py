"""How many messages are taken: token buckets per patient, per address and for anonymous visitors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.channels import texts
from bot.channels.messages import Incoming, Outgoing, Visitor
from bot.storage.protocols import Clock, Rate, StorageError, Stores

SENDER_RATE = Rate(10, timedelta(seconds=3))
"""Messages of one patient: 20 a minute, ten of them at once (a patient who taps through options)."""
ADDRESS_RATE = Rate(120, timedelta(milliseconds=500))
"""Messages from one network address: an office or a clinic shares one, so it is generous."""
VISITOR_RATE = Rate(10, timedelta(seconds=12))
"""New anonymous conversations from one address: five a minute."""
_COPY_PAUSES = (0.0, 0.1, 0.3)
"""Seconds."""

Say = Callable[[str, Outgoing], Awaitable[object]]
"""(conversation, message): tells the patient something outside a turn."""


class TooManyMessagesError(Exception):
    """Not taken: more messages than the limits allow. `wait`: until the next one is."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many messages")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Rates:
    """Limits of an installation."""

    sender: Rate = SENDER_RATE
    address: Rate = ADDRESS_RATE
    visitor: Rate = VISITOR_RATE


class Admission:
    """Lets messages in, or says how long they have to wait."""

    def __init__(self, stores: Stores, rates: Rates, clock: Clock, say: Say) -> None:
        self._stores = stores
        self._rates = rates
        self._clock = clock
        self._say = say

    async def visitor(self, address: str | None) -> None:
        """Raises TooManyMessagesError when an address opens more anonymous conversations than allowed."""
        if address is None:
            return
        try:
            allowance = await self._stores.limits.take("visitor", address, self._rates.visitor, self._clock())
        except StorageError:
            return  # a visitor with an emergency gets in even now
        if not allowance.allowed:
            raise TooManyMessagesError(allowance.wait)

    async def message(self, visitor: Visitor, message: Incoming) -> int | None:
        """None when the message may be taken; the number of an earlier copy of it otherwise.

        Raises TooManyMessagesError for anything new beyond the limits; the patient is told once.
        """
        wait = await self._excess(visitor)
        if wait is None:
            return None
        for pause in _COPY_PAUSES:  # copies sent at once: the first of them may not be kept yet
            await asyncio.sleep(pause)
            seq = await self._stores.outbox.number_of(visitor.conversation, message.client_message_id)
            if seq is not None:
                return seq
        raise TooManyMessagesError(wait)

    async def _excess(self, visitor: Visitor) -> timedelta | None:
        now, take = self._clock(), self._stores.limits.take
        own = await take("sender", visitor.sender, self._rates.sender, now)
        if own.first:
            await self._say(visitor.conversation, Outgoing(text=texts.message("slow_down")))
        if not own.allowed or visitor.address is None:
            return None if own.allowed else own.wait
        shared = await take("address", visitor.address, self._rates.address, now)
        return None if shared.allowed else shared.wait
