"""Between the front desk and Rasa."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.messages import Link, Option, Outgoing
from bot.channels.rasa_bridge import EmittingOutput, RasaAssistant, parse_payload, to_outgoing

METADATA = {"channel": "web", "message_id": "m1", "now": "2026-11-23T09:00:00+01:00", "turn": 4}


async def _handle(
    text: str | None, payload: str | None, *replies: dict[str, Any]
) -> tuple[Any, list[Outgoing]]:
    heard: list[UserMessage] = []
    said: list[Outgoing] = []

    async def rasa(message: UserMessage) -> None:
        heard.append(message)
        for reply in replies:
            await message.output_channel.send_response(message.sender_id, reply)

    async def emit(message: Outgoing) -> None:
        said.append(message)

    await RasaAssistant(rasa).handle("web-1", text, payload, METADATA, emit)
    return heard[0], said


async def test_a_text_goes_through_understanding() -> None:
    message, said = await _handle("umów wizytę", None, {"text": "Do kogo?"})
    assert (message.text, message.parse_data, message.sender_id) == ("umów wizytę", None, "web-1")
    assert (message.input_channel, message.message_id, message.metadata) == ("web", "m1", METADATA)
    assert said == [Outgoing(text="Do kogo?")]


async def test_a_press_skips_understanding() -> None:
    message, _ = await _handle(None, '/press{"key": "7-2"}')
    assert message.parse_data["intent"] == {"name": "press", "confidence": 1.0}
    assert [(e["entity"], e["value"]) for e in message.parse_data["entities"]] == [("key", "7-2")]


def test_payloads() -> None:
    assert parse_payload("/affirm")["entities"] == []
    nested = parse_payload('/press{"key": "1", "filters": {"day": [1, 2]}}')
    assert nested["entities"][1]["value"] == {"day": [1, 2]}
    for wrong in ("press", "/", '/press{"key"', "/press{1}", ""):
        with pytest.raises(ValueError):
            parse_payload(wrong)


def test_a_reply_of_rasa_is_one_bubble() -> None:
    reply = {
        "text": "Czy umówić?",
        "buttons": [
            {"title": "Tak", "payload": "/affirm", "kind": "act"},
            {"title": "Nie", "payload": "/deny"},
        ],
        "custom": {
            "card": {"kind": "list", "items": []},
            "links": [{"label": "Portal", "href": "https://portal.example"}],
            "meta": {"rule": "R42"},
        },
    }
    assert to_outgoing(reply) == Outgoing(
        text="Czy umówić?",
        options=(Option("Tak", "/affirm", "act"), Option("Nie", "/deny")),
        card={"kind": "list", "items": []},
        links=(Link("Portal", "https://portal.example"),),
        meta={"rule": "R42"},
    )


async def test_rasas_own_texts_are_one_bubble_each() -> None:
    said: list[Outgoing] = []

    async def emit(message: Outgoing) -> None:
        said.append(message)

    await EmittingOutput(emit, "web").send_text_message("web-1", "jedno\n\ndrugie")
    assert said == [Outgoing(text="jedno\n\ndrugie")]


async def test_variations_of_a_response_follow_the_patients_channel() -> None:
    async def emit(_: object) -> None:
        pass

    assert EmittingOutput(emit, "app").name() == "app"
