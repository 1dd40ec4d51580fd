"""Lemmas of folded words, from all inflected forms of the words that training has met.

Run-time analysis cannot do this: SGJP does not know „wizyte”. Here every form of „wizyta” is listed folded,
so that an unseen form without its Polish letters still means a lemma that was seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.language.morphology import forms, lemmas
from bot.language.text import fold

_FILE = "lemmas.json"


class LemmaIndex:
    """Folded form to folded lemmas; a word it does not know is its own lemma."""

    def __init__(self, forms_of: Mapping[str, Sequence[str]]) -> None:
        """`forms_of` lists the folded forms of each folded lemma."""
        self._forms_of = forms_of
        self._lemmas: dict[str, list[str]] = {}
        for lemma, folded_forms in forms_of.items():
            for form in folded_forms:
                self._lemmas.setdefault(form, []).append(lemma)

    @classmethod
    def of_words(cls, words: Iterable[str]) -> LemmaIndex:
        """Index of the lemmas of these words (unfolded, lower-case)."""
        forms_of: dict[str, set[str]] = {}
        for lemma in sorted({lemma for word in words for lemma in lemmas(word)}):
            folded = {fold(form.text) for form in forms(lemma)}
            forms_of.setdefault(fold(lemma), set()).update(form for form in folded if " " not in form)
        return cls({lemma: sorted(folded) for lemma, folded in forms_of.items()})

    def __call__(self, folded: str) -> Sequence[str]:
        """Lemmas of a folded word, at least one."""
        return self._lemmas.get(folded) or (folded,)

    def save(self, folder: Path) -> None:
        """Write the index as JSON."""
        (folder / _FILE).write_text(json.dumps(self._forms_of, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LemmaIndex:
        """Read what `save` wrote."""
        return cls(json.loads((folder / _FILE).read_text(encoding="utf-8")))
