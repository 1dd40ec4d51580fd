"""What became of what patients came for, read from the names of replies of one session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot.operations.replies import kind_of

PATIENT, ASSISTANT, PERSON = "patient", "assistant", "agent"
MEANINGS = Path(__file__).with_name("report.yml")
OUTCOMES = ("done", "impossible", "stopped", "person", "left")
"""How a task ends: got done; a rule or nothing free; the patient stopped it; a person took over; given up."""
_OPEN = "open"


@dataclass(frozen=True, slots=True)
class Said:
    """One message without its words. `conversation` only tells them apart and is in no result.

    `response`: name of a reply; `alarm`: the safety check spoke; `turn`: the message it answers.
    """

    conversation: str
    at: datetime
    author: str
    response: str = ""
    turn: int = 0
    number: int = 0
    alarm: bool = False
    channel: str = ""
    logged_in: bool = False
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Meaning:
    """Beginnings of names: with which a task speaks, and that end it one way or another."""

    name: str
    begun: tuple[str, ...]
    done: tuple[str, ...]
    impossible: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    inside: str = ""

    def of(self, response: str) -> str | None:
        """done, impossible, stopped, begun, or None: another's reply."""
        for what in ("done", "impossible", "stopped", "begun"):
            if response.startswith(getattr(self, what)):
                return what
        return None


@dataclass(frozen=True, slots=True)
class Meanings:
    """All of them. `informing`: replies named after an intent; they begin nothing."""

    tasks: Sequence[Meaning]
    stopped: frozenset[str]
    informing: frozenset[str]
    topics: Mapping[str, str]

    @classmethod
    def load(cls, project: Path) -> Meanings:
        """From report.yml, the responses and the intents of the project."""
        written: dict[str, Any] = yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
        tasks = [Meaning(name, **_tuples(parts)) for name, parts in written["tasks"].items()]
        topics: dict[str, str] = {}
        for file in sorted((project / "data" / "responses").glob("*.yml")):
            if file.stem not in written["no_topic"]:
                names = yaml.safe_load(file.read_text(encoding="utf-8"))["responses"]
                topics |= dict.fromkeys(names, file.stem)
        domain = yaml.safe_load((project / "domain.yml").read_text(encoding="utf-8"))
        intents = (next(iter(item)) if isinstance(item, dict) else str(item) for item in domain["intents"])
        informing = frozenset(f"utter_{intent}" for intent in intents)
        return cls(tasks, frozenset(written["stopped"]), informing, topics)


def _tuples(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if name == "inside" else tuple(value) for name, value in parts.items()}


@dataclass(slots=True)
class Journey:
    """What was begun in a session; `ended` counts (task, outcome)."""

    meanings: Meanings
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    _open: dict[str, str] = field(default_factory=dict)
    _latest: str = ""
    _turns: dict[str, int] = field(default_factory=dict)

    def hear(self, said: Said) -> None:
        """The next message of the session."""
        name = said.response.partition("/")[0]
        kind = kind_of(name).name
        if said.author == PERSON or kind == "person":
            self._open = dict.fromkeys(self._open, "person")
        elif name in self.meanings.stopped:
            self._end(self._latest, "stopped", said.turn)
        elif name in self.meanings.informing or not name or self._of_a_task(name, said.turn):
            return
        elif kind == "refused" and self._latest in self._open:
            self._open[self._latest] = "impossible"

    def over(self) -> Counter[tuple[str, str]]:
        """The session ended: what was open is given up, unless something else was the last word."""
        for task, state in self._open.items():
            self.ended[task, "left" if state == _OPEN else state] += 1
        self._open.clear()
        return self.ended

    def _of_a_task(self, name: str, turn: int) -> bool:
        found = [(meaning, what) for meaning in self.meanings.tasks if (what := meaning.of(name))]
        for meaning, what in found:
            host = next((m.name for m in self.meanings.tasks if m.inside == meaning.name), "")
            task = host if host in self._open else meaning.name
            if what in {"done", "stopped"}:
                self._end(task, what, turn)
            else:
                self._open[task] = "impossible" if what == "impossible" else _OPEN
            self._latest = task
        return bool(found)

    def _end(self, task: str, outcome: str, turn: int) -> None:
        """Two replies of one turn end a task once; "stopped" with nothing open means something else."""
        known = self._open.pop(task, None) is not None
        again = outcome == "done" and self._turns.get(task) != turn
        if known or again:
            self.ended[task, outcome] += 1
        self._turns[task] = turn


def sessions(said: Iterable[Said], gap: float) -> Iterable[list[Said]]:
    """Messages of one conversation, split where nothing was said for `gap` seconds."""
    current: list[Said] = []
    for one in said:
        if current and (one.at - current[-1].at).total_seconds() > gap:
            yield current
            current = []
        current.append(one)
    if current:
        yield current
