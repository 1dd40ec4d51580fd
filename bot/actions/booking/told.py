"""What one turn tells, on its way into the facts of a booking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.actions.booking.slots import SERVICE, SPECIALTY, forget
from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Mention


@dataclass(slots=True)
class Told:
    """The facts as they change, and what changed them."""

    facts: dict[str, Any]
    catalogue: Catalogue
    changed: set[str] = field(default_factory=set)
    """Slots that the turn says something of, even if it says it again."""
    strangers: list[str] = field(default_factory=list)
    """Doctors named who do not see patients in the specialty asked for."""
    elsewhere: list[str] = field(default_factory=list)
    """Doctors named earlier who do not see patients in the town named now."""
    no_facility: str = ""
    """A district named where the network has no facility."""

    def put(self, slot: str, value: Any) -> None:
        """Sets a fact; what depended on another value of it is forgotten."""
        self.changed.add(slot)
        if self.facts.get(slot) == value:
            return  # said again: an answer all the same
        if slot in self.facts:
            forget(self.facts, slot)
        self.facts[slot] = value

    def specialty(self) -> str | None:
        """The specialty asked for, also by a service of it."""
        if self.facts.get(SPECIALTY):
            return str(self.facts[SPECIALTY])
        service = self.catalogue.services.get(self.facts.get(SERVICE) or "")
        return service.specialty.id if service and service.specialty else None


def ids(mentions: Iterable[Mention]) -> list[str]:
    """All candidates of these mentions, each once."""
    return unique(identifier for mention in mentions for identifier in mention.ids)


def unique(values: Iterable[str]) -> list[str]:
    """Each value once, in order."""
    return list(dict.fromkeys(values))


def union(old: Iterable[str] | None, new: Iterable[str]) -> list[str]:
    """Both, each value once."""
    return unique([*(old or ()), *new])
