"""A chat linked to a patient's account: begun in the portal, opened in the chat, confirmed by a code.

The portal's page shows six digits only after the chat opened the link; they are typed in the chat. A
forwarded link therefore binds nobody: whoever opens it does not see the digits, and whoever sees the
digits sees whose chat it is. A link is not a log-in: it carries the patient's token until that expires;
after that the patient confirms in the portal (`renew`), which is also the step-up for sensitive things.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.channels.identity import Identity
from bot.channels.messengers.chats import Chat, Chats
from bot.storage.protocols import PatientSession, Stores

OPEN_FOR = timedelta(minutes=10)
KEEP_LINK = timedelta(days=30)
TRIES = 3
_TOKEN_BYTES = 18


@dataclass(frozen=True, slots=True)
class Link:
    """`owner`: the patient's sender id on the web, never the portal's id. State: new, opened, linked."""

    id: str
    owner: str
    channel: str
    state: str = "new"
    name: str = ""
    conversation: str = ""
    code: str = ""
    tries: int = 0
    until: float = 0.0


class Linking:
    """Begins, opens, confirms, renews and ends links."""

    def __init__(self, stores: Stores, chats: Chats) -> None:
        self._stores = stores
        self._chats = chats

    async def begin(self, owner: str, identity: Identity, channel: str, now: datetime) -> tuple[Link, str]:
        """A new link and its one-time token, valid ten minutes."""
        link = Link(secrets.token_urlsafe(12), owner, channel, until=(now + OPEN_FOR).timestamp())
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        await self._keep(link, OPEN_FOR)
        await self._stores.records.put("link-token", token, {"link": link.id}, OPEN_FOR)
        await self.show(link, identity)
        return link, token

    async def show(self, link: Link, identity: Identity) -> None:
        """The patient's page asked: the freshest token is what a confirmed link will carry."""
        session = {
            "sub": identity.subject,
            "token": identity.token,
            "level": identity.level or "basic",
            "until": identity.expires_at.timestamp(),
        }
        await self._stores.records.put("link-session", link.id, session, OPEN_FOR)
        if link.state == "linked":
            await self._open_session(link)

    async def get(self, owner: str, link: str) -> Link | None:
        """A link of this patient's; anybody else's looks like none."""
        record = await self._stores.records.get("link", link)
        found = None if record is None else Link(**record)
        return found if found and hmac.compare_digest(found.owner, owner) else None

    async def open(self, chat: Chat, name: str, token: str) -> bool:
        """The chat handed over a token: it works once, in its own channel."""
        record = await self._stores.records.take("link-token", token)
        found = None if record is None else await self._stores.records.get("link", str(record["link"]))
        link = None if found is None else Link(**found)
        if link is None or link.channel != chat.channel or link.state != "new":
            return False
        code = f"{secrets.randbelow(10**6):06d}"
        opened = replace(link, state="opened", name=name[:64], conversation=chat.conversation, code=code)
        await self._keep(opened, OPEN_FOR)
        await self._chats.change(chat.conversation, pending=link.id)
        return True

    async def confirm(self, chat: Chat, code: str) -> str:
        """Six digits typed in the chat: "linked", "link_code_wrong" or "link_stopped"."""
        async with self._stores.locks.hold(f"link-{chat.pending}"):
            record = await self._stores.records.get("link", str(chat.pending))
            link = None if record is None else Link(**record)
            if link is None or link.state != "opened" or link.conversation != chat.conversation:
                await self._chats.change(chat.conversation, pending=None)
                return "link_unknown"
            if not hmac.compare_digest(link.code, code):
                return await self._wrong(link, chat)
            linked = replace(link, state="linked", code="")
            await self._keep(linked, KEEP_LINK)
            await self._chats.change(chat.conversation, pending=None, link=link.id, told_over=False)
            await self._open_session(linked)
            place = {"conversation": chat.conversation, "link": link.id}
            await self._stores.records.put("linked-chat", link.owner, place, KEEP_LINK)
            return "linked"

    async def end(self, link: Link) -> None:
        """Unlink: the session, the link and what was pending are gone at once."""
        await self._stores.records.take("link", link.id)
        await self._stores.records.take("link-session", link.id)
        await self._stores.records.take("linked-chat", link.owner)
        chat = await self._chats.find(link.conversation) if link.conversation else None
        if chat is not None:
            await self._stores.sessions.end(chat.sender)
            await self._chats.change(chat.conversation, link=None, pending=None)

    async def of_chat(self, chat: Chat) -> Link | None:
        """The link of a chat, None when there is none or it is over."""
        record = await self._stores.records.get("link", chat.link) if chat.link else None
        return None if record is None else Link(**record)

    async def _wrong(self, link: Link, chat: Chat) -> str:
        if link.tries + 1 >= TRIES:
            await self.end(link)
            return "link_stopped"
        await self._keep(replace(link, tries=link.tries + 1), OPEN_FOR)
        return "link_code_wrong"

    async def _open_session(self, link: Link) -> None:
        """The link carries the patient's token until it expires."""
        kept: Mapping[str, object] | None = await self._stores.records.take("link-session", link.id)
        chat = await self._chats.find(link.conversation)
        if kept is None or chat is None:
            return
        until = datetime.fromtimestamp(float(str(kept["until"])), UTC)
        session = PatientSession(
            str(kept["sub"]), str(kept["token"]), str(kept["level"]), chat.channel, until
        )
        await self._stores.sessions.put(chat.sender, session)
        await self._chats.change(chat.conversation, told_over=False)

    async def _keep(self, link: Link, keep: timedelta) -> None:
        await self._stores.records.put("link", link.id, asdict(link), keep)
