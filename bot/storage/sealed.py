"""The front desk's stores with content encrypted: what patients write and are told, buttons, tokens, files.

Ids, numbers, times and states of work stay readable: the stores order and expire by them. What was kept
before there was a key is still read.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.storage.protocols import (
    Appended,
    Button,
    Buttons,
    Entry,
    HeldFile,
    HeldFiles,
    Outbox,
    PatientSession,
    Records,
    SessionStore,
    Stores,
    Work,
)
from bot.storage.sealing import Sealer, SealError

_SEALED = "sealed"
_MARK = "sealed:"


def with_sealed_content(stores: Stores, sealer: Sealer) -> Stores:
    """The same stores; nothing readable of a patient gets into them."""
    return replace(
        stores,
        outbox=SealedOutbox(stores.outbox, sealer),
        buttons=SealedButtons(stores.buttons, sealer),
        sessions=SealedSessions(stores.sessions, sealer),
        records=SealedRecords(stores.records, sealer),
        files=SealedFiles(stores.files, sealer),
    )


def _hide(sealer: Sealer, text: str, place: str) -> str:
    return _MARK + base64.b64encode(sealer.seal(text.encode("utf-8", "surrogatepass"), place)).decode()


def _show(sealer: Sealer, text: str, place: str) -> str:
    if not text.startswith(_MARK):
        return text
    sealed = base64.b64decode(text.removeprefix(_MARK))
    return sealer.open(sealed, place).decode("utf-8", "surrogatepass")


def _hide_fields(sealer: Sealer, fields: dict[str, Any], place: str) -> dict[str, Any]:
    return {_SEALED: _hide(sealer, json.dumps(fields, ensure_ascii=False), place)}


def _show_fields(sealer: Sealer, fields: dict[str, Any], place: str) -> dict[str, Any]:
    if _SEALED not in fields:
        return fields
    shown: dict[str, Any] = json.loads(_show(sealer, fields[_SEALED], place))
    return shown


def renewed(sealer: Sealer, value: Any, place: str) -> Any:
    """A value of a store with every sealed text in it sealed anew; None when none had to be.

    Raises SealError for a key that is not here.
    """
    if isinstance(value, str) and value.startswith(_MARK):
        fresh = sealer.renew(base64.b64decode(value.removeprefix(_MARK)), place)
        return None if fresh is None else _MARK + base64.b64encode(fresh).decode()
    if isinstance(value, dict):
        changed = {
            name: new for name, part in value.items() if (new := renewed(sealer, part, place)) is not None
        }
        return value | changed if changed else None
    return None


class SealedOutbox:
    """See `Outbox`."""

    def __init__(self, inner: Outbox, sealer: Sealer) -> None:
        self._inner = inner
        self._sealer = sealer
        self.last = inner.last
        self.number_of = inner.number_of
        self.mark = inner.mark
        self.unfinished = inner.unfinished
        self.prune = inner.prune

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
        """Number and keep a message, its body sealed."""
        hidden = _hide_fields(self._sealer, body, f"outbox/{conversation}")
        return await self._inner.append(conversation, author, hidden, at, once=once, work=work)

    async def after(self, conversation: str, seq: int, limit: int = 100) -> Sequence[Entry]:
        """Messages numbered above `seq`, oldest first."""
        return [self._shown(entry) for entry in await self._inner.after(conversation, seq, limit)]

    async def latest(self, conversation: str, limit: int = 100) -> Sequence[Entry]:
        """The newest messages, oldest of them first."""
        return [self._shown(entry) for entry in await self._inner.latest(conversation, limit)]

    async def next_work(self, conversation: str) -> Entry | None:
        """The oldest message the assistant still owes an answer to."""
        entry = await self._inner.next_work(conversation)
        return None if entry is None else self._shown(entry)

    async def between(self, start: datetime, end: datetime) -> AsyncIterator[Entry]:
        """Messages of all conversations; one that nobody can open any more has an empty body."""
        async for entry in self._inner.between(start, end):
            try:
                yield self._shown(entry)
            except SealError:
                yield replace(entry, body={})

    def _shown(self, entry: Entry) -> Entry:
        return replace(entry, body=_show_fields(self._sealer, entry.body, f"outbox/{entry.conversation}"))


class SealedButtons:
    """See `Buttons`."""

    def __init__(self, inner: Buttons, sealer: Sealer) -> None:
        self._inner = inner
        self._sealer = sealer
        self.spend = inner.spend

    async def issue(self, button: Button, now: datetime) -> str:
        """Keep the button; what it means and says is sealed."""
        return await self._inner.issue(self._hidden(button), now)

    async def keep(self, buttons: Mapping[str, Button], now: datetime) -> None:
        """Keep the buttons of one message, sealed."""
        await self._inner.keep({token: self._hidden(button) for token, button in buttons.items()}, now)

    def _hidden(self, button: Button) -> Button:
        place = f"button/{button.conversation}"
        payload, label = (_hide(self._sealer, text, place) for text in (button.payload, button.label))
        return replace(button, payload=payload, label=label)

    async def find(self, conversation: str, token: str, now: datetime) -> Button | None:
        """The button, if it was offered in this conversation and is still valid."""
        button = await self._inner.find(conversation, token, now)
        if button is None:
            return None
        place = f"button/{conversation}"
        payload, label = (_show(self._sealer, text, place) for text in (button.payload, button.label))
        return replace(button, payload=payload, label=label)


class SealedSessions:
    """See `SessionStore`."""

    def __init__(self, inner: SessionStore, sealer: Sealer) -> None:
        self._inner = inner
        self._sealer = sealer
        self.end = inner.end

    async def get(self, sender: str) -> PatientSession | None:
        """The session, or None when there is none or it has expired."""
        session = await self._inner.get(sender)
        if session is None:
            return None
        sub, token = (_show(self._sealer, text, f"session/{sender}") for text in (session.sub, session.token))
        return replace(session, sub=sub, token=token)

    async def put(self, sender: str, session: PatientSession) -> None:
        """Keep or refresh the session; who it is and the token are sealed."""
        sub, token = (_hide(self._sealer, text, f"session/{sender}") for text in (session.sub, session.token))
        await self._inner.put(sender, replace(session, sub=sub, token=token))


class SealedRecords:
    """See `Records`."""

    def __init__(self, inner: Records, sealer: Sealer) -> None:
        self._inner = inner
        self._sealer = sealer
        self.keys = inner.keys

    async def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """The record, None when there is none (any more)."""
        return self._shown(await self._inner.get(kind, key), kind, key)

    async def put(self, kind: str, key: str, value: dict[str, Any], keep: timedelta) -> None:
        """Keep or replace a record, sealed."""
        await self._inner.put(kind, key, _hide_fields(self._sealer, value, f"record/{kind}/{key}"), keep)

    async def take(self, kind: str, key: str) -> dict[str, Any] | None:
        """The record, and it is gone: exactly one caller gets it."""
        return self._shown(await self._inner.take(kind, key), kind, key)

    def _shown(self, value: dict[str, Any] | None, kind: str, key: str) -> dict[str, Any] | None:
        return None if value is None else _show_fields(self._sealer, value, f"record/{kind}/{key}")


class SealedFiles:
    """See `HeldFiles`."""

    def __init__(self, inner: HeldFiles, sealer: Sealer) -> None:
        self._inner = inner
        self._sealer = sealer
        self.drop = inner.drop

    async def put(self, conversation: str, file: HeldFile, content: bytes, now: datetime) -> None:
        """Keep a file until it expires, its bytes and its name sealed: people put their own in it."""
        place = f"file/{conversation}/{file.id}"
        hidden = replace(file, name=_hide(self._sealer, file.name, place))
        await self._inner.put(conversation, hidden, self._sealer.seal(content, place), now)

    async def waiting(self, conversation: str, now: datetime) -> Sequence[HeldFile]:
        """Files of the conversation, oldest first."""
        files = await self._inner.waiting(conversation, now)
        places = [f"file/{conversation}/{file.id}" for file in files]
        return [
            replace(file, name=_show(self._sealer, file.name, place))
            for file, place in zip(files, places, strict=True)
        ]

    async def content(self, conversation: str, file: str, now: datetime) -> bytes | None:
        """Bytes of a kept file, None when it is gone."""
        sealed = await self._inner.content(conversation, file, now)
        return None if sealed is None else self._sealer.open(sealed, f"file/{conversation}/{file}")
