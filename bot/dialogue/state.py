"""What a conversation remembers: the stack of open tasks, the open question and its options.

Kept in one slot as plain JSON. Nothing that identifies the patient belongs here: dependants are
named by their place in the portal's list, and tokens never come near it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

CONVERSATION_SLOT = "conversation"
CONSENT = "consent"
"""What a question is about whose "tak" changes something outside: a number is no answer to it, a bare
thank-you neither."""
REFUSED = "refused"
"""Subject of a prompt that refuses and names the ways out."""
PROOF = "step_up"
"""What a prompt is about that waits for something done elsewhere first: proving who one is, in the portal."""
LISTED = "listed"
"""What a prompt is about that only tells: its options, and a bare yes or no, go on with it."""
DONE = "done"
"""What a prompt is about that tells what was done and asks nothing: only its options go on with it."""
REMEMBERED_PROMPTS = 6
"""How many prompts back a pressed button is still recognised (and answered as out of date)."""


@dataclass(slots=True)
class Option:
    """Something the patient can tap, or name, or count to."""

    label: str
    act: dict[str, Any]
    """What it does: {"do": "fill", ...}, {"do": "say", "intent": ...}; see task.py."""
    names: list[str] = field(default_factory=list)
    """Other words that mean this option."""
    cue: str = ""
    """Name of a cue: one of its words inside a sentence means this option as well."""


@dataclass(slots=True)
class Prompt:
    """The open question. Options are pressed by key `<number>.<index>`."""

    number: int
    about: str
    """The slot asked for, or the stage: "offer", "consent"."""
    options: list[Option] = field(default_factory=list)
    free_text: bool = False
    """The patient's own words are the answer (SlotSpec)."""
    text_of: list[str] = field(default_factory=list)
    not_of: list[str] = field(default_factory=list)

    def key(self, index: int) -> str:
        """The key of an option, unique in the conversation."""
        return f"{self.number}.{index}"


@dataclass(slots=True)
class Frame:
    """One open task."""

    task: str
    facts: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    prompt: Prompt | None = None
    asked: list[str] = field(default_factory=list)
    """Slots asked so far, oldest first: what "wróć" walks back."""
    misses: int = 0
    """Turns in a row that did not answer the open question."""
    topic: str = ""
    """`Task.topic`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of several requests of a message, not yet done."""

    message: dict[str, Any]
    """In the form of a Rasa message: text, intent, entities."""
    depth: int
    """It is done once no more tasks than this are open."""
    meant: bool = False
    """It is the message just written, read as the patient says that it was meant."""


