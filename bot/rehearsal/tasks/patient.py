"""The simulated patient, by agenda: answers, chooses, compares, corrects, gives up politely."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.actions.catalogue import Catalogue
from bot.language.text import fold
from bot.rehearsal.expect import offered
from bot.rehearsal.stage import Reply
from bot.rehearsal.tasks.choosing import fitting_slot, named_button, slot_fits_text
from bot.rehearsal.tasks.task import Goal, Interruption, Task
from bot.rehearsal.tasks.wordings import SETS, Wordings, perturbed, seed_of

MISSES = 3
"""After so many replies in a row that led nowhere the patient gives up."""
_MORE = 3
"""How often other slots are asked for when none on offer suits."""
REVEALED = ("where", "when", "who", "how", "doctor")
"""Slots that may come with the opening, in the order they are told one by one."""


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


@dataclass(slots=True)
class Patient:
    """One patient of one trial. `talk` gives the next move, None when there is nothing more to say."""

    task: Task
    wordings: Wordings
    catalogue: Catalogue
    trial: int
    rng: random.Random = field(init=False)
    goals: list[Goal] = field(init=False)
    goal: Goal | None = None
    told: set[str] = field(default_factory=set)
    confused: str = ""
    """Why the patient had to give up, when it did: for the tag of the failure."""
    _used: Counter[str] = field(default_factory=Counter)
    _reacted: Counter[str] = field(default_factory=Counter)
    _asked_aside: set[int] = field(default_factory=set)
    _last: Said | None = None
    _misses: int = 0
    _more: int = 0
    _retries: int = 0
    _wrong: set[str] = field(default_factory=set)
    _ended: bool = False
    _chosen: str = ""
    _clashing: set[str] = field(default_factory=set)
    """Beginnings of slots that turned out to clash with other visits."""

    def __post_init__(self) -> None:
        self.rng = random.Random(seed_of(self.task.name, self.trial))
        self.goals = list(self.task.goals)

    def talk(self, replies: Sequence[Reply]) -> Said | None:
        """The next move after these replies (none at the beginning)."""
        if self._ended:
            return None
        said = self._next(replies)
        if said is not None:
            self._last = said
        return said

    # --- what to do

    def _next(self, replies: Sequence[Reply]) -> Said | None:
        if self.goal is None:
            return self._open()
        replies = self._without_aside(replies)
        aside = self._aside(replies)
        if aside is not None:
            return aside
        own = self._own_reaction(replies)
        if own is not None:
            return self._react(own[0], own[1], replies)
        if offered(replies):
            return self._choose(replies)
        reaction = default_reaction(replies)
        if reaction is None:
            return self._lost(replies)
        reply, rule = reaction
        if "tell" in rule:
            return self._tell(str(rule["tell"]), reply)
        return self._do(str(rule["do"]), reply, replies)

    def _open(self) -> Said | None:
        """The opening of the next goal."""
        if not self.goals:
            self._ended = True
            return None
        self.goal = self.goals.pop(0)
        self.told = {"what"}
        self._misses, self._more = 0, 0
        values = {**self.goal.values, **self.goal.first}
        if self.task.reveal == "one_by_one":
            values = {name: value for name, value in values.items() if name not in REVEALED}
        self.told |= set(values)
        self._wrong = set(self.goal.first)
        return self._say(self.goal.want, values)

    def _without_aside(self, replies: Sequence[Reply]) -> Sequence[Reply]:
        """What is left to answer when the answer to an interruption has been read."""
        aside = self._last.interrupts if self._last else None
        if aside is None or aside.leaves:
            return replies
        left = [reply for reply in replies if not reply.response.startswith(aside.answer)]
        return left or replies

    def _aside(self, replies: Sequence[Reply]) -> Said | None:
        """An interruption whose moment has come."""
        names = [reply.response for reply in replies]
        for number, each in enumerate(self.task.interrupts):
            if number not in self._asked_aside and any(fnmatch(name, each.after) for name in names):
                self._asked_aside.add(number)
                said = self._say(each.act, each.values)
                return Said(said.text, said.act, interrupts=each)
        return self._correction(names)

    def _correction(self, names: Sequence[str]) -> Said | None:
        """What was said wrong is put right when its moment has come."""
        goal = self.goal
        if goal is None or not self._wrong or not names:
            return None
        if goal.corrects_at and not any(fnmatch(name, goal.corrects_at) for name in names):
            return None
        return self._put_right() if self._wrong & self.told else None

    def _put_right(self) -> Said:
        goal = self.goal
        assert goal is not None
        slot = sorted(self._wrong & self.told)[0]
        self._wrong.discard(slot)
        values = {slot: goal.values[slot], "old": goal.first[slot]}
        said = self._say(f"correct_{slot}", values)
        return Said(said.text, said.act, slot=slot)

    def _own_reaction(self, replies: Sequence[Reply]) -> tuple[Any, Reply] | None:
        """What the task says to do at one of these replies."""
        for pattern, actions in self.task.reactions.items():
            for reply in replies:
                if fnmatch(reply.response, pattern) and self._reacted[pattern] < len(actions):
                    self._reacted[pattern] += 1
                    return actions[self._reacted[pattern] - 1], reply
        return None

    def _react(self, action: Any, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """A reaction of a task file: an act, {press}, {act, values}, {do}."""
        if isinstance(action, str):
            return self._do(action, reply, replies)
        if "press" in action:
            return self._press(str(action["press"]), replies)
        if "do" in action:
            return self._do(str(action["do"]), reply, replies)
        if "tell" in action:
            return self._tell(str(action["tell"]), reply)
        values = {**self._known(), **{k: str(v) for k, v in (action.get("values") or {}).items()}}
        return self._say(str(action["act"]), values)

    def _known(self) -> dict[str, str]:
        return dict(self.goal.values) if self.goal else {}

    def _do(self, name: str, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        reaction = getattr(self, f"_do_{name}", None)
        if reaction is None:
            return self._say(name, self._known())
        said: Said | None = reaction(reply, replies)
        return said

    # --- reactions

    def _tell(self, slot: str, reply: Reply) -> Said | None:
        """Answers a question; the unknown is left to the assistant."""
        assert self.goal is not None
        again = self._last is not None and self._last.slot == slot
        if again and self._miss():
            return self._give_up(f"asked for {slot} again and again")
        value = self.goal.first[slot] if slot in self._wrong else self.goal.known(slot)
        if value is None:
            return self._shrug(slot, reply)
        self.told.add(slot)
        if reply.buttons and self._fancy("press") and (found := named_button(value, reply)):
            return Said(found[0], "press", found[1], slot=slot)
        said = self._say(f"tell_{slot}", {slot: value})
        return Said(said.text, said.act, slot=slot)

    def _shrug(self, slot: str, reply: Reply) -> Said | None:
        said = self._say("dont_mind" if slot in {"when", "doctor", "how"} else "dont_know", {})
        return Said(said.text, said.act, slot=slot)

    def _choose(self, replies: Sequence[Reply]) -> Said | None:
        """The slot on offer that suits, by number, hour or tap; else others are asked for."""
        assert self.goal is not None
        slots = offered(replies)
        limits = self.limits()
        open_slots = [slot if slot["start"] not in self._clashing else {} for slot in slots]
        found = fitting_slot(open_slots, limits, self.catalogue, last=self.goal.picks == "last")
        untold = [slot for slot in REVEALED if slot in self.goal.values and slot not in self.told]
        if found is None and untold:
            return self._tell(untold[0], replies[-1])
        if found is None:
            self._more += 1
            if self._more > _MORE:
                return self._give_up("nothing on offer suits")
            return self._say("show_more", {})
        self._chosen = str(slots[found.index]["start"])
        reply = next(r for r in reversed(replies) if (r.values.get("facts") or {}).get("slots"))
        ways = ["number", "press", "time"] if found.only_at_hour else ["number", "press"]
        way = ways[(seed_of(self.task.name, "way") + self.trial) % len(ways)]
        if way == "press" and len(reply.buttons) > found.index:
            label, payload = reply.buttons[found.index]
            return Said(label, "press", payload)
        if way == "time" and len(slots) > 1:
            return self._say("choose_time", {"time": found.hour})
        return self._say("choose_number", {"number": str(found.index + 1)})

    def _do_judge(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """Compares what is read back with the goal: yes, or what is wrong."""
        assert self.goal is not None
        if self.goal.gives_up:
            return self._over(self._say("stop", {}))
        if self._wrong & self.told:
            return self._put_right()
        problems = slot_fits_text(self.limits(), reply.text, self.task.clock)
        if problems:
            self.confused = self.confused or f"read back: {problems[0]}"
            if self._miss():
                return self._give_up("what was read back is not what was wanted")
            return self._say("wrong_read_back", {})
        return self._agree(reply)

    def _do_judge_visit(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        assert self.goal is not None
        if self.goal.gives_up:
            return self._over(self._say("keep", {}))
        problems = slot_fits_text(self.goal.limits, reply.text, self.task.clock)
        if problems:
            return self._give_up(f"the wrong visit: {problems[0]}")
        return self._agree(reply)

    def _do_agree(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        assert self.goal is not None
        return self._over(self._say("keep", {})) if self.goal.gives_up else self._agree(reply)

    def _agree(self, reply: Reply) -> Said:
        if reply.buttons and self._fancy("tap"):
            return Said(reply.buttons[0][0], "confirm", reply.buttons[0][1])
        return self._say("confirm", {})

    def _over(self, said: Said) -> Said:
        """The last thing to say about this goal."""
        self._next_goal()
        return said

    def _next_goal(self) -> None:
        self.goal = None
        self._wrong = set()

    def _do_done(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """The goal is reached; the next one follows."""
        self._next_goal()
        return self._open()

    def _do_accept(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """A refusal is taken as it is; the next goal, or the end."""
        return self._do_done(reply, replies)

    def _do_choose_another(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """The chosen slot clashes with another visit: another day."""
        self._clashing.add(self._chosen)
        return self._give_up("every slot clashes") if self._miss() else self._say("other_day", {})

    def _do_end(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """Enough of it: no more goals, nothing said."""
        return self._do_stop(reply, replies)

    def _do_stop(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        self._ended = True
        return None

    def _do_choose_what(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """Which service of several: the goal's kind of visit or its name."""
        assert self.goal is not None
        for slot in ("service", "how", "what"):
            value = self.goal.known(slot)
            found = named_button(self.wordings.label(slot, value), reply) if value else None
            if found is not None:
                return Said(found[0], "press", found[1], slot="what")
        return self._tell("what", reply)

    def _do_choose_doctor(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        assert self.goal is not None
        wanted = str(self.goal.limits.get("doctor") or "")
        found = named_button(wanted, reply) if wanted else None
        return Said(found[0], "press", found[1], slot="doctor") if found else self._tell("doctor", reply)

    def _do_choose_visit(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """The visit that is meant, on a list of one's own visits."""
        assert self.goal is not None
        matching = [
            number
            for number, (label, _) in enumerate(reply.buttons)
            if not slot_fits_text(self.goal.limits, label, self.task.clock, short=True)
        ]
        if len(matching) != 1:
            return self._give_up("the visit is not on the list")
        if self._last is not None and self._last.slot == "visit" and self._miss():
            return self._give_up("asked which visit again and again")
        number = matching[0]
        if self._fancy("press"):
            label, payload = reply.buttons[number]
            return Said(label, "press", payload, slot="visit")
        said = self._say("choose_visit_number", {"number": str(number + 1)})
        return Said(said.text, said.act, slot="visit")

    def _do_look_at_alternatives(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """Nothing free: an alternative that breaks no limit, or nothing."""
        for label, payload in reply.buttons:
            if any(char.isdigit() for char in label) and not slot_fits_text(
                self.limits(), label, self.task.clock, short=True
            ):
                return Said(label, "press", payload)
        return self._over(self._say("no_thanks", {}))

    def _do_retry(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """Tries once more, twice at most."""
        self._retries += 1
        if self._retries > 2:
            self._ended = True
            return None
        return self._say("try_again", {})

    def _do_rephrase(self, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        """Not understood: the same in other words; after two tries a person is asked for."""
        if self._miss():
            return self._give_up("not understood again and again")
        last = self._last
        if last is None or last.act == "press":
            return self._give_up("a button was not understood")
        if last.act in {"confirm", "choose_number", "choose_time"}:
            return self._say(last.act, self._known() | {"number": "1"})
        values = self._known()
        said = self._say(last.act, values)
        return Said(said.text, said.act, slot=last.slot, interrupts=last.interrupts)

    def _lost(self, replies: Sequence[Reply]) -> Said | None:
        """Nothing that has to be answered: the matter is settled, the next one follows."""
        return self._do_done(replies[-1], replies) if replies else self._give_up("silence")

    # --- small things

    def limits(self) -> dict[str, Any]:
        """What a slot has to fit: what was said of it (right or still wrong), and the task's own limits."""
        assert self.goal is not None
        said = {**self.goal.values, **{slot: self.goal.first[slot] for slot in self._wrong}}
        return wished(replace(self.goal, values=said), self.wordings, self.task)

    def _press(self, label: str, replies: Sequence[Reply]) -> Said | None:
        for reply in reversed(replies):
            for name, payload in reply.buttons:
                if fold(label) in fold(name):
                    return Said(name, "press", payload)
        return self._give_up(f"no button {label!r}")

    def _say(self, act: str, values: Mapping[str, str]) -> Said:
        number = seed_of(self.task.name, act) + self.trial % SETS + SETS * self._used[act]
        self._used[act] += 1
        text = self.wordings.say(act, values, number)
        return Said(perturbed(text, self.trial, self.rng), act)

    def _fancy(self, what: str) -> bool:
        return (seed_of(self.task.name, what) + self.trial) % 3 == 0

    def _miss(self) -> bool:
        self._misses += 1
        return self._misses >= MISSES

    def _give_up(self, why: str) -> Said | None:
        self.confused = self.confused or why
        self._ended = True
        return None


def wished(goal: Goal, wordings: Wordings, task: Task) -> dict[str, Any]:
    """Limits of a goal: what its values mean, with the task's own on top."""
    limits: dict[str, Any] = {}
    for slot, key in goal.values.items():
        limits |= wordings.means(slot, key, task.clock)
    return limits | dict(goal.limits)


def default_reaction(replies: Sequence[Reply]) -> tuple[Reply, Mapping[str, Any]] | None:
    """What anybody would do at these replies, the last question first."""
    for rule in _reactions():
        for reply in reversed(replies):
            if fnmatch(reply.response, str(rule["at"])):
                return reply, rule
    return None


@cache
def _reactions() -> list[Mapping[str, Any]]:
    path = Path(__file__).with_name("reactions.yml")
    rules: list[Mapping[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rules
