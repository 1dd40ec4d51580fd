"""Plays trials: a simulated patient against an assistant, each on a portal of its own; then the verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatch

from bot.rehearsal.runner import written
from bot.rehearsal.stage import Reply, Session, Stage
from bot.rehearsal.tasks.agenda import Agenda
from bot.rehearsal.tasks.assistants import Assistant
from bot.rehearsal.tasks.patient import Patient
from bot.rehearsal.tasks.reward import Verdict, judge
from bot.rehearsal.tasks.reward.evidence import Evidence, Turn
from bot.rehearsal.tasks.task import Happening, Said, Task
from bot.rehearsal.tasks.wordings import Wordings

MOST_TURNS = 20
AT_ONCE = 8


class Fault(StrEnum):
    """Who made a trial fail."""

    UNDERSTANDING = "understanding"
    DIALOGUE = "dialogue"
    ACTION = "action"
    PORTAL = "portal"
    USER = "user"


@dataclass(slots=True)
class Trial:
    """How one trial of a task went."""

    task: Task
    number: int
    verdict: Verdict = field(default_factory=Verdict)
    turns: list[Turn] = field(default_factory=list)
    fault: Fault | None = None
    error: str = ""
    """An error of the harness itself: counted apart, never as the assistant's failure."""

    @property
    def passed(self) -> bool:
        """Reward 1."""
        return not self.error and self.verdict.passed

    def transcript(self) -> list[str]:
        """The conversation in lines, byte for byte the same for the same seed."""
        lines: list[str] = []
        for turn in self.turns:
            note = f"      ({turn.understood})" if turn.understood and turn.said.payload is None else ""
            lines.append(f"P: {'[' + turn.said.text + ']' if turn.said.payload else turn.said.text}{note}")
            lines += [line for reply in turn.replies for line in written(reply)]
        return lines


@dataclass(slots=True)
class Suite:
    """What trials need: the stage for portals, wordings, and who answers."""

    stage: Stage
    wordings: Wordings
    assistant: Assistant

    async def play_all(self, tasks: Sequence[Task], trials: int) -> list[Trial]:
        """All trials of all tasks, several at a time, in order."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def guarded(task: Task, number: int) -> Trial:
            async with gate:
                return await self.play(task, number)

        jobs = [guarded(task, number) for task in tasks for number in range(trials)]
        return list(await asyncio.gather(*jobs))

    async def play(self, task: Task, number: int) -> Trial:
        """One trial."""
        trial = Trial(task, number)
        try:
            await self._play(trial)
        except Exception as error:  # the harness must not die of one task, nor blame the assistant
            trial.error = f"{type(error).__name__}: {error}"
        return trial

    async def _play(self, trial: Trial) -> None:
        task = trial.task
        sender = f"task-{type(self.assistant).__name__}-{task.name}-{trial.number}"
        session = await self.stage.open(
            sender, task.clock, task.patient, task.world, task.channel, step_up=task.step_up
        )
        try:
            catalogue = await self.stage.catalogue(session)
            before = await session.sandbox.state()
            patient = Patient(Agenda(task, self.wordings, catalogue, trial.number))
            await self._talk(trial, session, patient)
            session.sandbox.faults([])
            after = await session.sandbox.state()
            evidence = Evidence(task, self.wordings, catalogue, trial.turns, before, after, session.now())
        finally:
            await self.stage.close(session)
        trial.verdict = judge(evidence)
        if patient.agenda.confused and not trial.verdict.passed:
            trial.verdict.process.append(f"the patient gave up: {patient.agenda.confused}")
        if not trial.verdict.passed:
            trial.fault = blame(trial, patient.agenda.confused, self.wordings)

    async def _talk(self, trial: Trial, session: Session, patient: Patient) -> None:
        replies: Sequence[Reply] = ()
        happenings = list(trial.task.happenings)
        _happen(session, happenings, ["start"])
        for _ in range(MOST_TURNS):
            said = patient.talk(replies)
            if said is None:
                return
            replies = await self._turn(trial, session, said)
            await _happen_after(session, happenings, [reply.response for reply in replies])

    async def _turn(self, trial: Trial, session: Session, said: Said) -> Sequence[Reply]:
        seen = len(session.sandbox.calls())
        replies = await self.assistant.turn(session, None if said.payload else said.text, said.payload)
        understood = "" if said.payload else await self.assistant.understood(session)
        calls = session.sandbox.calls()[seen:]
        trial.turns.append(Turn(said, list(replies), list(calls), understood))
        return replies


def _happen(session: Session, waiting: list[Happening], names: Sequence[str]) -> list[Happening]:
    """Puts faults in force and lets time pass; returns what happened."""
    due = [each for each in waiting if any(fnmatch(name, each.after) for name in names)]
    for each in due:
        waiting.remove(each)
        if each.faults is not None:
            session.sandbox.faults([dict(fault) for fault in each.faults])
        if each.minutes:
            session.sandbox.set_clock(advance=timedelta(minutes=each.minutes))
    return due


async def _happen_after(session: Session, waiting: list[Happening], names: Sequence[str]) -> None:
    for each in _happen(session, waiting, names):
        if each.patch is not None:
            await session.sandbox.apply(dict(each.patch))


def blame(trial: Trial, confused: str, wordings: Wordings) -> Fault:
    """A first guess at who is at fault, for whoever reads the transcript next."""
    if any(reply.response == "utter_internal_error" for turn in trial.turns for reply in turn.replies):
        return Fault.ACTION
    if any(_misunderstood(turn, wordings.intents) for turn in trial.turns):
        return Fault.UNDERSTANDING
    statuses = [int(call.get("status") or 0) for turn in trial.turns for call in turn.calls]
    if not trial.task.happenings and any(status >= 500 for status in statuses):
        return Fault.PORTAL
    if confused.startswith(("no button", "no wording")) or not trial.turns:
        return Fault.USER
    if trial.verdict.portal or (trial.verdict.facts and not confused):
        return Fault.ACTION if not trial.verdict.process else Fault.DIALOGUE
    return Fault.DIALOGUE


def _misunderstood(turn: Turn, intents: Mapping[str, frozenset[str]]) -> bool:
    expected = intents.get(turn.said.act)
    return bool(expected and turn.understood and turn.understood.split()[0].split("/")[0] not in expected)
