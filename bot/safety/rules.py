"""The rules of the data files, compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from bot.safety.data import load
from bot.safety.finding import RedFlag
from bot.safety.mending import Mender
from bot.safety.patterns import Lists, PhraseSet

Scope = Literal["clause", "sentence", "message"]
FILES = ("rules_crisis", "rules_child", "rules_body", "rules_harm")
"""In the order in which their rules are tried."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Signs that must stand together in a scope. A soft rule gives way to bookings and long histories."""

    name: str
    cls: RedFlag
    signs: tuple[str, ...]
    scope: Scope
    soft: bool
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that the detector knows."""

    rules: tuple[Rule, ...]
    mender: Mender
    masks: PhraseSet
    signs: PhraseSet
    guards: PhraseSet
    alone: Mapping[str, RedFlag]
    """Words that call for help when they are all there is („zawał”)."""


@cache
def book() -> Book:
    """The compiled data files; built once, at the first message or at the start of the server."""
    vocabulary, guards = load("vocabulary"), load("guards")
    lists = Lists(vocabulary["lists"], vocabulary["expressions"])
    signs: dict[str, list[str]] = dict(vocabulary["signs"])
    rules = tuple(_rules(signs))
    spelling = load("spelling")
    return Book(
        rules=rules,
        mender=Mender(spelling["keywords"], spelling["joining"], load("genuine")["words"]),
        masks=PhraseSet({"mask": [phrase for group in load("masks").values() for phrase in group]}, lists),
        signs=PhraseSet(signs, lists),
        guards=PhraseSet(guards, lists),
        alone={word: RedFlag(cls) for cls, words in vocabulary["alone"].items() for word in words},
    )


def _rules(signs: dict[str, list[str]]) -> Iterator[Rule]:
    """The rules in order; phrases of their own are added to the signs under the rule's name."""
    for file in FILES:
        for source in load(file)["rules"]:
            yield _rule(source, signs)


def _rule(source: dict[str, Any], signs: dict[str, list[str]]) -> Rule:
    name = f"{source['class']}.{source['id']}"
    needed = tuple(source.get("all", ()))
    if "any" in source:
        signs[name] = source["any"]
        needed = (name, *needed)
    return Rule(
        name=name,
        cls=RedFlag(source["class"]),
        signs=needed,
        scope=source.get("within", "sentence"),
        soft=source.get("soft", False),
        unless=tuple(source.get("unless", ())),
    )
