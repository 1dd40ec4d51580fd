"""Facts of the messages, of the replies and of the tests are the same."""

import re
from pathlib import Path

import yaml

from bot.dialogue.asides import answers
from bot.dialogue.texts import load_responses
from bot.settings import PROJECT

LABEL = re.compile(r"^- intent: (\w+/\w+)$", re.MULTILINE)
INTENT = re.compile(r"^- intent: (\w+)", re.MULTILINE)
LEAST_WORDINGS = 3


def labels(folder: Path) -> set[str]:
    return {label for file in folder.glob("*.yml") for label in LABEL.findall(file.read_text("utf-8"))}


MESSAGES = labels(PROJECT / "data" / "nlu")
REPLIES = {name.removeprefix("utter_") for name in load_responses(PROJECT) if "/" in name}
ASIDES = {reply for replies in answers().values() for reply in replies.values()}
"""Replies to questions about the topic at hand, whatever their few words are near to: no facts of messages."""
WORDINGS = {
    label: texts
    for file in sorted((PROJECT / "tests" / "facts").glob("*.yml"))
    for label, texts in (yaml.safe_load(file.read_text("utf-8")) or {}).items()
}


def test_every_fact_has_a_reply_and_every_such_reply_messages() -> None:
    assert sorted(MESSAGES - REPLIES) == []
    assert sorted(REPLIES - MESSAGES - ASIDES) == []


def test_every_fact_is_asked_for_in_three_other_wordings() -> None:
    assert sorted(MESSAGES - set(WORDINGS)) == []
    assert (
        sorted(label for label, texts in WORDINGS.items() if "/" in label and len(texts) < LEAST_WORDINGS)
        == []
    )
    assert sorted(label for label in WORDINGS if "/" in label and label not in MESSAGES) == []


def test_every_intent_is_explained() -> None:
    data = (PROJECT / "data" / "nlu").glob("*.yml")
    intents = {name for file in data for name in INTENT.findall(file.read_text("utf-8"))}
    explained = set(re.findall(r"`(\w+)`", (PROJECT / "docs" / "intents.md").read_text("utf-8")))
    assert explained == intents
