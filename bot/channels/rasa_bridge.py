"""Between the front desk and Rasa: our messages to `UserMessage`, Rasa's replies to `Outgoing`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Restarted

from bot.channels.messages import Emit, Link, Option, OptionKind, Outgoing


class EmittingOutput(OutputChannel):
    """Output channel that hands every reply to `emit` as one neutral message.

    A response's `custom` may hold `card`, `links`, `meta` and `options` beside the usual `text`
    and `buttons` (`{title, payload, kind?}`).
    """

    def __init__(self, emit: Emit, channel: str) -> None:
        self._emit = emit
        self._channel = channel

    def name(self) -> str:
        """Where the patient writes from: Rasa picks the variations of a response by it (R108)."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One response of the domain or of an action."""
        await self._emit(to_outgoing(message))

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """A bare text, as Rasa's own actions send it."""
        await self._emit(Outgoing(text=text))


def to_outgoing(message: Mapping[str, Any]) -> Outgoing:
    """A reply of Rasa as one bubble."""
    custom = message.get("custom") or {}
    buttons = [*(message.get("quick_replies") or ()), *(message.get("buttons") or ())]
    buttons += custom.get("options") or ()
    return Outgoing(
        text=str(message.get("text") or custom.get("text") or ""),
        options=tuple(_option(button) for button in buttons),
        card=custom.get("card"),
        links=tuple(Link(link["label"], link["href"]) for link in custom.get("links") or ()),
        meta=_meta(message),
        upload=custom.get("upload"),
    )


def _meta(message: Mapping[str, Any]) -> dict[str, Any]:
    """For audit, and so that a log-in can take up what needed it: which response this is."""
    meta = dict((message.get("custom") or {}).get("meta") or {})
    if response := message.get("utter_action"):
        meta.setdefault("response", str(response))
    return meta


def _option(button: Mapping[str, Any]) -> Option:
    label = str(button.get("title") or button.get("label"))
    kind: OptionKind = "act" if button.get("kind") == "act" else "reply"
    return Option(label=label, payload=str(button.get("payload") or label), kind=kind)


def parse_payload(payload: str) -> dict[str, Any]:
    """Rasa's `parse_data` for a payload of ours: `/intent`, `/intent/fact` or `/intent{"entity": value}`.

    Raises ValueError for anything else: payloads are written by our own code.
    """
    if not payload.startswith("/"):
        raise ValueError("a payload starts with a slash")
    label, brace, rest = payload[1:].partition("{")
    fields = json.loads(brace + rest) if brace else {}
    name, slash, fact = label.partition("/")
    if slash and isinstance(fields, dict):
        fields = {"fact": fact.strip(), **fields}
    if not name.strip() or not isinstance(fields, dict):
        raise ValueError("a payload is an intent and an object of entities")
    intent = {"name": name.strip(), "confidence": 1.0}
    end = len(payload)
    entities = [
        {"entity": key, "value": value, "start": 0, "end": end, "extractor": "button"}
        for key, value in fields.items()
    ]
    return {"text": payload, "intent": intent, "intent_ranking": [intent], "entities": entities}


class RasaAssistant:
    """`Assistant` over Rasa's message handler (`agent.handle_message` or a channel's callback)."""

    def __init__(self, handle_message: Callable[[UserMessage], Awaitable[Any]], agent: Any = None) -> None:
        self._handle_message = handle_message
        self._agent = agent

    async def finished(self, sender: str, turn: int) -> bool | None:
        """A turn is kept as a whole: its message is in the tracker, or nothing of it is."""
        if self._agent is None:
            return None
        tracker = await self._agent.tracker_store.retrieve(sender)
        message = tracker.latest_message if tracker is not None else None
        return message is not None and int(message.metadata.get("turn") or 0) >= turn

    async def forget(self, sender: str) -> None:
        """The conversation's slots and stack are as at the beginning; what was said stays kept."""
        if self._agent is None:
            return
        async with self._agent.lock_store.lock(sender):
            tracker = await self._agent.tracker_store.retrieve(sender)
            if tracker is not None:
                tracker.update(Restarted())
                tracker.update(ActionExecuted(ACTION_LISTEN_NAME))  # Rasa waits for a message again
                await self._agent.tracker_store.save(tracker)

    async def handle(
        self, sender: str, text: str | None, payload: str | None, metadata: dict[str, Any], emit: Emit
    ) -> None:
        """Text goes through NLU; a button's payload skips it as `parse_data`."""
        channel = str(metadata["channel"])
        message = UserMessage(
            text=text if payload is None else payload,
            output_channel=EmittingOutput(emit, channel),
            sender_id=sender,
            parse_data=None if payload is None else parse_payload(payload),
            input_channel=channel,
            message_id=metadata["message_id"],
            metadata=metadata,
        )
        await self._handle_message(message)
