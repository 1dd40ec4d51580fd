"""How large an installation must be: measured costs (docs/performance.json), a simulated day, docs/sizing.md.

The day is the worst of the year that habits know: a Monday in the flu season. Patients come by chance
(Poisson, by the hour), write, read, think and write again; every message goes to a process by chance
and waits there for those before it. `python -m tools.sizing` writes the table;
nothing is invented when nothing was measured.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

PROJECT = Path(__file__).resolve().parent.parent
MEASURED = PROJECT / "docs" / "performance.json"
PAGE = PROJECT / "docs" / "sizing.md"
START = "<!-- worked out: written by tools/sizing.py -->"
END = "<!-- end of worked out -->"
SEED = 2026
LEAD = 600.0
"""Seconds before the busiest hour whose messages are played too: the hour begins with queues, not without."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of conversation, as measured."""

    cpu_ms: float
    messages: float
    redis_bytes: float
    redis_commands: float


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured: of one process, and of every kind of conversation (`faq`, `booking`)."""

    when: str
    memory_mb: float
    kinds: Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class Habits:
    """What is assumed of patients, not measured: change it to what is known of yours."""

    conversations: float = 12.0  # of 1,000 patients on an ordinary day
    monday: float = 1.5
    flu: float = 1.6
    bookings: float = 0.5  # part of the conversations; the rest are questions
    wandering: float = 1.4  # messages in a real conversation for each of the measured, straight one
    pause: float = 20.0  # seconds between an answer and the next message, on average
    kept_days: int = 30
    hours: tuple[float, ...] = (
        *(0.5, 0.3, 0.2, 0.2, 0.3, 1.0, 3.5, 8.0, 10.0, 9.0, 8.0, 7.0),
        *(6.5, 6.0, 6.0, 6.0, 5.5, 5.0, 5.0, 4.5, 4.0, 3.0, 2.0, 1.0),
    )


@dataclass(frozen=True, slots=True)
class Aims:
    """What an installation has to hold in its busiest hour. `wait` in ms, `busy`: part of its time."""

    wait: float = 100.0
    busy: float = 0.6
    spare: int = 1  # processes that may be missing: one dies, or is being replaced
    redis_margin: float = 2.0  # fragmentation, and copies while the append-only file is rewritten


@dataclass(frozen=True, slots=True)
class Size:
    """A row of the table. Memory in MB; `cores`: CPU, busiest hour; `wait`: p95 in ms without the spare."""

    patients: int
    conversations: int
    rate: float
    cores: float
    processes: int
    memory: float
    redis: float
    commands: float
    wait: float


SITES = {
    "one clinic": 20_000,
    "a city": 200_000,
    "a region": 600_000,
    "one million": 1_000_000,
    "three million": 3_000_000,
}


def read_costs(path: Path = MEASURED) -> Costs:
    """FileNotFoundError when nothing was measured yet."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    kinds = {
        name: Kind(
            kind["cpu_ms_per_message"],
            kind["messages_per_conversation"],
            kind["redis_bytes_per_conversation"],
            kind["redis_commands_per_message"],
        )
        for name, kind in raw["kinds"].items()
    }
    return Costs(raw["when"], raw["memory_mb"], kinds)


@dataclass(frozen=True, slots=True)
class Day:
    """Every message of a day in order: when it comes and the CPU it takes, in seconds. `busiest`: an hour."""

    conversations: int
    at: Array
    takes: Array
    busiest: int

    def during_busiest(self, before: float = 0.0) -> npt.NDArray[np.bool_]:
        """Which messages come in the busiest hour, or up to `before` seconds earlier."""
        return (self.at >= self.busiest * 3600 - before) & (self.at < (self.busiest + 1) * 3600)


