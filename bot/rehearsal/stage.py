"""The stage: one loaded assistant, and for each dialogue a sandbox portal and a clock of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered

from bot.actions.catalogue import Catalogue
from bot.actions.reception import PortalReception
from bot.actions.registry import all_actions
from bot.actions.world import World
from bot.assistant import load_agent
from bot.channels.events.wording import told
from bot.channels.messages import Outgoing
from bot.channels.rasa_bridge import parse_payload
from bot.channels.safety import safety_check
from bot.dialogue.state import CONVERSATION_SLOT, Conversation
from bot.dialogue.texts import Texts, load_responses
from bot.dialogue.turn import PART
from bot.language.times.model import WARSAW
from bot.portal.clock import PortalClock
from bot.portal.dictionaries import DictionaryCache
from bot.portal.errors import PortalProblem
from bot.portal.retry import Timeouts
from bot.portal.rules.decisions import DEFAULT_DECISIONS
from bot.portal.transport import Wire
from bot.sandbox import BASE_URL, Sandbox

_MAGIC = {
    "application/pdf": b"%PDF-1.7",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/heic": b"\x00\x00\x00\x18ftypheic",
}
"""How files of a kind begin."""
PATIENT = Timeouts(60.0, 60.0, 60.0, 60.0, 90.0)
"""A busy machine answers late, and faults of the portal's time come without waiting."""
URGENT = "urgent_help"
"""Name in dialogues of the front desk's own answer to a red flag or a crisis."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the assistant."""

    text: str
    response: str
    """Name of the response in the domain."""
    buttons: tuple[tuple[str, str], ...] = ()
    """(label, payload)."""
    card: Mapping[str, Any] | None = None
    upload: Mapping[str, str] | None = None
    """A file kept by the channel that is to be sent to the portal now."""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """One patient talking."""

    sender: str
    sandbox: Sandbox
    reception: PortalReception
    channel: str
    uploads: bool = False
    patient: str | None = None
    """Key of the sandbox's patient."""
    file: Mapping[str, Any] | None = None
    """What the channel keeps until it is told to send it."""
    files: int = 0
    """How many files were given so far."""
    alarm: str = ""
    """Reply of an alarm that was said a short while ago (`bot/channels/core.py`)."""
    since_alarm: bool = False
    """Whether the patient said something since."""

    def now(self) -> datetime:
        """The portal's clock."""
        return self.sandbox.engine.clock.now()


