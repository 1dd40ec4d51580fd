"""The assistant as processes that can die: one model, one Redis, one sandbox portal, many lives.

A process is a front desk with its stores and its own conversation store. It dies as `kill -9` leaves
it: the turn stops at a point, nothing after it runs, its locks are renewed no more. (The model is
shared between lives: loading it is measured elsewhere.)
"""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.actions.file_place import PortalFiles
from bot.actions.reception import PortalReception
from bot.channels.admission import Rates
from bot.channels.core import FrontDesk
from bot.channels.desk_settings import DeskSettings
from bot.channels.files.checking import FileCheck
from bot.channels.files.desk import FileDesk, Given
from bot.channels.messages import Incoming, Visitor
from bot.channels.rasa_bridge import RasaAssistant
from bot.channels.safety import safety_check
from bot.portal.clock import PortalClock
from bot.portal.journal import Journal
from bot.portal.transport import Wire
from bot.rehearsal.stage import PATIENT, Patient, Session, Stage
from bot.sandbox import BASE_URL, Sandbox
from bot.storage.embedded import open_embedded
from bot.storage.protocols import Entry, HeldFile, HeldFiles, Rate, Stores
from bot.storage.rasa_lock import ConversationLocks
from bot.storage.redis_link import RedisLink
from bot.storage.redis_live import RedisLocks
from bot.storage.redis_stores import open_redis
from bot.storage.sealed import with_sealed_content
from bot.storage.sealing import Sealer
from bot.storage.tracker_store import ConversationStore, open_log

LEASE_MS = 3000
SEALER = Sealer.of("", b"faults")
UNLIMITED = Rates(sender=Rate(1_000_000, timedelta(microseconds=1)))
SETTINGS = DeskSettings(rates=UNLIMITED, sweep=timedelta(seconds=0.3))
PATIENCE = 60.0
_numbers = itertools.count()
Point = Callable[[str], Awaitable[None]]


class Death:
    """Where a process dies: at the first `point` with this name, until it is spent."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.died = asyncio.Event()

    async def point(self, name: str) -> None:
        """Passes, or never comes back."""
        if name == self.name and not self.died.is_set():
            self.died.set()
            await asyncio.get_running_loop().create_future()


class Transport(httpx.AsyncBaseTransport):
    """The portal's wire, with a point behind every answer of a write."""

    def __init__(self, inner: httpx.AsyncBaseTransport, point: Point) -> None:
        self._inner = inner
        self._point = point

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        if request.method != "GET" and answer.status_code < 300:
            await self._point(f"after {request.method} {request.url.path}")
        return answer


class DyingStore(ConversationStore):
    """Points before and after the save."""

    async def save(self, tracker: Any) -> None:
        new = len(tracker.events) > 3
        if new:
            await self.point("before save")
        await super().save(tracker)
        if new:
            await self.point("after save")


class DyingFiles:
    """A point after a file was kept: nobody was told of it yet."""

    def __init__(self, inner: HeldFiles, point: Point) -> None:
        self.waiting, self.content, self.drop = inner.waiting, inner.content, inner.drop
        self._inner = inner
        self._point = point

    async def put(self, conversation: str, file: HeldFile, content: bytes, now: datetime) -> None:
        await self._inner.put(conversation, file, content, now)
        await self._point("file kept")


class DyingPlace:
    """Points before and after a file is taken to the portal."""

    def __init__(self, inner: PortalFiles, point: Point) -> None:
        self.room = inner.room
        self._inner = inner
        self._point = point

    async def send(self, sender: str, attachment_id: str, content: bytes) -> str | None:
        await self._point("before the bytes")
        code = await self._inner.send(sender, attachment_id, content)
        await self._point("after the bytes")
        return code


class DyingLocks(RedisLocks):
    """Locks that a dead process renews and leaves no more."""

    death: Death

    async def _turn(self, name: str, owner: str, *, queue: bool) -> int:
        if self.death.died.is_set():
            await asyncio.get_running_loop().create_future()
        return await super()._turn(name, owner, queue=queue)

    async def _leave(self, name: str, owner: str) -> None:
        if not self.death.died.is_set():
            await super()._leave(name, owner)


@dataclass
class Process:
    """One life."""

    desk: FrontDesk
    stores: Stores
    death: Death
    files: FileDesk

    async def bury(self) -> None:
        """After the test: ends what hangs."""
        await self.desk.stop(grace=timedelta(0))


