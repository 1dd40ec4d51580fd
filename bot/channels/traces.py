"""Everything that is kept of one patient, wherever: for the copy a patient may ask for, and for erasing.

Most is kept under ids made of the patient's id at the portal. The rest is found from there: the chat of a
linked messenger, what was said before the log-in, and records under ids of their own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.channels.identity import Gatekeeper, Identity
from bot.channels.sessions import BEFORE_LOGIN
from bot.storage.protocols import Stores
from bot.storage.sealing import SealError

CHANNELS = ("web", "telegram", "messenger", "whatsapp")
_Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Traces:
    """`senders`: whom the assistant knows them as; `records`: kind and key of what has another name."""

    senders: Sequence[str]
    conversations: Sequence[str]
    records: Sequence[tuple[str, str]] = ()

    @property
    def names(self) -> list[str]:
        """All ids, as they are in keys and columns of the stores."""
        return [*self.senders, *self.conversations]


def own(gatekeeper: Gatekeeper, patient: str) -> Traces:
    """Under ids made of the patient's; they cannot be turned back into it."""
    identity = Identity(patient, authenticated=True, expires_at=datetime.fromtimestamp(0, UTC))
    senders = [gatekeeper.sender(identity, channel) for channel in CHANNELS]
    return Traces(senders, [gatekeeper.conversation(sender) for sender in senders])


async def traces(stores: Stores, gatekeeper: Gatekeeper, patient: str) -> Traces:
    """All of them. Walks every record of a few kinds. Raises StorageError."""
    mine = own(gatekeeper, patient)
    senders, conversations = list(mine.senders), list(mine.conversations)
    records: list[tuple[str, str]] = []
    for sender in mine.senders:
        linked = await stores.records.get("linked-chat", sender)
        chat = await stores.records.get("chat", str(linked["conversation"])) if linked else None
        if chat is not None:
            senders.append(str(chat["sender"]))
            conversations.append(str(chat["conversation"]))
    for conversation in mine.conversations:
        before = await stores.records.get(BEFORE_LOGIN, conversation) or {}
        for visitor in before.get("visitors", ()):
            senders.append(str(visitor["sender"]))
            conversations.append(str(visitor["conversation"]))
    links: set[str] = set()

    def link(key: str, record: _Record) -> bool:
        if record["owner"] in senders:
            links.add(key)
        return key in links

    kinds: dict[str, Callable[[str, _Record], bool]] = {
        "link": link,
        "link-session": lambda key, _: key in links,
        "link-grant": lambda key, _: key in links,
        "link-token": lambda _, record: record["link"] in links,
        "due-event": lambda _, record: record["patient_id"] == patient,
        "device": lambda _, record: record["conversation"] in conversations,
    }
    for kind, is_theirs in kinds.items():
        for key in await stores.records.keys(kind):
            try:
                record = await stores.records.get(kind, key)
            except SealError:
                continue  # of a key that was taken away: nobody can read it any more
            if record is not None and is_theirs(key, record):
                records.append((kind, key))
    return Traces(senders, conversations, records)


async def forget_records(stores: Stores, found: Traces) -> int:
    """Takes away what has another name; how many."""
    gone = [await stores.records.take(kind, key) for kind, key in found.records]
    return sum(record is not None for record in gone)


async def everything(stores: Stores, found: Traces, log: Callable[[str], Awaitable[list[Any]]]) -> _Record:
    """A copy in plain words for the patient: JSON, no token and no key. `log`: a sender's events."""
    copy: _Record = {"messages": [], "sessions": [], "records": [], "assistant_log": []}
    for conversation in found.conversations:
        after = 0
        while page := await stores.outbox.after(conversation, after):
            for entry in page:
                body = {name: value for name, value in entry.body.items() if name != "work"}
                copy["messages"].append(
                    {"conversation": conversation, "number": entry.seq, "at": entry.at.isoformat()}
                    | {"author": entry.author, "content": body}
                )
            after = page[-1].seq
        for held in await stores.files.waiting(conversation, datetime.now(UTC)):
            file = {"name": held.name, "bytes": held.size}
            copy["records"].append({"kind": "file", "content": file})
    for sender in found.senders:
        session = await stores.sessions.get(sender)
        if session is not None:
            copy["sessions"].append(
                {"channel": session.channel, "level": session.level, "until": session.expires_at.isoformat()}
            )
        events = await log(sender)
        if events:
            copy["assistant_log"].append({"sender": sender, "events": events})
    for kind, key in found.records:
        record = await stores.records.get(kind, key) or {}
        shown = {name: value for name, value in record.items() if name not in {"token", "code", "grant"}}
        copy["records"].append({"kind": kind, "content": shown})
    return copy
