"""Routes of the app's devices and of what was read (docs/chat-api.yaml)."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.channels import web_requests
from bot.channels.guard import guarded
from bot.channels.messages import Visitor
from bot.channels.problems import ApiProblem
from bot.channels.push.bell import Bell
from bot.channels.push.devices import KEEP, PLATFORMS
from bot.channels.reading_marks import ReadingMarks
from bot.channels.web_base import NO_STORE, WebBase
from bot.storage.protocols import StorageError

BEAT = timedelta(seconds=10)
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


class DeviceRoutes(WebBase):
    """Wake this phone; wake it no more; I have read up to here."""

    bell: Bell | None = None

    @guarded
    async def register_device(self, request: Request) -> HTTPResponse:
        """The app says at every start by what its phone is woken; the same phone keeps its id."""
        owner = await self._owner(request)
        fields = await web_requests.json_object(request)
        platform, token = fields.get("platform"), fields.get("push_token")
        known = isinstance(platform, str) and platform in PLATFORMS
        if not known or not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise ApiProblem(422, "unknown_field")
        now = self._desk.clock()
        device = await self._bell().devices.register(owner.conversation, str(platform), token, now)
        answer = {"id": device.id, "platform": device.platform, "expires_at": (now + KEEP).isoformat()}
        return json(answer, 201, headers=NO_STORE)

    @guarded
    async def remove_device(self, request: Request, device: str) -> HTTPResponse:
        """Somebody else's device looks like none."""
        owner = await self._owner(request)
        if not await self._bell().devices.remove(owner.conversation, device):
            raise ApiProblem(404, "not_found")
        return empty(204, headers=NO_STORE)

    @guarded
    async def mark_read(self, request: Request, conversation: str) -> HTTPResponse:
        """Everything up to `seq` was seen; the patient's other devices hear of it."""
        visitor, _ = await self._who(request, conversation)
        seq = (await web_requests.json_object(request)).get("seq")
        if isinstance(seq, bool) or not isinstance(seq, int) or not 0 <= seq < 10**15:
            raise ApiProblem(422, "unknown_field")
        read = await ReadingMarks(self._desk.stores).mark(visitor.conversation, seq)
        return json({"read": read}, headers=NO_STORE)

    async def _read(self, conversation: str) -> int:
        """What was seen, on whatever device; 0 while storage is down."""
        with contextlib.suppress(StorageError):
            return await ReadingMarks(self._desk.stores).read(conversation) or 0
        return 0

    @asynccontextmanager
    async def _reader(self, conversation: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """A device listens while the block runs; it calls what is yielded now and then.

        Nobody has to know without a bell, and a storage that is away is no reason to hear nothing.
        """
        marks, clock = ReadingMarks(self._desk.stores), self._desk.clock
        stream, beaten = secrets.token_hex(8), clock()

        async def beat() -> None:
            nonlocal beaten
            if self.bell is not None and clock() - beaten >= BEAT:
                beaten = clock()
                with contextlib.suppress(StorageError):
                    await marks.here(conversation, stream)

        if self.bell is None:
            yield beat
            return
        async with marks.open(conversation, stream):
            yield beat

    async def _owner(self, request: Request) -> Visitor:
        """The patient who asks; a visitor has nobody to be told apart by."""
        identity = await self._gatekeeper.identify(web_requests.bearer(request))
        visitor = self._visitor(identity, request)
        await self._sessions.check(visitor.sender, identity)
        if not identity.authenticated:
            raise ApiProblem(403, "login_required")
        return visitor

    def _bell(self) -> Bell:
        if self.bell is None:
            raise ApiProblem(404, "not_found")
        return self.bell
