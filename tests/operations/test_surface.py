"""What the patient port serves: the listed routes, nothing else, and no name of the software."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sanic import Sanic
from sanic.response import text

from bot import server
from bot.channels.web import ROUTES
from bot.operations.surface import ALLOWED, DEMO, SurfaceError, keep_to_the_list, routes_of
from bot.sandbox.app import ready_for_asgi
from bot.settings import Settings

STRANGE = [
    "/",
    "/version",
    "/status",
    "/conversations",
    "/conversations/web-1/tracker",
    "/model",
    "/model/parse",
    "/model/train",
    "/domain",
    "/webhooks",
    "/webhooks/rest/webhook",
    "/webhooks/callback/webhook",
    "/webhooks/socketio",
    "/socket.io/",
    "/api",
    "/api/v1",
    "/api/v2/conversations",
    "/api/v1/conversations/c-1",
    "/api/v1/conversations/c-1/tracker",
    "/health",
    "/health/",
    "/metrics/x",
    "/demo/patients",
    "/demo/token",
    "/widget/asystent.js",
    "/docs",
    "/openapi.json",
    "/.env",
    "/.git/config",
    "/static/../secret",
    "/%2e%2e/etc/passwd",
    "/sandbox/patients",
    "/oauth/token",
]
TELLS = re.compile(r"sanic|rasa|python|uvicorn|httptools|spacy|\b\d+\.\d+\.\d+", re.IGNORECASE)


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[bool], Sanic]:
    """The whole application; only the trained model is missing."""
    monkeypatch.setattr(Sanic, "test_mode", True)
    monkeypatch.setattr(server, "load_agent", lambda *_, **__: SimpleNamespace(is_ready=lambda: True))

    def made(demo: bool) -> Sanic:
        return server.build_app(Settings(state=tmp_path), Path("unread"), "http://127.0.0.1:1", demo=demo)

    return made


@pytest.fixture
async def http(build: Callable[[bool], Sanic]) -> AsyncIterator[httpx.AsyncClient]:
    app = ready_for_asgi(build(False))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://a") as client:
        yield client


@pytest.mark.parametrize("demo", [False, True])
def test_exactly_the_listed_routes_are_served(build: Callable[[bool], Sanic], demo: bool) -> None:
    assert set(routes_of(build(demo))) == ALLOWED | (DEMO if demo else set())


def test_the_list_has_every_route_of_the_chat() -> None:
    assert {(method, path) for method, path, _ in ROUTES.values()} <= ALLOWED


def test_a_route_that_somebody_mounts_stops_the_start() -> None:
    app = Sanic("surface-extra", configure_logging=False)

    async def version(_request: Any) -> Any:
        return text("3.6.21")

    app.add_route(version, "/version")
    with pytest.raises(SurfaceError, match="GET /version"):
        keep_to_the_list(app, demo=True)


def test_pages_of_the_demonstration_are_refused_without_it(build: Callable[[bool], Sanic]) -> None:
    with pytest.raises(SurfaceError, match="POST /demo/token"):
        keep_to_the_list(build(True), demo=False)


@pytest.mark.parametrize("path", STRANGE)
async def test_anything_else_is_not_there(http: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        answer = await http.request(method, path, content=b"{}" if method != "GET" else None)
        assert answer.status_code in {404, 405}, (method, path)
        assert_tells_nothing(answer)


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/health/ready"])
async def test_answers_do_not_name_the_software(http: httpx.AsyncClient, path: str) -> None:
    assert_tells_nothing(await http.get(path), body=path != "/metrics")


def assert_tells_nothing(answer: httpx.Response, *, body: bool = True) -> None:
    headers = {name: value for name, value in answer.headers.items() if name != "content-type"}
    assert not TELLS.search(str(headers)), headers
    assert {"server", "x-powered-by", "via"} & set(headers) == set()
    if body:
        assert not TELLS.search(answer.text), answer.text
