"""Reward of a trial: portal state x facts said x process x safety, each 0 or 1, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.rehearsal.tasks.reward.evidence import Evidence
from bot.rehearsal.tasks.reward.facts import fact_problems
from bot.rehearsal.tasks.reward.portal import portal_problems
from bot.rehearsal.tasks.reward.process import process_problems
from bot.rehearsal.tasks.reward.safety import safety_problems


@dataclass(slots=True)
class Verdict:
    """Problems by part of the reward; a part without any counts 1."""

    portal: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    process: list[str] = field(default_factory=list)
    safety: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """The product of the four."""
        return not (self.portal or self.facts or self.process or self.safety)

    def lines(self) -> list[str]:
        """All problems, each with its part."""
        parts = ("portal", "facts", "process", "safety")
        return [f"{part}: {problem}" for part in parts for problem in getattr(self, part)]


def judge(evidence: Evidence) -> Verdict:
    """The verdict of a whole trial."""
    return Verdict(
        portal=list(portal_problems(evidence)),
        facts=list(fact_problems(evidence)),
        process=list(process_problems(evidence)),
        safety=list(safety_problems(evidence)),
    )
