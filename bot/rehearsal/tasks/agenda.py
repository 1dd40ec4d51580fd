"""What a patient still wants to get done, what was told of it, and how it is put in words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from typing import Any

from bot.actions.catalogue import Catalogue
from bot.language.text import fold
from bot.rehearsal.stage import Reply
from bot.rehearsal.tasks.choosing import named_button, wished
from bot.rehearsal.tasks.task import Goal, Said, Task
from bot.rehearsal.tasks.wordings import SETS, Wordings, perturbed, seed_of

MISSES = 3
"""After so many replies in a row that led nowhere the patient gives up."""
REVEALED = ("where", "when", "who", "how", "doctor")
"""Slots that may come with the opening, in the order they are told one by one."""


@dataclass(slots=True)
class Agenda:
    """The goals of one trial, and the patient's memory of what was said and tried."""

    task: Task
    wordings: Wordings
    catalogue: Catalogue
    trial: int
    rng: random.Random = field(init=False)
    goals: list[Goal] = field(init=False)
    goal: Goal | None = None
    told: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    """Slots that were told wrong and are still to be put right."""
    confused: str = ""
    """Why the patient had to give up, when it did: for the tag of the failure."""
    ended: bool = False
    last: Said | None = None
    used: Counter[str] = field(default_factory=Counter)
    """How often each act was said: each time in other words."""
    misses: int = 0
    more: int = 0
    """How often other slots were asked for."""
    retries: int = 0
    chosen: str = ""
    """Beginning of the slot chosen last."""
    clashing: set[str] = field(default_factory=set)
    """Beginnings of slots that turned out to clash with other visits."""

    def __post_init__(self) -> None:
        self.rng = random.Random(seed_of(self.task.name, self.trial))
        self.goals = list(self.task.goals)

    def open(self) -> Said | None:
        """The opening of the next goal."""
        if not self.goals:
            self.ended = True
            return None
        self.goal = self.goals.pop(0)
        self.told = {"what"}
        self.misses, self.more = 0, 0
        values = {**self.goal.values, **self.goal.first}
        if self.task.reveal == "one_by_one":
            values = {name: value for name, value in values.items() if name not in REVEALED}
        self.told |= set(values)
        self.wrong = set(self.goal.first)
        return self.say(self.goal.want, values)

    def correction(self, names: Sequence[str]) -> Said | None:
        """What was said wrong is put right when its moment has come."""
        goal = self.goal
        if goal is None or not self.wrong or not names:
            return None
        if goal.corrects_at and not any(fnmatch(name, goal.corrects_at) for name in names):
            return None
        return self.put_right() if self.wrong & self.told else None

    def put_right(self) -> Said:
        goal = self.goal
        assert goal is not None
        slot = sorted(self.wrong & self.told)[0]
        self.wrong.discard(slot)
        values = {slot: goal.values[slot], "old": goal.first[slot]}
        said = self.say(f"correct_{slot}", values)
        return Said(said.text, said.act, slot=slot)

    def known(self) -> dict[str, str]:
        return dict(self.goal.values) if self.goal else {}

    def tell(self, slot: str, reply: Reply) -> Said | None:
        """Answers a question; the unknown is left to the assistant."""
        assert self.goal is not None
        again = self.last is not None and self.last.slot == slot
        if again and self.miss():
            return self.give_up(f"asked for {slot} again and again")
        value = self.goal.first[slot] if slot in self.wrong else self.goal.known(slot)
        if value is None:
            return self.shrug(slot, reply)
        self.told.add(slot)
        if reply.buttons and self.fancy("press") and (found := named_button(value, reply)):
            return Said(found[0], "press", found[1], slot=slot)
        said = self.say(f"tell_{slot}", {slot: value})
        return Said(said.text, said.act, slot=slot)

    def shrug(self, slot: str, reply: Reply) -> Said | None:
        said = self.say("dont_mind" if slot in {"when", "doctor", "how"} else "dont_know", {})
        return Said(said.text, said.act, slot=slot)

    def agree(self, reply: Reply) -> Said:
        if reply.buttons and self.fancy("tap"):
            return Said(reply.buttons[0][0], "confirm", reply.buttons[0][1])
        return self.say("confirm", {})

    def over(self, said: Said) -> Said:
        """The last thing to say about this goal."""
        self.next_goal()
        return said

    def next_goal(self) -> None:
        self.goal = None
        self.wrong = set()

    def limits(self) -> dict[str, Any]:
        """What a slot has to fit: what was said of it (right or still wrong), and the task's own limits."""
        assert self.goal is not None
        said = {**self.goal.values, **{slot: self.goal.first[slot] for slot in self.wrong}}
        return wished(replace(self.goal, values=said), self.wordings, self.task)

    def press(self, label: str, replies: Sequence[Reply]) -> Said | None:
        for reply in reversed(replies):
            for name, payload in reply.buttons:
                if fold(label) in fold(name):
                    return Said(name, "press", payload)
        return self.give_up(f"no button {label!r}")

    def say(self, act: str, values: Mapping[str, str]) -> Said:
        number = seed_of(self.task.name, act) + self.trial % SETS + SETS * self.used[act]
        self.used[act] += 1
        text = self.wordings.say(act, values, number)
        return Said(perturbed(text, self.trial, self.rng), act)

    def fancy(self, what: str) -> bool:
        return (seed_of(self.task.name, what) + self.trial) % 3 == 0

    def miss(self) -> bool:
        self.misses += 1
        return self.misses >= MISSES

    def give_up(self, why: str) -> Said | None:
        self.confused = self.confused or why
        self.ended = True
        return None
