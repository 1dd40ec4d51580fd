"""Sentences and coordinated requests."""

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int
    text: str


def split_clauses(text: str) -> list[Span]:
    """One span for each sentence and for each request joined to another by „i”, „oraz”, „a potem”."""
    raise NotImplementedError
