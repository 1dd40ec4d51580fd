"""`/health/live`, `/health/ready` and `/metrics`: for the orchestrator, behind the reverse proxy."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, text

from bot.operations.metrics import METRICS

log = logging.getLogger(__name__)
PATIENCE = 3.0
"""Seconds a part has to answer."""
Check = Callable[[], Awaitable[None]]
"""Raises when the part is down."""


def health_blueprint(parts: Mapping[str, Check]) -> Blueprint:
    """Live: the process answers. Ready: every part does; a part that does not is named."""
    blueprint = Blueprint("health")

    @blueprint.get("/health/live")
    async def live(_request: Request) -> HTTPResponse:
        return json({"status": "live"})

    @blueprint.get("/health/ready")
    async def ready(_request: Request) -> HTTPResponse:
        states = await asyncio.gather(*(_state(name, check) for name, check in parts.items()))
        down = not all(states)
        answer = dict(zip(parts, ("up" if state else "down" for state in states), strict=True))
        return json({"status": "down" if down else "ready", "parts": answer}, status=503 if down else 200)

    @blueprint.get("/metrics")
    async def metrics(_request: Request) -> HTTPResponse:
        return text(METRICS.text(), content_type="text/plain; version=0.0.4; charset=utf-8")

    return blueprint


async def _state(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await check()
    except Exception as error:
        log.warning("not ready: %s (%s)", name, type(error).__name__)
        return False
    return True
