"""Everything patients may read, by one editor's rules: replies, labels, buttons, the front desk, safety."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.dialogue.texts import load_responses
from bot.language.morphology import readings
from bot.portal.rules.contacts import CONTACTS
from bot.settings import PROJECT

RESPONSES = load_responses(PROJECT)
PHONE = re.compile(
    r"(?<!\d)(?:\+48 ?)?\d{2,3}(?:[ -]?\d{2,3}){2,3}(?!\d)|(?<![\d,.])(?:112|116 \d{3}|99[789])(?![\d,.])"
)
ADDRESS = re.compile(r"[\w.]+@[\w.]+\w|(?:www\.|\b)[\w-]+(?:\.[\w-]+)*\.(?:pl|com|eu|org)\b[\w./-]*")
OTHER_LANGUAGES = {"utter_foreign_language"}
ENGLISH = re.compile(
    r"\b(?:slot|booking|feedback|email|mail|update|user|error|timeout|support|reset|account|sorry|please|button|"
    r"deadline|check|chat|bot|fallback|ticket|link do|helpline)\b(?! in\b)",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(?:API|NLU|JSON|serwer\w*|encj\w+|intencj\w+|parametr\w*|rekord\w*|endpoint\w*|kod błędu)\b"
)
GENDERED = re.compile(
    r"\w\([aąeęyi]\w{0,2}\)|\b\w+(?:łem|łam|łeś|łaś|łbyś|łabyś)\b|\b(?:pewny|pewna|gotowy|gotowa) \?"
)
WORDS_IN_SENTENCE = 34
LABEL = 34
"""Characters: what fits on a button of a phone."""


def texts() -> Iterator[tuple[str, str]]:
    """(where, text) of every sentence that may be shown."""
    for name, variants in RESPONSES.items():
        for number, variant in enumerate(variants):
            yield f"{name} {number}", str(variant.get("text") or "")
    for file in ("bot/channels/texts.yml", "bot/safety/data/replies.yml"):
        loaded = yaml.safe_load((PROJECT / file).read_text("utf-8"))
        yield from ((f"{file} {where}", text) for where, text in strings(loaded, ""))


def strings(node: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield where, node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in {"href", "payload"}:
                yield from strings(value, f"{where}/{key}")
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, where)


def shows_gender(found: str) -> bool:
    """A verb of the past, or a choice of endings; "odwołam" and "hasłem" only look like one."""
    known = readings(found.lower())
    return not known or any(reading.tag.startswith("praet") for reading in known)


def labels() -> Iterator[tuple[str, str]]:
    for name, variants in RESPONSES.items():
        for variant in variants:
            if name.startswith("utter_label_"):
                yield name, str(variant.get("text") or "")
            for button in variant.get("buttons") or ():
                yield name, str(button["title"])


ALL = dict(texts())
KNOWN_DIGITS = {re.sub(r"\D", "", number) for c in CONTACTS.values() for number in (c.value, *c.also)} - {""}
KNOWN_ADDRESSES = [c.value.lower().rstrip("/") for c in CONTACTS.values()]


@pytest.mark.parametrize("where", sorted(ALL))
def test_only_contacts_of_the_registry(where: str) -> None:
    for phone in PHONE.findall(ALL[where]):
        digits = re.sub(r"\D", "", phone.replace("+48", ""))
        assert digits in KNOWN_DIGITS, phone
    for address in ADDRESS.findall(ALL[where]):
        assert address.lower().rstrip("./") in KNOWN_ADDRESSES, address


@pytest.mark.parametrize("where", sorted(ALL))
def test_plain_polish(where: str) -> None:
    if where.split()[0] in OTHER_LANGUAGES:
        return
    if "/problems/" in where:  # read by programs that call the Chat API wrongly
        return
    text = re.sub(r"\{\w+\}|https?://\S+|[\w.]+@\S+|e-check in|e-mail\w*", "", ALL[where])
    assert not ENGLISH.search(text), ENGLISH.search(text)
    assert not JARGON.search(text), JARGON.search(text)
    gendered = [found.group() for found in GENDERED.finditer(text) if shows_gender(found.group())]
    assert not gendered, gendered


@pytest.mark.parametrize("where", sorted(ALL))
def test_one_question_and_short_sentences(where: str) -> None:
    text = ALL[where]
    quoted = re.sub(r"„[^”]*”", "", text)
    assert quoted.count("?") <= 1, "one question a message"
    for sentence in re.split(r"(?<=[.!?:])\s+|\n", text):
        assert len(sentence.split()) <= WORDS_IN_SENTENCE, sentence


def test_labels_fit_on_a_button() -> None:
    assert [f"{name}: {label}" for name, label in labels() if len(label) > LABEL or not label.strip()] == []
