"""Rasa's TrackerStore over the conversation log: only new events are written, in one round trip.

`retrieve` gives a working history of bounded length: older turns are replaced by the values they came
to, so that a turn costs the same in a long conversation as in a short one. `retrieve_full_tracker`
gives every event that is kept. A tracker retrieved here remembers the version it was read at; saving
it after somebody else has written raises ConversationMovedError.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.storage.conversations import KEEP_CONVERSATIONS, ConversationLog, Reading, Snapshot
from bot.storage.embedded_conversations import SqliteConversations
from bot.storage.redis_client import is_redis
from bot.storage.redis_conversations import RedisConversations
from bot.storage.redis_link import RedisLink
from bot.storage.sealing import Sealer
from bot.storage.tracker_events import cut, from_bytes, replay, standing_for, to_bytes

_MARK = "stored_in_log"
"""Attribute of a tracker: how much of it is stored."""
LIVE = 64
"""Conversations whose tracker is kept in memory between turns; others are read again."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """`starts`: for each batch from number `first` on, the index of its first event in the tracker."""

    version: int
    events: int
    first: int
    starts: tuple[int, ...]


def open_log(place: str, prefix: str = "asystent", keep: timedelta = KEEP_CONVERSATIONS) -> ConversationLog:
    """Redis for a redis address, else an SQLite file. Nothing is contacted yet."""
    if is_redis(place):
        return RedisConversations(RedisLink.open(place, prefix, text=False), keep)
    return SqliteConversations(place, keep)


class ConversationStore(TrackerStore):
    """See the module. In endpoints.yml: `type`, `url` (Redis address or file), `secret`, `keys`."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        secret: str = "",
        keys: str = "",
        log: ConversationLog | None = None,
        sealer: Sealer | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        live: int = LIVE,
        **_: Any,
    ) -> None:
        """Either `log` and `sealer`, or `host` and `secret`. Raises ValueError when neither is given."""
        if log is None and not host:
            raise ValueError("a conversation store needs a url")
        if sealer is None and not secret:
            raise ValueError("a conversation store needs a secret")
        self._live: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        super().__init__(domain, event_broker)
        self._log = log or open_log(str(host))
        self._sealer = sealer or Sealer.of(keys, secret.encode())
        self._clock = clock
        self._most_live = live

    @property
    def domain(self) -> Domain:
        """Slots of new trackers come from here."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._live.clear()  # their slots are those of the old domain

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """An empty tracker; never with a cut history, which would lose slots."""
        return DialogueStateTracker(sender_id, self.domain.slots)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The working history of the current session, None for a new conversation."""
        live = self._live.pop(sender_id, None)
        known = _stored(live).version if live is not None else -1
        reading = await self._log.read(sender_id, known)
        if reading.version == 0:
            return None
        return self._rebuild(sender_id, reading) if reading.changed or live is None else live

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Every event that is kept, over all sessions."""
        reading = await self._log.whole(conversation_id)
        return self._rebuild(conversation_id, reading) if reading.version else None

    async def events(self, conversation_id: str) -> list[Event]:
        """Every event that is kept, as it was written; needs no domain."""
        reading = await self._log.whole(conversation_id)
        found: list[Event] = []
        for number, batch in enumerate(reading.batches, start=reading.first):
            found += from_bytes(self._sealer.open(batch, _place(conversation_id, "batch", number)))
        return found

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything is stored."""
        return (await self._log.read(conversation_id)).version > 0

    async def keys(self) -> Iterable[str]:
        """Conversations in the store."""
        return await self._log.names()

    async def delete(self, conversation_id: str) -> bool:
        """Forgets a conversation; True when there was one."""
        self._live.pop(conversation_id, None)
        return await self._log.delete(conversation_id)

    async def close(self) -> None:
        """Gives connections and files back."""
        await self._log.close()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes what is new. Raises ConversationMovedError, and StorageError when nothing is known."""
        stored = getattr(tracker, _MARK, None) or await self._found(tracker)
        events = list(tracker.events)
        new = events[stored.events :]
        if not new:
            return
        sender, version = tracker.sender_id, stored.version
        starts = (*stored.starts, stored.events)
        kept, first = events, stored.first
        snapshot = None
        begun = _last_session(new)
        number = len(starts) - 1 if begun and len(starts) > 1 else cut(events, starts)
        if number is not None:
            first = stored.first + number
            base = [] if begun else self._come_to(sender, events[: starts[number]])
            kept = [*base, *events[starts[number] :]]
            starts = tuple(start - starts[number] + len(base) for start in starts[number:])
            snapshot = Snapshot(first, self._sealer.seal(to_bytes(base), _place(sender, "snapshot", first)))
        batch = self._sealer.seal(to_bytes(new), _place(sender, "batch", version))
        self._live.pop(sender, None)
        await self._log.append(sender, version, batch, self._clock(), secrets.token_hex(8), snapshot)
        if snapshot is not None:
            tracker = replay(sender, kept, self.domain)
        setattr(tracker, _MARK, _Stored(version + 1, len(kept), first, starts))
        self._keep_live(sender, tracker)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, sender)

    def _come_to(self, sender: str, events: Sequence[Event]) -> list[Event]:
        return standing_for(replay(sender, events, self.domain))

    def _keep_live(self, sender: str, tracker: DialogueStateTracker) -> None:
        self._live[sender] = tracker
        while len(self._live) > self._most_live:
            self._live.popitem(last=False)

    async def _found(self, tracker: DialogueStateTracker) -> _Stored:
        """What is stored of a tracker made elsewhere; its own events are put after it."""
        before = self._rebuild(tracker.sender_id, await self._log.whole(tracker.sender_id))
        known = {(event.type_name, event.timestamp) for event in before.events}
        new = [event for event in tracker.events if (event.type_name, event.timestamp) not in known]
        tracker.events.clear()
        tracker.events.extend([*before.events, *new])
        return _stored(before)

    def _rebuild(self, sender: str, reading: Reading) -> DialogueStateTracker:
        events: list[Event] = []
        if reading.snapshot is not None:
            place = _place(sender, "snapshot", reading.snapshot.batch)
            events += from_bytes(self._sealer.open(reading.snapshot.body, place))
        starts: list[int] = []
        for number, batch in enumerate(reading.batches, start=reading.first):
            starts.append(len(events))
            events += from_bytes(self._sealer.open(batch, _place(sender, "batch", number)))
        tracker = replay(sender, events, self.domain)
        setattr(tracker, _MARK, _Stored(reading.version, len(events), reading.first, tuple(starts)))
        return tracker


def _last_session(events: Sequence[Event]) -> bool:
    return any(isinstance(event, SessionStarted) for event in events)


def _stored(tracker: DialogueStateTracker) -> _Stored:
    stored: _Stored = getattr(tracker, _MARK)
    return stored


def _place(conversation: str, kind: str, number: int) -> str:
    return f"{conversation}/{kind}/{number}"
