"""The front desk's own Polish texts (texts.yml)."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

from bot.channels.messages import Link, Outgoing


@cache
def _all() -> dict[str, Any]:
    source = resources.files("bot.channels").joinpath("texts.yml").read_text(encoding="utf-8")
    texts: dict[str, Any] = yaml.safe_load(source)
    return texts


@cache
def health() -> dict[str, list[str]]:
    """`topics` whose replies tell of a patient's own health; those of them that are `shown` anyway."""
    source = resources.files("bot.channels").joinpath("health.yml").read_text(encoding="utf-8")
    declared: dict[str, list[str]] = yaml.safe_load(source)
    return declared


def message(name: str, **values: object) -> str:
    """A sentence for the patient."""
    return str(_all()["messages"][name]).format(**values)


def problem(code: str, **values: object) -> str:
    """Polish `detail` of an error."""
    return str(_all()["problems"][code]).format(**values)


def file(reason: str, **values: object) -> str:
    """Why a file was not taken, and what helps."""
    return str(_all()["files"][reason]).format(**values)


def file_reason(code: str) -> str:
    """The reason of ours for a code of the portal's rules."""
    return str(_all()["file_codes"].get(code, "refused"))


def messenger(name: str) -> str:
    """A sentence that is said in messengers only."""
    return str(_all()["messengers"][name])


def push(name: str, **values: object) -> str:
    """Words on a locked screen: nothing of the conversation."""
    return str(_all()["push"][name]).format(**values)


def button_label(name: str) -> str:
    """Words on a button."""
    return str(_all()["labels"][name])


def starters() -> list[str]:
    """What a patient may want to say first."""
    return list(_all()["starters"])


def link(name: str) -> Link:
    """A link with its label."""
    return Link(**_all()["links"][name])


def apology(name: str = "apology") -> Outgoing:
    """A bubble that admits the failure and shows the way out (registry C1)."""
    return Outgoing(text=message(name), links=(link("infolinia"),), meta={"response": name})
