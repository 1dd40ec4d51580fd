"""Writes bot/safety/data/genuine.yml: `python -m tools.find_genuine_words` (about a minute).

Real words at one slip from a keyword of bot/safety/data/spelling.yml mean themselves and are never mended.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.language.spelling import deletions, is_polish
from bot.language.text import fold
from bot.safety.mending import SHORTEST_SLIP

DATA = Path(__file__).parents[1] / "bot" / "safety" / "data"
HEAD = """\
# Real words (folded) at one slip from a keyword of spelling.yml, which mean themselves
# (`python -m tools.find_genuine_words`).
"""


def slips(word: str) -> Iterator[str]:
    """Every spelling at distance one: a letter missing, added, changed, or two swapped."""
    yield from deletions(word)
    for position in range(len(word) + 1):
        before, after = word[:position], word[position:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]


def main() -> None:
    spelling = yaml.safe_load((DATA / "spelling.yml").read_text("utf-8"))
    keywords = {fold(word) for word in spelling["keywords"]}
    near = {slip for word in keywords if len(word) >= SHORTEST_SLIP for slip in slips(word)} - keywords
    genuine = sorted(word for word in near if is_polish(word) and word not in spelling["slips"])
    listed = yaml.safe_dump({"words": genuine}, default_flow_style=None, width=108, allow_unicode=True)
    (DATA / "genuine.yml").write_text(HEAD + listed, encoding="utf-8")


if __name__ == "__main__":
    main()
