"""Our assistant with a door for measuring: a message in, its replies out, through the whole front desk.

python -m bench.ours PORT REDIS_URL PORTAL_URL MODEL: the sandbox portal runs elsewhere.
"""

from __future__ import annotations

# ruff: noqa: E402 - a process that serves leaves out what Rasa alone wants: before anything else is imported
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from bot import lean_imports

lean_imports.without_ornaments()
lean_imports.install()

import httpx
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.admission import Rates
from bot.channels.desk_settings import DeskSettings
from bot.channels.messages import Incoming, Visitor
from bot.cli import quieten
from bot.operations import memory
from bot.settings import from_environment
from bot.storage.protocols import PatientSession, Rate

PATIENT = "full"
A_DAY = timedelta(days=1)
UNLIMITED = Rates(sender=Rate(1_000_000, timedelta(microseconds=1)))
"""The client of a measurement is one very fast patient."""


class Door:
    """Keeps one listener open for each conversation, as a patient's browser does."""

    def __init__(self, app: Sanic, portal_url: str) -> None:
        self._app = app
        self._portal = portal_url
        self._listening: dict[str, tuple[AsyncExitStack, AsyncIterator[str]]] = {}
        self._token = ""

    async def message(self, request: Request) -> HTTPResponse:
        """{sender, message} to {replies}."""
        sender, text = str(request.json["sender"]), str(request.json["message"])
        desk = self._app.ctx.front_desk.desk
        signals = await self._signals(sender)
        visitor = Visitor(f"web-{sender}", sender, "web", authenticated=True, level="full")
        receipt = await desk.receive(visitor, Incoming(sender, str(uuid.uuid4()), text))
        replies: list[str] = []
        while not replies:  # signs of turns that the other process served may still be waiting
            while await anext(signals) != "typing:off":
                pass
            entries = await desk.stores.outbox.after(sender, receipt.seq)
            replies = [str(entry.body.get("text")) for entry in entries if entry.author != "patient"]
        return json({"replies": replies})

    async def _signals(self, sender: str) -> AsyncIterator[str]:
        if sender not in self._listening:
            desk = self._app.ctx.front_desk.desk
            if not self._token:
                async with httpx.AsyncClient() as http:
                    answer = await http.post(self._portal + "/sandbox/tokens", json={"patient": PATIENT})
                self._token = answer.json()["token"]
            session = PatientSession(PATIENT, self._token, "full", "web", desk.clock() + A_DAY)
            await desk.stores.sessions.put(f"web-{sender}", session)
            stack = AsyncExitStack()
            listening = await stack.enter_async_context(desk.stores.signals.listen(sender))
            self._listening[sender] = (stack, listening)
        return self._listening[sender][1]

    async def leave(self, request: Request) -> HTTPResponse:
        """{senders}: they close their browsers. Their conversations stay."""
        for sender in request.json["senders"]:
            if open_one := self._listening.pop(str(sender), None):
                await open_one[0].aclose()
        return json({})


def main(port: str, redis_url: str, portal_url: str, model: str) -> None:
    quieten(verbose=False)
    memory.few_arenas()
    from bot.server import build_app

    settings = from_environment(
        {"ASYSTENT_REDIS_URL": redis_url, "ASYSTENT_SECRET": "bench" * 8, "ASYSTENT_PORTAL_URL": portal_url}
    )
    app = build_app(settings, Path(model), portal_url, demo=False, desk=DeskSettings(rates=UNLIMITED))
    memory.settle()
    door = Door(app, portal_url)
    app.add_route(door.message, "/bench/messages", methods=["POST"])
    app.add_route(door.leave, "/bench/leave", methods=["POST"])
    app.run(host="127.0.0.1", port=int(port), access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
