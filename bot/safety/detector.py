"""Finds red flags and mental crisis in a patient's message (R110)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.safety.finding import Finding, RedFlag
from bot.safety.guards import Guards, Hit
from bot.safety.likeness import Kind, likeness
from bot.safety.patterns import PhraseSet
from bot.safety.reading import Reading, read
from bot.safety.rules import Book, Rule, book

Hits = Mapping[str, Sequence[Hit]]
_LIKE = 0.3
"""Probability from which a message without any guard is taken for a call for help."""
_LIKE_GUARDED = 0.55
"""The same when the message speaks of the past, a booking or a long history, asks, or denies."""
_LIKE_SPARED = 0.95
"""The same when a sign of danger itself was denied or is long past."""
_UNLIKE = 0.05
"""A rule that is met by a message less likely than this is met by chance ("samobójczy gol")."""
_PARTS = 40
"""Sentences or clauses that are looked at one by one."""
_FEW = 2
"""Words; of shorter messages only the rules judge."""


def detect(text: str) -> Finding | None:
    """The first rule that a message meets, gravest first, else what it is like, or None.

    Deterministic and without state.
    """
    known = book()
    reading = understand(text)
    hits = _hits(reading, known.signs)
    guards = Guards(reading, known.guards.spans(reading.text))
    alone = known.alone.get(" ".join(word for word in reading.tokens if word[0].isalpha()))
    if alone is not None:
        return Finding(alone, "alone", (reading.sources[0][0], reading.sources[-1][1]))
    whole = _likenesses(reading, hits, reading.sentences())
    found = _by_rule(known, reading, hits, guards)
    if found is None:
        return _by_likeness(*max(whole, key=_probability), reading, hits, guards)
    parts = [*whole, *_likenesses(reading, hits, reading.clauses())]
    met_by_chance = max(map(_probability, parts)) < _UNLIKE and len(reading.tokens) >= _FEW
    return None if met_by_chance else found


def _likenesses(reading: Reading, hits: Hits, parts: Sequence[tuple[int, int]]) -> list[tuple[Kind, float]]:
    """What the whole message and each part are like: danger may stand in half a line."""
    return [
        likeness(
            reading.tokens[first:last],
            (name for name, spots in hits.items() if any(first <= start < last for start, _ in spots)),
        )
        for first, last in {(0, len(reading.tokens)), *parts[:_PARTS]}
    ]


def _probability(part: tuple[Kind, float]) -> float:
    return part[1]


def understand(text: str) -> Reading:
    """The message mended, with harmless phrases struck out."""
    known = book()
    reading = read(text, known.mender.mend)
    masked = _masked(reading.text, known.masks)
    return replace(reading, text=masked, tokens=tuple(masked.split())) if masked != reading.text else reading


def signs_of(reading: Reading) -> Hits:
    """The signs of the rules in a message, with their places."""
    return _hits(reading, book().signs)


def _masked(text: str, masks: PhraseSet) -> str:
    """The text with harmless phrases struck out, at its old length."""
    for spans in masks.spans(text).values():
        for start, end in spans:
            struck = "".join("_" if char not in " ,." else char for char in text[start:end])
            text = text[:start] + struck + text[end:]
    return text


def _hits(reading: Reading, signs: PhraseSet) -> Hits:
    return {
        name: [(reading.token_at(start), reading.token_at(end - 1)) for start, end in spans]
        for name, spans in signs.spans(reading.text).items()
    }


def _by_rule(known: Book, reading: Reading, hits: Hits, guards: Guards) -> Finding | None:
    for rule in known.rules:
        if all(sign in hits for sign in rule.signs) and (span := _met(rule, hits, reading, guards)):
            return Finding(rule.cls, rule.name, span)
    return None


def _by_likeness(
    kind: Kind, probability: float, reading: Reading, hits: Hits, guards: Guards
) -> Finding | None:
    spared = any(guards.spare(hit, soft=False) for spots in hits.values() for hit in spots)
    needed = _LIKE_SPARED if spared else _LIKE_GUARDED if guards.any else _LIKE
    if probability < needed:
        return None
    cls = RedFlag.SUDDEN
    if kind is Kind.VIOLENCE:
        cls = RedFlag.VIOLENCE
    elif kind is Kind.MIND:
        cls = _crisis(hits)
    return Finding(cls, f"likeness.{kind.value}", (reading.sources[0][0], reading.sources[-1][1]))


def _crisis(hits: Hits) -> RedFlag:
    if "others_said" in hits:
        return RedFlag.CRISIS_OTHER
    return RedFlag.CRISIS_CHILD if "minor" in hits else RedFlag.CRISIS_ADULT


def _met(rule: Rule, hits: Hits, reading: Reading, guards: Guards) -> tuple[int, int] | None:
    """Part of the message in which all signs of the rule stand together unguarded."""
    live = [[hit for hit in hits[sign] if not guards.spare(hit, soft=rule.soft)] for sign in rule.signs]
    if not all(live):
        return None
    for sign in rule.unless:
        if any(not guards.spare(hit, soft=False) for hit in hits.get(sign, ())):
            return None
    for first in live[0]:
        near = [
            next((hit for hit in others if _same(first, hit, rule, reading)), None) for others in live[1:]
        ]
        if None not in near:
            tokens = [token for hit in (first, *near) if hit is not None for token in hit]
            return reading.sources[min(tokens)][0], reading.sources[max(tokens)][1]
    return None


def _same(one: Hit, other: Hit, rule: Rule, reading: Reading) -> bool:
    if rule.scope == "message":
        return True
    around = reading.clause if rule.scope == "clause" else reading.sentence
    first, last = around(one[0])
    return first <= other[0] < last
