"""A patient's file from the device to the portal; the conversation goes on by itself.

Taken in a stream, checked and cleaned, kept for minutes. The assistant hears of one file at a time
(`/file_offered`), asks what it still needs, gets the portal's ticket and says where the file goes
(`Outgoing.upload`); the bytes are sent and the outcome is reported (`/file_uploaded`, `/file_failed`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from bot.channels import texts
from bot.channels.core import FrontDesk
from bot.channels.desk_settings import Receipt
from bot.channels.files.checking import FileCheck
from bot.channels.files.kinds import MAX_BYTES, Checked, FileRefusedError, display_name
from bot.channels.messages import Incoming, Outgoing, Visitor
from bot.channels.turn import instruction
from bot.operations.metrics import METRICS
from bot.storage.protocols import HeldFile, Rate

_log = logging.getLogger(__name__)
UPLOAD_RATE = Rate(10, timedelta(seconds=20))
_ENTERED = "file-entered"


class Room(Protocol):
    """How many files the patient's account takes; `code` of the portal's rules when it takes none."""

    @property
    def used(self) -> int: ...
    @property
    def most(self) -> int: ...
    @property
    def code(self) -> str | None: ...


class FilePlace(Protocol):
    """Where files end up: the portal, on behalf of the sender's patient."""

    async def room(self, sender: str) -> Room:
        """Places of the account (R77, R80). Raises PlaceDownError-like errors of its own; none is fatal."""
        ...

    async def send(self, sender: str, attachment_id: str, content: bytes) -> str | None:
        """Send the bytes of an announced file; a code of the portal when it did not take them."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """What a device says about a file; `batch` is the same for files that were chosen together."""

    client_message_id: str
    name: str
    batch: str
    declared: int | None = None


@dataclass(slots=True)
class FileDesk:
    """Takes files of all channels; `receive_limit`: time to send one, `keep`: until the portal has it."""

    desk: FrontDesk
    check: FileCheck
    place: FilePlace
    keep: timedelta = timedelta(minutes=20)
    receive_limit: timedelta = timedelta(minutes=2)
    _receiving: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    """Files in memory at once: 8 MB each."""

    async def room(self, visitor: Visitor) -> Room:
        """Places left for this patient."""
        return await self.place.room(visitor.sender)

    async def receive(self, visitor: Visitor, given: Given, stream: AsyncIterator[bytes]) -> Receipt:
        """Take one file. Raises FileRefusedError; the conversation says which file and why."""
        outbox = self.desk.stores.outbox
        seq = await outbox.number_of(visitor.conversation, given.client_message_id)
        if seq is not None:
            return Receipt(seq, new=False)
        try:
            await self._admit(visitor, given)
            async with self._receiving:
                content = await self._read(stream)
                checked = await self.check.check(given.name, content)
            del content
            receipt = await self._keep(visitor, given, checked)
            METRICS.uploads.labels("taken").inc()
            return receipt
        except FileRefusedError as refusal:
            METRICS.uploads.labels(refusal.code).inc()
            name = display_name(given.name)
            await self.desk.say(visitor.conversation, Outgoing(text=texts.file(refusal.code, name=name)))
            raise

    async def _admit(self, visitor: Visitor, given: Given) -> None:
        if not visitor.authenticated:
            raise FileRefusedError("login")
        if given.declared is not None and given.declared > MAX_BYTES:
            raise FileRefusedError("too_large")
        now = self.desk.clock()
        if not (await self.desk.stores.limits.take("file", visitor.sender, UPLOAD_RATE, now)).allowed:
            raise FileRefusedError("too_fast")
        try:
            room = await self.room(visitor)
        except Exception as error:
            _log.warning("places for files are not known")
            raise FileRefusedError("portal_down") from error
        if room.code is not None:
            raise FileRefusedError(texts.file_reason(room.code))
        if room.used + len(await self._older(visitor.conversation, given.batch)) >= room.most:
            raise FileRefusedError("no_room")

    async def _older(self, conversation: str, batch: str) -> list[HeldFile]:
        """Files of the same batch that wait; those of another were left behind and make room."""
        files, now = self.desk.stores.files, self.desk.clock()
        waiting = await files.waiting(conversation, now)
        await files.drop(conversation, *(file.id for file in waiting if file.batch != batch))
        return [file for file in waiting if file.batch == batch]

    async def _read(self, stream: AsyncIterator[bytes]) -> bytes:
        content = bytearray()
        try:
            async with asyncio.timeout(self.receive_limit.total_seconds()):
                async for chunk in stream:
                    content += chunk
                    if len(content) > MAX_BYTES:
                        raise FileRefusedError("too_large")
        except TimeoutError:
            raise FileRefusedError("too_slow") from None
        return bytes(content)

    async def _keep(self, visitor: Visitor, given: Given, checked: Checked) -> Receipt:
        stores, now, conversation = self.desk.stores, self.desk.clock(), visitor.conversation
        held = HeldFile(
            id=secrets.token_urlsafe(12),
            batch=given.batch,
            name=checked.name,
            media_type=checked.media_type,
            size=len(checked.content),
            expires_at=now + self.keep,
        )
        incoming = Incoming(conversation, given.client_message_id, text=held.name)
        work = instruction(visitor, incoming, None)
        async with stores.locks.hold(f"files-{conversation}"):
            first = not await self._on_their_way(conversation, given.batch)
            await stores.files.put(conversation, held, checked.content, now)
            receipt = await self.desk.enter(
                visitor, given.client_message_id, texts.message("file_given", file=held.name), work,
                _offer(held) if first else None,
            )  # fmt: skip
            if receipt.new:
                await stores.dedupe.first(_ENTERED, held.id, now, self.keep)
            else:
                await stores.files.drop(conversation, held.id)
        return receipt

    async def _on_their_way(self, conversation: str, batch: str) -> list[HeldFile]:
        """Files of the batch that the conversation knows of. One whose process died before that goes: its
        device, which was told nothing, sends it again, and the others would wait behind it for ever."""
        stores, now = self.desk.stores, self.desk.clock()
        older = await self._older(conversation, batch)
        lost = [file for file in older if await stores.dedupe.first(_ENTERED, file.id, now, self.keep)]
        await stores.files.drop(conversation, *(file.id for file in lost))
        return [file for file in older if file not in lost]

    async def deliver(
        self, conversation: str, work: Mapping[str, Any], upload: Mapping[str, str], lost: bool = False
    ) -> None:
        """Send a kept file to the portal, report, and go on with the next one.

        Done again from the start when its process died: the portal says that it has the file, the report
        and the offer are told once. The bytes go last of all.
        """
        file, ticket = str(upload["file"]), str(upload["attachment_id"])
        content = None
        if not lost:
            content = await self.desk.stores.files.content(conversation, file, self.desk.clock())
        code = "UPLOAD_LOST" if content is None else await self._send(work["sender"], ticket, content)
        report = {"attachment_id": ticket} if code is None else {"attachment_id": ticket, "code": code}
        name = "file_uploaded" if code is None else "file_failed"
        await self.desk.note(conversation, work, f"/{name}{json.dumps(report)}", f"file:{ticket}")
        await self.desk.stores.files.drop(conversation, file)
        waiting = await self.desk.stores.files.waiting(conversation, self.desk.clock())
        if waiting:
            await self.desk.note(conversation, work, _offer(waiting[0]), f"offer:{waiting[0].id}")

    async def _send(self, sender: str, ticket: str, content: bytes) -> str | None:
        try:
            return await self.place.send(sender, ticket, content)
        except Exception:
            _log.exception("file not sent to the portal")
            return "UPSTREAM_DOWN"


def _offer(file: HeldFile) -> str:
    """What the assistant hears of a file: never its name or content."""
    said: dict[str, Any] = {"file": file.id, "file_type": file.media_type, "file_size": file.size}
    return f"/file_offered{json.dumps(said)}"
