"""Counters and histograms in Prometheus' text format; no labels that could name a patient."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
Labels = tuple[tuple[str, str], ...]


class Counter:
    """Only grows."""

    def __init__(self, name: str, help_text: str) -> None:
        self.name, self._help = name, help_text
        self._values: defaultdict[Labels, float] = defaultdict(float)

    def add(self, amount: float = 1.0, **labels: str) -> None:
        """Labels are words of ours, never of a patient."""
        self._values[tuple(sorted(labels.items()))] += amount

    def lines(self) -> list[str]:
        """Text format, one line a combination of labels."""
        rows = [f"# HELP {self.name} {self._help}", f"# TYPE {self.name} counter"]
        return rows + [f"{self.name}{_braces(labels)} {value:g}" for labels, value in self._values.items()]


class Histogram:
    """How long something took, in seconds."""

    def __init__(self, name: str, help_text: str, bounds: Sequence[float] = SECONDS) -> None:
        self.name, self._help, self._bounds = name, help_text, tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """One more."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def lines(self) -> list[str]:
        """Text format: cumulative buckets, sum and count."""
        rows = [f"# HELP {self.name} {self._help}", f"# TYPE {self.name} histogram"]
        total = 0
        for bound, count in zip((*self._bounds, float("inf")), self._counts, strict=True):
            total += count
            edge = "+Inf" if bound == float("inf") else f"{bound:g}"
            rows.append(f'{self.name}_bucket{{le="{edge}"}} {total}')
        return [*rows, f"{self.name}_sum {self._sum:.6f}", f"{self.name}_count {total}"]


class Metrics:
    """What one process counts."""

    def __init__(self) -> None:
        self.messages = Counter("asystent_messages_total", "Messages taken, by outcome.")
        self.turns = Counter("asystent_turns_total", "Turns done, by outcome.")
        self.turn_seconds = Histogram("asystent_turn_seconds", "One turn, from its start to its last reply.")
        self.emergencies = Counter("asystent_emergencies_total", "Messages answered by the safety check.")
        self.actions_failed = Counter("asystent_actions_failed_total", "Actions that raised, by name.")

    def text(self) -> str:
        """Everything, for a scrape."""
        parts = (self.messages, self.turns, self.turn_seconds, self.emergencies, self.actions_failed)
        return "\n".join(line for part in parts for line in part.lines()) + "\n"


METRICS = Metrics()
"""Of this process."""


def _braces(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}" if labels else ""
