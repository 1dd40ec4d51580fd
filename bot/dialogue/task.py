"""One mechanism for all tasks: acts of conversation, options, misses, going back, stopping.

A task says what it needs (slots), how it reads facts from a turn, and what comes next. What every
conversation needs beside that is here once: pressed and typed options, "powtórz", "chwila",
"dlaczego", "cofnij", "pomiń", "nieważne", buttons that are out of date, questions that were not
answered, and a way out after too many of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

from bot.dialogue.options import match_option
from bot.dialogue.routing import SURE
from bot.dialogue.slots import SlotSpec
from bot.dialogue.speaker import Speaker
from bot.dialogue.state import Conversation, Frame, Option
from bot.dialogue.turn import PRESS, Turn

World = TypeVar("World")
ANY = "any"
"""Value of an optional fact the patient does not care about."""
_ASIDE = frozenset({"tell", "leave"})
"""Options that give information and do not take the task up again."""
_SHRUGS = frozenset({"skip", "no_preference"})
MAX_MISSES = 3
"""After so many unanswered questions in a row the task offers a person instead of asking again."""


@dataclass(slots=True)
class TaskContext(Generic[World]):
    """Everything a task may use in one turn."""

    turn: Turn
    frame: Frame
    conversation: Conversation
    speaker: Speaker
    world: World
    """The patient's portal, the clock and the channel; see bot.actions.world."""
    said_before: Sequence[Mapping[str, Any]] = ()
    """Bot messages since the patient's previous message (for "powtórz")."""

    @property
    def facts(self) -> dict[str, Any]:
        """Facts of the task, plain JSON."""
        return self.frame.facts

    @property
    def data(self) -> dict[str, Any]:
        """What the task works with: offers shown, a live hold."""
        return self.frame.data

    def option(self, label: str, act: Mapping[str, Any], *names: str, **values: Any) -> Option:
        """An option whose label is the response `utter_label_<label>`."""
        return Option(self.speaker.texts.label(label, **values), dict(act), list(names))


class Task(ABC, Generic[World]):
    """A thing the patient wants done. Subclasses are stateless: state lives in the frame."""

    name: ClassVar[str]
    slots: ClassVar[Mapping[str, SlotSpec]]

    @abstractmethod
    async def take(self, ctx: TaskContext[World]) -> bool:
        """Reads facts from the turn into the frame. False when it said nothing of use."""

    @abstractmethod
    async def advance(self, ctx: TaskContext[World]) -> None:
        """Says what comes next: a question, an offer, a refusal, or the end."""

    @abstractmethod
    async def act(self, ctx: TaskContext[World], act: Mapping[str, Any]) -> None:
        """Carries out an option of its own (anything but "say" and "fill")."""

    async def respond(self, ctx: TaskContext[World], about: str) -> bool:
        """Handles an answer to a stage of its own (an offer, a consent) before facts are read."""
        return False

    async def ask_again(self, ctx: TaskContext[World], *, missed: bool = False) -> None:
        """Puts the open question once more; after a miss in other words."""
        await self.advance(ctx)

    async def abandon(self, ctx: TaskContext[World]) -> None:
        """Gives back what is held when the task is stopped."""

    def stopped(self, ctx: TaskContext[World]) -> str:
        """Response when the patient stops the task."""
        return "utter_task_stopped"

    def forget(self, facts: dict[str, Any], slot: str) -> None:
        """Clears a fact and everything that depends on it."""
        facts.pop(slot, None)
        spec = self.slots.get(slot)
        for dependant in spec.dependants if spec else ():
            if dependant in facts:
                self.forget(facts, dependant)

    def stops(self, ctx: TaskContext[World]) -> bool:
        """Whether "rezygnuję" ends the task; a task may read it as a change of what is wanted."""
        return True

    async def changed(self, ctx: TaskContext[World]) -> None:
        """New facts: lets go of what was worked out from the old ones."""

    async def step_back(self, ctx: TaskContext[World], about: str) -> bool:
        """Goes back from a stage of its own; False: to the question before."""
        return False

    def take_back(self, facts: dict[str, Any], slot: str) -> None:
        """Clears an answer so that its question comes again ("cofnij")."""
        self.forget(facts, slot)

    def park(self, ctx: TaskContext[World]) -> None:
        """Sets the task aside with its buttons alive: what was refused goes on in one tap, and only then."""
        if ctx.frame in ctx.conversation.stack:
            ctx.conversation.stack.remove(ctx.frame)
        ctx.conversation.parked = ctx.frame

    def end(self, ctx: TaskContext[World]) -> None:
        """Closes the task."""
        ctx.conversation.close_prompt(ctx.frame)
        if ctx.frame in ctx.conversation.stack:
            ctx.conversation.stack.remove(ctx.frame)


