"""Spelling: Polish letters restored, one slip of the finger mended."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from bot.language.morphology import known
from bot.language.spelling import Neighbours, accented
from bot.language.text import fold, words

_SHORTEST = 4
_CLEARLY = 3
"""How many times more frequent the best candidate must be than the next."""


class Change(NamedTuple):
    """One word changed; offsets are into the original text."""

    start: int
    end: int
    before: str
    after: str


class Corrected(NamedTuple):
    """A text after correction, and what was changed in it."""

    text: str
    changes: tuple[Change, ...]


class Corrector:
    """Corrects words against a vocabulary, with counts where they are known.

    Never touches a word that SGJP knows, a protected one (names in a lexicon), or one under 4 letters.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int] | Iterable[str],
        protected: Callable[[str], bool] = lambda word: False,
    ) -> None:
        counts = vocabulary if isinstance(vocabulary, Mapping) else dict.fromkeys(vocabulary, 1)
        self._protected = protected
        self._counts: dict[str, int] = {}
        self._spelled: dict[str, str] = {}
        for word, count in counts.items():
            self._add(word.lower(), count)
        self._neighbours = Neighbours(self._counts)

    def _add(self, word: str, count: int) -> None:
        folded = fold(word)
        best = self._spelled.get(folded)
        # The spelling with Polish letters wins over careless ones of the same word.
        if best is None or (known(word), count) > (known(best), self._counts[folded]):
            self._spelled[folded] = word
        self._counts[folded] = self._counts.get(folded, 0) + count

    def word(self, word: str) -> str:
        """The word itself, or the one word of the vocabulary that was meant."""
        if len(word) < _SHORTEST or not word.isalpha() or known(word) or self._protected(word):
            return word
        folded = fold(word)
        if folded in self._spelled:
            return _cased(self._spelled[folded], word)
        restored = accented(word)
        if restored:
            return _cased(restored[0], word) if len(restored) == 1 else word
        near = sorted(
            self._neighbours.of(folded),
            key=lambda candidate: (-self._counts[candidate], candidate[0] != folded[0], candidate),
        )
        if not near or (len(near) > 1 and not self._clear(near[0], near[1], folded)):
            return word
        return _cased(self._spelled[near[0]], word)

    def _clear(self, best: str, second: str, folded: str) -> bool:
        if self._counts[best] >= _CLEARLY * self._counts[second]:
            return True
        return best[0] == folded[0] != second[0]

    def correct(self, text: str) -> Corrected:
        """The text with its words corrected; everything between words is kept."""
        pieces: list[str] = []
        changes: list[Change] = []
        position = 0
        for word in words(text):
            after = self.word(word.text)
            if after == word.text:
                continue
            pieces += [text[position : word.start], after]
            position = word.end
            changes.append(Change(word.start, word.end, word.text, after))
        return Corrected("".join([*pieces, text[position:]]), tuple(changes))


def _cased(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if like[0].isupper() else word
