"""Banks as patients name them, in any case and without Polish letters."""

from __future__ import annotations

from bot.language.data import load
from bot.language.text import folded_words


def banks_in(text: str) -> list[str]:
    """Names of `data/banks.yml` that the text says, in its order; the longest name of several wins."""
    said = folded_words(text)
    found: list[str] = []
    at = 0
    while at < len(said):
        name, length = _named(said, at)
        if name and name not in found:
            found.append(name)
        at += max(length, 1)
    return found


def _named(said: list[str], at: int) -> tuple[str, int]:
    best, longest = "", 0
    for name, aliases in load("banks").items():
        for alias in aliases:
            words = str(alias).split()
            here = said[at : at + len(words)]
            if len(words) > longest and len(here) == len(words) and all(map(_same, here, words)):
                best, longest = str(name), len(words)
    return best, longest


def _same(word: str, alias: str) -> bool:
    return word.startswith(alias[:-1]) if alias.endswith("*") else word == alias
