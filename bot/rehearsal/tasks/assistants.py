"""Who answers the simulated patient: the assistant itself, or a baseline beside it."""

from __future__ import annotations

from typing import Protocol

from bot.rehearsal.stage import Reply, Session, Stage


class Assistant(Protocol):
    """Answers one message of a session."""

    async def turn(self, session: Session, text: str | None, payload: str | None) -> list[Reply]: ...

    async def understood(self, session: Session) -> str: ...


class Trained:
    """The assistant itself."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def turn(self, session: Session, text: str | None, payload: str | None) -> list[Reply]:
        """The replies of the real thing."""
        return await self._stage.turn(session, text, payload)

    async def understood(self, session: Session) -> str:
        """What was understood, for transcripts and tags."""
        return await self._stage.understood(session)


class Fixed:
    """Says the same whatever it hears: a task that this passes measures nothing."""

    def __init__(self, response: str, text: str) -> None:
        self._reply = Reply(text, response)

    async def turn(self, session: Session, text: str | None, payload: str | None) -> list[Reply]:
        """The one reply."""
        return [self._reply]

    async def understood(self, session: Session) -> str:
        """Nothing is understood."""
        return ""
