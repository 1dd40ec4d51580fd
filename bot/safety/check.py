"""From a text to the fixed reply it needs (R110, R111, A17)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.safety.data import load
from bot.safety.detector import detect
from bot.safety.finding import Finding, RedFlag

_SOMATIC = "somatic"


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number with its label; `href` is a `tel:` address."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A tappable way back."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A fixed, versioned answer; a channel only has to show it."""

    name: str
    version: int
    text: str
    contacts: tuple[Contact, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was found and what to say."""

    finding: Finding
    reply: Reply


def check(text: str) -> Alarm | None:
    """The alarm that a message raises, or None. Without state, network or model."""
    finding = detect(text)
    return Alarm(finding, reply_for(finding.cls)) if finding else None


def prepare() -> None:
    """Build the tables now (a second), so that the first message need not wait."""
    check("a b")
    for cls in RedFlag:
        reply_for(cls)


@cache
def reply_for(cls: RedFlag) -> Reply:
    """The fixed reply of a class."""
    source = load("replies")
    name = source["by_class"].get(cls.value, _SOMATIC)
    chosen = source["replies"][name]
    return Reply(
        name=name,
        version=source["version"],
        text=chosen["text"],
        contacts=tuple(Contact(**source["contacts"][contact]) for contact in chosen["contacts"]),
        choices=tuple(Choice(**choice) for choice in source["choices"].values()),
    )
