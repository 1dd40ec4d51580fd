"""Errands of the house beside a conversation: a kept file is taken to the portal while the patient writes on.

An errand is a message of a queue of its own, `errand-<conversation>`, in the same outbox: it is kept before
the patient is told of it, and one whose process died is found and done again, like a message.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.turn import about
from bot.storage.protocols import Clock, Entry, Outbox, Work

AUTHOR = "errand"
_QUEUE = "errand-"
Courier = Callable[[str, Mapping[str, Any], Mapping[str, str], bool], Awaitable[None]]
"""(conversation, about whom, upload, lost): sends a kept file where the assistant said, and reports back; one
that is `lost` is only reported."""


def queue_of(conversation: str) -> str:
    """Where the errands of a conversation wait."""
    return f"{_QUEUE}{conversation}"


@dataclass(frozen=True, slots=True)
class Errands:
    """Kept, and done at least once: what a courier does may be done again without harm."""

    outbox: Outbox
    clock: Clock

    async def add(self, conversation: str, work: Mapping[str, Any], upload: Mapping[str, str]) -> None:
        """Keeps an upload; the same ticket once."""
        body = {"work": about(work), "upload": dict(upload)}
        once = f"upload:{upload['attachment_id']}"
        await self.outbox.append(
            queue_of(conversation), AUTHOR, body, self.clock(), once=once, work=Work.WAITING
        )

    async def run(self, entry: Entry, courier: Courier | None) -> None:
        """Does an errand that no process, or one that died, has begun; the third time it is given up."""
        queue, seq, before = entry.conversation, entry.seq, entry.work
        now = Work.STARTED if before is Work.WAITING else Work.AGAIN
        lost = before is Work.AGAIN  # it may be what kills us
        if (lost or await self.outbox.mark(queue, seq, before, now)) and courier is not None:
            await courier(queue.removeprefix(_QUEUE), entry.body["work"], entry.body["upload"], lost)
        await self.outbox.mark(queue, seq, now, Work.DONE)
