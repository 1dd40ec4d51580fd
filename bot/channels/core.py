"""The front desk: one order of steps for every message of every channel.

Size limits and authentication belong to the channel; then, here: clean text, seen before?, safety
check, button, lock, assistant, render, number, keep. A message is numbered before it is answered,
and answered strictly in that order, so that nothing is lost or overtaken when a process dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from bot.channels import texts
from bot.channels.admission import Admission
from bot.channels.background import Background, stop
from bot.channels.cleaning import UnreadableTextError, clean_text
from bot.channels.desk_settings import DeskSettings, Receipt, TextTooLongError
from bot.channels.errands import AUTHOR as ERRAND
from bot.channels.errands import Courier, Errands, queue_of
from bot.channels.messages import Assistant, Incoming, Outgoing, SafetyCheck, Visitor
from bot.channels.reading import OF_THE_HOUSE, People, Reader, own_reply
from bot.channels.sweeping import sweep
from bot.channels.turn import Ring, Turn, about
from bot.operations.metrics import METRICS
from bot.storage.protocols import Appended, Clock, Entry, StorageError, Stores, Work

_log = logging.getLogger(__name__)
ALARM_LASTS = timedelta(minutes=15)
"""After an emergency was recognised: what is said then is heard as spoken in it."""
_ALARM = "alarm"
SYSTEM = "system"
"""Author of what the house tells the assistant; never shown to a device."""


class FrontDesk:
    """Receives messages of all channels; `start` and `stop` frame its background work."""

    def __init__(
        self,
        stores: Stores,
        assistant: Assistant,
        safety: SafetyCheck,
        clock: Clock,
        settings: DeskSettings | None = None,
    ) -> None:
        self.stores = stores
        self.settings = settings or DeskSettings()
        self.clock = clock
        self.admission = Admission(stores, self.settings.rates, clock, self.say)
        self.courier: Courier | None = None
        self.people: People | None = None
        self.ring: Ring | None = None
        self.health: frozenset[str] = frozenset()
        """Names of replies that tell of a patient's own health."""
        self._errands = Errands(stores.outbox, clock)
        self._reader = Reader(stores, clock, self.settings)
        self._assistant = assistant
        self._safety = safety
        self._background = Background()
        self._sweeping: asyncio.Task[None] | None = None
        self._working: Counter[str] = Counter()

    async def start(self) -> None:
        """Begin looking for messages that another (or an earlier) process left unanswered."""
        self._sweeping = asyncio.create_task(
            sweep(self.stores.outbox, self.clock, self.settings, self._resume)
        )

    async def stop(self, grace: timedelta = timedelta(seconds=10)) -> None:
        """Let running turns finish; what does not is found again after the next start."""
        if self._sweeping is not None:
            await stop(self._sweeping)
        await self._background.finish(grace)

    async def receive(self, visitor: Visitor, message: Incoming) -> Receipt:
        """Number the message and answer it in the background.

        Raises TextTooLongError, UnreadableTextError, and, never for an emergency,
        TooManyMessagesError and StorageError (nothing could be kept).
        """
        if message.text is not None and len(message.text) > self.settings.max_text:
            raise TextTooLongError
        text = clean_text(message.text) if message.text is not None else None
        urgent = await self._urgent(text) if text else None
        if urgent is None and (seq := await self.admission.message(visitor, message)) is not None:
            return Receipt(seq, new=False)
        # Shielded: a device that hangs up in the middle must not leave a numbered message unanswered.
        try:
            return await asyncio.shield(self._background.spawn(self._keep(visitor, message, text, urgent)))
        except StorageError:
            if urgent is None:
                raise
            return Receipt(seq=None, new=True, replies=(urgent,))

    async def danger(self, text: str | None) -> Outgoing | None:
        """The answer to an emergency that is given though nothing else may be: the log-in is over."""
        if not text or len(text) > self.settings.max_text:
            return None
        with contextlib.suppress(UnreadableTextError):
            return await self._urgent(clean_text(text))
        return None

    async def say(self, conversation: str, message: Outgoing, turn: int = 0, *, person: bool = False) -> int:
        """Number and keep a message of the assistant (or a `person`), and wake the patient's devices."""
        speaker = self._speaker(conversation, turn)
        speaker.author = "agent" if person else "assistant"
        await speaker.emit(message)
        return speaker.last

    async def enter(
        self, visitor: Visitor, once: str, shown: str, work: Mapping[str, Any], payload: str | None
    ) -> Receipt:
        """Something the patient did beside writing, `shown` as theirs; `payload` is for the assistant."""
        body: dict[str, Any] = {"client_message_id": once, "text": shown, "work": dict(work)}
        if payload is not None:
            body["work"]["payload"] = payload
        state = Work.NONE if payload is None else Work.WAITING
        appended = await self._append(visitor, once, body, state)
        if appended.new and payload is not None:
            self._background.spawn(self._work(visitor.conversation))
        return Receipt(appended.seq, appended.new)

    async def note(self, conversation: str, work: Mapping[str, Any], payload: str, once: str) -> bool:
        """The house tells the assistant something; the patient sees no message. False: `once` was told.

        `work`: who it is about, as `turn.instruction` made it.
        """
        body = {"work": {**about(work), "payload": payload, "message_id": once}}
        appended = await self.stores.outbox.append(
            conversation, SYSTEM, body, self.clock(), once=once, work=Work.WAITING
        )
        if appended.new:
            self._background.spawn(self._work(conversation))
        return appended.new

    async def forget(self, visitor: Visitor) -> None:
        """The session ended: nothing that was being arranged, or offered, goes on after it."""
        self._background.spawn(self._forget(visitor))
        await self.stores.signals.publish(visitor.conversation, "ended")

    async def _forget(self, visitor: Visitor) -> None:
        # Behind the turn that may be running.
        async with self.stores.locks.hold(visitor.conversation):
            await self._assistant.forget(visitor.sender)

    async def _urgent(self, text: str) -> Outgoing | None:
        try:
            with METRICS.stage("emergency_check"):
                found = self._safety(text)
                return await found if inspect.isawaitable(found) else found
        except Exception:
            _log.exception("safety check failed")  # and must never keep a message from the assistant
            return None

    async def _keep(
        self, visitor: Visitor, message: Incoming, text: str | None, urgent: Outgoing | None
    ) -> Receipt:
        body, pressed = await self._reader.read(visitor, message, text)
        reply, people, conversation = urgent, self.people, visitor.conversation
        person = people is not None and await people.has(conversation)
        if people is not None and pressed is not None and pressed.payload.startswith(OF_THE_HOUSE):
            reply, person = reply or await people.pressed(visitor, pressed.payload), False
        reply = reply or own_reply(message, text, pressed)
        if alarm := await self._alarm(conversation, urgent, pressed is not None):
            body.get("work", {}).update(alarm)
        state = Work.NONE if reply or person else Work.WAITING
        appended = await self._append(visitor, message.client_message_id, body, state)
        METRICS.messages.labels(visitor.channel, "new" if appended.new else "duplicate").inc()
        if not appended.new:
            return Receipt(appended.seq, new=False)
        METRICS.emergencies.inc(float(urgent is not None))
        if state is Work.WAITING:
            self._background.spawn(self._work(conversation))
        if reply is not None:
            await self.say(conversation, reply, appended.seq)
        if people is not None and person and body["text"]:
            lost = await people.heard(conversation, str(body["text"]), message.client_message_id)
            if lost is not None:
                await self.say(conversation, lost, appended.seq)
        return Receipt(appended.seq, new=True)

    async def _alarm(self, conversation: str, urgent: Outgoing | None, pressed: bool) -> dict[str, Any]:
        """The alarm of a short while ago: its reply, and whether something was said since.

        A tap says that all is well.
        """
        records = self.stores.records
        try:
            if urgent is not None:
                await records.put(_ALARM, conversation, {"reply": urgent.meta.get("reply")}, ALARM_LASTS)
            elif pressed:
                await records.take(_ALARM, conversation)
            elif (found := await records.get(_ALARM, conversation)) is not None:
                if not found.get("since"):
                    await records.put(_ALARM, conversation, found | {"since": True}, ALARM_LASTS)
                return {"alarm": found["reply"], "alarm_since": bool(found.get("since"))}
        except StorageError:
            _log.warning("whether there was an alarm is not known")
        return {}

    async def _append(self, visitor: Visitor, once: str, body: dict[str, Any], work: Work) -> Appended:
        conversation = visitor.conversation
        appended = await self.stores.outbox.append(
            conversation, "patient", body, self.clock(), once=once, work=work
        )
        if appended.new:
            await self.stores.signals.publish(conversation, "message")
        return appended

    async def _work(self, conversation: str) -> None:
        """Answer every waiting message of the conversation, oldest first."""
        self._working[conversation] += 1
        begun = METRICS.waits()
        try:
            async with self.stores.locks.hold(conversation):
                begun()
                while (entry := await self.stores.outbox.next_work(conversation)) is not None:
                    await self._answer(entry)
        except StorageError:
            _log.exception("storage failed; the message stays waiting")
        finally:
            begun()
            self._working[conversation] -= 1
            if not self._working[conversation]:
                del self._working[conversation]

    async def _answer(self, entry: Entry) -> None:
        """Marked before and after, so that a turn whose process died in the middle is found.

        It is done again, once: every write of a turn carries a key made of what was saved before it,
        so nothing is done twice, and the patient learns the outcome.
        """
        if entry.author == ERRAND:
            await self._errands.run(entry, self.courier)
            return
        conversation, seq, before = entry.conversation, entry.seq, entry.work
        now = Work.STARTED if before is Work.WAITING else Work.AGAIN
        if before is Work.AGAIN:
            if await self.stores.outbox.mark(conversation, seq, Work.AGAIN, Work.DONE):
                await self.say(conversation, texts.apology("interrupted"), seq)  # it may be what kills us
        elif await self.stores.outbox.mark(conversation, seq, before, now):
            if now is Work.STARTED or not await self._finished(entry):
                await self._turn(entry)
            await self.stores.outbox.mark(conversation, seq, now, Work.DONE)

    async def _finished(self, entry: Entry) -> bool:
        """Whether a turn that nobody marked as done was done; owned up to where that cannot be known."""
        done = await self._assistant.finished(entry.body["work"]["sender"], entry.seq)
        if done is None:
            await self.say(entry.conversation, texts.apology("interrupted"), entry.seq)
        return done is not False

    async def _turn(self, entry: Entry) -> None:
        """One turn; it never ends in silence."""
        turn = self._speaker(entry.conversation, entry.seq)
        turn.decorate = self.people.offer if self.people else None
        turn.errand = partial(self._errand, entry)
        METRICS.stages.labels("waiting").observe(max(0.0, (self.clock() - entry.at).total_seconds()))
        async with turn.typing():
            try:
                if entry.work is Work.STARTED:
                    await turn.once_more(entry)
                async with asyncio.timeout(self.settings.turn_timeout.total_seconds()):
                    ready = await turn.run(self._assistant, entry)
                if not ready:
                    await turn.emit(Outgoing(text=texts.message("button_expired")))
            except Exception:
                _log.exception("turn failed", extra={"turn": entry.seq})
                turn.failed = True
                await turn.emit(texts.apology())
            if not turn.last and entry.author != SYSTEM:
                _log.error("turn without an answer", extra={"turn": entry.seq})
                await turn.emit(texts.apology())

    async def _errand(self, entry: Entry, upload: Mapping[str, str]) -> None:
        """A file goes to the portal beside the conversation, which may go on meanwhile."""
        await self._errands.add(entry.conversation, entry.body["work"], upload)
        self._background.spawn(self._work(queue_of(entry.conversation)))

    def _speaker(self, conversation: str, number: int) -> Turn:
        turn = Turn(self.stores, self.clock, self.settings.button_life, conversation, number)
        turn.ring, turn.health = self.ring, self.health
        return turn

    def _resume(self, conversation: str) -> None:
        if conversation not in self._working:  # not one more in the queue for each look
            self._background.spawn(self._work(conversation))
