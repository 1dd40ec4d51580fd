"""Whether a word that is also a common word names a person or a place where it stands."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

from bot.language.cases import Case
from bot.language.data import load
from bot.language.morphology import WORDS_KEPT, Form, readings
from bot.language.paradigms import features
from bot.language.spelling import accented
from bot.language.terms import Gender
from bot.language.text import Word, fold
from bot.language.wordforms import word_forms

_NAME_LABELS = (
    "nazwisko",
    "imię",
    "geograficzn",
    "własna",
    "nazwa_organizacji",
    "nazwa_wydarzenia",
    "patronim",
)
_OLD_LABELS = ("daw.", "przest.", "arch.", "rzad.")
_ADJECTIVAL = ("ski", "cki", "zki")


@lru_cache(maxsize=1)
def _sets() -> dict[str, frozenset[str]]:
    data = load("context")
    flat = {name: frozenset(entries) for name, entries in data.items() if isinstance(entries, list)}
    return flat | {f"titles.{name}": frozenset(entries) for name, entries in data["titles"].items()}


def _common_reading(form: Form) -> bool:
    if any(part in label for label in form.labels for part in _NAME_LABELS):
        return False
    if any(label.startswith(_OLD_LABELS) for label in form.labels):
        return False
    # „kowalski” and „śląski” are adjectives in the dictionary, and names in a booking.
    return not (form.pos in {"adj", "adja", "adjp"} and form.lemma.endswith(_ADJECTIVAL))


@lru_cache(maxsize=1)
def _well_known() -> frozenset[str]:
    return frozenset(
        fold(form) for place in load("places")["well_known"] for form in word_forms(place, "place")
    )


@lru_cache(maxsize=WORDS_KEPT)
def ordinary(word: str) -> bool:
    """Whether the word, as written or without Polish letters, is (also) a common word of Polish."""
    lower = word.lower()
    folded = fold(lower)
    if folded in _sets()["harmless"] or folded in _well_known():
        return False
    if folded in _sets()["calendar"]:
        return True
    spellings = {lower, *(accented(lower) if lower == folded else ())}
    return any(_common_reading(form) for spelling in spellings for form in readings(spelling))


@lru_cache(maxsize=WORDS_KEPT)
def _says_verb(word: str) -> bool:
    """Whether a form is a verb in the present („mam”, „wolę”), before it is a rare case of some noun."""
    lower = word.lower()
    if lower in _sets()["no_verbs"]:
        return False
    spellings = {lower, *(accented(lower) if lower == fold(lower) else ())}
    return any(reading.pos == "fin" for spelling in spellings for reading in readings(spelling))


class Context:
    """The words of one message and what stands beside them."""

    def __init__(self, text: str, text_words: Sequence[Word]) -> None:
        self.text = text
        self.words = text_words

    def in_set(self, position: int, name: str) -> bool:
        """Whether the word at a position exists and belongs to a set of the context file."""
        return 0 <= position < len(self.words) and self.words[position].folded in _sets()[name]

    @cached_property
    def _starts(self) -> frozenset[int]:
        starts = {0}
        for position in range(1, len(self.words)):
            gap = self.text[self.words[position - 1].end : self.words[position].start]
            if any(mark in gap for mark in ".!?\n"):
                starts.add(position)
        return frozenset(starts)

    @cached_property
    def _title_case(self) -> bool:
        later = [word for word in self.words if len(word.text) > 3]
        return len(later) > 2 and all(word.text[0].isupper() for word in later)

    def capital(self, position: int) -> bool:
        """A capital letter that is not owed to a sentence's start or to a habit of the writer."""
        word = self.words[position].text
        shouted = len(word) > 1 and word.isupper()
        return word[0].isupper() and not shouted and position not in self._starts and not self._title_case

    def whole_message(self, first: int, last: int) -> bool:
        """Whether nothing but politeness stands beside the words."""
        return all(
            self.in_set(position, "fillers")
            for position in range(len(self.words))
            if not first <= position < last
        )

    def title(self, first: int) -> int | None:
        """Where a person's title before the word begins, if one stands there."""
        position = first - 1
        while position >= 0 and self.in_set(position, "titles.between") and position > first - 5:
            position -= 1
        if self._is_title(position):
            return position
        return position + 1 if position + 1 < first and self._is_title(position + 1) else None

    def _is_title(self, position: int) -> bool:
        return any(self.in_set(position, f"titles.{name}") for name in ("any", "masculine", "feminine"))

    def gender(self, title: int | None, first: int) -> Gender | None:
        """What the titles before a name say of its bearer."""
        if title is None:
            return None
        span = range(max(0, title - 1), first)
        if any(self.in_set(position, "titles.feminine") for position in span):
            return "f"
        return "m" if any(self.in_set(position, "titles.masculine") for position in span) else None

    def cases(self, first: int) -> frozenset[Case]:
        """Cases that the preposition before a person governs; empty when there is none."""
        governs: dict[str, list[str]] = load("context")["person_prepositions"]
        if first <= 0:
            return frozenset()
        return frozenset(Case(case) for case in governs.get(self.words[first - 1].folded, ()))

    def person(self, first: int, last: int) -> bool:
        """Whether a common word at `first` names a person here."""
        if self.title(first) is not None:
            return True
        if self.in_set(first, "calendar"):
            return self.capital(first) and self.in_set(first - 1, "person_context")
        if self.in_set(first, "pronouns"):
            return self.capital(first)
        return (
            self.in_set(first - 1, "person_context") or self.capital(first) or self.whole_message(first, last)
        )

    def verb(self, position: int) -> bool:
        """Whether a word is a verb where it stands („mam gorączkę”, but „dla mamy”)."""
        if not _says_verb(self.words[position].text):
            return False
        return not any(self.in_set(position - 1, name) for name in ("noun_prepositions", "kin_context"))

    def place(self, first: int, last: int) -> bool:
        """Whether a common word at `first` names a place here."""
        if self.in_set(first, "pronouns") or self.in_set(first, "calendar"):
            return self.capital(first)
        return self._place_after_preposition(first) or self.capital(first) or self.whole_message(first, last)

    def _place_after_preposition(self, first: int) -> bool:
        """„w Pile” is a town, „w piłę” is a game."""
        if not self.in_set(first - 1, "place_prepositions"):
            return False
        return not self.in_set(first - 1, "inside") or any(
            "loc" in features(reading.tag).cases for reading in self._as_places(first)
        )

    def _as_places(self, position: int) -> list[Form]:
        word = self.words[position].text
        spellings = {word.lower().capitalize(), *(variant.capitalize() for variant in accented(word))}
        return [
            reading
            for spelling in spellings
            for reading in readings(spelling)
            if any("geograficzn" in label for label in reading.labels)
        ]

    def place_by_itself(self, first: int) -> bool:
        """Whether a common word at `first` could stand for a place in a telegram („dermatolog piła”)."""
        places = self._as_places(first)
        return not _says_verb(self.words[first].text) and any(
            "nom" in features(reading.tag).cases for reading in places
        )

    def kin(self, first: int, last: int) -> bool:
        """Whether a common word at `first` is a relative's first name here."""
        if any(self.in_set(position, "kin_context") for position in (first - 1, first - 2)):
            return True
        if self.in_set(first, "calendar") or self.in_set(first, "pronouns"):
            return False
        return self.capital(first) or self.whole_message(first, last)

    def street(self, first: int) -> bool:
        """Whether a street word stands right before."""
        return self.in_set(first - 1, "street_words")


def sets(name: str) -> frozenset[str]:
    """A set of folded words of the context file."""
    return _sets()[name]
