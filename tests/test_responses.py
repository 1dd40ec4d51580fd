"""The words patients read: all there, all used, only contacts of the registry, readable."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.dialogue.texts import Texts, load_responses
from bot.portal.rules.contacts import CONTACTS
from bot.settings import PROJECT

RESPONSES = load_responses(PROJECT)
TEXTS = {name: str(variant.get("text") or "") for name, variants in RESPONSES.items() for variant in variants}
LITERAL = re.compile(r"[\"'](utter_\w+)[\"']")
LABEL = re.compile(r"(?:ctx\.option|say_intent\(ctx,|fill\(ctx,|texts\.label)\(?\s*[\"'](\w+)[\"']")
PHONE = re.compile(r"(?<![\w])\d{2,3}(?:[ -]\d{2,3}){2,3}(?![\w])")
MAIL = re.compile(r"[\w.]+@[\w.]+\w")
LONGEST = 460
"""Characters; longer replies are not read on a phone."""


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "bot").rglob("*.py")))


def test_every_response_named_in_code_exists() -> None:
    named = {name for name in LITERAL.findall(sources()) if not name.endswith("_")}
    assert sorted(named - set(RESPONSES) - {"utter_action"}) == []  # Rasa's own key


def test_every_label_named_in_code_exists() -> None:
    labels = {f"utter_label_{name}" for name in LABEL.findall(sources())}
    assert sorted(labels - set(RESPONSES)) == []


def test_every_rule_utters_something_that_exists() -> None:
    stories = "\n".join(path.read_text("utf-8") for path in (PROJECT / "data" / "stories").glob("*.yml"))
    assert sorted(set(re.findall(r"action: (utter_\w+)", stories)) - set(RESPONSES)) == []


def test_every_intent_with_a_plain_answer_has_one() -> None:
    stories = "\n".join(path.read_text("utf-8") for path in (PROJECT / "data" / "stories").glob("*.yml"))
    answered = re.findall(r"intent: (\w+)\}, \{action: action_answer\}", stories)
    assert answered
    assert sorted({f"utter_{intent}" for intent in answered} - set(RESPONSES)) == []


def test_every_fact_named_by_a_button_has_a_reply() -> None:
    payloads = {
        button["payload"].lstrip("/")
        for variants in RESPONSES.values()
        for variant in variants
        for button in variant.get("buttons") or ()
    }
    assert (
        sorted(f"utter_{name}" for name in payloads if "/" in name and f"utter_{name}" not in RESPONSES) == []
    )


def test_every_button_payload_names_an_intent_of_the_domain() -> None:
    domain = (PROJECT / "domain.yml").read_text("utf-8")
    payloads = {
        button["payload"].lstrip("/").partition("/")[0]
        for variants in RESPONSES.values()
        for variant in variants
        for button in variant.get("buttons") or ()
    }
    assert sorted(name for name in payloads if f"\n- {name}\n" not in domain) == []


def test_only_contacts_of_the_registry_are_uttered() -> None:
    known = " ".join(str(value) for contact in CONTACTS.values() for value in vars_of(contact))
    digits = re.sub(r"\D", "", known)
    for name, text in TEXTS.items():
        for phone in PHONE.findall(text):
            assert re.sub(r"\D", "", phone) in digits, f"{name}: {phone}"
        for mail in MAIL.findall(text):
            assert mail.lower() in known.lower(), f"{name}: {mail}"


def vars_of(contact: object) -> list[object]:
    slots = getattr(type(contact), "__slots__", None) or vars(contact)
    return [getattr(contact, slot) for slot in slots]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_text_is_readable(name: str) -> None:
    text = TEXTS[name]
    assert text.strip(), "empty"
    assert len(text) <= LONGEST, f"{len(text)} characters"
    assert text.count("?") <= 2, "one question a message"
    assert "  " not in text
    assert not re.search(r"\b(?:[Pp]an|[Pp]ani|[Pp]aństw\w+)\b", text), "gender-neutral"
    assert not re.search(r"\b\w+(?:łem|łam|łeś|łaś)\b", text), "a verb that shows gender"


def test_a_missing_variable_is_an_error_not_a_hole() -> None:
    texts = Texts({"utter_x": "Termin: {when}"})
    assert texts.get("utter_x", when="jutro") == "Termin: jutro"
    with pytest.raises(KeyError):
        texts.get("utter_x")


def test_no_reply_text_lives_in_python() -> None:
    """Polish letters inside string literals of the dialogue and the actions (docstrings aside)."""
    offenders = []
    for folder in ("actions", "dialogue"):
        for path in sorted((PROJECT / "bot" / folder).rglob("*.py")):
            offenders += [f"{path.name}: {text}" for text in polish_literals(path)]
    assert offenders == []


def polish_literals(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
        and re.search("[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]", node.value)
    ]
