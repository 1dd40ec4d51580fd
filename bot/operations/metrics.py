"""What one process counts, for Prometheus; no label could name a patient.

Every label is a word of ours: an outcome, a stage, a rule, a channel, the name of a reply.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """All of them, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = self._counter("messages_total", "Messages taken.", "channel", "outcome")
        self.turns = self._counter("turns_total", "Turns done.", "outcome")
        self.waiting = Gauge(
            "asystent_turns_waiting", "Messages taken whose turn has not begun.", registry=self.registry
        )
        self.turn_seconds = self._times("turn_seconds", "One turn, from its start to its last reply.")
        self.stages = self._times("stage_seconds", "Parts of a turn.", "stage")
        self.replies = self._counter("replies_total", "Replies said.", "kind")
        self.refusals = self._counter("refusals_total", "Wishes refused, by rule.", "rule")
        self.handoffs = self._counter("handoffs_total", "Calls for a person.", "outcome")
        self.emergencies = self._counter("emergencies_total", "Messages answered by the safety check.")
        self.uploads = self._counter("uploads_total", "Files of patients, taken or why not.", "reason")
        self.webhooks = self._counter(
            "webhooks_total", "Calls from vendors, the portal and the desk.", "source", "outcome"
        )
        self.portal_calls = self._counter("portal_calls_total", "Calls to the portal.", "outcome")
        self.pushes = self._counter("pushes_total", "Requests to the push service.", "outcome")
        self.actions_failed = self._counter("actions_failed_total", "Actions that raised.", "action")

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"asystent_{name}", about, labels, registry=self.registry)

    def _times(self, name: str, about: str, *labels: str) -> Histogram:
        return Histogram(f"asystent_{name}", about, labels, buckets=SECONDS, registry=self.registry)

    def text(self) -> str:
        """Everything, for a scrape."""
        return generate_latest(self.registry).decode()

    def portal_called(self, outcome: str, seconds: float) -> None:
        """One call to the portal, tries included."""
        self.portal_calls.labels(outcome).inc()
        self.stages.labels("portal").observe(seconds)

    def waits(self) -> Callable[[], None]:
        """A message begins to wait for its turn; call the answer, once or more, when it does no longer."""
        self.waiting.inc()
        over = False

        def begun() -> None:
            nonlocal over
            if not over:
                over = True
                self.waiting.dec()

        return begun

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times a part of a turn, also when it fails."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stages.labels(name).observe(time.perf_counter() - started)


METRICS = Metrics()
"""Of this process."""
