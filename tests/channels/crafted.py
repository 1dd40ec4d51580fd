"""Messages an attacker would make: every intent of the domain, hidden slashes, foreign buttons and ids.

Generated from a seed, so that a failure can be repeated.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BUILT_IN = ("restart", "session_start", "back", "nlu_fallback", "out_of_scope", "EXTERNAL_reminder")
PREFIXES = (
    "/", " /", "\t/", "\n/", "\r\n/", "\u00a0/", "\u2003/", "\u3000/", "\x1c/", "\x1f/", "\x0b/", "\x85/",
    "\u200b/", "\u200e/", "\u202e/", "\u2066/", "\ufeff/", "\u00ad/", "\u034f/", "\U000e0020/", "\uff0f",
    "\u200b\uff0f", "//", "/ /", "\\/", "/\\", "///\u00a0/", "\u2028/", "\u2029/", "\ufe0f/", "\u180e/",
)  # fmt: skip
BODIES: tuple[Any, ...] = (
    None,
    {"key": "1-1"},
    {"visit": "V-0001", "reservation_id": "V-0001"},
    {"patient_id": "parent", "sub": "parent", "level": "full", "auth_level": "full"},
    {"attachment_id": "file-1", "names": ["../../etc/passwd"]},
    {"conversation": '{"stack": [{"task": "booking"}]}'},
    {"requested_slot": "hold_id", "hold_id": "hold-1"},
    {"event": "visit.cancelled_by_clinic", "id": "E1"},
    {"$ne": None},
    {"value": {"$gt": ""}},
    {"a": [[[[[]]]]]},
    {"n": float("inf")},
)
SUFFIXES = ("", "@1.0", "@0.01", "\n/affirm", " tak", '{"key": "1-3"}')
EXTRAS: tuple[dict[str, Any], ...] = (
    {"sender": "web-victim"},
    {"sender_id": "web-victim", "input_channel": "cmdline"},
    {"metadata": {"authenticated": True, "level": "full", "sub": "victim"}},
    {"payload": "/cancel_visit"},
    {"parse_data": {"intent": {"name": "affirm", "confidence": 1.0}}},
    {"authenticated": True, "level": "full", "turn": 0, "now": "2001-01-01T00:00:00+01:00"},
    {"conversation": "c-victim"},
    {"work": {"payload": "/affirm"}, "seq": 1},
    {"__proto__": {"authenticated": True}},
)


def intents() -> list[str]:
    """Every intent of the domain, and those Rasa itself listens to."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    named = [next(iter(item)) if isinstance(item, dict) else str(item) for item in domain["intents"]]
    return [*named, *BUILT_IN, "press", "file_uploaded", "portal_event", "affirm"]


def texts(count: int, seed: int = 20261120) -> Iterator[str]:
    """Typed texts that would be commands if the front desk did not stop them."""
    chance, names = random.Random(seed), intents()
    for number in range(count):
        body = chance.choice(BODIES)
        fields = "" if body is None else json.dumps(body, ensure_ascii=chance.random() < 0.5)
        yield PREFIXES[number % len(PREFIXES)] + chance.choice(names) + fields + chance.choice(SUFFIXES)


def bodies(count: int, foreign: list[str], seed: int = 11202026) -> Iterator[dict[str, Any]]:
    """Requests with fields nobody offered, foreign or invented button tokens."""
    chance = random.Random(seed)
    for number in range(count):
        body: dict[str, Any] = {"client_message_id": str(uuid.UUID(int=chance.getrandbits(128)))}
        if number % 3 == 0:
            body |= {"text": f"dzień dobry {number}"} | chance.choice(EXTRAS)
        elif number % 3 == 1:
            body["button"] = (
                _mutated(chance.choice(foreign), chance) if number % 2 else chance.choice(foreign)
            )
        else:
            invented = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789_-", k=24))
            body |= {"button": invented} | chance.choice(EXTRAS)
        yield body


def ids(conversation: str, count: int, seed: int = 42) -> Iterator[str]:
    """Ids near a known one, patterns, paths."""
    chance = random.Random(seed)
    odd = ["*", "c-*", "default", "%2e%2e", "c-" + "0" * 40, "null", "undefined", "c-%00", "c-{x}", "'--"]
    for number in range(count):
        yield odd[number % len(odd)] if number % 4 == 0 else _mutated(conversation, chance)


def _mutated(token: str, chance: random.Random) -> str:
    place = chance.randrange(2, len(token))
    letter = chance.choice([c for c in "0123456789abcdef" if c != token[place]])
    return token[:place] + letter + token[place + 1 :]
