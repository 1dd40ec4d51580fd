"""A started server with the scripted assistant, and a client that knows the Chat API."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import socket
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from sanic import Sanic

# Several apps start in this process; Sanic rewrites its own methods at each start and can do it
# again only in this mode.
Sanic.test_mode = True


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


fake = _load("fake_assistant")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


async def start_server(app: Sanic, port: int) -> Any:
    server = await app.create_server("127.0.0.1", port, access_log=False, return_asyncio_server=True)
    await server.startup()
    await server.before_start()
    await server.after_start()
    return server


async def stop_server(server: Any) -> None:
    await server.before_stop()
    server.close()
    for connection in list(server.connections):
        connection.close()
    await server.after_stop()


@dataclass
class Served:
    """A running server; `stop` and `start` are a restart on the same storage."""

    storage: str
    options: dict[str, Any]
    assistant: Any = field(default_factory=fake.ScriptedAssistant)
    portal: Any = field(default_factory=fake.Portal)
    port: int = field(default_factory=free_port)
    app: Any = None
    _server: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.app = fake.build_app(self.storage, self.port, self.assistant, self.portal, **self.options)
        self._server = await start_server(self.app, self.port)

    async def stop(self) -> None:
        await stop_server(self._server)

    async def patient(self, sub: str | None = None, **claims: Any) -> Patient:
        """Somebody with an open conversation; anonymous without `sub`."""
        patient = Patient(self, self.portal.token(sub, **claims) if sub else None)
        await patient.open()
        return patient


@dataclass
class Patient:
    served: Served
    token: str | None
    conversation: str = ""
    opened: dict[str, Any] = field(default_factory=dict)
    forwarded: str | None = None
    """Address a proxy in front says the request came from."""

    def client(self) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        if self.forwarded:
            headers["x-forwarded-for"] = self.forwarded
        return httpx.AsyncClient(
            base_url=f"{self.served.url}/api/v1", headers=headers, timeout=10, verify=False
        )

    async def open(self) -> httpx.Response:
        async with self.client() as http:
            answer = await http.post("/conversations")
        if answer.is_success:
            self.opened = answer.json()
            self.conversation = self.opened["conversation"]
            self.token = self.opened.get("visitor_token", self.token)
        return answer

    async def post(self, body: Any, **named: Any) -> httpx.Response:
        async with self.client() as http:
            return await http.post(f"/conversations/{self.conversation}/messages", json=body, **named)

    async def send(self, text: str, client_id: str | None = None) -> httpx.Response:
        return await self.post({"client_message_id": client_id or str(uuid.uuid4()), "text": text})

    async def press(self, token: str, client_id: str | None = None) -> httpx.Response:
        return await self.post({"client_message_id": client_id or str(uuid.uuid4()), "button": token})

    async def messages(self, **query: Any) -> list[dict[str, Any]]:
        async with self.client() as http:
            answer = await http.get(f"/conversations/{self.conversation}/messages", params=query)
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    async def ask(self, text: str) -> list[dict[str, Any]]:
        """Send a text and wait until the assistant is done with it."""
        answer = await self.send(text)
        assert answer.status_code == 202, answer.text
        seq = answer.json()["seq"]
        return await self.replies(after=seq)

    async def replies(self, after: int, count: int = 1) -> list[dict[str, Any]]:
        # A check of a file starts a process of its own: on a busy machine that takes seconds.
        for _ in range(2000):
            found = [m for m in await self.messages(after=after, limit=100) if m["author"] == "assistant"]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)
        raise AssertionError("no answer")

    @asynccontextmanager
    async def events(self, last: int | None = None) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """The live stream as dictionaries {event, id, data}."""
        headers = {} if last is None else {"last-event-id": str(last)}
        async with (
            self.client() as http,
            http.stream("GET", f"/conversations/{self.conversation}/events", headers=headers) as answer,
        ):
            assert answer.status_code == 200
            yield _events(answer.aiter_lines())


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if not line and "data" in event:
            yield event
            event = {}
        elif name in ("event", "id"):
            event[name] = value
        elif name == "data":
            event["data"] = json.loads(value)


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts servers with options of `build_app`; all are stopped at the end."""
    running: list[Served] = []

    async def start(**options: Any) -> Served:
        storage = options.pop("storage", str(tmp_path / f"state-{len(running)}.db"))
        assistant = options.pop("assistant", None) or fake.ScriptedAssistant()
        served = Served(storage, options, assistant)
        await served.start()
        running.append(served)
        return served

    yield start
    for served in running:
        await served.stop()


@pytest.fixture
async def served(serve: Callable[..., Any]) -> Served:
    server: Served = await serve()
    return server


@pytest.fixture
async def serve_app() -> AsyncIterator[Callable[[Sanic], Any]]:
    """Serves any app; returns its address."""
    running: list[Any] = []

    async def start(app: Sanic) -> str:
        port = free_port()
        running.append(await start_server(app, port))
        return f"http://127.0.0.1:{port}"

    yield start
    for server in running:
        await stop_server(server)
