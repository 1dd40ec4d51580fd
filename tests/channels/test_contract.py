"""docs/chat-api.yaml and the server say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.channels.web import ROUTES

DOCUMENT = yaml.safe_load((Path(__file__).parents[2] / "docs/chat-api.yaml").read_text("utf-8"))
WORDS = (
    "hej",
    "opcje",
    "kalendarz",
    "terminy",
    "potwierdzenie",
    "lista",
    "plik",
    "linki",
    "boli mnie w klatce",
)


def check(name: str, value: Any) -> None:
    """Valid against a schema of the document."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


def test_every_operation_is_served_and_documented() -> None:
    documented = {
        (method.upper(), "/api/v1" + path)
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method != "parameters"
    }
    served = {
        (
            method,
            path.replace("<conversation:str>", "{conversation}")
            .replace("<seq:str>", "{seq}")
            .replace("<link:str>", "{link}")
            .replace("<device:str>", "{device}"),
        )
        for method, path, _ in ROUTES.values()
    }
    assert served == documented


async def test_answers_match_the_document(served: Any) -> None:
    for sub in ("p1", None):
        patient = await served.patient(sub)
        check("Conversation", patient.opened)
        for word in WORDS:
            answer = await patient.send(word)
            check("Taken", answer.json())
            await patient.replies(after=answer.json()["seq"])
        history = await patient.messages(after=0)
        check("History", {"messages": history, "last": history[-1]["seq"]})
        async with patient.events() as events:
            for _ in history:
                check("Message", (await anext(events))["data"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "x" * 2001, "client_message_id": "6f1c0a52-3f0e-4b7e-9a53-0d6f4f3b1c11"}, "text_too_long"),
        ({}, "unknown_field"),
    ],
)
async def test_problems_match_the_document(served: Any, body: dict[str, Any], code: str) -> None:
    patient = await served.patient("p1")
    problem = (await patient.post(body)).json()
    check("Problem", problem)
    assert problem["code"] == code


def test_every_reason_has_a_text_and_is_documented() -> None:
    texts = yaml.safe_load((Path(__file__).parents[2] / "bot/channels/texts.yml").read_text("utf-8"))
    documented = DOCUMENT["components"]["schemas"]["Problem"]["properties"]["reason"]["enum"]
    assert set(texts["files"]) == set(documented)
    assert set(texts["file_codes"].values()) <= set(documented)


def test_every_code_has_a_text_and_is_documented() -> None:
    texts = yaml.safe_load((Path(__file__).parents[2] / "bot/channels/texts.yml").read_text("utf-8"))
    documented = DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    assert set(texts["problems"]) == set(documented)


def test_the_walk_through_asks_for_what_is_there() -> None:
    """Every request of docs/chat-api.md is an operation of the document, and all but the links are shown."""
    page = (Path(__file__).parents[2] / "docs/chat-api.md").read_text("utf-8").replace("\\\n", " ")
    shown: set[tuple[str, str]] = set()
    for line in re.findall(r"curl [^\n]*", page):
        address = re.search(r'"\$API(/[^"?]*)', line)
        if address is None:
            continue
        named = re.search(r"-X ([A-Z]+)", line)
        path = address[1].replace("$CONVERSATION", "{conversation}").replace("$DEVICE", "{device}")
        shown.add((named[1].lower() if named else "get", re.sub(r"/files/\d+", "/files/{seq}", path)))
    documented = {
        (method, path)
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method != "parameters" and not path.startswith("/links")
    }
    assert shown == documented
