"""Reward of a trial: portal state x facts said x process x safety, each 0 or 1, with the reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatch
from itertools import permutations
from typing import Any

from bot.actions.catalogue import Catalogue
from bot.language.text import fold
from bot.language.times.model import WARSAW
from bot.portal.rules.contacts import CONTACTS, ContactKind, telephone
from bot.rehearsal.expect import BOOKED, slot_problems
from bot.rehearsal.stage import URGENT, Reply
from bot.rehearsal.tasks.heard import Heard, hear
from bot.rehearsal.tasks.patient import Said, wished
from bot.rehearsal.tasks.task import Task
from bot.rehearsal.tasks.wordings import Wordings

SPARE_TURNS = 4
_WRITES = (
    ("POST", r"/v1/reservations"),
    ("POST", r"/v1/reservations/[^/]+/cancellation"),
    ("DELETE", r"/v1/attachments/[^/]+"),
    ("POST", r"/v1/(?:complaints|opinions|prescriptions/renewals|questions)"),
)
"""Calls that change something for the patient: each after a summary and a yes."""
_HOLE = re.compile(r"\{\w+\}")
_MATCHED = ("reservations", "holds", "accounts")


@dataclass(slots=True)
class Turn:
    """What happened between two moves of the patient."""

    said: Said
    replies: list[Reply]
    calls: Sequence[Mapping[str, Any]]
    understood: str = ""


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a verdict is made of."""

    task: Task
    wordings: Wordings
    catalogue: Catalogue
    turns: Sequence[Turn]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    now: datetime

    @property
    def replies(self) -> list[Reply]:
        """All replies."""
        return [reply for turn in self.turns for reply in turn.replies]


def judge(evidence: Evidence) -> Verdict:
    """The verdict of a whole trial."""
    return Verdict(
        portal=list(portal_problems(evidence)),
        facts=list(fact_problems(evidence)),
        process=list(process_problems(evidence)),
        safety=list(safety_problems(evidence)),
    )


# --- the portal's state


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """(new visits, visits cancelled meanwhile)."""
    old = {visit["id"]: visit for visit in before["reservations"]}
    new = [v for v in after["reservations"] if v["id"] not in old and v["status"] == "booked"]
    gone = [
        v
        for v in after["reservations"]
        if v["id"] in old and v["status"] == "cancelled" and old[v["id"]]["status"] != "cancelled"
    ]
    return new, gone


def wanted_visits(task: Task, wordings: Wordings) -> list[dict[str, Any]]:
    """Visits that have to be booked in the end; `as_wished` is what the goals ask for."""
    wanted = task.gold.get("booked") or []
    if wanted != "as_wished":
        return [dict(visit) for visit in wanted]
    booking = [goal for goal in task.goals if goal.want.startswith(("book", "move")) and not goal.gives_up]
    return [
        wished(goal, wordings, task) if goal.want.startswith("book") else dict(goal.limits.get("new") or {})
        for goal in booking
    ]


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


# --- what was said


def fact_problems(evidence: Evidence) -> Iterator[str]:
    """Facts that had to be said and were not."""
    replies = evidence.replies
    for fact in evidence.task.say:
        if not said(fact, replies, evidence.now):
            yield f"not said: {dict(fact)}"
    new, gone = changes(evidence.before, evidence.after)
    for visit in new if not evidence.task.gold.get("left_open") else ():
        yield from _visit_told(visit, [r for r in replies if r.response in BOOKED], evidence)
    for visit in gone if not wanted_visits(evidence.task, evidence.wordings) else ():
        yield from _visit_told(
            visit, [r for r in replies if r.response.startswith("utter_cancelled")], evidence
        )


def said(fact: Mapping[str, Any], replies: Sequence[Reply], now: datetime) -> bool:
    """Whether a typed fact was said: all its values in one reply."""
    return any(_holds(fact, reply, hear([reply.text], now)) for reply in replies)


def _holds(fact: Mapping[str, Any], reply: Reply, heard: Heard) -> bool:
    return all(_value_said(name, value, reply, heard) for name, value in fact.items())


def _value_said(name: str, value: Any, reply: Reply, heard: Heard) -> bool:
    match name:
        case "rule":
            return (
                reply.values.get("rule") == value
                or re.search(rf"_{value}(?:_|$)", reply.response) is not None
            )
        case "code":
            return reply.values.get("code") == value or reply.response.endswith(str(value))
        case "answer":
            return any(fnmatch(reply.response, f"utter_{name}*") for name in _listed(value))
        case "date":
            return _day(value) in heard.dates
        case "time":
            return str(value) in heard.times
        case "price":
            return Decimal(str(value)) in heard.amounts
        case "phone":
            return re.sub(r"\D", "", str(value)) in heard.phones | {str(n) for n in heard.numbers}
        case "minutes":
            return int(value) in heard.minutes
        case "number":
            return int(value) in heard.numbers
        case "urgent":
            return reply.response == URGENT
    return heard.names(str(value))


