"""Which words belong to the portal's matters: those that several training messages about them have.

A message made of other words is most likely about something else, whatever its few known words point to.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bot.language.text import fold, words

_FILE = "familiar.json"
_LEAST = 3
"""Messages that a lemma must stand in: one or two may have it by chance."""


class Familiarity:
    """Lemmas of the training messages that are about the portal's matters."""

    def __init__(self, messages_with: Mapping[str, int]) -> None:
        """`messages_with` counts the messages a folded lemma stands in; rare ones may be left out."""
        self._messages_with = messages_with

    @classmethod
    def of(cls, texts: Iterable[str], lemmas: Callable[[str], Sequence[str]]) -> Familiarity:
        """From messages about the portal's matters; `lemmas` gives those of a folded word."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update({lemma for word in words(text) for lemma in lemmas(fold(word.text.lower()))})
        return cls({lemma: count for lemma, count in sorted(counts.items()) if count >= _LEAST})

    def knows(self, lemmas: Sequence[str], own: int = 0) -> bool:
        """Whether a word with these lemmas is familiar; `own` (0 or 1): messages that do not count.

        A message of training must not vouch for its own words: a new message will not either.
        """
        return any(self._messages_with.get(lemma, 0) - own >= _LEAST for lemma in lemmas)

    def save(self, folder: Path) -> None:
        """Write the lemmas as JSON."""
        (folder / _FILE).write_text(json.dumps(list(self._messages_with), ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Familiarity:
        """Read what `save` wrote; an older model knows no such words."""
        file = folder / _FILE
        stored = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        return cls(dict.fromkeys(stored, _LEAST))
