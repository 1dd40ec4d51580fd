"""One turn of the assistant: its typing sign, its numbered answers."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.counting import count_reply
from bot.channels.messages import Assistant, Incoming, OptionKind, Outgoing, Visitor
from bot.channels.rendering import to_body
from bot.operations.logs import TRACE
from bot.operations.metrics import METRICS
from bot.storage.protocols import Button, Clock, Entry, StorageError, Stores, Work, new_token

PATIENTS_ZONE = ZoneInfo("Europe/Warsaw")


Ring = Callable[[str, int, bool], Awaitable[None]]
"""(conversation, number of a message, whether it may ring at night): wakes the patient's phone."""


class Turn:
    """`number` is that of the patient's message; `last` that of the newest answer (0: none yet)."""

    def __init__(
        self, stores: Stores, clock: Clock, button_life: timedelta, conversation: str, number: int
    ) -> None:
        self._stores = stores
        self._clock = clock
        self._button_life = button_life
        self._conversation = conversation
        self._number = number
        self.last = 0
        self.author = "assistant"
        self.decorate: Callable[[Outgoing], Outgoing] | None = None
        self.ring: Ring | None = None
        self.health: frozenset[str] = frozenset()
        self._until: datetime | None = None
        self.failed = False
        self.errand: Callable[[Mapping[str, str]], Awaitable[None]] | None = None
        self._kept: list[int] = []
        self._issued: dict[str, Button] = {}

    async def once_more(self, entry: Entry) -> None:
        """The turn is done again after its process died: answers that were kept are not kept twice."""
        later = await self._stores.outbox.after(entry.conversation, entry.seq)
        self._kept = [other.seq for other in later if other.body.get("turn") == self._number]

    async def emit(self, message: Outgoing) -> None:
        """Render, number, keep, wake the devices."""
        if self.decorate is not None:
            message = self.decorate(message)
        if message.upload is not None and self.errand is not None:
            await self.errand(message.upload)  # kept before it is told
        if self._kept:
            self.last = self._kept.pop(0)
        else:
            self._until = message.until
            body = await to_body(message, self._issue) | {"turn": self._number}
            if self._issued:
                await self._stores.buttons.keep(self._issued, self._clock())
                self._issued = {}
            if message.meta.get("response") in self.health:
                body["health"] = True  # for channels that may not say it
            appended = await self._stores.outbox.append(self._conversation, self.author, body, self._clock())
            self.last = appended.seq
            count_reply(message)
        # The message is kept; a device that was not woken finds it at its next look.
        with contextlib.suppress(StorageError):
            await self._stores.signals.publish(self._conversation, "message")
            if self.ring is not None:
                at_night = message.urgent or self._number > 0 or self.author != "assistant"
                await self.ring(self._conversation, self.last, at_night)

    async def run(self, assistant: Assistant, entry: Entry) -> bool:
        """Let the assistant answer; False when the pressed button was used up meanwhile."""
        work = dict(entry.body["work"])
        token = work.pop("spend", None)
        spend = self._stores.buttons.spend
        first = entry.work is Work.WAITING
        if token and first and not await spend(self._conversation, token, self._clock()):
            return False
        sender, payload = work.pop("sender"), work.pop("payload", None)
        metadata = work | {
            "turn": self._number,
            "now": self._clock().astimezone(PATIENTS_ZONE).isoformat(),
        }
        text = None if payload is not None else str(entry.body["text"])
        if payload is not None and not payload.startswith("/"):
            # A button of the house that stands for words: understood as if they were said.
            text, payload = str(payload), None
        await assistant.handle(sender, text, payload, metadata, self.emit)
        return True

    @asynccontextmanager
    async def typing(self) -> AsyncIterator[None]:
        """Show that the assistant is busy; a lost sign is no reason to fail. Counted and timed here."""
        started = time.perf_counter()
        TRACE.set(f"{self._conversation}/{self._number}")
        await self._sign("typing:on")
        try:
            yield
        finally:
            await self._sign("typing:off")
            METRICS.turns.labels("failed" if self.failed else "answered" if self.last else "silent").inc()
            METRICS.turn_seconds.observe(time.perf_counter() - started)

    async def _sign(self, signal: str) -> None:
        with contextlib.suppress(StorageError):
            await self._stores.signals.publish(self._conversation, signal)

    async def _issue(self, payload: str, label: str, kind: OptionKind) -> str:
        now = self._clock()
        button = Button(
            conversation=self._conversation,
            turn=self._number,
            payload=payload,
            label=label,
            single_use=kind == "act",
            expires_at=max(self._until or now, now + self._button_life),
        )
        token = new_token()
        self._issued[token] = button  # kept with the others of the message
        return token


def instruction(visitor: Visitor, message: Incoming, pressed: Button | None) -> dict[str, Any]:
    """What the turn needs later, perhaps in another process; never shown to a device."""
    made: dict[str, Any] = {
        "sender": visitor.sender,
        "channel": visitor.channel,
        "authenticated": visitor.authenticated,
        "level": visitor.level,
        "uploads": visitor.uploads,
        "message_id": message.client_message_id,
    }
    if pressed is not None:
        made["payload"] = pressed.payload
        made["button_turn"] = pressed.turn
        made["spend"] = message.button if pressed.single_use else None
    return made


def about(work: Mapping[str, Any]) -> dict[str, Any]:
    """Of an instruction, what says about whom it is."""
    return {name: work.get(name) for name in ("sender", "channel", "authenticated", "level", "uploads")}
