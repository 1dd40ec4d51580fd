"""The demonstration page: a clinic portal where a visitor plays one of the sandbox's patients.

Exists only beside the sandbox portal, which issues the tokens; a real portal has its own log-in.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import httpx
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sanic.response import file as file_response

from bot.channels import web_requests
from bot.channels.guard import guarded
from bot.channels.problems import ApiProblem

_log = logging.getLogger(__name__)
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
_MAX_KEY = 64


def demo_blueprint(sandbox_url: str, widget: Path) -> Blueprint:
    """Pages of `widget/demo`, the built widget, and the sandbox's patients and tokens."""
    blueprint = Blueprint("demo")
    files = {
        "/": widget / "demo" / "index.html",
        "/demo/strona.css": widget / "demo" / "strona.css",
        "/demo/strona.js": widget / "demo" / "strona.js",
        "/widget/asystent.js": widget / "dist" / "asystent.js",
    }
    for number, (path, source) in enumerate(files.items()):
        blueprint.add_route(_serve(source), path, methods=["GET"], name=f"file_{number}")
    sandbox = _Sandbox(sandbox_url)

    @blueprint.get("/demo/patients")
    async def patients(request: Request) -> HTTPResponse | None:
        return await sandbox.patients(request)

    @blueprint.post("/demo/token", stream=True)
    async def token(request: Request) -> HTTPResponse | None:
        return await sandbox.token(request)

    return blueprint


def _serve(source: Path) -> Any:
    async def serve(request: Request) -> HTTPResponse:
        try:
            return await file_response(source, headers=dict(_HEADERS))
        except FileNotFoundError:
            return ApiProblem(404, "not_found").response()

    return serve


class _Sandbox:
    """Asks the sandbox portal."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    @guarded
    async def patients(self, request: Request) -> HTTPResponse:
        """The sandbox's named patients."""
        return json(await self._ask("GET", "/sandbox/patients"), headers={"cache-control": "no-store"})

    @guarded
    async def token(self, request: Request) -> HTTPResponse:
        """A chat token for one of them, as the portal's page would get it after a log-in."""
        key = (await web_requests.json_object(request)).get("patient")
        if not isinstance(key, str) or not 0 < len(key) <= _MAX_KEY:
            raise ApiProblem(422, "unknown_field")
        answer = await self._ask("POST", "/sandbox/tokens", {"patient": key})
        return json(answer, headers={"cache-control": "no-store"})

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            async with httpx.AsyncClient(timeout=5, follow_redirects=False) as http:
                answer = await http.request(method, self._url + path, json=body)
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise ApiProblem(404, "not_found")
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("the sandbox portal does not answer")
            raise ApiProblem(503, "unavailable", retry_after=5) from error
