"""Choosing from a numbered list („ten drugi”, „obojętnie który”)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """What was picked: `index` counts from zero; `any` when every position is as good."""

    index: int | None
    any: bool = False


def find_choice(text: str, count: int) -> Choice | None:
    """The pick from a list of `count` positions, or None when the text picks none of them."""
    raise NotImplementedError
