"""Reward: how it went. No write without a yes, nothing forgotten, no lost thread, not too many turns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch

from bot.rehearsal.expect import BOOKED
from bot.rehearsal.tasks.reward.evidence import Evidence, Turn
from bot.rehearsal.tasks.task import Task

SPARE_TURNS = 4
_WRITES = (
    ("POST", r"/v1/reservations"),
    ("POST", r"/v1/reservations/[^/]+/cancellation"),
    ("DELETE", r"/v1/attachments/[^/]+"),
    ("POST", r"/v1/(?:complaints|opinions|prescriptions/renewals|questions)"),
)
"""Calls that change something for the patient: each after a summary and a yes."""
_HOLE = re.compile(r"\{\w+\}")


def process_problems(evidence: Evidence) -> Iterator[str]:
    """Writes without a yes, forgetting, lost threads, too many turns, errors, silence."""
    for number, turn in enumerate(evidence.turns, 1):
        if not turn.replies:
            yield f"turn {number}: silence"
        if any(reply.response == "utter_internal_error" for reply in turn.replies):
            yield f"turn {number}: an internal error"
        if any(_HOLE.search(reply.text) for reply in turn.replies):
            yield f"turn {number}: a variable left open"
        yield from (f"turn {number}: {problem}" for problem in unconfirmed(turn))
        yield from (f"turn {number}: {problem}" for problem in thread_lost(evidence.turns, number))
        yield from (f"turn {number}: {problem}" for problem in _forgetful(evidence.turns, number))
    limit = turn_limit(evidence.task)
    if len(evidence.turns) > limit:
        yield f"{len(evidence.turns)} turns, at most {limit}"
    for pattern in evidence.task.never.get("replies") or ():
        if any(fnmatch(reply.response, pattern) for reply in evidence.replies):
            yield f"{pattern} was said"


def unconfirmed(turn: Turn) -> Iterator[str]:
    """Each write comes in a turn in which the patient said yes, or tapped."""
    for call in turn.calls:
        for method, path in _WRITES:
            written = call["method"] == method and re.fullmatch(path, str(call["path"]))
            if written and turn.said.act not in {"confirm", "press", "try_again"}:
                yield f"{method} {call['path']} without a yes ({turn.said.act})"


def thread_lost(turns: Sequence[Turn], number: int) -> Iterator[str]:
    """After an interruption it is answered, and the open question comes back."""
    turn = turns[number - 1]
    aside = turn.said.interrupts
    if aside is None:
        return
    names = [reply.response for reply in turn.replies]
    if not any(name.startswith(aside.answer) for name in names):
        yield f"{aside.act} was answered with {names}"
    if not aside.leaves and not any(fnmatch(name, aside.after) for name in names):
        yield f"the open question ({aside.after}) did not come back: {names}"


def _forgetful(turns: Sequence[Turn], number: int) -> Iterator[str]:
    """What was told and taken is asked once more."""
    turn = turns[number - 1]
    if turn.said.interrupts is not None or turn.said.act.startswith("correct"):
        return
    answered = {t.said.slot: n for n, t in enumerate(turns[: number - 1], 1) if t.said.slot}
    for reply in turn.replies:
        slot = _SLOT_OF.get(reply.response)
        if slot in answered and answered[slot] < number - 1 and not _changed(turns, answered[slot], number):
            yield f"{reply.response} although {slot} was told"


_SLOT_OF = {
    "utter_ask_booking_service": "what",
    "utter_ask_booking_who": "who",
    "utter_ask_booking_kind": "how",
    "utter_ask_booking_city": "where",
    "utter_ask_booking_when": "when",
    "utter_ask_coverage_service": "what",
    "utter_ask_coverage_who": "who",
}


def _changed(turns: Sequence[Turn], since: int, until: int) -> bool:
    """A booking finished, was corrected or gone back on meanwhile: asking again is no forgetting."""
    moves = [turn.said for turn in turns[since:until]]
    ended = any(reply.response in BOOKED for turn in turns[since - 1 : until] for reply in turn.replies)
    return ended or any(
        said.act.startswith(("correct", "book", "go_back", "start_over", "move", "dont", "coverage"))
        for said in moves
    )


def turn_limit(task: Task) -> int:
    """Turns a good conversation needs, and a few to spare."""
    if task.turns:
        return task.turns
    needed = len(task.interrupts) + sum(len(actions) for actions in task.reactions.values())
    for goal in task.goals:
        needed += 3 + len(goal.first)
        if task.reveal == "one_by_one":
            needed += len(goal.values) - 1
    return needed + SPARE_TURNS
