"""Looking, now and then, for messages that nobody answers: their process died, or Redis was away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

from bot.channels.desk_settings import DeskSettings
from bot.storage.protocols import KEEP_MESSAGES, Clock, Outbox, StorageError

_log = logging.getLogger(__name__)


async def sweep(
    outbox: Outbox, clock: Clock, settings: DeskSettings, resume: Callable[[str], None]
) -> NoReturn:
    """Every `settings.sweep`, `resume` each conversation with unfinished work; old messages go too.

    Runs until it is cancelled; a storage that is away is tried again at the next look.
    """
    pruned_at: datetime | None = None
    while True:
        now = clock()
        try:
            for conversation in await outbox.unfinished():
                resume(conversation)
            if pruned_at is None or now - pruned_at >= settings.prune:
                await outbox.prune(now - KEEP_MESSAGES)
                pruned_at = now
        except StorageError:
            _log.warning("storage failed while looking for unanswered messages")
        await asyncio.sleep(settings.sweep.total_seconds())
