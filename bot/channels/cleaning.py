"""Makes a patient's text safe to hand on without changing what it says (T16, portal notes 1.1)."""

from __future__ import annotations

import re
import unicodedata

_MAX_MARKS = 8
_KEPT_CONTROLS = frozenset("\n")
# Rasa reads a message that starts with a slash as an intent; a patient's slash must stay plain text.
_LEADING_SLASHES = re.compile(r"^[\s/\\]*[/\\]\s*")
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


class UnreadableTextError(ValueError):
    """The text holds half characters (lone surrogates) and cannot be a person's writing."""


def clean_text(text: str) -> str:
    """NFKC, then without control, bidi and zero-width characters, stripped, no leading slash.

    Order matters: a full-width slash becomes a plain one only by NFKC, and a zero-width character
    could hide one. Raises UnreadableTextError for lone surrogates.
    """
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise UnreadableTextError("lone surrogate")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    normal = unicodedata.normalize("NFKC", lines)
    visible = "".join(_visible(character) for character in normal)
    # Again: a letter and its mark may have been kept apart by a character that is gone now.
    composed = unicodedata.normalize("NFKC", _limit_marks(visible))
    tidy = _EMPTY_LINES.sub("\n\n", _BLANKS.sub(" ", composed)).strip()
    return _LEADING_SLASHES.sub("", tidy)


def _visible(character: str) -> str:
    if character in _KEPT_CONTROLS:
        return character
    if character == "\t":
        return " "
    # Cc control, Cf format (bidi, zero-width, tags), Co private use, Cn unassigned.
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn"} else character


def _limit_marks(text: str) -> str:
    """At most eight combining marks in a row."""
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)
