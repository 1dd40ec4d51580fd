"""Gate for the training messages: label conflicts, duplicates, near-duplicates, vocabulary growth, counts.

Fails when the same words (folded) stand under two intents or twice under one, when more than MAX_NEAR of the
messages nearly repeat another one of their intent, or when an intent has fewer than MIN_MESSAGES or a fact
inside it (a label `intent/fact`) fewer than MIN_OF_A_FACT. Prints how many new words each further thousand
messages brings: the curve tells whether writing more of the same kind is still worth it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))
from check_leaks import NEAR, NEAR_WORDS, TRAINING, examples, tokens

MAX_NEAR = 0.01
MIN_MESSAGES = 30
MIN_OF_A_FACT = 25
COMMON = 400
"""Messages that hold the word; from there on it is too common to look for near-duplicates by."""
SEED = 20_261


class Message(NamedTuple):
    """One training message."""

    intent: str
    text: str
    tokens: tuple[str, ...]
    fact: str = ""

    @property
    def label(self) -> str:
        """`intent`, or `intent/fact`."""
        return f"{self.intent}/{self.fact}" if self.fact else self.intent


def read(folder: Path) -> Iterator[Message]:
    """Every example of every intent."""
    for file in sorted(folder.rglob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        for block in content.get("nlu", ()):
            intent, _, fact = block["intent"].partition("/")
            for text in examples(block["examples"]):
                yield Message(intent, text, tokens(text), fact)


def conflicts(messages: Sequence[Message]) -> list[tuple[str, set[str]]]:
    """Words that stand under more than one label."""
    intents: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for message in messages:
        if message.tokens:
            intents[message.tokens].add(message.label)
    return [(" ".join(words), found) for words, found in intents.items() if len(found) > 1]


def repeated(messages: Sequence[Message]) -> list[str]:
    """Messages whose words stand twice under one intent (emoji and punctuation alone do not count)."""
    counts = Counter((message.intent, message.tokens) for message in messages if message.tokens)
    return [f"{intent}: {' '.join(words)}" for (intent, words), count in counts.items() if count > 1]


def near_repeats(messages: Sequence[Message]) -> list[tuple[str, str]]:
    """Pairs of one intent whose sets of words nearly agree (Jaccard, from five words on)."""
    found = []
    by_intent: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        if len(message.tokens) >= NEAR_WORDS:
            by_intent[message.intent].append(message)
    for group in by_intent.values():
        found += list(_near_in(group))
    return found


def _near_in(group: Sequence[Message]) -> Iterator[tuple[str, str]]:
    seen: dict[str, list[int]] = defaultdict(list)
    bags = [frozenset(message.tokens) for message in group]
    for number, bag in enumerate(bags):
        common = Counter(other for word in bag for other in seen[word][:COMMON])
        for other, shared in common.items():
            if shared / (len(bag) + len(bags[other]) - shared) >= NEAR:
                yield group[other].text, group[number].text
                break
        for word in bag:
            seen[word].append(number)


def growth(messages: Sequence[Message]) -> list[int]:
    """New words that each thousand messages brings, in shuffled order (seeded)."""
    shuffled = list(messages)
    random.Random(SEED).shuffle(shuffled)
    known: set[str] = set()
    curve = []
    for start in range(0, len(shuffled), 1000):
        before = len(known)
        known.update(word for message in shuffled[start : start + 1000] for word in message.tokens)
        curve.append(len(known) - before)
    return curve


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=TRAINING)
    parser.add_argument("--verbose", action="store_true", help="every near-duplicate")
    options = parser.parse_args()
    messages = list(read(options.folder))
    counts = Counter(message.intent for message in messages)
    labels, doubles, near = conflicts(messages), repeated(messages), near_repeats(messages)
    few = [f"{intent}: {count} of {MIN_MESSAGES}" for intent, count in counts.items() if count < MIN_MESSAGES]
    facts = Counter(message.label for message in messages if message.fact)
    few += [f"{label}: {count} of {MIN_OF_A_FACT}" for label, count in facts.items() if count < MIN_OF_A_FACT]
    for words, intents in labels:
        print(f"two labels: {words!r}: {', '.join(sorted(intents))}")
    for line in doubles:
        print(f"twice: {line}")
    for line in few:
        print(f"too few messages: {line}")
    if options.verbose:
        for first, second in near:
            print(f"nearly the same: {first!r} / {second!r}")
    share = len(near) / max(1, len(messages))
    print(f"{len(messages)} messages, {len(counts)} intents, {len(facts)} facts inside them")
    print(f"{len(labels)} with two labels, {len(doubles)} twice")
    print(f"{len(near)} nearly repeat another ({share:.2%}, limit {MAX_NEAR:.0%})")
    print(f"new words per thousand messages: {' '.join(map(str, growth(messages)))}")
    return 1 if labels or doubles or few or share > MAX_NEAR else 0


if __name__ == "__main__":
    raise SystemExit(main())
