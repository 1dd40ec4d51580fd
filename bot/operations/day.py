"""The figures of one day: counts only, nothing that was written and nobody's name."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.operations.journeys import ASSISTANT, OUTCOMES, PATIENT, PERSON, Journey, Meanings, Said, sessions
from bot.operations.replies import kind_of

ZONE = ZoneInfo("Europe/Warsaw")
GAP = timedelta(minutes=30)
"""A session is over when nothing was said for so long."""
LONGEST = timedelta(hours=6)
"""A session that goes on past midnight is followed for so long."""


@dataclass(frozen=True, slots=True)
class Span:
    """A day of the patients: 23 to 25 hours. Sessions that begin in it belong to it."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, day: date) -> Span:
        """The day in Poland."""
        midnights = [datetime.combine(one, time.min, ZONE) for one in (day, day + timedelta(days=1))]
        return cls(*midnights)

    @property
    def read_from(self) -> datetime:
        """Shows whether the first session of the day began the day before."""
        return self.start - GAP

    @property
    def read_to(self) -> datetime:
        return self.end + LONGEST


@dataclass(slots=True)
class Tally:
    """Counts of a day; `add` takes one conversation at a time."""

    span: Span
    meanings: Meanings
    totals: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    tasks: Counter[tuple[str, str]] = field(default_factory=Counter)
    hours: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    def add(self, conversation: list[Said]) -> None:
        """Every message of one conversation between `read_from` and `read_to`, in order."""
        for session in sessions(conversation, GAP.total_seconds()):
            begun = next((said.at for said in session if said.author == PATIENT), None)
            if begun is not None and session[0].at >= self.span.start and begun < self.span.end:
                self._session(session)

    def _session(self, session: list[Said]) -> None:
        first = next(said for said in session if said.author == PATIENT)
        journey, kinds = Journey(self.meanings), Counter[str]()
        asked = {said.number: said.at for said in session if said.author == PATIENT}
        for said in session:
            journey.hear(said)
            self._message(said, kinds)
            if said.author == ASSISTANT and (at := asked.pop(said.turn, None)) is not None:
                self.waits.append(max(0.0, (said.at - at).total_seconds()))
        self.tasks += journey.over()
        people = any(said.author == PERSON for said in session)
        logged_in = any(said.logged_in for said in session)
        self.channels[first.channel or "web"] += 1
        self.hours[first.at.astimezone(ZONE).strftime("%H")] += 1
        topics = self.meanings.topics
        self.topics.update({topics[name] for name in names(session) if name in topics})
        self.totals.update(
            {
                "sessions": 1,
                "logged_in": int(logged_in),
                "contained": int(not people and not kinds["person"]),
                "wished_person": int(kinds["person"] > 0),
                "with_person": int(people),
                "emergencies": int(any(said.alarm for said in session)),
                "unanswered": 0 if people else len(asked),
            }
        )

    def _message(self, said: Said, kinds: Counter[str]) -> None:
        self.totals["unreadable"] += not said.readable
        if said.author == PATIENT:
            self.totals["messages"] += 1
        if said.author != ASSISTANT:
            return
        kind = kind_of(said.response)
        kinds[kind.name] += 1
        self.totals["replies"] += 1
        if kind.rule:
            self.refusals[kind.rule] += 1
        if kind.name in {"not_understood", "asked_back", "portal_down", "failed"}:
            self.totals[kind.name] += 1

    def figures(self) -> dict[str, Any]:
        """Everything as JSON."""
        waits = sorted(self.waits)
        tasks: dict[str, dict[str, int]] = {}
        for (task, outcome), number in sorted(self.tasks.items()):
            tasks.setdefault(task, dict.fromkeys(("begun", *OUTCOMES), 0))
            tasks[task][outcome] += number
            tasks[task]["begun"] += number
        return {
            "day": self.span.start.date().isoformat(),
            "hours": round((self.span.end.timestamp() - self.span.start.timestamp()) / 3600),
            **{name: self.totals[name] for name in TOTALS},
            "answer_seconds": {
                "p50": round(statistics.median(waits), 2) if waits else None,
                "p95": round(waits[min(len(waits) - 1, int(len(waits) * 0.95))], 2) if waits else None,
            },
            "channels": dict(self.channels.most_common()),
            "by_hour": {f"{hour:02d}": self.hours[f"{hour:02d}"] for hour in range(24)},
            "tasks": dict(sorted(tasks.items(), key=lambda item: -item[1]["begun"])),
            "topics": dict(self.topics.most_common()),
            "refusals": dict(self.refusals.most_common()),
        }


TOTALS = (
    *("sessions", "logged_in", "contained", "wished_person", "with_person", "emergencies"),
    *("messages", "replies", "not_understood", "asked_back", "portal_down", "failed"),
    *("unanswered", "unreadable"),
)


def names(session: list[Said]) -> set[str]:
    """Of the replies of a session."""
    return {said.response for said in session if said.author == ASSISTANT and said.response}


async def count(day: date, said: AsyncIterator[Said], meanings: Meanings) -> dict[str, Any]:
    """The figures of a day. `said`: messages between `read_from` and `read_to`, one conversation after
    another, each in order."""
    tally = Tally(Span.of(day), meanings)
    conversation: list[Said] = []
    async for one in said:
        if conversation and one.conversation != conversation[0].conversation:
            tally.add(conversation)
            conversation = []
        conversation.append(one)
    tally.add(conversation)
    return tally.figures()
