"""Lemmas of folded words, from all inflected forms of the words that training has met.

Run-time analysis cannot do this: SGJP does not know „wizyte”. Here every form of „wizyta” is listed folded,
so that an unseen form without its Polish letters still means a lemma that was seen.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from bot.language.morphology import forms, known, lemmas
from bot.language.text import fold
from bot.nlu.parallel import pieces, side_by_side

_FILE = "lemmas.json"
_BLANK = " "
_PIECE = 2_000
"""So many lemmas at least are worth a process of their own."""


class LemmaIndex:
    """Folded form to folded lemmas; a word it does not know is its own lemma."""

    def __init__(self, lemmas_of: Mapping[str, str]) -> None:
        """`lemmas_of` gives the folded lemmas of each folded form, in one text with blanks between.

        Half a million texts are read back in a fraction of the time that lists would take.
        """
        self._lemmas_of = lemmas_of

    @classmethod
    def of_words(cls, words: Iterable[str]) -> LemmaIndex:
        """Index of the lemmas of these words (unfolded, lower-case)."""
        found: dict[str, set[str]] = {}
        lemmas_met = sorted({lemma for word in words for lemma in lemmas(word)})
        parts = side_by_side(
            lambda piece: [(fold(lemma), _folded_forms(lemma)) for lemma in lemmas_met[piece]],
            pieces(len(lemmas_met), _PIECE),
        )
        for lemma, listed in (pair for part in parts for pair in part):
            for form in listed:
                found.setdefault(form, set()).add(lemma)
        return cls({form: _BLANK.join(sorted(found[form])) for form in sorted(found)})

    @property
    def forms(self) -> Container[str]:
        """All folded forms of the words that training has met."""
        return self._lemmas_of.keys()

    def __call__(self, folded: str) -> Sequence[str]:
        """Lemmas of a folded word, at least one."""
        found = self._lemmas_of.get(folded)
        return found.split(_BLANK) if found else (folded,)

    def knows(self, folded: str) -> bool:
        """Whether it is a form of a Polish word: one that training has met, or one that SGJP lists."""
        return folded in self._lemmas_of or known(folded)

    def save(self, folder: Path) -> None:
        """Write the index as JSON."""
        (folder / _FILE).write_text(json.dumps(self._lemmas_of, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LemmaIndex:
        """Read what `save` wrote."""
        return cls(json.loads((folder / _FILE).read_text(encoding="utf-8")))


def _folded_forms(lemma: str) -> list[str]:
    return sorted({fold(form.text) for form in forms(lemma) if _BLANK not in form.text})
