"""Work that goes on after a request was answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)
_TRIES, _PAUSE_SECONDS = 10, 0.5


class Background:
    """Tasks that somebody waits for at the end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start it now."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self, grace: timedelta) -> None:
        """Wait for what runs, then stop it."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=grace.total_seconds())
        await stop(*self._tasks)


async def stop(*tasks: asyncio.Task[Any]) -> None:
    """Cancel until they end: a library may take a cancellation for its own time-out and go on."""
    left = {task for task in tasks if not task.done()}
    for _ in range(_TRIES):
        if not left:
            return
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_PAUSE_SECONDS)
    _log.error("%d background tasks do not stop", len(left))
