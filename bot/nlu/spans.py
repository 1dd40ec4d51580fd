"""Stretches of a message that name something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text and the kind of thing it names; offsets in characters."""

    start: int
    end: int
    kind: str


def without_overlaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order; of those that overlap, the longest stays."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(sorted(kept))
