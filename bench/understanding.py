"""What understanding one message costs: CPU of the whole pipeline (names, times, intent, requests), by kind.

`python -m bench.understanding [--model FILE]`. The baseline is the same model that looks for a single request
only; they take turns, so that a busy machine slows them alike. Milliseconds of CPU on one core.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml

from bench.machine import PROJECT
from bot import tensorflow_standin

SEED = 20261123
MESSAGES = 600
LONG = 30
"""Words of a story."""
WARM = 300


def messages() -> list[str]:
    """The training messages in a fixed order by chance (any will do: nothing is scored here)."""
    found: list[str] = []
    for file in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            found += [line[2:] for line in block.get("examples", "").splitlines() if line.startswith("- ")]
    random.Random(SEED).shuffle(found)
    return found


def kinds(texts: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Messages by kind."""
    from bot.language.clauses import split_clauses
    from bot.nlu.slips import Perturbation, perturb

    chance = random.Random(SEED)

    def first(fits: Callable[[str], bool]) -> list[str]:
        return [text for text in texts if fits(text)][:MESSAGES]

    single = first(lambda text: len(split_clauses(text)) == 1)
    several = first(lambda text: 2 <= len(split_clauses(text)) <= 5)
    yield "all alike", list(texts[:MESSAGES])
    yield "one clause", single
    yield "one clause, one typo", [perturb(text, Perturbation.ONE_TYPO, chance) for text in single]
    yield "several clauses", several
    yield "several clauses, two typos", [perturb(text, Perturbation.TWO_TYPOS, chance) for text in several]
    yield f"over {LONG} words", first(lambda text: len(text.split()) > LONG)


def main() -> None:
    """Print p50 and p95 of each kind of message."""
    parser = argparse.ArgumentParser(prog="python -m bench.understanding", description=__doc__)
    parser.add_argument("--model", type=Path, default=PROJECT / "models" / "assistant.tar.gz")
    model = parser.parse_args().model
    tensorflow_standin.install()
    from bot.nlu import classifier
    from bot.nlu.parsing import Understanding
    from bot.nlu.requests import Part

    understanding, find_requests = Understanding(model), classifier.requests_in

    def single_request(*_: object) -> list[Part]:
        return []

    texts = messages()
    measured, warm = texts[WARM:], texts[:WARM]
    for text in warm:
        understanding.parse(text)

    def cost(text: str) -> float:
        started = time.process_time()
        understanding.parse(text)
        return 1000 * (time.process_time() - started)

    print("| messages | p50 | p95 | p50, single request | p95, single request |\n|---|---|---|---|---|")
    for name, chosen in kinds(measured):
        ours, single = [], []
        for at, text in enumerate(chosen):
            # Each message once: the second time its words are known and it costs less.
            classifier.requests_in = single_request if at % 2 else find_requests
            (single if at % 2 else ours).append(cost(text))
        classifier.requests_in = find_requests
        shown = [f"{np.percentile(costs, share):.1f}" for costs in (ours, single) for share in (50, 95)]
        print(f"| {name} | {' | '.join(shown)} |")


if __name__ == "__main__":
    main()
