"""Run by test_expressions.py in a process of its own: records patterns as `bot` is imported, then attacks them."""

from __future__ import annotations

import importlib
import itertools
import json
import re
import re._parser as parser  # type: ignore[import-not-found]
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
LEFT_OUT = {"sandbox", "rehearsal", "commands", "tensorflow_standin.py", "__main__.py", "cli.py"}
"""Never meet what a patient writes."""
BAD = [r"\s*,?\s*\w+\d", r"\s*\s*\s*x"]
"""Grow with the cube: the probe has to find them."""
SHORT, LONG = 100, 400
POWER = 2.5
"""Between a square and a cube."""
NOISE = 0.0005
"""Seconds of processor below which nothing can be compared; no limit of anything."""
OF_CATEGORY = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_WORD": "."}


def recorded() -> dict[str, re.Pattern[str]]:
    """Patterns by their text, of every module of the assistant."""
    found: dict[str, re.Pattern[str]] = {}
    real, bot = re.compile, str(PROJECT / "bot")

    def compile_and_note(pattern: Any, flags: Any = 0) -> Any:
        made = real(pattern, flags)
        if sys._getframe(1).f_code.co_filename.startswith(bot) and isinstance(made.pattern, str):
            found[made.pattern] = made
        return made

    from bot import tensorflow_standin

    tensorflow_standin.install()
    re.compile = compile_and_note  # type: ignore[assignment]
    for file in sorted((PROJECT / "bot").rglob("*.py")):
        path = file.relative_to(PROJECT).with_suffix("")
        if not LEFT_OUT & {path.parts[1], f"{path.parts[1]}.py"}:
            importlib.import_module(".".join(path.parts).removesuffix(".__init__"))
    from bot.language import relations

    relations._age_after()
    re.compile = real
    return found


def characters(tree: Iterable[Any]) -> Iterator[str]:
    """One character of everything the pattern looks for."""
    for operation, value in tree:
        name = str(operation)
        if name == "LITERAL":
            yield chr(value)
        elif name in {"ANY", "NOT_LITERAL"}:
            yield from "x "
        elif name == "IN":
            yield from _of_class(value)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from characters(branch)
        elif name == "SUBPATTERN":
            yield from characters(value[3])
        elif name.endswith("_REPEAT"):
            yield from characters(value[2])
        elif name == "ATOMIC_GROUP":
            yield from characters(value)


def _of_class(members: Iterable[Any]) -> Iterator[str]:
    for kind, value in members:
        if str(kind) == "NEGATE":
            yield from "x 1"
        elif str(kind) == "LITERAL":
            yield chr(value)
        elif str(kind) == "RANGE":
            yield chr(value[0])
        elif str(kind) == "CATEGORY":
            yield OF_CATEGORY.get(str(value), "x")


def units(pattern: re.Pattern[str]) -> list[str]:
    """What an attacker would repeat."""
    singles = list(dict.fromkeys(characters(parser.parse(pattern.pattern, pattern.flags))))[:8]
    pairs = ["".join(pair) for pair in itertools.permutations(singles[:4], 2)]
    return [*singles, *pairs, "".join(singles)]


def cost(pattern: re.Pattern[str], text: str, tries: int = 1) -> float:
    """Seconds of processor to look for it everywhere; the least of some tries."""
    best = float("inf")
    for _ in range(tries):
        started = process_time()
        for _ in pattern.finditer(text):
            pass
        best = min(best, process_time() - started)
    return best


def runs_away(pattern: re.Pattern[str]) -> bool:
    """Whether some text four times as long costs more than 4 ** POWER times as much."""
    for unit, end in itertools.product(units(pattern), ("", "\x00")):
        longer = unit * (LONG // len(unit) or 1) + end
        if cost(pattern, longer) < NOISE:
            continue
        shorter = unit * (SHORT // len(unit) or 1) + end
        # Measured again and again: another program may have been in the way, and only ever makes it slower.
        before, after = cost(pattern, shorter, 9), cost(pattern, longer, 5)
        if after >= NOISE and after > before * 4**POWER:
            return True
    return False


def main() -> None:
    """One line of JSON."""
    patterns = recorded()
    report = {
        "patterns": len(patterns),
        "runaway": sorted(text for text, pattern in patterns.items() if runs_away(pattern)),
        "bad": BAD,
        "found_in_the_bad": [text for text in BAD if runs_away(re.compile(text))],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
