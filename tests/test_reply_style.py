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
OFFICE = re.compile(
    r"\b(?:funkcjonaln\w+|z?weryfik\w+|autoryz\w+|sesj\w+|biometr\w+|proces\w*|procedur\w+|operacj\w+"
    r"|realizacj\w+|dedykowan\w+|aktywacj\w+|finaliz\w+|dokona\w+|osiągnięto|celem|w przypadku gdy"
    r"|przedmiotow\w+|niniejsz\w+|powyższ\w+|poniższ\w+|posiada\w*)\b",
    re.IGNORECASE,
)
"""Words of computers and of offices: whoever is seventy should need no second reading."""
GENDERED = re.compile(r"\w\([aąeęyi]\w{0,2}\)|\b\w+(?:łem|łam|łeś|łaś|łbyś|łabyś|łbym|łabym)\b")
ADDRESSED = re.compile(r"\b(?:[Pp]an|[Pp]ani|[Pp]aństw\w*)\b|\w/(?:a|ą|ę|y|i|aś|ła|łaś|am)\b")
"""Forms of address that name a sex, and double endings ("zrobiłeś/aś")."""
WORDS_IN_SENTENCE = 34
LABEL = 34
"""Characters: what fits on a button of a phone."""


def texts() -> Iterator[tuple[str, str]]:
    """(where, text) of every sentence that may be shown."""
    for name, variants in RESPONSES.items():
        for number, variant in enumerate(variants):
            yield f"{name} {number}", str(variant.get("text") or "")
    for file in ("bot/channels/texts.yml", "bot/safety/data/replies.yml", "widget/src/texts.pl.json"):
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


def faults(text: str) -> list[str]:
    """Words that no reply may have: English, jargon, office language, forms that show a sex."""
    plain = re.sub(r"\{\w+\}|https?://\S+|[\w.]+@\S+|e-check in|e-mail\w*", "", text)
    found = [each.group() for rule in (ENGLISH, JARGON, OFFICE, ADDRESSED) for each in rule.finditer(plain)]
    return found + [each.group() for each in GENDERED.finditer(plain) if shows_gender(each.group())]


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
    assert faults(ALL[where]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Chętnie pomogę Pani w tej sprawie.",
        "Państwa wizyta jest umówiona.",
        "Czy zrobiłeś/aś już badanie?",
        "Jeśli chciał(a)byś, poszukam.",
        "Czy chciałbyś coś jeszcze?",
        "Wybrałeś termin.",
        "Ta funkcjonalność wymaga weryfikacji.",
        "Autoryzacja się nie udała.",
        "Wybierz wolny slot.",
        "Proszę kliknąć button.",
        "Serwer nie odpowiada, kod błędu 500.",
        "Sesja wygasła.",
        "Nie posiadam takiej informacji.",
    ],
)
def test_the_editor_sees_what_is_wrong(text: str) -> None:
    assert faults(text)


def test_the_editor_lets_plain_words_pass() -> None:
    assert faults("Odwołam wizytę. Hasłem proszę się nie dzielić. Czy umówić termin z panią doktor?") == []


def test_buttons_are_in_plain_polish() -> None:
    assert [f"{name}: {label}" for name, label in labels() if faults(label)] == []


@pytest.mark.parametrize("where", sorted(ALL))
def test_one_question_and_short_sentences(where: str) -> None:
    text = ALL[where]
    quoted = re.sub(r"„[^”]*”", "", text)
    assert quoted.count("?") <= 1, "one question a message"
    for sentence in re.split(r"(?<=[.!?:])\s+|\n", text):
        assert len(sentence.split()) <= WORDS_IN_SENTENCE, sentence


def test_labels_fit_on_a_button() -> None:
    assert [f"{name}: {label}" for name, label in labels() if len(label) > LABEL or not label.strip()] == []
