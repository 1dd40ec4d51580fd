"""What is said to both assistants, and the patients who say it: a closed loop, one message after another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

FAQ = (
    "czy do wiadomości mogę dołączyć zdjęcie",
    "jakie są godziny infolinii",
    "jak założyć konto",
    "jak dostać e-receptę",
    "czy przypominacie o wizytach",
)
SPECIALTIES = ("okulista", "dermatolog", "kardiolog", "laryngolog", "ortopeda", "ginekolog", "neurolog")
CITIES = ("Warszawa", "Kraków", "Gdańsk", "Poznań")

Send = Callable[[str, str], Awaitable[int]]
"""(sender, text) to the number of replies; raises when the server fails."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message and what kind of turn it makes: faq, start, answer, submit."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What was measured of one message."""

    kind: str
    seconds: float


def faq(number: int) -> list[Said]:
    """Five questions; `number` says which comes first."""
    return [Said("faq", text) for text in islice(cycle(FAQ), number % len(FAQ), number % len(FAQ) + 5)]


def booking(number: int, *, offer: bool) -> list[Said]:
    """A booking, fact by fact. With `offer` a term is chosen from a list before the last word."""
    words = [
        Said("start", "chcę umówić wizytę"),
        Said("answer", SPECIALTIES[number % len(SPECIALTIES)]),
        Said("answer", CITIES[number % len(CITIES)]),
        Said("answer", "w przyszłym tygodniu"),
    ]
    if offer:
        words.append(Said("answer", "1"))
    return [*words, Said("submit", "tak")]


async def patient(send: Send, sender: str, dialogues: Iterator[Sequence[Said]], turns: list[Turn]) -> None:
    """Says all of it, each message after the answer to the one before."""
    for dialogue in dialogues:
        for said in dialogue:
            start = time.perf_counter()
            replies = await send(sender, said.text)
            if replies < 1:
                raise RuntimeError(f"no reply to {said.text!r}")
            turns.append(Turn(said.kind, time.perf_counter() - start))


async def together(
    send: Send, name: str, patients: int, dialogues: Callable[[int], Iterator[Sequence[Said]]]
) -> tuple[list[Turn], float]:
    """All patients at once; what was measured and how long it took, in seconds."""
    turns: list[Turn] = []
    start = time.perf_counter()
    await asyncio.gather(*(patient(send, f"{name}-{n}", dialogues(n), turns) for n in range(patients)))
    return turns, time.perf_counter() - start
