"""What a task is: what it needs (slots), how it reads facts from a turn, and what comes next.

What every conversation needs beside that is in `running.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from bot.dialogue.slots import SlotSpec, forget
from bot.dialogue.speaker import Speaker
from bot.dialogue.state import Conversation, Frame, Option
from bot.dialogue.turn import Turn

World = TypeVar("World")
ANY = "any"
"""Value of an optional fact the patient does not care about."""


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

    def end(self) -> None:
        """Closes the task."""
        self.conversation.end(self.frame)

    def park(self) -> None:
        """Sets the task aside with its buttons alive."""
        self.conversation.park(self.frame)

    def option(self, label: str, act: Mapping[str, Any], *names: str, **values: Any) -> Option:
        """An option whose label is the response `utter_label_<label>`."""
        return Option(self.speaker.texts.label(label, **values), dict(act), list(names))


class Task(ABC, Generic[World]):
    """A thing the patient wants done. Subclasses are stateless: state lives in the frame."""

    name: ClassVar[str]
    slots: ClassVar[Mapping[str, SlotSpec]]
    down: ClassVar[str] = "utter_portal_down"
    """Response when the portal does not answer."""
    goes_on: ClassVar[bool] = False
    """What is said to it next goes on with what was set aside, facts kept ("a dla dorosłego?")."""
    topic: ClassVar[str] = ""
    """Intent whose facts a short question in the middle of it is about ("a ile się czeka?")."""
    stays: ClassVar[bool] = False
    """When a button of an event begins it anew, the one that is open waits below instead of ending."""
    gives_way: ClassVar[tuple[str, ...]] = ()
    """Questions of its own that are not put again once the patient has begun another task."""
    only_asks: ClassVar[bool] = False
    """A question on the way: the message that asks it may answer the open question of the task below."""

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

    async def why(self, ctx: TaskContext[World], about: str) -> bool:
        """Answers "dlaczego?" at a stage of its own; False: the question is explained and put again."""
        return False

    async def abandon(self, ctx: TaskContext[World]) -> None:
        """Gives back what is held when the task is stopped."""

    def stopped(self, ctx: TaskContext[World]) -> str:
        """Response when the patient stops the task."""
        return "utter_task_stopped"

    def put_off(self, ctx: TaskContext[World]) -> str:
        """Response when the patient puts the task off: what is kept and what is not."""
        own = f"utter_put_off_{self.name}"
        return own if ctx.speaker.texts.has(own) else "utter_put_off"

    def waits_for_a_time(self, ctx: TaskContext[World]) -> bool:
        """Whether a bare "później" wishes for a later time instead of putting the task off."""
        return False

    def stops(self, ctx: TaskContext[World]) -> bool:
        """Whether "rezygnuję" ends the task; a task may read it as a change of what is wanted."""
        return True

    def left(self, ctx: TaskContext[World]) -> bool:
        """Whether a "dzięki" in place of an answer ends the task: nothing is open that would be lost."""
        return False

    async def changed(self, ctx: TaskContext[World]) -> None:
        """New facts: lets go of what was worked out from the old ones."""

    async def step_back(self, ctx: TaskContext[World], about: str) -> bool:
        """Goes back from a stage of its own; False: to the question before."""
        return False

    def take_back(self, facts: dict[str, Any], slot: str) -> None:
        """Clears an answer so that its question comes again ("cofnij")."""
        forget(facts, slot, self.slots)