async def run_turn(task: Task[World], ctx: TaskContext[World]) -> None:
    """One message of the patient for an open task."""
    if ctx.turn.intent == PRESS:
        await _pressed(task, ctx)
        return
    prompt = ctx.frame.prompt
    if prompt is not None and (ctx.turn.intent not in _CONTROL or ctx.turn.confidence < SURE):
        option = match_option(prompt, ctx.turn, by_number=prompt.about != "consent")
        if option is not None and not _tells_more(ctx.turn, option):
            ctx.frame.misses = 0
            await _carry_out(task, ctx, option)
            return
    if await _control(task, ctx):
        return
    await _words(task, ctx)


async def _pressed(task: Task[World], ctx: TaskContext[World]) -> None:
    found = ctx.conversation.find(ctx.turn.key or "")
    if found is None:
        about = ctx.conversation.old.get((ctx.turn.key or "").partition(".")[0], "")
        ctx.speaker.say("utter_button_outdated", about=about)
        if ctx.conversation.top is not None:
            await task.ask_again(ctx)
        return
    frame, option = found
    if frame is ctx.conversation.parked and option.act.get("do") not in _ASIDE:
        _bring_back(ctx, frame)
    ctx.frame = frame
    frame.misses = 0
    await _carry_out(task, ctx, option)


def _bring_back(ctx: TaskContext[World], frame: Frame) -> None:
    ctx.conversation.parked = None
    ctx.conversation.stack.append(frame)


async def _carry_out(task: Task[World], ctx: TaskContext[World], option: Option) -> None:
    act = option.act
    match act.get("do"):
        case "say":
            ctx.turn = replace(ctx.turn, intent=str(act["intent"]), confidence=1.0, mentions=(), when=None)
            if not await _control(task, ctx):
                await _words(task, ctx)
        case "fill":
            for slot, value in dict(act["facts"]).items():
                task.forget(ctx.facts, slot)
                ctx.facts[slot] = value
            await task.changed(ctx)
            await task.advance(ctx)
        case _:
            await task.act(ctx, act)


async def _control(task: Task[World], ctx: TaskContext[World]) -> bool:
    """Acts of conversation that mean the same in every task."""
    handler = _CONTROL.get(ctx.turn.intent)
    if handler is None or _rather_facts(ctx.turn):
        return False
    await handler(task, ctx)
    return True


def _rather_facts(turn: Turn) -> bool:
    """An unsure act with wanted facts in it ("już potwierdziłem, to teraz kardiolog") is read as facts."""
    return turn.confidence < SURE and any(not mention.unwanted for mention in turn.mentions)


async def _words(task: Task[World], ctx: TaskContext[World]) -> None:
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if await task.respond(ctx, about):
        ctx.frame.misses = 0
        return
    if ctx.turn.intent in _SHRUGS and about in task.slots and not ctx.turn.mentions:
        await _shrugged(task, ctx, task.slots[about])
        return
    if await task.take(ctx) or not about:
        ctx.frame.misses = 0
        await task.advance(ctx)
        return
    await _missed(task, ctx)