@dataclass(slots=True)
class Conversation:
    """All open tasks, the top one last."""

    stack: list[Frame] = field(default_factory=list)
    parked: Frame | None = None
    """The task that was stopped last: one tap brings it back."""
    prompts: int = 0
    old: dict[str, str] = field(default_factory=dict)
    """Prompts no longer open, number -> what they were about."""
    turns: int = 0
    unclear: int = 0
    """Messages in a row that were not understood outside of tasks."""
    answered: str = ""
    """The task that answered a question last: "a kardiolog?" puts the same question again."""
    topic: str = ""
    """`intent/fact` of the plain question answered last, see topic.py."""
    subject: dict[str, str] = field(default_factory=dict)
    """What a plain answer just given was about, kind of thing -> id: "Umów wizytę" under it means that."""
    booked: str = ""
    """Id of the visit booked last in this conversation: the portal does not tell when one was booked."""
    waiting: list[Waiting] = field(default_factory=list)
    """What the patient asked for in the same message, to be done later, in order."""
    clarified: Frame | None = None
    """The question what an unclear message meant, see clarifying.py."""

    @property
    def due(self) -> bool:
        """Whether the next of what waits can be done now."""
        return bool(self.waiting) and len(self.stack) <= self.waiting[0].depth

    @property
    def top(self) -> Frame | None:
        """The task being worked on."""
        return self.stack[-1] if self.stack else None

    def takes_up(self, wanted: bool) -> bool:
        """Whether a wanted message goes on with the task that was set aside (and nothing else is open)."""
        return wanted and self.top is None and self.parked is not None

    def open(self, about: str, options: list[Option]) -> Prompt:
        """Opens a question for the top task; the one before it becomes out of date."""
        return self.ask_in(self.stack[-1], about, options)

    def ask_in(self, frame: Frame, about: str, options: list[Option]) -> Prompt:
        """Opens a question for this task."""
        self.close_prompt(frame)
        self.prompts += 1
        frame.prompt = Prompt(self.prompts, about, options)
        return frame.prompt

    def close_prompt(self, frame: Frame) -> None:
        """Closes a task's question; its buttons are out of date from now on."""
        if frame.prompt is None:
            return
        self.old[str(frame.prompt.number)] = frame.prompt.about
        while len(self.old) > REMEMBERED_PROMPTS:
            del self.old[next(iter(self.old))]
        frame.prompt = None

    def end(self, frame: Frame) -> None:
        """Closes a task: its question is out of date and it is not on the stack any more."""
        self.close_prompt(frame)
        if frame in self.stack:
            self.stack.remove(frame)

    def park(self, frame: Frame) -> None:
        """Sets a task aside with its buttons alive: what was refused goes on in one tap, and only then."""
        if frame in self.stack:
            self.stack.remove(frame)
        self.parked = frame

    def bring_back(self, frame: Frame) -> None:
        """Puts a task that was set aside on top again."""
        self.parked = None
        self.stack.append(frame)

    def find(self, key: str) -> tuple[Frame, Option] | None:
        """The option behind a pressed key, if its question is still open in any task."""
        number, _, index = key.partition(".")
        for frame in self._frames():
            prompt = frame.prompt
            if prompt is not None and str(prompt.number) == number and index.isdigit():
                position = int(index)
                if position < len(prompt.options):
                    return frame, prompt.options[position]
        return None

    def _frames(self) -> Iterator[Frame]:
        yield from reversed(self.stack)
        if self.parked is not None:
            yield self.parked
        if self.clarified is not None:
            yield self.clarified

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for the slot."""
        return {
            "stack": [_frame_to_json(frame) for frame in self.stack],
            "parked": _frame_to_json(self.parked) if self.parked else None,
            "prompts": self.prompts,
            "old": self.old,
            "turns": self.turns,
            "unclear": self.unclear,
            "answered": self.answered,
            "topic": self.topic,
            "subject": self.subject,
            "booked": self.booked,
            "waiting": [
                {"message": one.message, "depth": one.depth, "meant": one.meant} for one in self.waiting
            ],
            "clarified": _frame_to_json(self.clarified) if self.clarified else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Conversation:
        """Reads the slot; an empty slot is a new conversation."""
        if not data:
            return cls()
        data = _copied(data)  # the slot's value is shared with the tracker's events
        parked = data.get("parked")
        return cls(
            stack=[_frame_from_json(frame) for frame in data.get("stack") or ()],
            parked=_frame_from_json(parked) if parked else None,
            prompts=int(data.get("prompts") or 0),
            old=dict(data.get("old") or {}),
            turns=int(data.get("turns") or 0),
            unclear=int(data.get("unclear") or 0),
            answered=str(data.get("answered") or ""),
            topic=str(data.get("topic") or ""),
            subject=dict(data.get("subject") or {}),
            booked=str(data.get("booked") or ""),
            waiting=[
                Waiting(dict(one["message"]), int(one["depth"]), bool(one.get("meant")))
                for one in data.get("waiting") or ()
            ],
            clarified=_frame_from_json(data["clarified"]) if data.get("clarified") else None,
        )


def _copied(value: Any) -> Any:
    """A copy of plain JSON; several times faster than `deepcopy`, which runs three times a turn."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(item) for item in value]
    return value


def _frame_to_json(frame: Frame) -> dict[str, Any]:
    prompt = frame.prompt
    return {
        "task": frame.task,
        "facts": frame.facts,
        "data": frame.data,
        "prompt": None
        if prompt is None
        else {
            "number": prompt.number,
            "about": prompt.about,
            "options": [
                {"label": o.label, "act": o.act, "names": o.names, "cue": o.cue} for o in prompt.options
            ],
            "free_text": prompt.free_text,
            "text_of": prompt.text_of,
            "not_of": prompt.not_of,
        },
        "asked": frame.asked,
        "misses": frame.misses,
        "topic": frame.topic,
    }


def _frame_from_json(data: Mapping[str, Any]) -> Frame:
    prompt = data.get("prompt")
    return Frame(
        task=str(data["task"]),
        facts=dict(data.get("facts") or {}),
        data=dict(data.get("data") or {}),
        prompt=None
        if prompt is None
        else Prompt(
            number=int(prompt["number"]),
            about=str(prompt["about"]),
            options=[
                Option(str(o["label"]), dict(o["act"]), list(o.get("names") or ()), str(o.get("cue") or ""))
                for o in prompt.get("options") or ()
            ],
            free_text=bool(prompt.get("free_text")),
            text_of=list(prompt.get("text_of") or ()),
            not_of=list(prompt.get("not_of") or ()),
        ),
        asked=list(data.get("asked") or ()),
        misses=int(data.get("misses") or 0),
        topic=str(data.get("topic") or ""),
    )
