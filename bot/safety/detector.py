"""Finds red flags and mental crisis in a patient's message (R110)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.safety.finding import Finding
from bot.safety.guards import Guards, Hit
from bot.safety.patterns import PhraseSet
from bot.safety.reading import Reading, read
from bot.safety.rules import Rule, Scope, book

Hits = Mapping[str, Sequence[Hit]]


def detect(text: str) -> Finding | None:
    """The first rule that a message meets, gravest first, or None. Deterministic and without state."""
    known = book()
    reading = read(text, known.mender.mend)
    masked = _masked(reading.text, known.masks)
    found = known.signs.spans(masked)
    if not found:
        return None
    hits = {
        name: [(reading.token_at(start), reading.token_at(end - 1)) for start, end in spans]
        for name, spans in found.items()
    }
    guards = Guards(reading, known.guards.spans(masked))
    for rule in known.rules:
        if all(sign in hits for sign in rule.signs) and (span := _met(rule, hits, reading, guards)):
            return Finding(rule.cls, rule.name, span)
    return None


def _masked(text: str, masks: PhraseSet) -> str:
    """The text with harmless phrases struck out, at its old length."""
    for spans in masks.spans(text).values():
        for start, end in spans:
            struck = "".join("_" if char not in " ,." else char for char in text[start:end])
            text = text[:start] + struck + text[end:]
    return text


def _met(rule: Rule, hits: Hits, reading: Reading, guards: Guards) -> tuple[int, int] | None:
    """Part of the message in which all signs of the rule stand together unguarded."""
    live = [[hit for hit in hits[sign] if not guards.spare(hit, soft=rule.soft)] for sign in rule.signs]
    if not all(live):
        return None
    for sign in rule.unless:
        if any(not guards.spare(hit, soft=False) for hit in hits.get(sign, ())):
            return None
    for first in live[0]:
        together = [first]
        for others in live[1:]:
            near = [hit for hit in others if _same(first, hit, rule.scope, reading)]
            if not near:
                break
            together.append(near[0])
        else:
            tokens = [token for hit in together for token in hit]
            return reading.sources[min(tokens)][0], reading.sources[max(tokens)][1]
    return None


def _same(one: Hit, other: Hit, scope: Scope, reading: Reading) -> bool:
    if scope == "message":
        return True
    around = reading.clause if scope == "clause" else reading.sentence
    first, last = around(one[0])
    return first <= other[0] < last