async def _shrugged(task: Task[World], ctx: TaskContext[World], slot: SlotSpec) -> None:
    """ "Obojętnie", "nie wiem": an answer where any will do, a reason to explain where it won't."""
    if slot.optional:
        ctx.facts[slot.name] = ANY
        ctx.frame.misses = 0
        await task.advance(ctx)
        return
    ctx.speaker.say(slot.explanation(task.name))
    await _missed(task, ctx, understood=True)


async def _missed(task: Task[World], ctx: TaskContext[World], *, understood: bool = False) -> None:
    """No answer. One that was `understood` ("nie wiem") gets the plain question again."""
    ctx.frame.misses += 1
    if ctx.frame.misses >= MAX_MISSES:
        ctx.frame.misses = 0
        ctx.speaker.ask(
            "stuck",
            "utter_task_stuck",
            [
                ctx.option("try_again", {"do": "resume"}),
                ctx.option("stop_task", {"do": "say", "intent": "cancel_task"}),
            ],
        )
        return
    await task.ask_again(ctx, missed=not understood)


async def _stop(task: Task[World], ctx: TaskContext[World]) -> None:
    if not task.stops(ctx):
        await _words(task, ctx)
        return
    await task.abandon(ctx)
    frame = ctx.frame
    task.end(ctx)
    ctx.conversation.parked = frame
    ctx.conversation.prompts += 1
    ctx.speaker.say(task.stopped(ctx))
    top = ctx.conversation.top
    if top is not None:
        ctx.frame = top
        await task.ask_again(ctx)


async def _wait(task: Task[World], ctx: TaskContext[World]) -> None:
    ctx.speaker.say("utter_wait")


async def _repeat(task: Task[World], ctx: TaskContext[World]) -> None:
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if about and await task.respond(ctx, about):  # "jeszcze raz" where something can be done again
        return
    if ctx.said_before:
        ctx.speaker.replay(ctx.said_before)
    else:
        await task.ask_again(ctx)


async def _why(task: Task[World], ctx: TaskContext[World]) -> None:
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    spec = task.slots.get(about)
    explanation = spec.explanation(task.name) if spec else f"utter_explain_{task.name}_{about or 'task'}"
    if not ctx.speaker.texts.has(explanation):
        explanation = f"utter_explain_{task.name}_task"
    ctx.speaker.say(explanation)
    await task.ask_again(ctx)


async def _go_back(task: Task[World], ctx: TaskContext[World]) -> None:
    """Back one question: the one before the open one is asked again."""
    asked = ctx.frame.asked
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if await task.step_back(ctx, about):
        return
    if asked and asked[-1] == about:
        asked.pop()
    if not asked:
        ctx.speaker.say("utter_nothing_before")
        await task.ask_again(ctx)
        return
    await task.abandon(ctx)
    slot = asked.pop()
    task.take_back(ctx.facts, slot)
    ctx.data.clear()
    await task.advance(ctx)


async def _restart(task: Task[World], ctx: TaskContext[World]) -> None:
    await task.abandon(ctx)
    name = ctx.frame.task
    task.end(ctx)
    ctx.frame = Frame(name)
    ctx.conversation.stack.append(ctx.frame)
    ctx.speaker.say("utter_task_restarted")
    await task.advance(ctx)


async def _resume(task: Task[World], ctx: TaskContext[World]) -> None:
    parked = ctx.conversation.parked
    if ctx.conversation.top is None and parked is not None:
        _bring_back(ctx, parked)
        ctx.frame = parked
    await task.ask_again(ctx)


_CONTROL = {
    "cancel_task": _stop,
    "wait": _wait,
    "repeat": _repeat,
    "why": _why,
    "go_back": _go_back,
    "start_over": _restart,
    "resume": _resume,
}


def _tells_more(turn: Turn, option: Option) -> bool:
    """The message names an option and says something else too: it is read as facts instead."""
    said = len(turn.text.split())
    named = max(len(name.split()) for name in [option.label, *option.names])
    return said > named + 3
