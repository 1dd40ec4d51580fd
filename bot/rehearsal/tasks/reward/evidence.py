"""What a verdict is made of: the task, the turns, and the portal before and after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions.catalogue import Catalogue
from bot.rehearsal.stage import Reply
from bot.rehearsal.tasks.choosing import wished
from bot.rehearsal.tasks.task import Said, Task
from bot.rehearsal.tasks.wordings import Wordings


@dataclass(slots=True)
class Turn:
    """What happened between two moves of the patient."""

    said: Said
    replies: list[Reply]
    calls: Sequence[Mapping[str, Any]]
    understood: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a verdict is made of."""

    task: Task
    wordings: Wordings
    catalogue: Catalogue
    turns: Sequence[Turn]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    now: datetime

    @property
    def replies(self) -> list[Reply]:
        """All replies."""
        return [reply for turn in self.turns for reply in turn.replies]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """(new visits, visits cancelled meanwhile)."""
    old = {visit["id"]: visit for visit in before["reservations"]}
    new = [v for v in after["reservations"] if v["id"] not in old and v["status"] == "booked"]
    gone = [
        v
        for v in after["reservations"]
        if v["id"] in old and v["status"] == "cancelled" and old[v["id"]]["status"] != "cancelled"
    ]
    return new, gone


def wanted_visits(task: Task, wordings: Wordings) -> list[dict[str, Any]]:
    """Visits that have to be booked in the end; `as_wished` is what the goals ask for."""
    wanted = task.gold.get("booked") or []
    if wanted != "as_wished":
        return [dict(visit) for visit in wanted]
    booking = [goal for goal in task.goals if goal.want.startswith(("book", "move")) and not goal.gives_up]
    return [
        wished(goal, wordings, task) if goal.want.startswith("book") else dict(goal.limits.get("new") or {})
        for goal in booking
    ]
