"""Faults of the tasks themselves, in the five classes found in published suites of this kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.rehearsal.tasks.task import Task
from bot.rehearsal.tasks.wordings import WordingError, Wordings

WRONG_GOLD = "wrong expected actions"
AMBIGUOUS = "ambiguous user"
IMPOSSIBLE = "impossible constraints"
NO_FALLBACK = "missing fallback"
NOTHING_PASSES = "doing nothing passes"
_LISTS = ("ask_cancellation_visit", "ask_rescheduling_visit")


def lint(task: Task, wordings: Wordings, gold: Sequence[str], idle: bool) -> Iterator[tuple[str, str]]:
    """(class, what is wrong). `gold`: problems of the gold replay; `idle`: a mute assistant passes."""
    for problem in gold:
        yield IMPOSSIBLE if problem.startswith("impossible") else WRONG_GOLD, problem
    if idle:
        yield NOTHING_PASSES, "an assistant that does nothing gets the reward"
    yield from ((AMBIGUOUS, problem) for problem in _ambiguous(task, wordings))
    writes = any(goal.want.startswith(("book", "move", "cancel")) for goal in task.goals)
    expects = bool(task.gold.get("booked") or task.gold.get("cancelled") or task.gold.get("made"))
    if writes and not expects and not task.say:
        yield NO_FALLBACK, "nothing is to be done and nothing to be said: what should have happened?"


def _ambiguous(task: Task, wordings: Wordings) -> Iterator[str]:
    for goal in task.goals:
        if goal.want not in wordings.acts:
            yield f"nobody can say {goal.want}"
        if set(goal.first) - set(goal.values):
            yield "something is said wrong that is never put right"
        if goal.want in {"cancel", "move"} and not goal.limits:
            yield "which visit is meant is not said (limits)"
        for slot in goal.first:
            if f"correct_{slot}" not in wordings.acts:
                yield f"nobody can correct {slot}"
    for aside in task.interrupts:
        if aside.act not in wordings.acts:
            yield f"nobody can say {aside.act}"
            continue
        try:
            wordings.say(aside.act, aside.values, 0)
        except WordingError as error:
            yield str(error)


def by_class(found: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, list[str]]:
    """The faults of all tasks, by class."""
    sorted_faults: dict[str, list[str]] = {}
    for name, faults in found.items():
        for kind, problem in faults:
            sorted_faults.setdefault(kind, []).append(f"{name}: {problem}")
    return sorted_faults
