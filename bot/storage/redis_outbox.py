"""Outbox in Redis: a sorted set of records per conversation, scored by their numbers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.storage.protocols import KEEP_MESSAGES, Appended, Entry, Work
from bot.storage.redis_link import RedisLink
from bot.storage.redis_scripts import APPEND, MARK, NEXT_WORK

_INDEX_GRACE = timedelta(minutes=2)
_PAGE = 32


class RedisOutbox:
    """See `Outbox`."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    async def append(
        self,
        conversation: str,
        author: str,
        body: dict[str, Any],
        at: datetime,
        *,
        once: str | None = None,
        work: Work = Work.NONE,
    ) -> Appended:
        """Number and keep a message; with `once`, the same id is never kept twice."""
        if at.tzinfo is None:
            raise ValueError("naive datetime")
        if work is not Work.NONE:
            # Indexed first: a crash between the two steps leaves a harmless entry in the index.
            await self._link.run(
                self._link.client.zadd(self._link.plain_key("unfinished"), {conversation: at.timestamp()})
            )
        record = json.dumps({"author": author, "body": body, "at": at.timestamp()}, ensure_ascii=False)
        keep = int(KEEP_MESSAGES.total_seconds())
        seq, new = await self._link.script(
            APPEND,
            [self._link.key(kind, conversation) for kind in ("number", "entries", "once", "waiting", "work")],
            [once or "", record, work.value, keep],
        )
        return Appended(int(seq), new=bool(new))

    async def after(self, conversation: str, seq: int, limit: int = 100) -> Sequence[Entry]:
        """Messages numbered above `seq`, oldest first."""
        records = await self._link.run(
            self._link.client.zrangebyscore(
                self._link.key("entries", conversation), f"({seq}", "+inf", start=0, num=limit
            )
        )
        return [_entry(conversation, record) for record in records]

    async def latest(self, conversation: str, limit: int = 100) -> Sequence[Entry]:
        """The newest messages, oldest of them first."""
        records = await self._link.run(
            self._link.client.zrange(self._link.key("entries", conversation), -limit, -1)
        )
        return [_entry(conversation, record) for record in records]

    async def last(self, conversation: str) -> int:
        """Number of the newest message, 0 when there is none."""
        number = await self._link.run(self._link.client.get(self._link.key("number", conversation)))
        return int(number or 0)

    async def number_of(self, conversation: str, once: str) -> int | None:
        """Number of the message kept under this `once` id, None when there is none."""
        number = await self._link.run(self._link.client.hget(self._link.key("once", conversation), once))
        return None if number is None else int(number)

    async def next_work(self, conversation: str) -> Entry | None:
        """The oldest message the assistant still owes an answer to."""
        keys = [self._link.key(kind, conversation) for kind in ("waiting", "entries", "work")]
        found = await self._link.script(NEXT_WORK, keys, [])
        return _entry(conversation, found[0], Work(found[1])) if found else None

    async def mark(self, conversation: str, seq: int, before: Work, after: Work) -> bool:
        """Change the state of work if it is still `before`; False when somebody else did."""
        changed = await self._link.script(
            MARK,
            [self._link.key("waiting", conversation), self._link.key("work", conversation)],
            [seq, before.value, after.value],
        )
        return bool(changed)

    async def unfinished(self) -> Sequence[str]:
        """Conversations with messages waiting or started; forgets indexed ones that have none."""
        index = self._link.plain_key("unfinished")
        indexed = await self._link.run(self._link.client.zrange(index, 0, -1, withscores=True))
        newest = max((score for _, score in indexed), default=0.0)
        waiting: list[str] = []
        for conversation, score in indexed:
            count = await self._link.run(self._link.client.zcard(self._link.key("waiting", conversation)))
            if count:
                waiting.append(conversation)
            elif score < newest - _INDEX_GRACE.total_seconds():
                await self._link.run(self._link.client.zrem(index, conversation))
        return waiting

    async def between(self, start: datetime, end: datetime) -> AsyncIterator[Entry]:
        """Messages of all conversations from `start` to before `end`: one conversation after another."""
        met: set[str] = set()  # a walk may name a key twice
        pattern = self._link.key("entries", "*")
        async for key in self._link.scan(pattern):
            conversation = str(key).partition("{")[2].removesuffix("}")
            found = await self._reaching_back(conversation, start)
            if found and conversation not in met:
                met.add(conversation)
                for entry in found:
                    if start <= entry.at < end:
                        yield entry

    async def _reaching_back(self, conversation: str, start: datetime) -> Sequence[Entry]:
        """The newest messages, as many as it takes to have all since `start`."""
        many = _PAGE
        while True:
            found = await self.latest(conversation, many)
            if len(found) < many or found[0].at < start:
                return found if found and found[-1].at >= start else ()
            many *= 4

    async def prune(self, before: datetime) -> int:
        """Forget messages older than `before`; returns how many."""
        removed = 0
        pattern = self._link.key("entries", "*")
        async for key in self._link.scan(pattern):
            for record in await self._link.run(self._link.client.zrange(key, 0, -1)):
                if _fields(record)[1]["at"] >= before.timestamp():
                    break
                removed += int(await self._link.run(self._link.client.zrem(key, record)))
        return removed


def _fields(record: str) -> tuple[int, dict[str, Any]]:
    seq, text = record.split(":", 1)
    fields: dict[str, Any] = json.loads(text)
    return int(seq), fields


def _entry(conversation: str, record: str, work: Work = Work.NONE) -> Entry:
    seq, fields = _fields(record)
    at = datetime.fromtimestamp(fields["at"], UTC)
    return Entry(conversation, seq, fields["author"], fields["body"], at, work)
