"""The audit: a chain of entries about writes, each bound to the one before, so that no change goes unseen.

An entry holds who (a pseudonym made for the audit alone), what, when and the outcome, and nothing of what
was written. Its seal is an HMAC over its text, which names the seal before it: without the installation's
secret nobody can alter, insert or remove an entry in the middle. What was cut off at the end shows against
a head that was noted elsewhere (`python -m bot audit verify` prints it).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Callable, Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.storage.protocols import Clock

FIRST = "0" * 64
"""Stands for the seal before the first entry."""
PRUNED = "pruned"
_TRIES = 100
"""A try fails only when another process wrote meanwhile."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry: its number (from 1, no gaps), its text (JSON) and its seal (hexadecimal)."""

    number: int
    text: str
    seal: str

    @property
    def fields(self) -> Mapping[str, str]:
        """What the text says."""
        fields: Mapping[str, str] = json.loads(self.text)
        return fields


class AuditLog(Protocol):
    """Keeps links in order; an entry that is there is never written again. All raise StorageError."""

    async def last(self) -> Link | None:
        """The newest link."""
        ...

    async def add(self, link: Link, before: Link | None) -> Link | None:
        """Keeps the link if the newest is still `before`; answers with the newest there is then."""
        ...

    def links(self) -> AsyncIterator[Link]:
        """All of them, oldest first."""
        ...

    async def prune(self, number: int) -> None:
        """Forgets the links up to this number."""
        ...

    async def close(self) -> None:
        """Gives connections and files back."""
        ...


class AuditBusyError(RuntimeError):
    """Too many writers at the same moment; nothing was noted."""


class Auditor:
    """Makes and checks links; `secret` is the installation's."""

    def __init__(self, log: AuditLog, secret: bytes, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._writing = asyncio.Lock()
        self._newest: Link | None = None
        """As this process knows it; another may have written meanwhile."""
        self._key = hmac.new(secret, b"asystent audit chain", hashlib.sha256).digest()
        self._names = hmac.new(secret, b"asystent audit names", hashlib.sha256).digest()

    async def __aenter__(self) -> Auditor:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the log."""
        await self._log.close()

    def links(self) -> AsyncIterator[Link]:
        """All of them, oldest first."""
        return self._log.links()

    async def of(self, names: Container[str]) -> list[Mapping[str, str]]:
        """Entries about these pseudonyms, with how their writes ended; oldest first."""
        writes: set[str] = set()
        found = []
        async for link in self._log.links():
            fields = link.fields
            if fields.get("who") in names or fields.get("write") in writes:
                writes |= {fields["write"]} if "write" in fields else set()
                found.append(fields)
        return found

    def pseudonym(self, who: str) -> str:
        """The same for the same conversation, and no id that is used anywhere else."""
        return hmac.new(self._names, who.encode(), hashlib.sha256).hexdigest()[:32] if who else ""

    async def note(self, **fields: str) -> int:
        """Adds an entry; its number. Raises StorageError, or AuditBusyError."""
        async with self._writing:
            before = self._newest or await self._log.last()
            for _ in range(_TRIES):
                link = self._link(before, fields)
                before = await self._log.add(link, before)
                if before == link:  # kept, perhaps by a first try whose answer was lost
                    self._newest = link
                    return link.number
        raise AuditBusyError("the audit is written by too many at once")

    async def prune(self, before: datetime) -> int:
        """Forgets the entries older than this, and notes that it did; how many."""
        gone, first = 0, 0
        async for link in self._log.links():
            first = first or link.number
            if datetime.fromisoformat(link.fields["at"]) >= before:
                break
            gone = link.number
        if gone:
            await self.note(what=PRUNED, detail=str(gone))
            await self._log.prune(gone)
        return gone - first + 1 if gone else 0

    async def verify(self, head: tuple[int, str] | None = None) -> tuple[Link | None, list[str]]:
        """The newest link, and what is wrong in words. `head`: a link that was noted earlier."""
        wrong: list[str] = []
        newest: Link | None = None
        missing, pruned, met = 0, 0, head is None
        async for link in self._log.links():
            if not hmac.compare_digest(self._seal(link.text), link.seal):
                wrong.append(f"entry {link.number} was altered")
                newest = link
                continue
            fields = link.fields
            if fields["number"] != str(link.number):
                wrong.append(f"entry {link.number} was moved")
            if newest is None:
                missing = link.number - 1
            elif link.number != newest.number + 1 or fields["before"] != newest.seal:
                wrong.append(f"between {newest.number} and {link.number} something was removed or put in")
            if fields.get("what") == PRUNED:
                pruned = max(pruned, int(fields["detail"]))
            met = met or head == (link.number, link.seal)
            newest = link
        if missing > pruned:
            wrong.append(f"the first {missing} entries are not there, and nobody noted that they would go")
        if not met and head is not None and head[0] > pruned:
            wrong.append(f"entry {head[0]} is not the one that was noted: the end was cut off or made anew")
        return newest, wrong

    def _link(self, before: Link | None, fields: Mapping[str, str]) -> Link:
        number = before.number + 1 if before else 1
        text = json.dumps(
            {
                **{name: value for name, value in fields.items() if value},
                "at": self._clock().isoformat(timespec="milliseconds"),
                "before": before.seal if before else FIRST,
                "number": str(number),
            },
            ensure_ascii=False,
            sort_keys=True,
        )
        return Link(number, text, self._seal(text))

    def _seal(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


class AuditJournal:
    """The portal client's `Journal` (bot/portal/journal.py) over the audit.

    `now_doing` is the conversation and the number of the turn, `c-.../7`.
    """

    def __init__(self, auditor: Auditor, now_doing: Callable[[], str]) -> None:
        self._auditor = auditor
        self._now_doing = now_doing

    async def begun(self, what: str, key: str | None) -> str:
        """Notes a write before it is made."""
        conversation, _, turn = self._now_doing().partition("/")
        note = secrets.token_hex(8)
        who = self._auditor.pseudonym(conversation)
        await self._auditor.note(what=what, write=note, outcome="begun", who=who, turn=turn, key=key or "")
        return note

    async def ended(self, note: str, outcome: str, detail: str = "") -> None:
        """Notes how it ended."""
        await self._auditor.note(write=note, outcome=outcome, detail=detail)