def day(patients: int, costs: Costs, habits: Habits, rng: np.random.Generator) -> Day:
    """A Monday in the flu season."""
    expected = patients / 1000 * habits.conversations * habits.monday * habits.flu
    weights = np.array(habits.hours) / sum(habits.hours)
    opened = np.concatenate(
        [
            rng.uniform(hour * 3600, (hour + 1) * 3600, rng.poisson(expected * weight))
            for hour, weight in enumerate(weights)
        ]
    )
    booking = rng.random(opened.size) < habits.bookings
    at, takes = [], []
    for kind, chosen in ((costs.kinds["faq"], opened[~booking]), (costs.kinds["booking"], opened[booking])):
        lengths = rng.geometric(1 / (kind.messages * habits.wandering), chosen.size)
        pauses = rng.exponential(habits.pause, int(lengths.sum()))
        so_far = np.cumsum(pauses)
        first = np.cumsum(lengths) - lengths  # the first message of each conversation comes when it is opened
        at.append(np.repeat(chosen - so_far[first], lengths) + so_far)
        # Gamma of shape 4: half as wide as it is high, some turns three times the middle.
        takes.append(rng.gamma(4.0, kind.cpu_ms / 4000, int(lengths.sum())))
    times, work = np.concatenate(at), np.concatenate(takes)
    order = np.argsort(times)
    counts = np.bincount((times // 3600).astype(int), minlength=24)
    return Day(opened.size, times[order], work[order], int(counts[:24].argmax()))


def waits(at: Array, takes: Array, processes: int, rng: np.random.Generator) -> Array:
    """Seconds each message waits for its process, first come first served. `at` is in order."""
    waited = np.zeros_like(at)
    where = rng.integers(processes, size=at.size)
    for process in range(processes):
        mine = where == process
        work = takes[mine]
        before = np.cumsum(work) - work
        # A message begins when it is there and the one before is done: the latest, over all i up to it, of
        # the moment i came plus the work from i on.
        begins = before + np.maximum.accumulate(at[mine] - before) if work.size else before
        waited[mine] = begins - at[mine]
    return waited


def size(patients: int, costs: Costs, habits: Habits, aims: Aims, rng: np.random.Generator) -> Size:
    """The fewest processes that hold the aims also while the spare ones are missing."""
    today = day(patients, costs, habits, rng)
    busy, near = today.during_busiest(), today.during_busiest(LEAD)
    counts = busy[near]
    cores = float(today.takes[busy].sum()) / 3600
    needed = max(1, int(np.ceil(cores / aims.busy)))
    while (wait := _p95(waits(today.at[near], today.takes[near], needed, rng)[counts])) > aims.wait:
        needed += 1
    share = {"faq": 1 - habits.bookings, "booking": habits.bookings}
    messages = {name: kind.messages * habits.wandering * share[name] for name, kind in costs.kinds.items()}
    commands = sum(kind.redis_commands * messages[name] for name, kind in costs.kinds.items())
    stored = sum(kind.redis_bytes * habits.wandering * share[name] for name, kind in costs.kinds.items())
    kept = patients / 1000 * habits.conversations * habits.flu * habits.kept_days
    rate = int(busy.sum()) / 3600
    return Size(
        patients=patients,
        conversations=today.conversations,
        rate=rate,
        cores=cores,
        processes=needed + aims.spare,
        memory=(needed + aims.spare) * costs.memory_mb,
        redis=kept * stored * aims.redis_margin / 2**20,
        commands=rate * commands / sum(messages.values()),
        wait=wait,
    )


def _p95(times: Array) -> float:
    """In ms."""
    return float(np.quantile(times, 0.95)) * 1000 if times.size else 0.0


def sizes(costs: Costs, habits: Habits | None = None, aims: Aims | None = None) -> dict[str, Size]:
    """Every site; the same figures for the same costs."""
    return {
        name: size(patients, costs, habits or Habits(), aims or Aims(), np.random.default_rng(SEED))
        for name, patients in SITES.items()
    }


def table(rows: Mapping[str, Size]) -> str:
    """Markdown."""
    lines = [
        "| | patients | conversations that day | messages/s, busiest hour | CPU cores it takes | processes "
        "| their memory | Redis memory | Redis commands/s | p95 of waiting |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        load = f"{row.conversations:,} | {row.rate:.1f} | {row.cores:.2f}"
        place = f"{row.processes} | {_memory(row.memory)} | {_memory(row.redis)}"
        rest = f"{row.commands:,.0f} | {row.wait:.0f} ms"
        lines.append(f"| {name} | {row.patients:,} | {load} | {place} | {rest} |")
    return "\n".join(lines)


def _memory(mb: float) -> str:
    return f"{mb:.0f} MB" if mb < 1024 else f"{mb / 1024:.1f} GB"


def worked_out(costs: Costs) -> str:
    """What stands in the page."""
    kinds = "; ".join(
        f"{name}: {kind.cpu_ms:g} ms CPU and {kind.redis_commands:g} Redis commands a message, "
        f"{kind.redis_bytes / 1024:.1f} kB a conversation of {kind.messages:g} messages"
        for name, kind in costs.kinds.items()
    )
    return (
        f"Costs measured on {costs.when}: {kinds}; {costs.memory_mb:g} MB a process.\n\n{table(sizes(costs))}"
    )


def written(page: str, content: str) -> str:
    """The page with other content between its marks."""
    before, _, rest = page.partition(START)
    return f"{before}{START}\n\n{content}\n\n{END}{rest.partition(END)[2]}"


def main(measured: Path = MEASURED) -> int:
    """Writes the page; 1 when nothing was measured."""
    try:
        costs = read_costs(measured)
    except FileNotFoundError:
        print("docs/performance.json is not there: `make bench` measures it; without it there is no sizing.")
        return 1
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), worked_out(costs)), encoding="utf-8")
    print(table(sizes(costs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
