"""Polish numerals: words to numbers and back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number in a text; `ordinal` when it was said as one („drugi”)."""

    value: int
    start: int
    end: int
    ordinal: bool = False


def find_number(text: str) -> Number | None:
    """The first whole number of the text, in digits or words, cardinal or ordinal."""
    raise NotImplementedError
