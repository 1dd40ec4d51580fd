"""Reward: the portal's state at the end is the gold state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from itertools import permutations
from typing import Any

from bot.actions.catalogue import Catalogue
from bot.language.text import fold
from bot.rehearsal.expect import slot_problems
from bot.rehearsal.tasks.reward.evidence import Evidence, changes, wanted_visits

_MATCHED = ("reservations", "holds", "accounts")


def portal_problems(evidence: Evidence) -> Iterator[str]:
    """Where the state at the end is not the gold state."""
    task, before, after = evidence.task, evidence.before, evidence.after
    new, gone = changes(before, after)
    yield from _matched("booked", wanted_visits(task, evidence.wordings), new, evidence.catalogue)
    yield from _matched("cancelled", task.gold.get("cancelled") or [], gone, evidence.catalogue)
    holds = len(after.get("holds") or ())
    if holds and not task.gold.get("left_open"):
        yield f"{holds} holds left"
    made, removed = task.gold.get("made") or {}, task.gold.get("gone") or {}
    for kind in sorted(set(before) - {*_MATCHED, "server_time"}):
        yield from _others(
            kind, before[kind], after.get(kind) or [], made.get(kind) or [], removed.get(kind) or []
        )


def _matched(
    what: str, wanted: Sequence[Mapping[str, Any]], visits: Sequence[Mapping[str, Any]], catalogue: Catalogue
) -> Iterator[str]:
    if len(wanted) != len(visits):
        yield f"{len(visits)} visits {what}, expected {len(wanted)}"
        return
    best: list[str] | None = None
    for order in permutations(visits):
        problems = [
            f"{what}: {problem}"
            for want, visit in zip(wanted, order, strict=True)
            for problem in _visit_problems(want, visit, catalogue)
        ]
        if best is None or len(problems) < len(best):
            best = problems
    yield from best or []


def _visit_problems(want: Mapping[str, Any], visit: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    yield from slot_problems(want, visit["slot"], catalogue)
    if "patient" in want and not str(visit["patient_id"]).endswith(str(want["patient"])):
        yield f"for {visit['patient_id']}, not {want['patient']}"


def _others(
    kind: str,
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    made: Sequence[Mapping[str, Any]],
    gone: Sequence[Mapping[str, Any]],
) -> Iterator[str]:
    """Everything else of the portal is as it was, but for what was to be made or removed."""
    old = {item["id"]: item for item in before}
    now = {item["id"]: item for item in after}
    fresh = [item for key, item in now.items() if key not in old]
    lost = [item for key, item in old.items() if key not in now]
    for what, wanted, found in (("made", made, fresh), ("removed", gone, lost)):
        if len(wanted) != len(found):
            yield f"{len(found)} {kind} {what}, expected {len(wanted)}"
            continue
        for want, item in zip(wanted, found, strict=True):
            for name, value in want.items():
                if not _agrees(value, item.get(name)):
                    yield f"{kind}: {name} is {item.get(name)!r}, not {value!r}"


def _agrees(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(_agrees(v, found.get(k)) for k, v in wanted.items())
    if isinstance(wanted, str) and isinstance(found, str):
        return fnmatch(fold(found), fold(wanted))
    return bool(wanted == found)
