"""Fail when a message kept for evaluation is, or nearly is, one that the model was trained on.

Equal means: the same words without Polish letters, capitals and punctuation. Nearly equal: from five words
on, sets of words with a Jaccard index of 0.85 or more. Messages of one or two words are exempt: people can
hardly say „tak” in another way. The wordings of `tests/facts/*.yml` and `tests/portal/rules/asked.yml` and
the texts of `tests/behaviour/*.yml` are kept for evaluation as well. Only the evaluation side is named, so
that whoever replaces a message does not see the training data.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.language.text import words
from bot.rehearsal.tasks.wordings import all_messages

ROOT = Path(__file__).resolve().parent.parent
TRAINING = ROOT / "data" / "nlu"
EVALUATION = ROOT / "data" / "evaluation"
FACTS = ROOT / "tests" / "facts"
RULES = ROOT / "tests" / "portal" / "rules" / "asked.yml"
BEHAVIOUR = ROOT / "tests" / "behaviour"
EXEMPT_WORDS = 2
NEAR_WORDS = 5
NEAR = 0.85


class Kept(NamedTuple):
    """A message of the evaluation data and where it stands."""

    place: str
    tokens: tuple[str, ...]


class Leak(NamedTuple):
    """An evaluation message that training has (nearly) seen; `similarity` 1.0 means equal words."""

    place: str
    similarity: float
    equal: bool


class Training:
    """Trained messages, indexed by their words."""

    def __init__(self, messages: Iterable[tuple[str, ...]]) -> None:
        self._exact = set(messages)
        self._bags = [frozenset(tokens) for tokens in self._exact]
        self._with: dict[str, list[int]] = defaultdict(list)
        for number, bag in enumerate(self._bags):
            for token in bag:
                self._with[token].append(number)

    def __len__(self) -> int:
        return len(self._exact)

    def __contains__(self, tokens: object) -> bool:
        return tokens in self._exact

    def leak(self, kept: Kept) -> Leak | None:
        """How a message leaks, None when it does not or is exempt."""
        if len(kept.tokens) <= EXEMPT_WORDS:
            return None
        if kept.tokens in self._exact:
            return Leak(kept.place, 1.0, equal=True)
        if len(kept.tokens) < NEAR_WORDS:
            return None
        nearest = self._nearest(frozenset(kept.tokens))
        return Leak(kept.place, nearest, equal=False) if nearest >= NEAR else None

    def _nearest(self, bag: frozenset[str]) -> float:
        common = Counter(number for token in bag for number in self._with.get(token, ()))
        return max(
            (shared / (len(bag) + len(self._bags[number]) - shared) for number, shared in common.items()),
            default=0.0,
        )


def tokens(text: str) -> tuple[str, ...]:
    """Folded words of a message, in order."""
    return tuple(word.folded for word in words(text))


def trained(folder: Path) -> Iterator[tuple[str, ...]]:
    """Messages of every intent in the folder's Rasa NLU files."""
    for file in sorted(folder.rglob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        for block in content.get("nlu", ()):
            if "intent" in block:
                yield from (tokens(text) for text in examples(block["examples"]))


def examples(examples: str | list[str | dict[str, str]]) -> Iterator[str]:
    if isinstance(examples, str):
        yield from (line.strip().removeprefix("-").strip() for line in examples.splitlines() if line.strip())
        return
    for example in examples:
        yield example["text"] if isinstance(example, dict) else example


def kept(folder: Path) -> Iterator[Kept]:
    """Messages of every JSON-lines file in the folder.

    Raises:
        ValueError: a line that has no text.
    """
    for file in sorted(folder.rglob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                row = json.loads(line)
                place = f"{file.relative_to(folder)}:{row.get('id', number)}"
                if not isinstance(row.get("text"), str):
                    raise ValueError(f"{place} has no text")
                yield Kept(place, tokens(row["text"]))


def wordings(*files: Path) -> Iterator[Kept]:
    """Wordings of every fact, or rule, in the files."""
    for file in files:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        for label, asked in content.items():
            texts = asked["texts"] if isinstance(asked, dict) else asked
            for number, text in enumerate(texts, start=1):
                yield Kept(f"{file.name}: {label}, {number}", tokens(text))


def behaviour(folder: Path) -> Iterator[Kept]:
    """Texts of all cases in the folder's files, however deep they stand."""
    for file in sorted(folder.glob("*.yml")):
        for number, text in enumerate(_texts(yaml.safe_load(file.read_text(encoding="utf-8"))), start=1):
            yield Kept(f"{file.name}: {number}", tokens(text))


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        if isinstance(content.get("text"), str):
            yield content["text"]
        yield from (text for value in content.values() for text in _texts(value))
    elif isinstance(content, list):
        yield from (text for item in content for text in _texts(item))


def said_in_tasks(folder: Path) -> Iterator[Kept]:
    """Everything the simulated patients of the task suite may say."""
    place = folder / "tasks" / "wordings"
    if not place.is_dir():
        return
    seen: set[tuple[str, ...]] = set()
    for act, text in all_messages(place):
        message = tokens(text)
        if message not in seen:
            seen.add(message)
            yield Kept(f"tasks/wordings:{act}: {text}", message)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--training", type=Path, default=TRAINING)
    parser.add_argument("--evaluation", type=Path, default=EVALUATION)
    args = parser.parse_args()
    training = Training(trained(args.training))
    messages = [*kept(args.evaluation), *said_in_tasks(args.evaluation)]
    messages += [*wordings(*sorted(FACTS.glob("*.yml")), RULES), *behaviour(BEHAVIOUR)]
    if not training or not messages:
        print("nothing to compare: one side has no messages", file=sys.stderr)
        return 2
    exempt = [message for message in messages if len(message.tokens) <= EXEMPT_WORDS]
    leaks = [leak for leak in map(training.leak, messages) if leak]
    for leak in leaks:
        print(f"{leak.place}: {'equal' if leak.equal else f'similar, {leak.similarity:.2f}'}")
    print(
        f"{len(training)} trained messages, {len(messages)} kept for evaluation, {len(exempt)} exempt "
        f"(trained: {sum(message.tokens in training for message in exempt)}): "
        f"{sum(leak.equal for leak in leaks)} equal, {sum(not leak.equal for leak in leaks)} nearly equal"
    )
    return 1 if leaks else 0


if __name__ == "__main__":
    raise SystemExit(main())