@dataclass
class Hospital:
    """A portal, a Redis and the patients in front of them; `open` begins a life."""

    stage: Stage
    redis_url: str
    patient: str = "vip"
    sandbox: Sandbox = field(default_factory=Sandbox)
    sender: str = field(default_factory=lambda: f"web-f{next(_numbers)}-{uuid.uuid4().hex[:6]}")
    prefix: str = field(default_factory=lambda: f"faults-{uuid.uuid4().hex[:8]}")
    """Of its keys: what another test left unfinished is not found by this one's processes."""
    lives: list[Process] = field(default_factory=list)
    death: Death = field(default_factory=Death)
    settings: DeskSettings = SETTINGS
    journal: Journal | None = None
    folder: Path | None = None
    """Files instead of Redis."""
    skew: timedelta = timedelta(0)
    """How far the machine's clock is from the portal's."""

    @property
    def conversation(self) -> str:
        return f"c-{self.sender}"

    def visitor(self) -> Visitor:
        return Visitor(self.sender, self.conversation, "web", authenticated=True, level="full", uploads=True)

    async def open(self, dies: str = "", death: Death | None = None) -> Process:
        """A new process on the same Redis; it dies at the point `dies`, or as `death` says."""
        for life in self.lives:
            if not life.death.died.is_set():
                await life.bury()  # one life at a time: the actions' portal is that of the newest
        self.death = death or Death(dies)
        real = self.sandbox.engine.clock.now
        clock = PortalClock(lambda: real() + self.skew, lambda: real().timestamp())
        transport = Transport(self.sandbox.transport(), self.death.point)
        wire = Wire(
            BASE_URL,
            transport=transport,
            clock=clock,
            sleep=_no_sleep,
            journal=self.journal,
            timeouts=PATIENT,
        )

        async def session_of(_: str) -> Any:
            return Patient(self.sandbox.token(self.patient), "web")

        reception = PortalReception(wire, session_of, self.stage._dictionaries)
        self.stage._sessions[self.sender] = Session(self.sender, self.sandbox, reception, "web")
        stores = with_sealed_content(await self._open_stores(clock.now), SEALER)
        place = self.redis_url if self.folder is None else str(self.folder / "conversations.sqlite")
        store = DyingStore(self.stage._agent.domain, log=open_log(place, self.prefix), sealer=SEALER)
        store.point = self.death.point
        agent = self.stage._agent
        agent.tracker_store = agent.processor.tracker_store = store
        agent.lock_store = ConversationLocks()
        desk = FrontDesk(
            replace(stores, files=DyingFiles(stores.files, self.death.point)),
            RasaAssistant(agent.handle_message, agent),
            safety_check,
            clock.now,
            self.settings,
        )
        files = FileDesk(desk, FileCheck(None), DyingPlace(PortalFiles(reception), self.death.point))
        desk.courier = files.deliver
        await desk.start()
        process = Process(desk, stores, self.death, files)
        self.lives.append(process)
        return process

    async def _open_stores(self, clock: Any) -> Stores:
        if self.folder is not None:
            return await open_embedded(self.folder / "front_desk.sqlite", clock)
        locks = DyingLocks(RedisLink.open(self.redis_url, self.prefix), LEASE_MS)
        locks.death = self.death
        return replace(await open_redis(self.redis_url, self.prefix, clock), locks=locks)

    async def send(self, process: Process, text: str) -> int:
        """Number of the message."""
        message = Incoming(self.conversation, str(uuid.uuid4()), text)
        receipt = await process.desk.receive(self.visitor(), message)
        assert receipt.seq is not None
        return receipt.seq

    async def give(self, process: Process, name: str, content: bytes, once: str) -> int:
        """A file from the patient's device, all with the same batch; number of its message."""

        async def stream() -> AsyncIterator[bytes]:
            yield content

        given = Given(once, name, "batch")
        receipt = await process.files.receive(self.visitor(), given, stream())
        assert receipt.seq is not None
        return receipt.seq

    async def ask(self, process: Process, text: str) -> list[Entry]:
        """The replies to a message; raises TimeoutError when the process dies on the way."""
        return await self.answered(process, await self.send(process, text))

    async def answered(self, process: Process, seq: int) -> list[Entry]:
        """The replies to message `seq`, once nothing is owed any more."""
        async with asyncio.timeout(PATIENCE):
            while await process.stores.outbox.next_work(self.conversation) is not None:
                if process.death.died.is_set():
                    raise TimeoutError
                await asyncio.sleep(0.01)
        entries = await process.stores.outbox.after(self.conversation, seq)
        return [entry for entry in entries if entry.author == "assistant"]

    async def transcript(self) -> Sequence[Entry]:
        return await self.lives[-1].stores.outbox.after(self.conversation, 0, 1000)

    async def close(self) -> None:
        for life in self.lives:
            await life.bury()
            await life.stores.close()
        self.sandbox.close()


async def _no_sleep(_: float) -> None:
    """Retries do not wait here."""
