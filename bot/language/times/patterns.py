"""The pattern language of the grammar: names of categories, ( ) | ? {0,n} and look-arounds."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z_]+")
_FIRST_CODE = 0x100
_codes: dict[str, str] = {}


def code(category: str) -> str:
    """The one character that stands for a category in the string that patterns run on."""
    if category not in _codes:
        _codes[category] = chr(_FIRST_CODE + len(_codes))
    return _codes[category]


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern over category codes; spaces mean nothing.

    Repetition is bounded: an open one would scan the rest of a long list again from each of its places.
    """
    return re.compile(_NAME.sub(lambda name: code(name.group()), pattern).replace(" ", ""))


def first_codes(pattern: str) -> frozenset[str]:
    """Codes that a match of a compiled pattern's text can start with."""
    first, _, _ = _alternatives(pattern, 0)
    return first


def _alternatives(text: str, at: int) -> tuple[frozenset[str], bool, int]:
    """First codes, whether it can be empty, and where it ends (at a closing bracket or the end)."""
    first, empty, at = _sequence(text, at)
    while at < len(text) and text[at] == "|":
        more, can_be_empty, at = _sequence(text, at + 1)
        first, empty = first | more, empty or can_be_empty
    return first, empty, at


def _sequence(text: str, at: int) -> tuple[frozenset[str], bool, int]:
    first: frozenset[str] = frozenset()
    empty = True
    while at < len(text) and text[at] not in "|)":
        more, can_be_empty, at = _piece(text, at)
        if at < len(text) and text[at] in "?{":
            can_be_empty, at = True, text.index("}", at) + 1 if text[at] == "{" else at + 1
        if empty:
            first |= more
        empty = empty and can_be_empty
    return first, empty, at


def _piece(text: str, at: int) -> tuple[frozenset[str], bool, int]:
    if text[at] == "$":
        return frozenset(), True, at + 1
    if text[at] != "(":
        return frozenset(text[at]), False, at + 1
    opening = next(mark for mark in ("(?:", "(?=", "(?!", "(?<=", "(") if text.startswith(mark, at))
    first, empty, end = _alternatives(text, at + len(opening))
    if opening in ("(?=", "(?!", "(?<="):  # takes nothing
        return frozenset(), True, end + 1
    return first, empty, end + 1
