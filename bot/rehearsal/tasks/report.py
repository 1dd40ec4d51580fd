"""pass^k with an interval, by area; what failed and whose fault it looks like."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import comb
from statistics import fmean

from bot.rehearsal.tasks.play import Trial
from bot.rehearsal.tasks.wordings import SETS, SLIPPED, STRIPPED

KS = (1, 2, 4)
HANDS = {"typed well": (0, 2), "no Polish letters": (STRIPPED,), "a slip in every other": (SLIPPED,)}
"""How messages are typed, to the trials (modulo four) that type so."""
_SAMPLES = 2000
_PARTS = ("portal", "facts", "process", "safety")


def pass_hat(wins: int, trials: int, k: int) -> float:
    """The chance that k trials out of these all succeed: C(wins, k) / C(trials, k)."""
    return comb(wins, k) / comb(trials, k)


def by_task(trials: Sequence[Trial]) -> dict[str, list[Trial]]:
    """Trials without an error of the harness, by task."""
    tasks: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        if not trial.error:
            tasks[trial.task.name].append(trial)
    return dict(tasks)


def score(tasks: Mapping[str, Sequence[Trial]], k: int) -> float:
    """pass^k: the mean over tasks that were tried at least k times."""
    return fmean(_each(tasks, k)) if _each(tasks, k) else 0.0


def _each(tasks: Mapping[str, Sequence[Trial]], k: int) -> list[float]:
    return [
        pass_hat(sum(trial.passed for trial in trials), len(trials), k)
        for trials in tasks.values()
        if len(trials) >= k
    ]


def interval(tasks: Mapping[str, Sequence[Trial]], k: int, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of pass^k over tasks."""
    values, rng = _each(tasks, k), random.Random(seed)
    if not values:
        return 0.0, 0.0
    means = sorted(fmean(rng.choices(values, k=len(values))) for _ in range(_SAMPLES))
    return means[int(0.025 * _SAMPLES)], means[int(0.975 * _SAMPLES) - 1]


def table(trials: Sequence[Trial], trials_each: int) -> Iterator[str]:
    """The lines of the report."""
    tasks = by_task(trials)
    ks = [k for k in KS if k <= trials_each]
    yield "area".ljust(16) + "tasks".rjust(6) + "".join(f"pass^{k}".rjust(9) for k in ks)
    areas = sorted({name.split("/")[0] for name in tasks})
    for area in areas:
        mine = {name: tried for name, tried in tasks.items() if name.startswith(f"{area}/")}
        yield _line(area, mine, ks)
    yield _line("all", tasks, ks)
    for split in sorted({tried[0].task.split for tried in tasks.values()}):
        yield _line(split, {n: t for n, t in tasks.items() if t[0].task.split == split}, ks)
    for hand, number in HANDS.items():
        typed = [t for tried in tasks.values() for t in tried if t.number % SETS in number]
        if typed:
            share = sum(trial.passed for trial in typed) / len(typed)
            yield hand.ljust(22) + f"{share:.3f}".rjust(9)
    for k in ks:
        low, high = interval(tasks, k)
        yield f"pass^{k} {score(tasks, k):.3f}, 95 % between {low:.3f} and {high:.3f}"
    played = [trial for tried in tasks.values() for trial in tried]
    for part in _PARTS:
        good = sum(not getattr(trial.verdict, part) for trial in played)
        yield f"{part}: {good}/{len(played)}"
    faults = Counter(str(trial.fault) for trial in played if not trial.passed)
    if faults:
        yield "failed trials look like: " + ", ".join(f"{name} {n}" for name, n in faults.most_common())
    broken = [trial for trial in trials if trial.error]
    yield f"errors of the harness: {len(broken)}"
    yield from (f"  {trial.task.name} trial {trial.number}: {trial.error}" for trial in broken)


def _line(name: str, tasks: Mapping[str, Sequence[Trial]], ks: Sequence[int]) -> str:
    return name.ljust(16) + str(len(tasks)).rjust(6) + "".join(f"{score(tasks, k):.3f}".rjust(9) for k in ks)


def failures(trials: Sequence[Trial], *, transcripts: bool) -> Iterator[str]:
    """What went wrong, task by task; with the conversations on demand."""
    for trial in trials:
        if trial.passed and not transcripts:
            continue
        how = "ok" if trial.passed else f"FAILED ({trial.fault})"
        yield f"=== {trial.task.name} trial {trial.number}: {how}"
        if transcripts:
            yield from trial.transcript()
        yield from (f"!! {line}" for line in trial.verdict.lines())
        if trial.error:
            yield f"!! harness: {trial.error}"
