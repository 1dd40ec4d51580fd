"""Protocol of the conversation log: what was said and done, in batches of one turn, never rewritten.

The log knows nothing of Rasa: a batch is sealed bytes. Its length is the conversation's version, and a
writer must name the version it has read. A worker that lost its lock has an old one and is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.storage.protocols import StorageError

KEEP_CONVERSATIONS = timedelta(days=30)
"""How long a batch is kept after it was written."""


class ConversationMovedError(StorageError):
    """Somebody else wrote to the conversation since it was read; nothing was written."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the batches before number `batch` come to, so that a reader can start there."""

    batch: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """A conversation as it is now. `changed` is False when the reader has this version already."""

    version: int
    changed: bool
    snapshot: Snapshot | None = None
    batches: Sequence[bytes] = ()
    """From the snapshot on, oldest first."""

    @property
    def first(self) -> int:
        """Number of the first batch read."""
        return self.version - len(self.batches)


class ConversationLog(Protocol):
    """Every call is one round trip. All raise StorageError when the store cannot answer."""

    async def read(self, conversation: str, known: int = -1) -> Reading:
        """The snapshot and what came after it; nothing but the version when it is still `known`."""
        ...

    async def append(
        self,
        conversation: str,
        version: int,
        batch: bytes,
        at: datetime,
        writer: str,
        snapshot: Snapshot | None = None,
    ) -> None:
        """Writes batch number `version`, and the new snapshot with it.

        `writer` is unique to this call: repeated after a lost answer, it is not written twice.
        Raises ConversationMovedError when `version` is not the length of the log.
        """
        ...

    async def whole(self, conversation: str) -> Reading:
        """Every batch that is kept, without a snapshot."""
        ...

    async def delete(self, conversation: str) -> bool:
        """Forgets the conversation; True when there was one."""
        ...

    async def names(self) -> Sequence[str]:
        """Conversations in the store."""
        ...

    async def close(self) -> None:
        """Gives connections and files back."""
        ...
