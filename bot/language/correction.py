"""Spelling: Polish letters restored, one slip of the finger mended."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple


class Change(NamedTuple):
    """One word changed; offsets are into the original text."""

    start: int
    end: int
    before: str
    after: str


class Corrected(NamedTuple):
    text: str
    changes: tuple[Change, ...]


class Corrector:
    """Corrects words against a vocabulary; never a word SGJP knows, a protected one, or one under 4 letters."""

    def __init__(
        self,
        vocabulary: Mapping[str, int] | Iterable[str],
        protected: Callable[[str], bool] = lambda word: False,
    ) -> None:
        raise NotImplementedError

    def word(self, word: str) -> str:
        """The word itself, or the one word of the vocabulary that was meant."""
        raise NotImplementedError

    def correct(self, text: str) -> Corrected:
        """The text with its words corrected; everything between words is kept."""
        raise NotImplementedError
