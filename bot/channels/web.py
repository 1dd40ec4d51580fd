"""The web channel: Chat API v1 as a Sanic blueprint that Rasa can mount from credentials.yml."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.channels.messages import Assistant
from bot.channels.messengers.webhooks import Webhooks
from bot.channels.rasa_bridge import RasaAssistant
from bot.channels.setup import FrontDeskConfig, Opened, open_front_desk
from bot.channels.web_base import CHANNEL, WebSettings
from bot.channels.web_routes import WebApi

OpenDesk = Callable[[Assistant], AbstractAsyncContextManager[Opened]]
"""Given the assistant behind Rasa's callback, opens the front desk for the life of the server."""

ROUTES = {
    "open_conversation": ("POST", "/api/v1/conversations", True),
    "send": ("POST", "/api/v1/conversations/<conversation:str>/messages", True),
    "history": ("GET", "/api/v1/conversations/<conversation:str>/messages", False),
    "events": ("GET", "/api/v1/conversations/<conversation:str>/events", False),
    "end_session": ("DELETE", "/api/v1/conversations/<conversation:str>/session", False),
    "places": ("GET", "/api/v1/conversations/<conversation:str>/attachments", False),
    "upload": ("POST", "/api/v1/conversations/<conversation:str>/attachments", True),
    "mark_read": ("POST", "/api/v1/conversations/<conversation:str>/read", True),
    "register_device": ("POST", "/api/v1/devices", True),
    "remove_device": ("DELETE", "/api/v1/devices/<device:str>", False),
    "begin_link": ("POST", "/api/v1/links", True),
    "look_at_link": ("GET", "/api/v1/links/<link:str>", False),
    "end_link": ("DELETE", "/api/v1/links/<link:str>", False),
    "file": ("GET", "/api/v1/conversations/<conversation:str>/files/<seq:str>", False),
}


async def _preflight(request: Request, **parts: str) -> HTTPResponse:
    """Answer to a browser that asks before a request from another origin; headers are added to all."""
    return empty(204)


class WebChannel(InputChannel):
    """Serves the Chat API; the opened front desk is `app.ctx.front_desk` while the server runs."""

    def __init__(self, open_desk: OpenDesk, settings: WebSettings | None = None) -> None:
        self._open_desk = open_desk
        self._settings = settings or WebSettings()
        self._api: WebApi | None = None

    @classmethod
    def name(cls) -> str:
        """Name in credentials.yml when the module path is not used."""
        return CHANNEL

    def url_prefix(self) -> str:
        """Paths start with /api/v1 wherever Rasa mounts channels."""
        return "/"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Made by `rasa run` from the settings in credentials.yml (see FrontDeskConfig.parse)."""
        if not credentials:
            raise RasaException("the web channel needs its settings in credentials.yml")
        config = FrontDeskConfig.parse(credentials)
        origins = frozenset(credentials.get("allowed_origins") or ())
        return cls(lambda assistant: open_front_desk(config, assistant), WebSettings(origins))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Routes and the life of the front desk."""
        blueprint = Blueprint(f"{CHANNEL}_channel")
        for handler, (method, path, streamed) in ROUTES.items():
            blueprint.add_route(self._route(handler), path, methods=[method], name=handler, stream=streamed)
        for number, path in enumerate(sorted({path for _, path, _ in ROUTES.values()})):
            blueprint.add_route(_preflight, path, methods=["OPTIONS"], name=f"preflight_{number}")
        webhooks = Webhooks()
        webhooks.add_to(blueprint)
        blueprint.middleware("response")(self._add_headers)
        self._frame(blueprint, on_new_message, webhooks)
        return blueprint

    def _route(self, handler: str) -> Callable[..., Awaitable[HTTPResponse | None]]:
        async def run(request: Request, **parts: str) -> HTTPResponse | None:
            answer: HTTPResponse | None = await getattr(self._running(), handler)(request, **parts)
            return answer

        return run

    async def _add_headers(self, request: Request, response: HTTPResponse) -> None:
        await self._running().add_headers(request, response)

    def _running(self) -> WebApi:
        if self._api is None:
            raise RuntimeError("the front desk is not open: the server has not started")
        return self._api

    def _frame(
        self,
        blueprint: Blueprint,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        webhooks: Webhooks,
    ) -> None:
        """Open before the first request, close after the last."""
        stack = AsyncExitStack()

        async def start(app: Any, loop: Any) -> None:
            assistant = RasaAssistant(on_new_message, getattr(app.ctx, "agent", None))
            opened = await stack.enter_async_context(self._open_desk(assistant))
            self._api = WebApi(opened.desk, opened.gatekeeper, self._settings, opened.files)
            self._api.hub = webhooks.hub = opened.hub
            self._api.bell = opened.bell
            app.ctx.front_desk = opened
            await opened.desk.start()
            stack.push_async_callback(opened.desk.stop)
            webhooks.events, webhooks.switchboard = opened.events, opened.switchboard
            if opened.events is not None:
                await opened.events.start()
                stack.push_async_callback(opened.events.stop)
            for part in (opened.hub, opened.bell):
                if part is not None:
                    await part.start()
                    stack.push_async_callback(part.stop)
            stack.callback(self._api.close)

        async def stop(app: Any, loop: Any) -> None:
            await stack.aclose()
            self._api = None

        blueprint.listener("before_server_start")(start)
        blueprint.listener("before_server_stop")(stop)
