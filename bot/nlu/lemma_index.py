"""Lemmas of folded words, from all inflected forms of the words that training has met.

Run-time analysis cannot do this: SGJP does not know „wizyte”. Here every form of „wizyta” is listed folded,
so that an unseen form without its Polish letters still means a lemma that was seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.language.morphology import WORDS_KEPT, forms, known, lemmas
from bot.language.text import fold
from bot.language.wordtable import WordTable
from bot.nlu.mapped import load_arrays, save_arrays
from bot.nlu.parallel import pieces, side_by_side

_NAME, _FILE = "forms", "lemmas.json"
_BLANK = " "
_PIECE = 2_000
"""So many lemmas at least are worth a process of their own."""


class LemmaIndex:
    """Folded form to folded lemmas; a word it does not know is its own lemma."""

    def __init__(self, table: WordTable) -> None:
        """`table` gives the folded lemmas of each folded form, in one text with blanks between."""
        self._table = table
        self._met: dict[str, tuple[str, ...]] = {}

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
        return cls(WordTable.of({form: _BLANK.join(sorted(found[form])) for form in sorted(found)}))

    def forms(self, words: Sequence[str]) -> list[str]:
        """Those of some folded words that are forms of the words that training has met."""
        return self._table.among(words)

    def __call__(self, folded: str) -> Sequence[str]:
        """Lemmas of a folded word, at least one."""
        return self._listed(folded) or (folded,)

    def knows(self, folded: str) -> bool:
        """Whether it is a form of a Polish word: one that training has met, or one that SGJP lists."""
        return bool(self._listed(folded)) or known(folded)

    def meet(self, words: Iterable[str]) -> None:
        """Look up the folded words of a message at once: one by one takes ten times as long."""
        new = [word for word in dict.fromkeys(words) if word not in self._met]
        if new:
            self._looked_up(new)

    def _looked_up(self, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
        lemmas = {
            word: tuple(found.split(_BLANK)) if found else ()
            for word, found in zip(words, self._table.find(words), strict=True)
        }
        if len(self._met) + len(lemmas) > WORDS_KEPT:
            self._met = {}
        self._met.update(lemmas)
        return lemmas

    def _listed(self, folded: str) -> tuple[str, ...]:
        found = self._met.get(folded)
        return self._looked_up([folded])[folded] if found is None else found

    def save(self, folder: Path) -> None:
        """Write the index as arrays, and the lemmas as JSON."""
        arrays, texts = self._table.arrays()
        save_arrays(folder, _NAME, arrays)
        (folder / _FILE).write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LemmaIndex:
        """Read what `save` wrote."""
        texts = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(WordTable.from_arrays(load_arrays(folder, _NAME), texts))


def _folded_forms(lemma: str) -> list[str]:
    return sorted({fold(form.text) for form in forms(lemma) if _BLANK not in form.text})
