"""What a desk of people is told and what it says; one contract, several desks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

SaidKind = Literal["accepted", "unavailable", "message", "typing", "ended"]


@dataclass(frozen=True, slots=True)
class HandoffRequest:
    """A patient asks for a person. `summary_pl`: what was said last, for the person who takes over."""

    conversation: str
    queue: str
    reason: str
    summary_pl: str
    channel: str
    authenticated: bool
    priority: str = "normal"
    locale: str = "pl"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing the desk says about a conversation; `id` is the same at each delivery."""

    id: str
    kind: SaidKind
    conversation: str
    text: str = ""
    agent: str = ""
    hours: str = ""
    on: bool = False


class DeskError(Exception):
    """The desk did not take it."""


class DeskOfPeople(Protocol):
    """A system where people answer."""

    async def request(self, request: HandoffRequest) -> str:
        """Ask for a person; the desk's own reference of the conversation. Raises DeskError."""
        ...

    async def message(self, conversation: str, ref: str, text: str, once: str) -> None:
        """A patient's message while a person has the conversation. Raises DeskError."""
        ...

    async def close(self, conversation: str, ref: str) -> None:
        """The patient went back to the assistant. Raises DeskError."""
        ...

    def genuine(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, now: float) -> bool:
        """Whether the desk sent this body."""
        ...

    def said(self, body: Mapping[str, object]) -> Sequence[Said]:
        """What a webhook of the desk says."""
        ...
