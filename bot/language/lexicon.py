"""Names of the portal's world found in patients' words, in every case, number and spelling."""

from collections.abc import Iterable

from bot.language.terms import Mention, PersonName, Term

__all__ = ["Lexicon", "Mention", "PersonName", "Term"]


class Lexicon:
    """An index of terms; build it once, share it between conversations."""

    @classmethod
    def build(cls, terms: Iterable[Term]) -> "Lexicon":
        """Index terms with all their inflected forms."""
        raise NotImplementedError

    def plus(self, terms: Iterable[Term]) -> "Lexicon":
        """The same lexicon with a few terms more (a patient's dependants), without rebuilding."""
        raise NotImplementedError

    def find(self, text: str) -> list[Mention]:
        """Mentions in order of appearance, without overlaps."""
        raise NotImplementedError
