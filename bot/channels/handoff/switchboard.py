"""Who has a conversation, the assistant or a person; what each of them hears meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.channels import texts
from bot.channels.core import FrontDesk
from bot.channels.handoff.model import DeskError, DeskOfPeople, HandoffRequest, Said
from bot.channels.messages import Option, Outgoing, Visitor
from bot.operations.metrics import METRICS
from bot.storage.protocols import Stores

_log = logging.getLogger(__name__)
KEEP_SEEN = timedelta(days=8)
LONGEST = timedelta(hours=24)
"""After that the assistant answers again, whatever the desk forgot to say."""
CALL, END = "desk:call", "desk:end"
"""Payloads of the house's own buttons."""
ASKS_FOR_A_PERSON = "utter_human"
_KIND = "handoff"
_SUMMARY = 8
Deliver = Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class Switchboard:
    """Between patients, the assistant and a desk of people."""

    desk: FrontDesk
    people: DeskOfPeople
    name: str
    """"desk" or "chatwoot": where its webhook is."""
    deliver: Deliver | None = None

    @property
    def _stores(self) -> Stores:
        return self.desk.stores

    async def has(self, conversation: str) -> bool:
        """Whether a person has the conversation, or was called: the assistant is silent."""
        return await self._stores.records.get(_KIND, conversation) is not None

    def offer(self, message: Outgoing) -> Outgoing:
        """An answer to the wish for a person gets a button that calls one."""
        if message.meta.get("response") != ASKS_FOR_A_PERSON:
            return message
        call = Option(texts.button_label("desk_call"), CALL, "act")
        return replace(message, options=(call, *message.options))

    async def pressed(self, visitor: Visitor, payload: str) -> Outgoing:
        """The house's own buttons."""
        if payload == END:
            return await self._back(visitor.conversation)
        return await self._call(visitor)

    async def _call(self, visitor: Visitor) -> Outgoing:
        if await self.has(visitor.conversation):
            return Outgoing(texts.message("desk_called"), (_end(),))
        request = HandoffRequest(
            conversation=visitor.conversation,
            queue="infolinia",
            reason="patient_asked",
            summary_pl=await self._summary(visitor.conversation),
            channel=visitor.channel,
            authenticated=visitor.authenticated,
        )
        try:
            ref = await self.people.request(request)
        except DeskError:
            _log.warning("the desk of people does not answer")
            METRICS.handoffs.labels("unreachable").inc()
            return _with_phone(texts.message("desk_unavailable"))
        METRICS.handoffs.labels("requested").inc()
        await self._stores.records.put(_KIND, visitor.conversation, {"ref": ref, "agent": ""}, LONGEST)
        return Outgoing(texts.message("desk_called"), (_end(),))

    async def _summary(self, conversation: str) -> str:
        """The last words of both, for the person: nobody has to say it twice."""
        said = await self._stores.outbox.latest(conversation, _SUMMARY)
        names = {"patient": "Pacjent", "assistant": "Asystent"}
        lines = [f"{names[e.author]}: {e.body.get('text', '')}" for e in said if e.author in names]
        return "\n".join(lines)

    async def heard(self, conversation: str, text: str, once: str) -> Outgoing | None:
        """A patient's message goes to the person; an answer of ours only when that failed."""
        state = await self._stores.records.get(_KIND, conversation)
        if state is None:
            return None
        try:
            await self.people.message(conversation, str(state["ref"]), text, once)
        except DeskError:
            _log.warning("the desk of people does not take messages")
            METRICS.handoffs.labels("lost").inc()
            await self._stores.records.take(_KIND, conversation)
            return _with_phone(texts.message("desk_lost"))
        return None

    async def take(self, said: Said) -> None:
        """Something the desk says; each id once. Raises StorageError."""
        state = await self._stores.records.get(_KIND, said.conversation)
        now = self.desk.clock()
        if state is None or not await self._stores.dedupe.first(f"desk-{self.name}", said.id, now, KEEP_SEEN):
            return
        await self._tell(said, state)
        if self.deliver is not None:
            await self.deliver(said.conversation)

    async def _tell(self, said: Said, state: dict[str, Any]) -> None:
        if said.kind in {"accepted", "unavailable", "ended"}:
            METRICS.handoffs.labels(said.kind).inc()
        # What was written is there, and who has gone writes no more: no desk has to say so.
        if said.kind != "accepted":
            writing = "on" if said.kind == "typing" and said.on else "off"
            await self._stores.signals.publish(said.conversation, f"typing:{writing}")
        if said.kind == "accepted":
            if state.get("agent") == "":
                await self._stores.records.put(
                    _KIND, said.conversation, state | {"agent": said.agent or "-"}, LONGEST
                )
                await self.desk.say(
                    said.conversation, Outgoing(texts.message("desk_accepted", agent=said.agent), (_end(),))
                )
        elif said.kind == "message" and said.text:
            await self.desk.say(said.conversation, Outgoing(said.text), person=True)
        elif said.kind == "unavailable":
            await self._stores.records.take(_KIND, said.conversation)
            hours = texts.message("desk_hours", hours=said.hours) if said.hours else ""
            await self.desk.say(
                said.conversation, _with_phone(f"{texts.message('desk_unavailable')} {hours}".strip())
            )
        elif said.kind == "ended":
            await self._stores.records.take(_KIND, said.conversation)
            await self.desk.say(said.conversation, Outgoing(texts.message("desk_ended")))

    async def _back(self, conversation: str) -> Outgoing:
        state = await self._stores.records.take(_KIND, conversation)
        if state is not None:
            try:
                await self.people.close(conversation, str(state["ref"]))
            except DeskError:
                _log.warning("the desk of people was not told of the end")
        return Outgoing(texts.message("desk_ended"))


def _end() -> Option:
    return Option(texts.button_label("desk_end"), END)


def _with_phone(text: str) -> Outgoing:
    return Outgoing(text, links=(texts.link("infolinia"),))
