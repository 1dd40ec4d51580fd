"""A sandbox portal in this process, for tests: no server, no port, a fresh world in milliseconds."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.sandbox.app import ENGINE_SCOPE, FAULT_HEADER, shared_app
from bot.sandbox.clock import SandboxClock, TimeSource, system_time
from bot.sandbox.engine import Engine, initial_levels
from bot.sandbox.store import Store
from bot.sandbox.tokens import CHAT_LIFETIME

DEFAULT_NOW = datetime.fromisoformat("2026-11-23T09:00:00+01:00")
BASE_URL = "http://sandbox"


class Sandbox:
    """The stand-in portal as an object. Time stands still unless `frozen=False`.

    The world is made on the first use, or by `reset`.
    """

    def __init__(
        self,
        now: datetime = DEFAULT_NOW,
        patch: dict[str, Any] | None = None,
        *,
        frozen: bool = True,
        source: TimeSource = system_time,
    ) -> None:
        self.engine = Engine(Store(), SandboxClock(source, now, frozen=frozen))
        self.engine.levels = initial_levels(patch or {})
        self._patch = patch
        self._ready = False
        self._making = asyncio.Lock()

    async def reset(self, now: datetime | None = None, patch: dict[str, Any] | None = None) -> None:
        """A fresh world as of `now` (else the current sandbox time); ValueError for a wrong patch."""
        await self.engine.reset(now, patch)
        self._ready = True

    async def apply(self, patch: dict[str, Any]) -> None:
        """Change the running world, e.g. `{"patients": {"basic_10": {"level": "full"}}}`."""
        await self._prepare()
        await self.engine.apply(patch)

    async def state(self) -> dict[str, Any]:
        """Every reservation, hold, attachment, complaint, watch ..., in canonical order."""
        await self._prepare()
        return await self.engine.state()

    def calls(self) -> list[dict[str, Any]]:
        """Requests since the last reset."""
        return list(self.engine.log)

    def set_clock(
        self, now: datetime | None = None, *, advance: timedelta = timedelta(0), frozen: bool | None = None
    ) -> None:
        """Jump, move, freeze or start the portal's time."""
        self.engine.clock.set(now=now, advance=advance, frozen=frozen)

    def faults(self, entries: Iterable[dict[str, Any]]) -> None:
        """Replace the faults in force, e.g. `{"kind": "status", "method": "POST", "path": "/v1/holds"}`."""
        self.engine.set_faults(entries)

    async def emit(self, kind: str, patient: str, data: dict[str, Any]) -> dict[str, Any]:
        """Make an event happen, as `POST /sandbox/events`."""
        await self._prepare()
        return await self.engine.emit(kind, patient, data)

    def token(self, patient: str, *, step_up: bool = False, lifetime: timedelta = CHAT_LIFETIME) -> str:
        """Chat token of a named patient, as the portal hands it to the widget."""
        return self.engine.token(patient, step_up=step_up, lifetime=lifetime)

    def transport(self) -> httpx.AsyncBaseTransport:
        """For `httpx.AsyncClient(transport=..., base_url=BASE_URL)`."""
        return _InProcessTransport(self)

    def close(self) -> None:
        self.engine.store.close()

    async def _prepare(self) -> None:
        async with self._making:
            if not self._ready:
                await self.reset(patch=self._patch)


class _InProcessTransport(httpx.AsyncBaseTransport):
    """Talks to the shared application for one sandbox; faults become the errors a network makes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._asgi = httpx.ASGITransport(app=self._call, raise_app_exceptions=True)

    async def _call(self, scope: Any, receive: Any, send: Any) -> None:
        await shared_app()({**scope, ENGINE_SCOPE: self._sandbox.engine}, receive, send)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._sandbox._prepare()
        patience = request.extensions.get("timeout", {}).get("read")
        exchange = asyncio.ensure_future(self._asgi.handle_async_request(request))
        try:
            response = await asyncio.wait_for(asyncio.shield(exchange), patience)
        except TimeoutError as error:
            raise httpx.ReadTimeout("no answer in time", request=request) from error
        fault = response.headers.get(FAULT_HEADER)
        if fault == "timeout":
            raise httpx.ReadTimeout("no answer in time", request=request)
        if fault == "drop_response":
            raise httpx.RemoteProtocolError("connection closed before the answer", request=request)
        return response
