"""Marks from one to five as people give them: „5/5”, „cztery gwiazdki”, „9 na 10”, „piątka”."""

from __future__ import annotations

import re

from bot.language.data import load
from bot.language.numbers import find_numbers
from bot.language.text import fold, folded_words

_OF = re.compile(r"(\d{1,2})(?:[.,]\d)?\s*(?:/|na)\s*(5|10)\b")
_ON = re.compile(r"\bna\s+([1-5])\b(?!\s*[/\d:.])")


def find_rating(text: str, *, asked: bool = False) -> int | None:
    """1-5, a mark out of ten halved and rounded up; `asked`: a bare number is the answer too."""
    folded = fold(text)
    found = _OF.search(folded)
    if found:
        mark, best = int(found[1]), int(found[2])
        mark = mark if best == 5 else (mark + 1) // 2
        return mark if 1 <= mark <= 5 else None
    words = load("ratings")
    said = folded_words(text)
    for mark, names in words["marks"].items():
        if any(word.startswith(tuple(names)) for word in said):
            return int(mark)
    near_star = any(word.startswith(tuple(words["stars"])) for word in said)
    number = next((n.value for n in find_numbers(text) if 1 <= n.value <= 5), None)
    if number is not None and (near_star or (asked and len(said) <= 4)):
        return number
    on = _ON.search(folded)
    return int(on[1]) if on and any(word.startswith(tuple(words["rates"])) for word in said) else None
