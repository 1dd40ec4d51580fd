"""Seen ids, buttons and sessions in Redis; everything expires by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.storage.protocols import Button, Clock, PatientSession, new_token
from bot.storage.redis_link import RedisLink, milliseconds
from bot.storage.redis_scripts import PUT_SESSION


class RedisDedupe:
    """See `Dedupe`."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    async def first(self, scope: str, key: str, now: datetime, keep: timedelta) -> bool:
        """True for exactly one caller per key while it is remembered."""
        name = self._link.key("seen", f"{scope}:{key}")
        kept = await self._link.run(
            self._link.client.set(name, now.isoformat(), nx=True, px=milliseconds(keep))
        )
        return bool(kept)


class RedisButtons:
    """See `Buttons`."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    def _key(self, conversation: str, token: str) -> str:
        return f"{self._link.key('button', conversation)}:{token}"

    async def issue(self, button: Button, now: datetime) -> str:
        """Keep the button and return its token."""
        token = new_token()
        await self.keep({token: button}, now)
        return token

    async def keep(self, buttons: Mapping[str, Button], now: datetime) -> None:
        """Keep the buttons of one message: one round trip."""
        pipeline = self._link.client.pipeline(transaction=False)
        for token, button in buttons.items():
            record = {
                "turn": button.turn,
                "payload": button.payload,
                "label": button.label,
                "single_use": button.single_use,
                "until": button.expires_at.timestamp(),
            }
            text = json.dumps(record, ensure_ascii=False)
            life = milliseconds(button.expires_at - now)
            pipeline.set(self._key(button.conversation, token), text, px=life)
        await self._link.run(pipeline.execute())

    async def find(self, conversation: str, token: str, now: datetime) -> Button | None:
        """The button, if it was offered in this conversation and is still valid."""
        text = await self._link.run(self._link.client.get(self._key(conversation, token)))
        if text is None:
            return None
        record: dict[str, Any] = json.loads(text)
        until = datetime.fromtimestamp(record.pop("until"), UTC)
        return Button(conversation=conversation, expires_at=until, **record) if until > now else None

    async def spend(self, conversation: str, token: str, now: datetime) -> bool:
        """Use up a single-use button; True for exactly one caller."""
        if await self.find(conversation, token, now) is None:
            return False
        return bool(await self._link.run(self._link.client.delete(self._key(conversation, token))))


class RedisSessions:
    """See `SessionStore`."""

    def __init__(self, link: RedisLink, clock: Clock) -> None:
        self._link = link
        self._clock = clock

    async def get(self, sender: str) -> PatientSession | None:
        """The session, or None when there is none or it has expired."""
        text = await self._link.run(self._link.client.hget(self._link.key("session", sender), "record"))
        if text is None:
            return None
        record: dict[str, Any] = json.loads(text)
        until = datetime.fromtimestamp(record.pop("until"), UTC)
        return PatientSession(expires_at=until, **record) if until > self._clock() else None

    async def put(self, sender: str, session: PatientSession) -> None:
        """Keep or refresh the session until it expires; an older token never replaces a newer one."""
        record = {
            "sub": session.sub,
            "token": session.token,
            "level": session.level,
            "channel": session.channel,
            "until": session.expires_at.timestamp(),
        }
        life = session.expires_at - self._clock()
        await self._link.script(
            PUT_SESSION,
            [self._link.key("session", sender)],
            [json.dumps(record), session.expires_at.timestamp(), milliseconds(life)],
        )

    async def end(self, sender: str) -> None:
        """Forget the session (log-out, unlink)."""
        await self._link.run(self._link.client.delete(self._link.key("session", sender)))
