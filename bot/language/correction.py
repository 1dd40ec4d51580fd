"""Spelling: Polish letters restored, one slip of the finger mended (in long words two)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.keyboard import slip
from bot.language.morphology import known
from bot.language.spelling import SHORTEST_TYPO, accented, deletions, slips
from bot.language.text import fold, words

_SHORTEST = 3
_CLEARLY = 1.1
"""How many times likelier the best candidate must be than the next."""
_SHORT_MEANT = 4
"""A typed word of three or four letters stands for a word of at least so many, """
_SHORT_COUNT = 8
"""and for one that people use so often."""
_LONG = 8
"""From so many letters on, two slips are mended."""
_LIKELIER = 30.0
"""So much weight a slip needs, to be preferred to a Polish word that nobody used in training ("proże")."""
_UNUSED = 0.5
"""Weight of a word that nobody used in training."""
_APART_COUNT = 3
_SMALL_WORD_COUNT = 100
"""How often a word (one of two or three letters) is in training, to be found in two words run together."""
_MOST_RESTORED = 9
"""Longer words with Polish letters left out are rarely also a slip of another word."""


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

    Never touches a word that SGJP knows, a protected one (names in a lexicon), or one under 3 letters.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int] | Iterable[str],
        protected: Callable[[str], bool] = lambda word: False,
        forms: Callable[[Sequence[str]], Sequence[str]] = lambda words: (),
    ) -> None:
        """`forms` picks, of some folded words, those that may be meant though nobody used them."""
        counts = vocabulary if isinstance(vocabulary, Mapping) else dict.fromkeys(vocabulary, 1)
        self._protected = protected
        self._forms = forms
        self._counts: dict[str, int] = {}
        self._spelled: dict[str, str] = {}
        for word, count in counts.items():
            self._add(word if word.islower() else word.lower(), count)
        self._short = self._short_words()
        self._long = [word for word in self._counts if len(word) >= _LONG - 1]

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
        ranked = self._ranked(folded) if not restored or self._may_slip(restored, word) else []
        if restored:
            if ranked and ranked[0][0] >= _LIKELIER and self._clear(ranked):
                return _cased(self._spelled.get(ranked[0][1], ranked[0][1]), word)
            return _cased(restored[0], word) if len(restored) == 1 else word
        if self._clear(ranked):
            return _cased(self._spelled.get(ranked[0][1], ranked[0][1]), word)
        return word if ranked else self._apart(folded, word)

    def _apart(self, folded: str, word: str) -> str:
        """Two words run together ("wizytejutro") with their space; the word itself when unclear."""
        if len(folded) < _LONG:
            return word
        cuts = ((folded[:at], folded[at:]) for at in range(2, len(folded) - 1))
        likely = max(
            (
                (min(self._counts[one], self._counts[other]), one, other)
                for one, other in cuts
                if self._stands_alone(one) and self._stands_alone(other)
            ),
            default=None,
        )
        if likely is None:
            return word
        return _cased(f"{self._spelled[likely[1]]} {self._spelled[likely[2]]}", word)

    def _stands_alone(self, folded: str) -> bool:
        count = self._counts.get(folded, 0)
        return count >= (_SMALL_WORD_COUNT if len(folded) <= _SHORTEST else _APART_COUNT)

    @staticmethod
    def _may_slip(restored: tuple[str, ...], word: str) -> bool:
        return len(restored) == 1 and len(word) <= _MOST_RESTORED

    def _ranked(self, folded: str) -> list[tuple[float, str]]:
        """Words that may be meant, with how often they are and how usual the slip is; the likeliest first."""
        near = self._near(folded) if len(folded) >= SHORTEST_TYPO else self._near_short(folded)
        if not near and len(folded) >= _LONG:
            found = process.extract(folded, self._long, scorer=OSA.distance, score_cutoff=2, limit=2)
            return _sorted((float(self._counts[other]), other) for other, *_ in found)
        return _sorted((slip(other, folded) * self._counts.get(other, _UNUSED), other) for other in near)

    def _clear(self, ranked: list[tuple[float, str]]) -> bool:
        return bool(ranked) and (len(ranked) == 1 or ranked[0][0] >= _CLEARLY * ranked[1][0])

    def _short_words(self) -> dict[str, list[str]]:
        """Common words of four and five letters by what is left of them without one letter."""
        found: dict[str, list[str]] = {}
        for word, count in self._counts.items():
            if _SHORT_MEANT <= len(word) <= SHORTEST_TYPO and count >= _SHORT_COUNT:
                for shorter in {word, *deletions(word)}:
                    found.setdefault(shorter, []).append(word)
        return found

    def _near(self, folded: str) -> list[str]:
        """Words at distance one, looked up: an index of them would take a third of the time of loading."""
        near = [word for word in slips(folded) if len(word) >= SHORTEST_TYPO - 1]
        return [*{*(word for word in near if word in self._counts), *self._forms(near)}]

    def _near_short(self, folded: str) -> list[str]:
        met = dict.fromkeys(w for key in {folded, *deletions(folded)} for w in self._short.get(key, ()))
        return [word for word in met if OSA.distance(folded, word, score_cutoff=1) <= 1]

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


def _sorted(weighed: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    return sorted(weighed, key=lambda pair: (-pair[0], pair[1]))


def _cased(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if like[0].isupper() else word
