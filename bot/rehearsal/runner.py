"""Plays dialogues, checks them, prints transcripts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.language.choices import find_choice
from bot.language.text import fold
from bot.rehearsal.expect import check_portal, check_turn
from bot.rehearsal.script import Script, Step
from bot.rehearsal.stage import Reply, Session, Stage

AT_ONCE = 8


@dataclass(slots=True)
class Outcome:
    """How a dialogue went."""

    script: Script
    problems: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Nothing was wrong."""
        return not self.problems


async def play_all(stage: Stage, scripts: Sequence[Script], at_once: int = AT_ONCE) -> list[Outcome]:
    """All dialogues, several at a time, in the order given."""
    gate = asyncio.Semaphore(at_once)

    async def guarded(number: int, script: Script) -> Outcome:
        async with gate:
            return await play(stage, script, f"dialogue-{number}")

    return list(await asyncio.gather(*(guarded(n, script) for n, script in enumerate(scripts))))


async def play(stage: Stage, script: Script, sender: str) -> Outcome:
    """One dialogue from its starting world to the checks of the portal."""
    outcome = Outcome(script)
    started = time.perf_counter()
    session = await stage.open(
        sender,
        script.now,
        script.patient,
        script.world,
        script.channel,
        script.decisions,
        uploads=script.uploads,
        step_up=script.step_up,
    )
    try:
        await _play(stage, session, script, outcome)
    finally:
        await stage.close(session)
        outcome.seconds = time.perf_counter() - started
    return outcome


async def _play(stage: Stage, session: Session, script: Script, outcome: Outcome) -> None:
    before = await session.sandbox.state()
    catalogue = await stage.catalogue(session)
    said: list[Reply] = []
    for number, step in enumerate(script.steps, 1):
        replies = await _turn(stage, session, step, said, outcome, number)
        outcome.problems += [f"turn {number}: {p}" for p in check_turn(step, replies, script, catalogue)]
        said += replies
    after, calls = await session.sandbox.state(), session.sandbox.calls()
    outcome.problems += list(check_portal(script, before, after, calls, said, catalogue))


async def _turn(
    stage: Stage, session: Session, step: Step, said: Sequence[Reply], outcome: Outcome, number: int
) -> list[Reply]:
    if step.after > timedelta():
        session.sandbox.set_clock(advance=step.after)
    if step.patch is not None:
        await session.sandbox.apply(dict(step.patch))
    if step.faults or step.end_faults:
        session.sandbox.faults([dict(fault) for fault in step.faults])
    text, payload = step.user, None
    if step.file is not None:
        replies = await stage.give_file(session, step.file)
        outcome.transcript += [f"P: ({step.file})", *(line for reply in replies for line in written(reply))]
        return replies
    if step.event is not None:
        replies = await stage.happen(session, step.event)
        outcome.transcript += [f"*: ({step.event})", *(line for reply in replies for line in written(reply))]
        return replies
    if step.press is not None or step.press_old is not None:
        found = find_button(step.press or step.press_old or "", said, old=step.press_old is not None)
        if found is None:
            outcome.problems.append(f"turn {number}: nothing to press: {step.press or step.press_old!r}")
            return []
        text, payload = found
    replies = await stage.turn(session, text, payload)
    mark = f"[{text}]" if payload else str(text)
    note = "" if payload else f"      ({await stage.understood(session)})"
    outcome.transcript += [f"P: {mark}{note}", *(line for reply in replies for line in written(reply))]
    return replies


def find_button(wanted: str, said: Sequence[Reply], *, old: bool = False) -> tuple[str, str] | None:
    """(label, payload) by label, part of a label or number, the newest first (`old`: the oldest)."""
    replies = list(said) if old else list(reversed(said))
    for reply in replies:
        for label, payload in reply.buttons:
            if fold(label) == fold(wanted):
                return label, payload
    for reply in replies:
        choice = find_choice(wanted, len(reply.buttons)) if wanted.isdigit() else None
        if choice is not None and choice.index is not None and reply.buttons:
            return reply.buttons[choice.index]
        for label, payload in reply.buttons:
            if fold(wanted) in fold(label):
                return label, payload
    return None


def written(reply: Reply) -> list[str]:
    """A reply as lines of a transcript."""
    lines = [f"A: {reply.text}"]
    if reply.buttons:
        lines.append("   " + " ".join(f"[{label}]" for label, _ in reply.buttons))
    return lines
