"""Files of messages that understanding is measured on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

GROUPINGS = ("topic", "style")
_EXPECTED = frozenset({"intent", "expect"})


class Row(NamedTuple):
    """One held-out message; `groups` says what else is known of it („topic”, „style”)."""

    text: str
    intent: str
    now: str | None = None
    groups: Mapping[str, str] = {}
    expect: Mapping[str, Any] | None = None
    """Names and times in it (`bot/nlu/evaluation_entities.py`); None: not known."""


def read_rows(file: Path) -> list[Row]:
    """Read `{"text", "intent", "now"?, "topic"?, "style"?, "expect"?}`, a line each; one of `intent` and
    `expect` is enough.

    Raises:
        ValueError: a line of another form, or an empty file.
    """
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        content = json.loads(line)
        if not isinstance(content, dict) or "text" not in content or not content.keys() & _EXPECTED:
            raise ValueError(f"{file.name}, line {number}: needs 'text', and 'intent' or 'expect'")
        groups = {name: str(content[name]) for name in GROUPINGS if name in content}
        rows.append(
            Row(content["text"], content.get("intent", ""), content.get("now"), groups, content.get("expect"))
        )
    if not rows:
        raise ValueError(f"{file.name} has no messages")
    return rows
