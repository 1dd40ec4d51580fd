"""The simulated patient, by agenda: opens, interrupts, answers, reacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from bot.rehearsal.expect import offered
from bot.rehearsal.stage import Reply
from bot.rehearsal.tasks.agenda import Agenda
from bot.rehearsal.tasks.reactions import REACTIONS, choose_slot, default_reaction, done
from bot.rehearsal.tasks.task import Said


@dataclass(slots=True)
class Patient:
    """One patient of one trial. `talk` gives the next move, None when there is nothing more to say."""

    agenda: Agenda
    _reacted: Counter[str] = field(default_factory=Counter)
    _asked_aside: set[int] = field(default_factory=set)

    def talk(self, replies: Sequence[Reply]) -> Said | None:
        """The next move after these replies (none at the beginning)."""
        if self.agenda.ended:
            return None
        said = self._next(replies)
        if said is not None:
            self.agenda.last = said
        return said

    def _next(self, replies: Sequence[Reply]) -> Said | None:
        if self.agenda.goal is None:
            return self.agenda.open()
        replies = self._without_aside(replies)
        aside = self._aside(replies)
        if aside is not None:
            return aside
        own = self._own_reaction(replies)
        if own is not None:
            return self._react(own[0], own[1], replies)
        if offered(replies):
            return choose_slot(self.agenda, replies)
        reaction = default_reaction(replies)
        if reaction is None:
            return self._lost(replies)
        reply, rule = reaction
        if "tell" in rule:
            return self.agenda.tell(str(rule["tell"]), reply)
        return self._do(str(rule["do"]), reply, replies)

    def _without_aside(self, replies: Sequence[Reply]) -> Sequence[Reply]:
        """What is left to answer when the answer to an interruption has been read."""
        aside = self.agenda.last.interrupts if self.agenda.last else None
        if aside is None or aside.leaves:
            return replies
        left = [reply for reply in replies if not reply.response.startswith(aside.answer)]
        return left or replies

    def _aside(self, replies: Sequence[Reply]) -> Said | None:
        """An interruption whose moment has come."""
        names = [reply.response for reply in replies]
        for number, each in enumerate(self.agenda.task.interrupts):
            if number not in self._asked_aside and any(fnmatch(name, each.after) for name in names):
                self._asked_aside.add(number)
                said = self.agenda.say(each.act, each.values)
                return Said(said.text, said.act, interrupts=each)
        return self.agenda.correction(names)

    def _own_reaction(self, replies: Sequence[Reply]) -> tuple[Any, Reply] | None:
        """What the task says to do at one of these replies."""
        for pattern, actions in self.agenda.task.reactions.items():
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
            return self.agenda.press(str(action["press"]), replies)
        if "do" in action:
            return self._do(str(action["do"]), reply, replies)
        if "tell" in action:
            return self.agenda.tell(str(action["tell"]), reply)
        values = {**self.agenda.known(), **{k: str(v) for k, v in (action.get("values") or {}).items()}}
        return self.agenda.say(str(action["act"]), values)

    def _do(self, name: str, reply: Reply, replies: Sequence[Reply]) -> Said | None:
        reaction = REACTIONS.get(name)
        if reaction is None:
            return self.agenda.say(name, self.agenda.known())
        return reaction(self.agenda, reply, replies)

    def _lost(self, replies: Sequence[Reply]) -> Said | None:
        """Nothing that has to be answered: the matter is settled, the next one follows."""
        return done(self.agenda, replies[-1], replies) if replies else self.agenda.give_up("silence")
