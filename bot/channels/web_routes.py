"""Routes of the Chat API v1 (docs/chat-api.yaml)."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, empty, json, raw

from bot.channels import texts, web_requests
from bot.channels.admission import TooManyMessagesError
from bot.channels.cleaning import UnreadableTextError
from bot.channels.core import SYSTEM
from bot.channels.desk_settings import Receipt, TextTooLongError
from bot.channels.guard import guarded, too_many
from bot.channels.identity import Identity, IdentityError
from bot.channels.messages import Outgoing, Visitor
from bot.channels.problems import ApiProblem
from bot.channels.rendering import to_body
from bot.channels.web_base import NO_STORE
from bot.channels.web_devices import DeviceRoutes
from bot.channels.web_files import FileRoutes
from bot.channels.web_links import LinkRoutes
from bot.channels.web_stream import EventStream, event, shown
from bot.storage.protocols import StorageError

_log = logging.getLogger(__name__)
_OVER = frozenset({"token_expired", "token_revoked"})
_SERVER_MARGIN = timedelta(seconds=5)


class WebApi(FileRoutes, LinkRoutes, DeviceRoutes):
    """Handlers over the front desk; knows HTTP and nothing of the dialogue."""

    @guarded
    async def open_conversation(self, request: Request) -> HTTPResponse:
        """Start or resume: the patient's own conversation, or a new visitor's."""
        before = web_requests.visitor_token(await web_requests.json_object(request))
        token = web_requests.bearer(request)
        identity = await self._gatekeeper.identify(token) if token else await self._new_visitor(request)
        visitor = self._visitor(identity, request)
        await self._sessions.check(visitor.sender, identity)
        if before is not None and identity.authenticated:
            await self._adopt(request, visitor, before)
        answer: dict[str, Any] = {
            "conversation": visitor.conversation,
            "cursor": await self._cursor(visitor, identity),
            "authenticated": identity.authenticated,
            "expires_at": identity.expires_at.isoformat(),
            "notice": texts.message("ai_notice"),
            "greeting": texts.message("greeting"),
            "starters": texts.starters(),
            "read": await self._read(visitor.conversation),
        }
        if token is None:
            answer["visitor_token"] = identity.token
        return json(answer, 200 if token else 201, headers=NO_STORE)

    @guarded
    async def send(self, request: Request, conversation: str) -> HTTPResponse:
        """Take one message; the same client id is answered the same."""
        try:
            visitor, identity = await self._who(request, conversation)
        except IdentityError as error:
            return await self._only_danger(request, conversation, error)
        message = web_requests.incoming(conversation, await web_requests.json_object(request))
        await self._sessions.keep(visitor, identity)
        try:
            receipt = await self._desk.receive(visitor, message)
        except TextTooLongError as error:
            limit = self._desk.settings.max_text
            raise ApiProblem(422, "text_too_long", limit=limit) from error
        except UnreadableTextError as error:
            raise ApiProblem(422, "text_unreadable") from error
        return await _taken(receipt)

    async def _only_danger(self, request: Request, conversation: str, error: IdentityError) -> HTTPResponse:
        """A log-in that is over takes no messages, but an emergency is answered all the same."""
        if error.code not in _OVER:
            raise error
        message = web_requests.incoming(conversation, await web_requests.json_object(request))
        urgent = await self._desk.danger(message.text)
        if urgent is None:
            raise error
        return await _taken(Receipt(seq=None, new=True, replies=(urgent,)))

    @guarded
    async def end_session(self, request: Request, conversation: str) -> HTTPResponse:
        """Log-out: the token is refused from now on, on every device."""
        visitor, identity = await self._who(request, conversation)
        await self._sessions.end(visitor, identity)
        return empty(204, headers=NO_STORE)

    @guarded
    async def history(self, request: Request, conversation: str) -> HTTPResponse:
        """Messages after a number, or the latest ones."""
        await self._who(request, conversation)
        limit = web_requests.number(request.args.get("limit"), 50, web_requests.MAX_PAGE) or 1
        after = web_requests.number(request.args.get("after"), None)
        outbox = self._desk.stores.outbox
        if after is None:
            entries = await outbox.latest(conversation, limit)
        else:
            entries = await outbox.after(conversation, after, limit)
        last = await outbox.last(conversation)
        return json(
            {"messages": [shown(entry) for entry in entries if entry.author != SYSTEM], "last": last},
            headers=NO_STORE,
        )

    @guarded
    async def file(self, request: Request, conversation: str, seq: str) -> HTTPResponse:
        """Content of a file card, e.g. a calendar entry."""
        await self._who(request, conversation)
        wanted = web_requests.number(seq, None) or 0
        entries = await self._desk.stores.outbox.after(conversation, wanted - 1, 1) if wanted else ()
        card = entries[0].body.get("card") if entries and entries[0].seq == wanted else None
        if not card or card.get("kind") != "file":
            raise ApiProblem(404, "not_found")
        headers = {
            **NO_STORE,
            "content-disposition": "attachment",
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'",
        }
        return raw(str(card["content"]).encode(), content_type=card["media_type"], headers=headers)

    @guarded
    async def events(self, request: Request, conversation: str) -> None:
        """Replay after `Last-Event-ID` (or `after`), then live until the token or the stream ends."""
        _, identity = await self._who(request, conversation)
        given = request.headers.get("last-event-id") or request.args.get("after")
        cursor = web_requests.number(given, 0) or 0
        stores, clock = self._desk.stores, self._desk.clock
        until = self._stream_end(request, identity)
        stream = EventStream(stores, conversation, cursor)
        async with self._reader(conversation) as beat, stores.signals.listen(conversation) as signals:
            opening = [text async for text in stream.opening()]
            headers = {**NO_STORE, "x-accel-buffering": "no"}
            response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=headers)
            try:
                await response.send("".join(opening))
                heartbeat = self._settings.stream.heartbeat
                async for text in stream.live(signals, clock, until, heartbeat, self._closing):
                    await response.send(text)
                    await beat()
                if clock() >= identity.expires_at:
                    await response.send(event("token_expired", {}))
            except StorageError:
                _log.warning("stream ended: storage failed")
            await response.eof()

    async def add_headers(self, request: Request, response: HTTPResponse) -> None:
        """CORS for allowed origins only; never with credentials (there are no cookies)."""
        origin = request.headers.get("origin")
        if origin and origin in self._settings.allowed_origins:
            response.headers["access-control-allow-origin"] = origin
            response.headers["access-control-allow-headers"] = "authorization, content-type, last-event-id"
            response.headers["access-control-allow-methods"] = "GET, POST, DELETE"
            response.headers["access-control-max-age"] = "600"
        response.headers["vary"] = "origin"

    def _stream_end(self, request: Request, identity: Identity) -> datetime:
        server = timedelta(seconds=request.app.config.RESPONSE_TIMEOUT) - _SERVER_MARGIN
        longest = min(self._settings.stream.longest, max(server, timedelta(seconds=1)))
        return min(self._desk.clock() + longest, identity.expires_at)

    async def _new_visitor(self, request: Request) -> Identity:
        try:
            await self._desk.admission.visitor(web_requests.address(request))
        except TooManyMessagesError as error:
            raise too_many("too_many_visitors", error) from error
        return self._gatekeeper.new_visitor()

    async def _adopt(self, request: Request, patient: Visitor, token: str) -> None:
        """The device was anonymous until now; a visitor's token that is no longer good changes nothing."""
        try:
            identity = await self._gatekeeper.identify(token)
            visitor = self._visitor(identity, request)
            await self._sessions.check(visitor.sender, identity)
        except IdentityError:
            return
        if not identity.authenticated:
            await self._sessions.adopt(patient, visitor, identity)

    async def _cursor(self, visitor: Visitor, identity: Identity) -> int:
        """Number of the newest message; 0 while storage is down, so that an emergency can be sent."""
        await self._sessions.keep(visitor, identity)
        try:
            return await self._desk.stores.outbox.last(visitor.conversation)
        except StorageError:
            _log.warning("conversation opened without storage")
            return 0


async def _taken(receipt: Receipt) -> HTTPResponse:
    """Schema `Taken`."""
    answer: dict[str, Any] = {"seq": receipt.seq, "duplicate": not receipt.new}
    if receipt.replies:
        answer["replies"] = [await _without_buttons(reply) for reply in receipt.replies]
    return json(answer, 202, headers=NO_STORE)


async def _without_buttons(reply: Outgoing) -> dict[str, Any]:
    """An answer given while nothing can be stored: words and links, since a button needs storage."""
    return await to_body(replace(reply, options=(), card=None), _no_token)


async def _no_token(payload: str, label: str, kind: str) -> str:
    raise StorageError("no button without storage")
