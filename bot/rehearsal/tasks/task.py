"""A task file: the world, what the patient wants, and what must come of it (docs/tasks.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot.language.times.model import WARSAW
from bot.rehearsal.script import DEFAULT_NOW

REVEALS = ("all", "one_by_one")
_TOP = {"purpose", "rules", "split", "channel", "patient", "clock", "world", "user", "happenings", "gold"}
_TOP |= {"say", "never", "turns", "step_up"}
_USER = {"reveal", "goals", "interrupts", "reactions"}
_GOAL = {"want", "values", "first", "corrects_at", "limits", "picks", "gives_up"}
_GOLD = {"booked", "cancelled", "made", "gone", "left_open"}
_NEVER = {"replies", "calls"}


class TaskError(ValueError):
    """A task file that cannot be played; says which file and why."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing the patient wants."""

    want: str
    """The opening act: `book`, `cancel`, `move`, `coverage` or any other act of the wordings."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the patient knows, by slot: keys of wordings/values.yml (or free words)."""
    first: Mapping[str, str] = field(default_factory=dict)
    """What is said wrong at first and corrected later."""
    corrects_at: str = ""
    """Reply at which what was said wrong is corrected; one turn after it was said without this."""
    limits: Mapping[str, Any] = field(default_factory=dict)
    """What a slot has to fit for the patient to take it (keys as in docs/dialogues.md)."""
    picks: str = "first"
    """Which of the fitting slots is taken: first, last."""
    gives_up: bool = False
    """Says in the end that nothing is wanted any more (a "nie" at the consent)."""

    def known(self, slot: str) -> str | None:
        """The value of a slot, None when the patient does not know or care."""
        return self.values.get(slot)


@dataclass(frozen=True, slots=True)
class Interruption:
    """Something said beside the matter, once, at a reply; then the open question has to come back."""

    after: str
    act: str
    answer: str
    """Name of the response that answers it (or the beginning of the name)."""
    values: Mapping[str, str] = field(default_factory=dict)
    leaves: bool = False
    """The open question need not come back: the interruption ends the matter."""


@dataclass(frozen=True, slots=True)
class Said:
    """One move of the patient."""

    text: str
    act: str
    payload: str | None = None
    """Of a pressed button."""
    slot: str = ""
    """What it answers."""
    interrupts: Interruption | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """What happens to the portal when a reply was seen: faults, a patch, time."""

    after: str
    faults: tuple[Mapping[str, Any], ...] | None = None
    patch: Mapping[str, Any] | None = None
    minutes: float = 0.0
    until: str = ""
    """Reply after which the faults end."""


@dataclass(frozen=True, slots=True)
class Task:
    """A whole task."""

    path: Path
    purpose: str
    rules: tuple[str, ...]
    split: str
    patient: str | None
    clock: datetime
    channel: str
    world: Mapping[str, Any]
    reveal: str
    goals: tuple[Goal, ...]
    interrupts: tuple[Interruption, ...]
    reactions: Mapping[str, tuple[Any, ...]]
    """Reply name -> what the patient does, one after another each time it is seen."""
    happenings: tuple[Happening, ...]
    gold: Mapping[str, Any]
    say: tuple[Mapping[str, Any], ...]
    never: Mapping[str, Any]
    step_up: bool
    """Whether the patient has proved who they are once more (results, prescriptions)."""
    turns: int
    """Most turns a good conversation may take."""

    @property
    def area(self) -> str:
        """The folder."""
        return self.path.parent.name

    @property
    def name(self) -> str:
        """`area/id`."""
        return f"{self.area}/{self.path.stem}"


def load(path: Path) -> Task:
    """Reads one file. Raises TaskError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise TaskError(f"{path}: {error}") from error
    if not isinstance(data, Mapping) or not {"purpose", "user"} <= set(data):
        raise TaskError(f"{path}: needs `purpose` and `user`")
    user = data["user"]
    for part, known in ((data, _TOP), (user, _USER), (data.get("gold") or {}, _GOLD)):
        _only(path, part, known)
    _only(path, data.get("never") or {}, _NEVER)
    goals = tuple(_goal(path, goal) for goal in user.get("goals") or ())
    if not goals or user.get("reveal", "all") not in REVEALS:
        raise TaskError(f"{path}: `goals`, and `reveal` one of {', '.join(REVEALS)}")
    interrupts = tuple(Interruption(**each) for each in user.get("interrupts") or ())
    reactions = {name: _listed(reaction) for name, reaction in (user.get("reactions") or {}).items()}
    happenings = tuple(_happening(each) for each in data.get("happenings") or ())
    return Task(
        path=path,
        purpose=str(data["purpose"]),
        rules=tuple(data.get("rules") or ()),
        split=str(data.get("split") or "dev"),
        patient=data.get("patient"),
        clock=_moment(data.get("clock")),
        channel=str(data.get("channel") or "web"),
        world=data.get("world") or {},
        reveal=str(user.get("reveal") or "all"),
        goals=goals,
        interrupts=interrupts,
        reactions=reactions,
        happenings=happenings,
        gold=data.get("gold") or {},
        say=tuple(data.get("say") or ()),
        never=data.get("never") or {},
        step_up=bool(data.get("step_up")),
        turns=int(data.get("turns") or 0),
    )


def load_all(folder: Path) -> list[Task]:
    """All tasks below a folder (or one file), by name; `wordings/` holds none. Raises TaskError."""
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*.yml"))
    return [load(path) for path in paths if path.parent.name != "wordings"]


def _only(path: Path, data: Mapping[str, Any], known: Iterable[str]) -> None:
    unknown = set(data) - set(known)
    if unknown:
        raise TaskError(f"{path}: unknown keys {sorted(unknown)}")


def _goal(path: Path, data: Mapping[str, Any]) -> Goal:
    _only(path, data, _GOAL)
    return Goal(**{**data, "values": _words(data.get("values")), "first": _words(data.get("first"))})


def _words(values: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (values or {}).items()}


def _listed(reaction: Any) -> tuple[Any, ...]:
    return tuple(reaction) if isinstance(reaction, list) else (reaction,)


def _happening(data: Mapping[str, Any]) -> Happening:
    faults = data.get("faults")
    return Happening(**{**data, "faults": None if faults is None else tuple(faults)})


def _moment(value: Any) -> datetime:
    if value is None:
        return DEFAULT_NOW
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=WARSAW)).astimezone(WARSAW)
