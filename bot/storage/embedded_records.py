"""Seen ids, buttons and sessions in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.storage.protocols import Button, Clock, PatientSession, new_token
from bot.storage.sqlite_file import SqliteFile, moment, stamp


class SqliteDedupe:
    """See `Dedupe`."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    async def first(self, scope: str, key: str, now: datetime, keep: timedelta) -> bool:
        """True for exactly one caller per key while it is remembered."""

        def remember(connection: sqlite3.Connection) -> bool:
            connection.execute("DELETE FROM seen WHERE until <= ?", (stamp(now),))
            cursor = connection.execute(
                "INSERT INTO seen VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (scope, key, stamp(now + keep))
            )
            return cursor.rowcount == 1

        return await self._file.transact(remember)


class SqliteButtons:
    """See `Buttons`."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    async def issue(self, button: Button, now: datetime) -> str:
        """Keep the button and return its token."""
        token = new_token()
        await self.keep({token: button}, now)
        return token

    async def keep(self, buttons: Mapping[str, Button], now: datetime) -> None:
        """Keep the buttons of one message; drops expired ones on the way."""
        rows = [
            (
                token,
                button.conversation,
                button.turn,
                button.payload,
                button.label,
                button.single_use,
                stamp(button.expires_at),
            )
            for token, button in buttons.items()
        ]

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM buttons WHERE until <= ?", (stamp(now),))
            connection.executemany(
                "INSERT INTO buttons (token, conversation, turn, payload, label, single_use, until)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

        await self._file.transact(write)

    async def find(self, conversation: str, token: str, now: datetime) -> Button | None:
        """The button, if it was offered in this conversation and is still valid."""
        rows = await self._file.rows(
            "SELECT turn, payload, label, single_use, until FROM buttons"
            " WHERE token = ? AND conversation = ? AND until > ? AND spent = 0",
            (token, conversation, stamp(now)),
        )
        if not rows:
            return None
        turn, payload, label, single_use, until = rows[0]
        return Button(conversation, turn, payload, label, bool(single_use), moment(until))

    async def spend(self, conversation: str, token: str, now: datetime) -> bool:
        """Use up a single-use button; True for exactly one caller."""
        changed = await self._file.write(
            "UPDATE buttons SET spent = 1 WHERE token = ? AND conversation = ? AND until > ? AND spent = 0",
            (token, conversation, stamp(now)),
        )
        return changed == 1


class SqliteSessions:
    """See `SessionStore`."""

    def __init__(self, file: SqliteFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    async def get(self, sender: str) -> PatientSession | None:
        """The session, or None when there is none or it has expired."""
        rows = await self._file.rows(
            "SELECT sub, token, level, channel, until FROM sessions WHERE sender = ? AND until > ?",
            (sender, stamp(self._clock())),
        )
        if not rows:
            return None
        sub, token, level, channel, until = rows[0]
        return PatientSession(sub, token, level, channel, moment(until))

    async def put(self, sender: str, session: PatientSession) -> None:
        """Keep or refresh the session until it expires; an older token never replaces a newer one."""

        def keep(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM sessions WHERE until <= ?", (stamp(self._clock()),))
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sender) DO UPDATE SET"
                " sub = excluded.sub, token = excluded.token, level = excluded.level,"
                " channel = excluded.channel, until = excluded.until WHERE excluded.until >= sessions.until",
                (
                    sender,
                    session.sub,
                    session.token,
                    session.level,
                    session.channel,
                    stamp(session.expires_at),
                ),
            )

        await self._file.transact(keep)

    async def end(self, sender: str) -> None:
        """Forget the session (log-out, unlink)."""
        await self._file.write("DELETE FROM sessions WHERE sender = ?", (sender,))
