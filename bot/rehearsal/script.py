"""A dialogue file: the starting world, what the patient does, what must be said and what must be left.

One file a dialogue, `tests/dialogues/<kind>/<what_the_patient_does>.yml`; docs/dialogues.md has the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.language.times.model import WARSAW

DEFAULT_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
"""A Monday morning; dialogues that care set their own clock."""
_TOP = {
    "about",
    "rules",
    "patient",
    "now",
    "channel",
    "uploads",
    "step_up",
    "world",
    "turns",
    "portal",
    "never",
    "errors",
    "decisions",
}
_DOES = ("user", "press", "press_old", "file", "event")
_TURN = {
    "user",
    "press",
    "press_old",
    "file",
    "event",
    "after",
    "says",
    "not",
    "options",
    "offer",
    "calendar",
    "facts",
    "portal",
    "faults",
    "patch",
}


class ScriptError(ValueError):
    """A dialogue file that cannot be played; says which file and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of the patient and what has to come back."""

    user: str | None = None
    press: str | None = None
    """Label (or a part of it) or number of an option of the last replies."""
    press_old: str | None = None
    """The same among all earlier options: a button that is out of date."""
    file: Mapping[str, Any] | None = None
    """A file given to the channel: `type` (MIME), `size` (bytes), `content` (what the bytes really are)."""
    event: Mapping[str, Any] | None = None
    """Something that happens in the portal: `type`, and the ids the sandbox wants (`reservation_id` ...)."""
    after: timedelta = timedelta()
    """How much time passes before the turn."""
    says: tuple[str, ...] = ()
    """Names of responses that must be uttered."""
    unsaid: tuple[str, ...] = ()
    """Names of responses that must not."""
    options: tuple[str, ...] = ()
    """Labels (or parts of them) that must be tappable."""
    offer: Mapping[str, Any] | None = None
    """What every slot on offer has to fit; see expect.py."""
    calendar: Mapping[str, Any] | None = None
    """Days that can be chosen from a calendar: `min`, `max`, and some that are `free` or `full`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Values that a reply of the turn must carry."""
    faults: tuple[Mapping[str, Any], ...] = ()
    """Faults of the portal from this turn on; an empty list ends them."""
    end_faults: bool = False
    patch: Mapping[str, Any] | None = None
    """Change of the portal's world behind the patient's back."""


@dataclass(frozen=True, slots=True)
class Script:
    """A whole dialogue."""

    path: Path
    about: str
    steps: tuple[Step, ...]
    rules: tuple[str, ...] = ()
    patient: str | None = None
    """Key of a sandbox patient; None is a visitor who has not logged in."""
    now: datetime = DEFAULT_NOW
    channel: str = "web"
    uploads: bool = False
    """Whether the channel takes files itself."""
    step_up: bool = False
    """Whether the patient has just proved again who they are (results, prescriptions)."""
    world: Mapping[str, Any] = field(default_factory=dict)
    portal: Mapping[str, Any] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    decisions: Mapping[str, Any] = field(default_factory=dict)
    """Settings that differ from the network's usual ones (bot/portal/rules/decisions.py)."""
    errors: bool = False
    """Whether an apology for an error of ours is allowed."""

    @property
    def name(self) -> str:
        """`kind/what_the_patient_does`."""
        return f"{self.path.parent.name}/{self.path.stem}"


def load(path: Path) -> Script:
    """Reads one file. Raises ScriptError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ScriptError(f"{path}: {error}") from error
    if not isinstance(data, Mapping) or not data.get("about") or not data.get("turns"):
        raise ScriptError(f"{path}: needs `about` and `turns`")
    unknown = set(data) - _TOP
    if unknown:
        raise ScriptError(f"{path}: unknown keys {sorted(unknown)}")
    return Script(
        path=path,
        about=str(data["about"]),
        steps=tuple(_step(path, turn) for turn in data["turns"]),
        rules=_texts(data.get("rules")),
        patient=data.get("patient"),
        now=_moment(path, data.get("now")),
        channel=str(data.get("channel") or "web"),
        uploads=bool(data.get("uploads")),
        step_up=bool(data.get("step_up")),
        world=data.get("world") or {},
        portal=data.get("portal") or {},
        never=_texts(data.get("never")),
        decisions=data.get("decisions") or {},
        errors=bool(data.get("errors")),
    )


def load_all(folders: list[Path]) -> list[Script]:
    """All dialogues below the folders (or single files), by name. Raises ScriptError."""
    paths = [path for folder in folders for path in (folder.rglob("*.yml") if folder.is_dir() else [folder])]
    return [load(path) for path in sorted(paths)]


def _step(path: Path, turn: Any) -> Step:
    if isinstance(turn, str):
        return Step(user=turn)
    if not isinstance(turn, Mapping) or set(turn) - _TURN:
        raise ScriptError(f"{path}: unknown keys in turn {turn!r}")
    if sum(key in turn for key in _DOES) != 1:
        raise ScriptError(f"{path}: a turn has one of {', '.join(_DOES)}: {turn!r}")
    return Step(
        user=_text(turn.get("user")),
        press=_text(turn.get("press")),
        press_old=_text(turn.get("press_old")),
        file=turn.get("file"),
        event=turn.get("event"),
        after=timedelta(minutes=float(turn.get("after") or 0)),
        says=_texts(turn.get("says")),
        unsaid=_texts(turn.get("not")),
        options=_texts(turn.get("options")),
        offer=turn.get("offer"),
        calendar=turn.get("calendar"),
        facts=turn.get("facts") or {},
        faults=tuple(turn.get("faults") or ()),
        end_faults="faults" in turn and not turn["faults"],
        patch=turn.get("patch"),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (str(value),) if isinstance(value, str | int) else tuple(str(item) for item in value)


def _moment(path: Path, value: Any) -> datetime:
    if value is None:
        return DEFAULT_NOW
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=WARSAW)
    return moment.astimezone(WARSAW)
