"""Faults on demand: what real portals do on bad days."""

import fnmatch
from dataclasses import dataclass, field
from typing import Any

_KINDS = ("latency", "status", "timeout", "drop_response", "slot_taken", "malformed")


@dataclass
class Fault:
    """One rule; `times` None = until removed. Latency in seconds."""

    kind: str
    method: str = "*"
    path: str = "*"
    times: int | None = 1
    seconds: float = 0.0
    status: int = 503
    code: str | None = None
    retry_after: int | None = None

    @classmethod
    def parse(cls, entry: dict[str, Any]) -> "Fault":
        """ValueError on an unknown kind or field."""
        if entry.get("kind") not in _KINDS:
            raise ValueError(f"kind is one of {', '.join(_KINDS)}")
        try:
            return cls(**entry)
        except TypeError as error:
            raise ValueError(str(error)) from error

    def matches(self, method: str, path: str) -> bool:
        return fnmatch.fnmatchcase(method, self.method.upper()) and fnmatch.fnmatchcase(path, self.path)

    @property
    def problem_code(self) -> str:
        return self.code or {429: "RATE_LIMITED", 401: "TOKEN_EXPIRED"}.get(self.status, "UPSTREAM_DOWN")


@dataclass
class FaultBoard:
    """The faults in force, in the order they were set."""

    rules: list[Fault] = field(default_factory=list)

    def take(self, method: str, path: str) -> dict[str, Fault]:
        """Faults for this request, by kind; counted ones are used up."""
        taken: dict[str, Fault] = {}
        for rule in list(self.rules):
            if rule.kind in taken or not rule.matches(method, path):
                continue
            taken[rule.kind] = rule
            if rule.times is not None:
                rule.times -= 1
                if rule.times <= 0:
                    self.rules.remove(rule)
        return taken
