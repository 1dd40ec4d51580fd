"""`make nightly`: patients talk for a long time; memory and descriptors of the process must not grow.

python -m bench.soak --minutes 30: questions and bookings at ten messages a second, every conversation a new
one. The first third warms up; then medians of the first and of the last samples are compared. 1 when one of
them grew by more than 5 per cent.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.costs import PLANS, converse, kept
from bench.installation import Installation
from bench.machine import PROJECT, Server

MOST_GROWTH = 0.05
WARM = 1 / 3
"""Part of the time whose samples do not count: caches fill, pools open."""
COMPARED = 1 / 5
"""Part of the remaining samples that is taken from each end."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The process at one moment: messages so far, resident MB, open descriptors."""

    messages: int
    memory: float
    descriptors: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What something was after warming up, and at the end."""

    what: str
    before: float
    after: float

    @property
    def share(self) -> float:
        return self.after / self.before - 1

    @property
    def held(self) -> bool:
        return self.share <= MOST_GROWTH


def growths(samples: Sequence[Sample]) -> list[Growth]:
    """Medians of both ends: one sample in the middle of a turn says little. Too few samples: ValueError."""
    counted = samples[round(len(samples) * WARM) :]
    if len(counted) < 4:
        raise ValueError(f"{len(samples)} samples are too few to see growth")
    some = max(2, round(len(counted) * COMPARED))
    first, last = counted[:some], counted[-some:]
    return [
        Growth(
            what,
            statistics.median(getattr(sample, name) for sample in first),
            statistics.median(getattr(sample, name) for sample in last),
        )
        for what, name in (("memory, MB", "memory"), ("descriptors", "descriptors"))
    ]


async def talk_for(
    seconds: float, rate: float, place: Installation, server: Server, portal: str
) -> list[Sample]:
    """Rounds of conversations, no faster than `rate` messages a second; a sample after each."""
    samples: list[Sample] = []
    plans = list(PLANS.values())
    messages, start = 0, time.monotonic()
    async with httpx.AsyncClient(timeout=60) as http:
        while (spent := time.monotonic() - start) < seconds:
            number = len(samples)
            plan = plans[number % len(plans)]
            messages += await converse(http, place, server, portal, f"soak-{number}", plan)
            samples.append(Sample(messages, server.memory(), server.descriptors()))
            await asyncio.sleep(max(0.0, messages / rate - spent))
    return samples


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=10, help="messages a second")
    parser.add_argument("--model", type=Path, default=PROJECT / "models" / "assistant.tar.gz")
    options = parser.parse_args()
    folder = PROJECT / ".state" / "soak"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        place = Installation(options.model, folder, stack)
        portal = place.portal()
        server = place.start_ours(portal)
        stack.callback(server.end)
        ready = Sample(0, server.memory(), server.descriptors())
        samples = asyncio.run(talk_for(options.minutes * 60, options.rate, place, server, portal))
        stored = kept(place.redis_url)
    found = growths(samples)
    print("| what | when ready | warmed up | at the end | growth | held |\n|---|---|---|---|---|---|")
    for growth, first in zip(found, (ready.memory, ready.descriptors), strict=True):
        figures = f"{first:.0f} | {growth.before:.0f} | {growth.after:.0f} | {growth.share:+.1%}"
        print(f"| {growth.what} | {figures} | {'yes' if growth.held else 'no'} |")
    done = samples[-1].messages
    print(f"\n{done} messages in {options.minutes:g} min; Redis keeps {stored / 2**20:.1f} MB of them")
    return int(not all(growth.held for growth in found))


if __name__ == "__main__":
    sys.exit(main())
