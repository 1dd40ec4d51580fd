"""How a task speaks: responses with variables, and questions with options one can tap."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Conversation, Option, Prompt
from bot.dialogue.texts import Texts
from bot.dialogue.turn import PRESS


class Speaker:
    """Collects the replies of one turn, and opens the questions they ask."""

    def __init__(self, dispatcher: CollectingDispatcher, texts: Texts, conversation: Conversation) -> None:
        self._dispatcher = dispatcher
        self.texts = texts
        self._conversation = conversation

    @property
    def silent(self) -> bool:
        """Nothing has been said in this turn yet."""
        return not self._dispatcher.messages

    def say(
        self,
        response: str,
        *,
        card: Mapping[str, Any] | None = None,
        upload: Mapping[str, str] | None = None,
        **values: Any,
    ) -> None:
        """Utters a response of the domain; `values` fill its variables and stay with it as facts.

        `upload` tells the channel to send a file it keeps (`file`) to the portal (`attachment_id`).
        """
        custom = {name: dict(part) for name, part in (("card", card), ("upload", upload)) if part}
        self._dispatcher.utter_message(response=response, json_message=custom or None, **values)

    def ask(
        self,
        about: str,
        response: str,
        options: Sequence[Option] = (),
        *,
        card: Mapping[str, Any] | None = None,
        spec: SlotSpec | None = None,
        links: Sequence[Mapping[str, str]] = (),
        **values: Any,
    ) -> None:
        """Utters a response that expects an answer, with its options as buttons.

        `spec` is given where the answer is free text; `links` are `{label, href}` (https, tel, mailto).
        """
        prompt = self._conversation.open(about, list(options))
        if spec is not None:
            prompt.free_text, prompt.text_of = spec.free_text, list(spec.text_of)
            prompt.not_of = list(spec.not_of)
        buttons = buttons_of(prompt)
        custom: dict[str, Any] = {"card": dict(card)} if card else {}
        if links:
            custom["links"] = [dict(link) for link in links]
        self._dispatcher.utter_message(
            response=response, buttons=buttons, json_message=custom or None, **values
        )

    def replay(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Says again what was said, buttons included (they are still the open ones)."""
        for message in messages:
            data = message.get("data") or {}
            self._dispatcher.utter_message(
                text=message.get("text"), buttons=data.get("buttons"), json_message=data.get("custom")
            )


def buttons_of(prompt: Prompt | None) -> list[dict[str, Any]]:
    """The buttons of a question."""
    return [
        {"title": option.label, "payload": press_payload(prompt.key(index)), **button_hints(option)}
        for index, option in enumerate(prompt.options if prompt else ())
        if prompt is not None
    ]


def press_payload(key: str) -> str:
    """What a button sends: the intent `press` with the option's key."""
    return f"/{PRESS}{json.dumps({'key': key}, separators=(',', ':'))}"


def button_hints(option: Option) -> dict[str, Any]:
    """How the option wants to look; a channel that does not know ignores it."""
    hints: dict[str, Any] = {}
    if option.act.get("look"):
        hints["look"] = option.act["look"]
    if option.act.get("look") == "act":
        hints["kind"] = "act"  # changes something: works once
    return hints
