"""Webhooks of the vendors: the raw body is proved first, then 200 at once, the work goes on behind."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

from bot.channels.events.inbox import EventInbox
from bot.channels.handoff.switchboard import Switchboard
from bot.channels.messengers.hub import Hub
from bot.channels.messengers.model import Adapter
from bot.operations.metrics import METRICS
from bot.storage.protocols import StorageError

_log = logging.getLogger(__name__)
MAX_BODY = 1024 * 1024


async def raw_body(request: Request, most: int = MAX_BODY) -> bytes | None:
    """The body as it came, None when it is larger than `most`."""
    body = bytearray()
    async for chunk in request.stream:
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


class Webhooks:
    """Routes of all vendors; a channel that is not switched on is not there."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self.events: EventInbox | None = None
        self.switchboard: Switchboard | None = None

    def add_to(self, blueprint: Blueprint) -> None:
        """POST for updates, GET for the vendor's check of the address."""
        path = "/webhooks/<channel:str>"

        async def receive(request: Request, channel: str) -> HTTPResponse:
            return await self.receive(request, channel)

        async def check(request: Request, channel: str) -> HTTPResponse:
            return await self.check(request, channel)

        async def event(request: Request) -> HTTPResponse:
            return await self.event(request)

        async def desk(request: Request, name: str) -> HTTPResponse:
            return await self.desk(request, name)

        blueprint.add_route(desk, "/handoff/<name:str>", methods=["POST"], name="handoff", stream=True)
        blueprint.add_route(event, "/portal/events", methods=["POST"], name="portal_event", stream=True)
        blueprint.add_route(receive, path, methods=["POST"], name="webhook", stream=True)
        blueprint.add_route(check, path, methods=["GET"], name="webhook_check")

    async def receive(self, request: Request, channel: str) -> HTTPResponse:
        """401 for what the vendor did not sign; 500 makes the vendor send it again."""
        adapter = self.hub.adapters.get(channel) if self.hub else None
        if self.hub is None or adapter is None:
            return text("", 404)
        return _counted(channel, await self._receive(self.hub, adapter, request, channel))

    async def _receive(self, hub: Hub, adapter: Adapter, request: Request, channel: str) -> HTTPResponse:
        body = await raw_body(request)
        if body is None:
            return text("", 413)
        if not adapter.genuine(request.headers, body):
            _log.warning("%s: not genuine", channel)
            return text("", 401)
        try:
            for update in adapter.updates(_object(body)):
                await hub.take(channel, update)
        except StorageError:
            _log.warning("%s: storage failed, it will be sent again", channel)
            return text("", 500)
        except (TypeError, ValueError, AttributeError, KeyError):
            _log.warning("%s: an update of an unknown shape", channel)
        return text("")

    async def event(self, request: Request) -> HTTPResponse:
        """An event of the portal; 2xx also for a repeat, 401 for what the portal did not sign."""
        if self.events is None:
            return text("", 404)
        return _counted("portal", await self._event(self.events, request))

    async def _event(self, events: EventInbox, request: Request) -> HTTPResponse:
        body = await raw_body(request)
        if body is None:
            return text("", 413)
        try:
            await events.take(str(request.headers.get("portal-signature", "")), body)
        except ValueError:
            _log.warning("portal event: not genuine, too old, or not an event")
            return text("", 401)
        except StorageError:
            return text("", 503)
        return empty(204)

    async def desk(self, request: Request, name: str) -> HTTPResponse:
        """What people at the desk say."""
        board = self.switchboard
        if board is None or board.name != name:
            return text("", 404)
        return _counted(board.name, await self._desk(board, request))

    async def _desk(self, board: Switchboard, request: Request) -> HTTPResponse:
        body = await raw_body(request)
        if body is None:
            return text("", 413)
        query = {key: str(values[0]) for key, values in request.args.items() if values}
        if not board.people.genuine(request.headers, query, body, time.time()):
            _log.warning("%s: not genuine", board.name)
            return text("", 401)
        try:
            for said in board.people.said(_object(body)):
                await board.take(said)
        except StorageError:
            return text("", 503)
        return empty(204)

    async def check(self, request: Request, channel: str) -> HTTPResponse:
        """The vendor's check."""
        adapter = self.hub.adapters.get(channel) if self.hub else None
        query = {name: str(values[0]) for name, values in request.args.items() if values}
        answer = adapter.challenge(query) if adapter is not None else None
        return text("", 404 if adapter is None else 403) if answer is None else text(answer)


_OUTCOMES = {401: "not_genuine", 413: "too_large", 500: "storage_failed", 503: "storage_failed"}


def _counted(source: str, answer: HTTPResponse) -> HTTPResponse:
    METRICS.webhooks.labels(source, _OUTCOMES.get(answer.status, "taken")).inc()
    return answer


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