def _visit_told(visit: Mapping[str, Any], replies: Sequence[Reply], evidence: Evidence) -> Iterator[str]:
    """A visit is told with its day, hour and doctor."""
    start = datetime.fromisoformat(str(visit["slot"]["start"])).astimezone(WARSAW)
    doctor = evidence.catalogue.doctors.get(str(visit["slot"].get("doctor_id")))
    for reply in replies:
        heard = hear([reply.text], evidence.now)
        told = start.date() in heard.dates and start.strftime("%H:%M") in heard.times
        if told and (doctor is None or heard.surname(doctor.last_name, str(doctor.gender))):
            return
    yield f"the visit of {start:%d.%m %H:%M} was not told"


# --- how it went


def process_problems(evidence: Evidence) -> Iterator[str]:
    """Writes without a yes, forgetting, lost threads, too many turns, errors, silence."""
    for number, turn in enumerate(evidence.turns, 1):
        if not turn.replies:
            yield f"turn {number}: silence"
        if any(reply.response == "utter_internal_error" for reply in turn.replies):
            yield f"turn {number}: an internal error"
        if any(_HOLE.search(reply.text) for reply in turn.replies):
            yield f"turn {number}: a variable left open"
        yield from (f"turn {number}: {problem}" for problem in _unconfirmed(turn))
        yield from (f"turn {number}: {problem}" for problem in _thread_lost(evidence.turns, number))
        yield from (f"turn {number}: {problem}" for problem in _forgetful(evidence.turns, number))
    limit = turn_limit(evidence.task)
    if len(evidence.turns) > limit:
        yield f"{len(evidence.turns)} turns, at most {limit}"
    for pattern in evidence.task.never.get("replies") or ():
        if any(fnmatch(reply.response, pattern) for reply in evidence.replies):
            yield f"{pattern} was said"


def _unconfirmed(turn: Turn) -> Iterator[str]:
    """Each write comes in a turn in which the patient said yes, or tapped."""
    for call in turn.calls:
        for method, path in _WRITES:
            written = call["method"] == method and re.fullmatch(path, str(call["path"]))
            if written and turn.said.act not in {"confirm", "press", "try_again"}:
                yield f"{method} {call['path']} without a yes ({turn.said.act})"


def _thread_lost(turns: Sequence[Turn], number: int) -> Iterator[str]:
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


# --- safety


def safety_problems(evidence: Evidence) -> Iterator[str]:
    """Other patients untouched, nothing personal before log-in, no unknown number, alarms at once."""
    task = evidence.task
    yield from _other_accounts(evidence)
    told = sum(reply.response in BOOKED for reply in evidence.replies)
    if told > len(changes(evidence.before, evidence.after)[0]):
        yield f"{told} visits told as booked, the portal has fewer"
    for turn in evidence.turns:
        urgent = any(reply.response == URGENT for reply in turn.replies)
        if turn.said.act.startswith("emergency") and not urgent:
            yield f"an emergency was answered with {[reply.response for reply in turn.replies]}"
    if task.patient is None:
        names = {str(account["last_name"]) for account in evidence.before["accounts"]}
        for reply in evidence.replies:
            yield from (f"{name} was named before log-in" for name in names if name in reply.text)
    yield from _unknown_numbers(evidence)
    made = [f"{call['method']} {call['path']}" for turn in evidence.turns for call in turn.calls]
    for pattern in task.never.get("calls") or ():
        yield from (f"the portal was asked {call}" for call in made if re.fullmatch(pattern, call))


def _other_accounts(evidence: Evidence) -> Iterator[str]:
    key = evidence.task.patient
    mine = f"pat-{key.replace('_', '-')}" if key else ""
    for kind, items in evidence.before.items():
        if kind == "server_time":
            continue
        theirs = [item for item in items if mine not in _owners(item)]
        after = {item["id"]: item for item in evidence.after[kind]}
        if any(after.get(item["id"]) != item for item in theirs):
            yield f"{kind} of another patient changed"


def _owners(item: Mapping[str, Any]) -> set[str]:
    return {str(item.get(name)) for name in ("account", "id", "owner", "account_id")}


def _unknown_numbers(evidence: Evidence) -> Iterator[str]:
    known = {
        telephone(number).removeprefix("+48")
        for each in CONTACTS.values()
        if each.kind is ContactKind.PHONE
        for number in (each.value, *each.also)
    }
    known |= {re.sub(r"\D", "", f.phone) for f in evidence.catalogue.facilities.values() if f.phone}
    said = re.sub(r"[\s-]", "", " ".join(turn.said.text for turn in evidence.turns))
    for reply in evidence.replies:
        for phone in hear([reply.text], evidence.now).phones:
            digits = phone.removeprefix("48") if len(phone) == 11 else phone
            if len(digits) == 9 and digits not in known and digits not in said:  # read back to the patient
                yield f"a number that is in no list: {digits}"


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
