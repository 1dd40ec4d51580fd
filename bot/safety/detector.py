"""Finds red flags and mental crisis in a patient's message (R110)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.safety.finding import Finding, RedFlag
from bot.safety.guards import Hit
from bot.safety.likeness import Kind, likeness
from bot.safety.message import Hits, Message, Part, understand
from bot.safety.reading import Reading
from bot.safety.rules import Book, Rule, book

_LIKE = 0.3
"""Probability from which a message without any guard is taken for a call for help."""
_LIKE_GUARDED = 0.4
"""The same when the message speaks of the past, a booking or a long history, asks, or denies."""
_LIKE_SPARED = 0.75
"""The same when a sign of danger itself was denied or is long past."""
_LIKE_ALONE = 0.5
"""The same for a part of a message that is, as a whole, nothing like it."""
_UNLIKE = 0.1
"""A rule that is met by a message less likely than this is met by chance ("samobójczy gol")."""
_UNLIKE_CLAUSE = 0.7
"""The same of a clause, when the message as a whole is unlike it: half a line says less."""
_FEW = 4
"""Words; of shorter messages the rules need no consent."""


def detect(text: str) -> Finding | None:
    """The first rule that a message meets, gravest first, else what it is like, or None.

    Deterministic and without state.
    """
    known = book()
    message = understand(text)
    reading = message.reading
    alone = known.alone.get(" ".join(word for word in reading.tokens if word[0].isalpha()))
    if alone is not None:
        return Finding(alone, "alone", _everything(reading))
    whole = [(part, *likeness(*message.part(*part))) for part in message.wholes()]
    found = _by_rule(known, message)
    if found is None:
        return _by_likeness(whole, message)
    best = max(chance for *_, chance in whole)
    clauses = (likeness(*message.part(*part))[1] for part in message.clauses())
    unlike = best < _UNLIKE and max(clauses, default=0.0) < _UNLIKE_CLAUSE
    return None if unlike and len(reading.tokens) >= _FEW else found


def _everything(reading: Reading) -> tuple[int, int]:
    return reading.sources[0][0], reading.sources[-1][1]


def _by_rule(known: Book, message: Message) -> Finding | None:
    for rule in known.rules:
        if all(sign in message.hits for sign in rule.signs) and (span := _met(rule, message)):
            return Finding(rule.cls, rule.name, span)
    return None


def _by_likeness(parts: Sequence[tuple[Part, Kind, float]], message: Message) -> Finding | None:
    """Each part by itself: "odwołajcie wizytę, bo..." guards nothing of what follows."""
    unlike = parts[0][2] < _UNLIKE
    likely = [
        (chance, kind)
        for part, kind, chance in parts
        if chance >= max(_needed(message, *part), _LIKE_ALONE if unlike else 0.0)
    ]
    if not likely:
        return None
    _, kind = max(likely)
    cls = RedFlag.SUDDEN
    if kind is Kind.VIOLENCE:
        cls = RedFlag.VIOLENCE
    elif kind is Kind.MIND:
        cls = _crisis(message.hits)
    return Finding(cls, f"likeness.{kind.value}", _everything(message.reading))


def _needed(message: Message, first: int, last: int) -> float:
    if message.spared(first, last):
        return _LIKE_SPARED
    return _LIKE_GUARDED if message.guarded(first, last) else _LIKE


def _crisis(hits: Hits) -> RedFlag:
    if "others_said" in hits:
        return RedFlag.CRISIS_OTHER
    return RedFlag.CRISIS_CHILD if "minor" in hits else RedFlag.CRISIS_ADULT


def _met(rule: Rule, message: Message) -> tuple[int, int] | None:
    """Part of the message in which all signs of the rule stand together unguarded."""
    hits, reading, guards = message.hits, message.reading, message.guards
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
