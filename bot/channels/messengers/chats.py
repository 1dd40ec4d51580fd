"""What is known of a chat: where it is, how far it was delivered to, whose account it is linked to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.channels.identity import Gatekeeper, Identity
from bot.storage.protocols import Stores

KEEP_CHAT = timedelta(days=400)
_KIND = "chat"


@dataclass(frozen=True, slots=True)
class Chat:
    """One person's chat with one vendor. `heard`: seconds of the patient's last message."""

    channel: str
    chat: str
    sender: str
    conversation: str
    cursor: int = 0
    heard: float = 0.0
    link: str | None = None
    """Id of the link to a patient's account."""
    pending: str | None = None
    """Id of a link that waits for its code."""
    told_over: bool = False
    """The patient was told that the link's session is over."""


class Chats:
    """Finds and keeps chats."""

    def __init__(self, stores: Stores, gatekeeper: Gatekeeper) -> None:
        self._stores = stores
        self._gatekeeper = gatekeeper

    async def of(self, channel: str, chat: str) -> tuple[Chat, bool]:
        """The chat, and whether it is new. Its sender id is made here, of what the vendor proved."""
        person = Identity(chat, False, datetime.fromtimestamp(0, UTC))
        sender = self._gatekeeper.sender(person, channel)
        conversation = self._gatekeeper.conversation(sender)
        known = await self.find(conversation)
        return (known, False) if known else (Chat(channel, chat, sender, conversation), True)

    async def find(self, conversation: str) -> Chat | None:
        """The chat of a conversation, None when it is not a messenger's."""
        record = await self._stores.records.get(_KIND, conversation)
        return None if record is None else Chat(**record)

    async def change(self, conversation: str, **fields: object) -> Chat | None:
        """Change a known chat; under a lock, since deliveries and messages change it too."""
        async with self._stores.locks.hold(f"chat-{conversation}"):
            chat = await self.find(conversation)
            if chat is not None:
                chat = replace(chat, **fields)  # type: ignore[arg-type]  # names are those of Chat
                await self.keep(chat)
            return chat

    async def keep(self, chat: Chat) -> None:
        """Keep a chat."""
        await self._stores.records.put(_KIND, chat.conversation, asdict(chat), KEEP_CHAT)

    async def all(self) -> list[str]:
        """Conversations of all chats."""
        return list(await self._stores.records.keys(_KIND))
