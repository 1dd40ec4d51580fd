"""What every route of the Chat API needs: who asks, and for which conversation."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass, field

from sanic.request import Request

from bot.channels import web_requests
from bot.channels.core import FrontDesk
from bot.channels.files.desk import FileDesk
from bot.channels.identity import Gatekeeper, Identity
from bot.channels.messages import Visitor
from bot.channels.problems import ApiProblem
from bot.channels.sessions import Sessions
from bot.channels.web_stream import StreamSettings

CHANNEL = "web"
NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class WebSettings:
    """`allowed_origins`: pages on other hosts that may use the API, e.g. "https://portal.example"."""

    allowed_origins: frozenset[str] = frozenset()
    stream: StreamSettings = field(default_factory=StreamSettings)


class WebBase:
    """Handlers over the front desk; knows HTTP and nothing of the dialogue."""

    def __init__(
        self,
        desk: FrontDesk,
        gatekeeper: Gatekeeper,
        settings: WebSettings,
        files: FileDesk | None = None,
    ) -> None:
        self._desk = desk
        self._gatekeeper = gatekeeper
        self._settings = settings
        self._files = files
        self._sessions = Sessions(desk)
        self._closing: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def close(self) -> None:
        """End every stream: the server stops, and devices come back with their cursors."""
        if not self._closing.done():
            self._closing.set_result(None)

    def _visitor(self, identity: Identity, request: Request) -> Visitor:
        sender = self._gatekeeper.sender(identity, CHANNEL)
        return Visitor(
            sender,
            self._gatekeeper.conversation(sender),
            CHANNEL,
            identity.authenticated,
            identity.level,
            web_requests.address(request),
            uploads=self._files is not None and identity.authenticated,
        )

    async def _who(self, request: Request, conversation: str) -> tuple[Visitor, Identity]:
        """The visitor of this very conversation; somebody else's looks like one that is not there."""
        identity = await self._gatekeeper.identify(web_requests.bearer(request))
        visitor = self._visitor(identity, request)
        await self._sessions.check(visitor.sender, identity)
        if not hmac.compare_digest(visitor.conversation.encode(), conversation.encode("utf-8", "replace")):
            raise ApiProblem(404, "not_found")
        return visitor, identity
