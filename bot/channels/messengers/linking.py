"""A chat linked to a patient's account: begun in the portal, opened in the chat, confirmed by a code.

The portal's page shows six digits only after the chat opened the link; they are typed in the chat. A
forwarded link therefore binds nobody: whoever opens it does not see the digits, and whoever sees the
digits sees whose chat it is. A link is not a log-in: with it the portal gives a permission of thirty days,
from which fresh tokens are made as long as the patient lets it (`session`). Sensitive things ask for a fresh
proof: the portal's page renews the session with a token that carries it (`show`).
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.channels.identity import Identity
from bot.channels.messengers.chats import Chat, Chats
from bot.storage.protocols import Clock, PatientSession, Stores

OPEN_FOR = timedelta(minutes=10)
KEEP_LINK = timedelta(days=30)
TRIES = 3
FRESH = timedelta(minutes=1)
"""A session that ends sooner is renewed first: a turn must not lose it half-way."""
_TOKEN_BYTES = 18
_GRANT = "link-grant"
_log = logging.getLogger(__name__)


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


class Granted(Protocol):
    """A chat token of the portal's."""

    @property
    def value(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...


class Grants(Protocol):
    """The portal's permissions for linked chats. An error of any kind: nothing is known now."""

    async def begin(self, chat_token: str) -> str | None:
        """A permission of the token's patient; None when the token is no longer good."""
        ...

    async def refresh(self, grant: str) -> Granted | None:
        """A fresh token, None when the permission is over."""
        ...

    async def end(self, grant: str) -> None:
        """The chat was unlinked."""
        ...


class Linking:
    """Begins, opens, confirms, renews and ends links."""

    def __init__(self, stores: Stores, chats: Chats, clock: Clock, grants: Grants | None = None) -> None:
        self._stores = stores
        self._chats = chats
        self._clock = clock
        self._grants = grants

    async def session(self, chat: Chat) -> PatientSession | None:
        """Who the chat's patient is, with a token that lasts for a turn; None when nobody is known."""
        found = await self._stores.sessions.get(chat.sender)
        if chat.link is None or self._grants is None or self._lasts(found):
            return found
        async with self._stores.locks.hold(f"grant-{chat.link}"):
            found = await self._stores.sessions.get(chat.sender)
            return found if self._lasts(found) else await self._refreshed(chat, found)

    def _lasts(self, session: PatientSession | None) -> bool:
        return session is not None and session.expires_at - self._clock() > FRESH

    async def _refreshed(self, chat: Chat, before: PatientSession | None) -> PatientSession | None:
        kept = await self._stores.records.get(_GRANT, str(chat.link))
        if kept is None or self._grants is None:
            return before
        try:
            token = await self._grants.refresh(str(kept["grant"]))
        except Exception:
            _log.warning("the portal does not renew a linked chat now")
            return before
        if token is None:
            link = await self.of_chat(chat)
            if link is not None:
                await self.end(link)
            return None
        session = PatientSession(str(kept["sub"]), token.value, token.level, chat.channel, token.expires_at)
        await self._stores.sessions.put(chat.sender, session)
        return session

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
            await self._begin_grant(linked)
            await self._open_session(linked)
            place = {"conversation": chat.conversation, "link": link.id}
            await self._stores.records.put("linked-chat", link.owner, place, KEEP_LINK)
            return "linked"

    async def end(self, link: Link) -> None:
        """Unlink: the session, the link and what was pending are gone at once."""
        await self._stores.records.take("link", link.id)
        await self._stores.records.take("link-session", link.id)
        await self._end_grant(link)
        await self._stores.records.take("linked-chat", link.owner)
        chat = await self._chats.find(link.conversation) if link.conversation else None
        if chat is not None:
            await self._stores.sessions.end(chat.sender)
            await self._chats.change(chat.conversation, link=None, pending=None)

    async def of_chat(self, chat: Chat) -> Link | None:
        """The link of a chat, None when there is none or it is over."""
        record = await self._stores.records.get("link", chat.link) if chat.link else None
        return None if record is None else Link(**record)

    async def _begin_grant(self, link: Link) -> None:
        """Without one the link lasts as long as the patient's token, and is renewed in the portal."""
        kept = await self._stores.records.get("link-session", link.id)
        if kept is None or self._grants is None:
            return
        try:
            grant = await self._grants.begin(str(kept["token"]))
        except Exception:
            _log.warning("the portal gives no permission for a linked chat")
            return
        if grant is not None:
            await self._stores.records.put(_GRANT, link.id, {"grant": grant, "sub": kept["sub"]}, KEEP_LINK)

    async def _end_grant(self, link: Link) -> None:
        kept = await self._stores.records.take(_GRANT, link.id)
        if kept is None or self._grants is None:
            return
        try:
            await self._grants.end(str(kept["grant"]))
        except Exception:
            _log.warning("the portal was not told that a chat was unlinked")

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
        # What the patient has just confirmed counts, also when a renewed token would live longer.
        await self._stores.sessions.end(chat.sender)
        await self._stores.sessions.put(chat.sender, session)
        await self._chats.change(chat.conversation, told_over=False)

    async def _keep(self, link: Link, keep: timedelta) -> None:
        await self._stores.records.put("link", link.id, asdict(link), keep)
