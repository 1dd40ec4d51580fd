"""A kept message as a vendor's bubbles: buttons, a list, or numbered text; long text split at sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile, takewhile
from typing import Any

from bot.channels import texts
from bot.channels.messengers.model import Bubble, Capability, Choice
from bot.channels.rendering import spoken
from bot.language.choices import find_choice
from bot.language.text import fold
from bot.storage.protocols import Entry

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_SHORT = 4


def choices(body: Mapping[str, Any]) -> list[Choice]:
    """Everything that can be tapped, in the order it is shown."""
    found = list(_of_card(body.get("card")))
    return found + [Choice(option["label"], option["token"]) for option in body.get("options", ())]


def _of_card(value: Any) -> Iterator[Choice]:
    if isinstance(value, Mapping):
        if "token" in value:
            yield Choice(spoken(value), str(value["token"]))
        for item in value.values():
            yield from _of_card(item)
    elif isinstance(value, list):
        for item in value:
            yield from _of_card(item)


def hidden(body: Mapping[str, Any], capability: Capability) -> bool:
    """Whether the message speaks of health in a channel that may not."""
    return not capability.health and bool(body.get("health"))


def bubbles(body: Mapping[str, Any], capability: Capability) -> list[Bubble]:
    """The message in as many parts as the vendor needs; what can be tapped comes with the last one."""
    if hidden(body, capability):
        return [Bubble(texts.messenger("portal_only"))]
    said = str(body.get("text", ""))
    links = [(link["label"], link["href"]) for link in body.get("links", ())]
    said = "\n".join(
        [said, *(f"{label}: {_plain(href)}" for label, href in links if _news(label, href, said))]
    )
    offered = choices(body)
    if _fit(offered, capability.buttons, capability.label):
        return _parts(said.strip(), capability, buttons=tuple(offered))
    if _fit(offered, capability.rows, capability.row_label):
        return _parts(said.strip(), capability, rows=tuple(offered))
    lines = [f"{number}. {choice.label}" for number, choice in enumerate(offered, 1)]
    numbered = "\n".join([said.strip(), "", *lines, texts.messenger("choose")])
    return _parts(numbered.strip(), capability)


def _news(label: str, href: str, said: str) -> bool:
    """A number or address that the words name already is not told twice."""
    digits = re.sub(r"\D", "", href)
    return href not in said and not (href.startswith("tel:") and digits[-9:] in re.sub(r"\D", "", said))


def _plain(href: str) -> str:
    return href.removeprefix("tel:").removeprefix("mailto:")


def _fit(offered: Sequence[Choice], most: int, label: int) -> bool:
    return len(offered) <= most and all(len(choice.label) <= label for choice in offered)


def _parts(
    text: str, capability: Capability, buttons: tuple[Choice, ...] = (), rows: tuple[Choice, ...] = ()
) -> list[Bubble]:
    limit = capability.button_text if buttons or rows else capability.text
    split = list(_split(text, limit)) or [texts.messenger("pick")]
    return [*map(Bubble, split[:-1]), Bubble(split[-1], buttons, rows)]


def _split(text: str, limit: int) -> Iterator[str]:
    """Parts of at most `limit` characters: at sentences, else at words, else anywhere."""
    while len(text) > limit:
        ends = [match.start() for match in _SENTENCE.finditer(text, 0, limit + 1) if match.start()]
        place = ends[-1] if ends else text.rfind(" ", 1, limit + 1)
        place = place if place > 0 else limit
        yield text[:place].strip()
        text = text[place:].strip()
    if text:
        yield text


def _open_choices(entries: Sequence[Entry], capability: Capability) -> list[Choice]:
    """Of the open question: a word of the assistant that came after it does not close it."""
    latest = dropwhile(lambda entry: entry.author == "patient", reversed(entries))
    for entry in takewhile(lambda entry: entry.author != "patient", latest):
        if entry.author == "assistant" and (offered := choices(entry.body)):
            return [] if hidden(entry.body, capability) else offered
    return []


def chosen(entries: Sequence[Entry], text: str, capability: Capability) -> str | None:
    """Token that a typed "2", "drugi" or label stands for, when numbers were shown; else None."""
    offered = _open_choices(entries, capability)
    for choice in offered:
        if fold(choice.label) == fold(text):
            return choice.token
    if _fit(offered, capability.buttons, capability.label) or _fit(
        offered, capability.rows, capability.row_label
    ):
        return None  # no numbers were shown: the dialogue knows better what was meant
    if len(text.split()) > _SHORT:
        return None
    picked = find_choice(text, len(offered))
    return offered[picked.index].token if picked is not None and picked.index is not None else None
