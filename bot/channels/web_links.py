"""Routes of the portal's page for linking messengers (docs/chat-api.yaml, tag links)."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.channels import web_requests
from bot.channels.guard import guarded
from bot.channels.identity import Identity
from bot.channels.messengers.hub import Hub
from bot.channels.messengers.linking import Link
from bot.channels.problems import ApiProblem
from bot.channels.web_base import NO_STORE, WebBase


class LinkRoutes(WebBase):
    """Begin, look at, renew and end links; for logged-in patients only."""

    hub: Hub | None = None

    @guarded
    async def begin_link(self, request: Request) -> HTTPResponse:
        """A one-time address that opens the chat."""
        owner, identity = await self._patient(request)
        channel = (await web_requests.json_object(request)).get("channel")
        hub = self._hub()
        if not isinstance(channel, str) or channel not in hub.adapters:
            raise ApiProblem(422, "unknown_field")
        link, token = await hub.linking.begin(owner, identity, channel, self._desk.clock())
        address = hub.adapters[channel].link_address(token)
        return json(_shown(link) | {"address": address}, 201, headers=NO_STORE)

    @guarded
    async def look_at_link(self, request: Request, link: str) -> HTTPResponse:
        """Whose chat opened it, and the digits to type there; looking renews a confirmed link's session."""
        owner, identity = await self._patient(request)
        found = await self._hub().linking.get(owner, link)
        if found is None:
            raise ApiProblem(404, "not_found")
        await self._hub().linking.show(found, identity)
        return json(_shown(found), headers=NO_STORE)

    @guarded
    async def end_link(self, request: Request, link: str) -> HTTPResponse:
        """Unlink from the portal's page."""
        owner, _ = await self._patient(request)
        hub = self._hub()
        found = await hub.linking.get(owner, link)
        if found is None:
            raise ApiProblem(404, "not_found")
        chat = await hub.chats.find(found.conversation) if found.conversation else None
        if chat is not None and chat.link == found.id:
            await hub.unlink(chat)
        else:
            await hub.linking.end(found)
        return empty(204, headers=NO_STORE)

    async def _patient(self, request: Request) -> tuple[str, Identity]:
        identity = await self._gatekeeper.identify(web_requests.bearer(request))
        visitor = self._visitor(identity, request)
        await self._sessions.check(visitor.sender, identity)
        if not identity.authenticated:
            raise ApiProblem(403, "login_required")
        return visitor.sender, identity

    def _hub(self) -> Hub:
        if self.hub is None:
            raise ApiProblem(404, "not_found")
        return self.hub


def _shown(link: Link) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": link.id, "channel": link.channel, "state": link.state}
    if link.state == "opened":
        shown |= {"name": link.name, "code": link.code}
    return shown