class Stage:
    """Loads the model once; many dialogues play on it at the same time."""

    def __init__(self, model: Path, project: Path) -> None:
        self._sessions: dict[str, Session] = {}
        self._dictionaries = DictionaryCache()
        self._agent = load_agent(model, all_actions(self, Texts.load(project)), load_responses(project))

    async def world(self, sender: str) -> World:
        """Reception of actions: every sender has a portal of its own."""
        return await self._sessions[sender].reception.world(sender)

    async def open(
        self,
        sender: str,
        now: datetime,
        patient: str | None,
        patch: Mapping[str, Any],
        channel: str,
        decisions: Mapping[str, Any] | None = None,
        *,
        uploads: bool = False,
        step_up: bool = False,
    ) -> Session:
        """A fresh portal world at a frozen moment, and a patient in front of it."""
        sandbox = Sandbox(now=now, patch=dict(patch))
        await sandbox.reset(now=now, patch=dict(patch))
        clock = PortalClock(sandbox.engine.clock.now)
        wire = Wire(BASE_URL, transport=sandbox.transport(), clock=clock, sleep=_no_sleep, timeouts=PATIENT)

        async def session_of(_: str) -> Any:
            return None if patient is None else Patient(sandbox.token(patient, step_up=step_up), channel)

        decided = replace(DEFAULT_DECISIONS, **(decisions or {}))
        reception = PortalReception(wire, session_of, self._dictionaries, decisions=decided)
        session = Session(sender, sandbox, reception, channel, uploads, patient)
        self._sessions[sender] = session
        return session

    async def close(self, session: Session) -> None:
        """Ends the dialogue's portal."""
        del self._sessions[session.sender]
        session.sandbox.close()

    async def turn(self, session: Session, text: str | None, payload: str | None) -> list[Reply]:
        """One message in, the replies out."""
        urgent = safety_check(text) if text is not None and payload is None else None
        if urgent is not None:  # as at the front desk: answered before anything else, the task stays open
            session.alarm, session.since_alarm = str(urgent.meta["reply"]), False
            return [_alarm(urgent)]
        if payload is not None:
            session.alarm = ""
        replies = await self._say(session, text, payload)
        upload = next((reply.upload for reply in replies if reply.upload), None)
        return replies if upload is None else [*replies, *await self._send_file(session, upload)]

    async def give_file(self, session: Session, file: Mapping[str, Any]) -> list[Reply]:
        """The channel has a file: the conversation is told its kind and size, never its name or content."""
        session.file = file
        session.files += 1
        said = {"file": f"file-{session.files}", "file_type": file["type"], "file_size": file["size"]}
        return await self.turn(session, None, f"/file_offered{json.dumps(said)}")

    async def happen(self, session: Session, event: Mapping[str, Any]) -> list[Reply]:
        """The portal does something and tells it; the front desk's own message, named after the event.

        A watch needs no id: the newest one is meant.
        """
        data = {name: value for name, value in event.items() if name != "type"}
        if event["type"] == "watch.slot_found":
            watches = (await session.sandbox.state())["watches"]
            if not watches:
                return []
            data.setdefault("watch_id", watches[-1]["id"])
        sent = await session.sandbox.emit(str(event["type"]), session.patient or "", data)
        catalogue = await self.catalogue(session)
        lists: Mapping[str, Mapping[str, Any]] = {"services": catalogue.services, "cities": catalogue.cities}

        def name_of(kind: str, name: str) -> str:
            known = lists[kind].get(name)
            return known.name if known is not None else ""

        message = told(sent["type"], sent["data"], session.now(), name_of)
        if message is None:
            return []
        buttons = tuple((option.label, option.payload) for option in message.message.options)
        return [Reply(message.message.text, str(sent["type"]), buttons)]

    async def _send_file(self, session: Session, upload: Mapping[str, str]) -> list[Reply]:
        """The channel sends the bytes to the portal and reports what came of it, as the front desk would."""
        file = session.file or {}
        content = _MAGIC[str(file.get("content", file["type"]))].ljust(int(file["size"]), b" ")
        report = {"attachment_id": upload["attachment_id"]}
        world = await self.world(session.sender)
        try:
            await world.signed_in()[0].upload(upload["attachment_id"], content)
        except PortalProblem as problem:
            report["code"] = problem.code
        name = "file_failed" if "code" in report else "file_uploaded"
        return await self._say(session, None, f"/{name}{json.dumps(report)}")

    async def _say(self, session: Session, text: str | None, payload: str | None) -> list[Reply]:
        now = session.now().astimezone(WARSAW)
        message = UserMessage(
            text=payload if payload is not None else text,
            output_channel=_Output(session.channel),
            sender_id=session.sender,
            parse_data=None if payload is None else parse_payload(payload),
            input_channel=session.channel,
            metadata={
                "now": now.isoformat(),
                "channel": session.channel,
                "uploads": session.uploads,
                "alarm": session.alarm,
                "alarm_since": session.since_alarm,
            },
        )
        session.since_alarm = bool(session.alarm)
        await self._agent.handle_message(message)
        return await self._replies(session.sender)

    async def catalogue(self, session: Session) -> Catalogue:
        """The dictionaries of the dialogue's portal."""
        world = await session.reception.world(session.sender)
        if world.catalogue is None:  # a visitor who has not logged in: read as anybody else
            other = await self.open(f"{session.sender}-reader", session.now(), "full", {}, session.channel)
            try:
                return (await other.reception.world(other.sender)).signed_in()[1]
            finally:
                await self.close(other)
        return world.catalogue

    async def understood(self, session: Session) -> str:
        """Intent and entities of the last message, for the transcript."""
        tracker = await self._agent.tracker_store.retrieve(session.sender)
        message = tracker.latest_message if tracker else None
        if message is None:
            return ""
        intent = message.intent.get("name")
        confidence = float(message.intent.get("confidence") or 0)
        found = [
            f"{e['entity']}={e.get('value')}" for e in message.entities if e["entity"] not in {"time", "when"}
        ]
        return f"{intent} {confidence:.2f} {' '.join(found)}".strip()

    async def open_question(self, session: Session) -> tuple[str, str] | None:
        """The task on top, else the one set aside, and what its question is about."""
        tracker = await self._agent.tracker_store.retrieve(session.sender)
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT) if tracker else None)
        frame = conversation.top or conversation.parked
        return (frame.task, frame.prompt.about) if frame is not None and frame.prompt is not None else None

    async def _replies(self, sender: str) -> list[Reply]:
        tracker = await self._agent.tracker_store.retrieve(sender)
        replies: list[Reply] = []
        for event in reversed(list(tracker.events) if tracker else []):
            if isinstance(event, UserUttered) and PART not in event.metadata:
                break
            if isinstance(event, BotUttered):
                replies.append(_reply(event))
        return replies[::-1]


class _Output(CollectingOutputChannel):  # type: ignore[misc]
    """Collects what is said, under the name of the patient's channel (R108)."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:
        """As the front desk's output is named."""
        return self._channel


@dataclass(frozen=True, slots=True)
class Patient:
    token: str
    channel: str


async def _no_sleep(_: float) -> None:
    """Retries do not wait in a rehearsal."""


def _alarm(message: Outgoing) -> Reply:
    buttons = tuple((option.label, option.payload) for option in message.options)
    return Reply(message.text, URGENT, buttons, values=dict(message.meta))


def _reply(event: BotUttered) -> Reply:
    buttons = event.data.get("buttons") or ()
    custom = event.data.get("custom") or {}
    return Reply(
        text=event.text or "",
        response=str(event.metadata.get("utter_action") or ""),
        buttons=tuple((str(b["title"]), str(b["payload"])) for b in buttons),
        card=custom.get("card"),
        upload=custom.get("upload"),
        values={k: v for k, v in event.metadata.items() if k != "utter_action"},
    )
