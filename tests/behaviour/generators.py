"""Ways of writing the same thing: each gives other spellings of a text, the same ones every time."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from bot.nlu.slips import Perturbation, perturb, strip_letters

_TRIES = 5
_BY_EAR = (("ó", "u"), ("u", "ó"), ("rz", "ż"), ("ż", "rz"), ("ch", "h"), ("h", "ch"))


def letters(text: str) -> Iterator[str]:
    yield strip_letters(text)
    yield text.replace("ą", "a").replace("ę", "e")


def capitals(text: str) -> Iterator[str]:
    yield text.upper()
    yield text.lower()
    yield text.title()


def no_punctuation(text: str) -> Iterator[str]:
    yield re.sub(r"[^\w\s-]", "", text)
    yield f"{text}!!!"
    yield f"{text}..."


def emoji(text: str) -> Iterator[str]:
    yield f"{text} 🙏"
    yield f"{text} 😊"


def politeness(text: str) -> Iterator[str]:
    lower = text[0].lower() + text[1:]
    yield f"Dzień dobry, {lower}"
    yield f"{text}, dziękuję"
    yield f"Witam, {lower}. Pozdrawiam"


def one_typo(text: str) -> Iterator[str]:
    yield from _typos(text, Perturbation.ONE_TYPO)


def two_typos(text: str) -> Iterator[str]:
    yield from _typos(text, Perturbation.TWO_TYPOS)


def by_ear(text: str) -> Iterator[str]:
    """One word written as it sounds."""
    for written, heard in _BY_EAR:
        if written in text:
            yield text.replace(written, heard, 1)


def missing_space(text: str) -> Iterator[str]:
    """Two words run together."""
    words = text.split()
    chance = random.Random(3)
    for at in chance.sample(range(1, len(words)), min(2, len(words) - 1)):
        yield " ".join([*words[: at - 1], words[at - 1] + words[at], *words[at + 1 :]])


def _typos(text: str, how: Perturbation) -> Iterator[str]:
    for number in range(_TRIES):
        yield perturb(text, how, random.Random(number))


GENERATORS: dict[str, Callable[[str], Iterator[str]]] = {
    "letters": letters,
    "capitals": capitals,
    "no punctuation": no_punctuation,
    "emoji": emoji,
    "politeness": politeness,
    "one typo": one_typo,
    "two typos": two_typos,
    "by ear": by_ear,
    "missing space": missing_space,
}
