"""Doctors found by surname in any case, with or without title and first name."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.language.cases import Case
from bot.language.context import Context, ordinary
from bot.language.phrases import SCORES, Hit
from bot.language.spelling import SHORTEST_TYPO, Neighbours, is_polish, sound_key
from bot.language.surnames import first_name_forms, is_first_name, surname_forms
from bot.language.terms import Gender, How, Term
from bot.language.text import Word, fold, words

_LONGEST_NAME = 3
_OTHER_FIRST_NAME = 0.6
"""Weight of a surname beside a first name that none of its bearers has."""


class _Bearer(NamedTuple):
    """A person who may be meant by one form of a surname."""

    person: int
    gender: Gender
    cases: frozenset[Case]


class _Found(NamedTuple):
    bearers: tuple[_Bearer, ...]
    how: How


class People:
    """An index of people by the forms of their surnames and first names."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: list[Term] = [term for term in terms if term.person is not None]
        self._surnames: dict[str, dict[int, _Bearer]] = {}
        self._sounds: dict[str, dict[int, _Bearer]] = {}
        self._first_names: dict[str, set[int]] = {}
        self._initials: dict[str, set[int]] = {}
        for index, term in enumerate(self._terms):
            self._add(index, term)
        self._neighbours = Neighbours(self._surnames)

    def _add(self, index: int, term: Term) -> None:
        name = term.person
        if name is None:
            return
        for part in words(name.last):
            for form, cases in surname_forms(part.text, name.gender).items():
                bearer = _Bearer(index, name.gender, cases)
                for table, key in ((self._surnames, fold(form)), (self._sounds, sound_key(form))):
                    known = table.setdefault(key, {}).get(index)
                    merged = bearer if known is None else bearer._replace(cases=known.cases | cases)
                    table[key][index] = merged
        for part in words(name.first):
            for form in first_name_forms(part.text, name.gender):
                self._first_names.setdefault(fold(form), set()).add(index)
            self._initials.setdefault(part.folded[0], set()).add(index)

    def find(self, context: Context) -> Iterator[Hit]:
        """One hit for each place where a surname stands and a person may be meant."""
        surnames = [self._surname(word) for word in context.words]
        accepted: list[Hit] = []
        doubtful: list[tuple[int, _Found]] = []
        for position, found in enumerate(surnames):
            if found is None:
                continue
            hit = self._hit(context, surnames, position, found)
            if hit is not None:
                accepted.append(hit)
            else:
                doubtful.append((position, found))
        if accepted:
            accepted.extend(
                self._narrowed(context, found, position, position + 1, None)
                for position, found in doubtful
                if context.in_set(position - 1, "conjunctions") and not context.in_set(position, "calendar")
            )
        yield from accepted

    def _surname(self, word: Word) -> _Found | None:
        exact = self._surnames.get(word.folded)
        if exact:
            return _Found(tuple(exact.values()), "form")
        if len(word.folded) < 4:
            return None
        sounding = self._sounds.get(sound_key(word.text))
        if sounding and not is_polish(word.text):
            return _Found(tuple(sounding.values()), "sound")
        if len(word.folded) < SHORTEST_TYPO or is_polish(word.text):
            return None
        near = self._neighbours.of(word.folded)
        if not near:
            return None
        merged = {bearer.person: bearer for form in near for bearer in self._surnames[form].values()}
        return _Found(tuple(merged.values()), "typo")

    def _hit(
        self, context: Context, surnames: Sequence[_Found | None], position: int, found: _Found
    ) -> Hit | None:
        first, last, named = self._with_first_name(context.words, position, found)
        partner = self._other_half(context, surnames, position, found)
        if partner:
            found = found._replace(bearers=partner)
            last = max(last, position + 2)
        if not named and not partner and self._needs_person(context, position, found):
            return None
        if named:
            found = found._replace(bearers=named)
        hit = self._narrowed(context, found, first, last, position)
        stranger = not named and position > 0 and is_first_name(context.words[position - 1].text)
        return hit._replace(score=hit.score * _OTHER_FIRST_NAME) if stranger else hit

    def _needs_person(self, context: Context, position: int, found: _Found) -> bool:
        word = context.words[position].text
        if context.in_set(position - 1, "street_words"):
            return True
        doubtful = ordinary(word) or (found.how == "form" and context.in_set(position, "calendar"))
        return doubtful and not context.person(position, position + 1)

    def _with_first_name(
        self, text_words: Sequence[Word], position: int, found: _Found
    ) -> tuple[int, int, tuple[_Bearer, ...]]:
        """The stretch with first names beside the surname, and those who bear both."""
        bearers = {bearer.person: bearer for bearer in found.bearers}
        kept: set[int] = set(bearers)
        first, last, met = position, position + 1, False
        while first > 0 and position - first < _LONGEST_NAME - 1:
            both = self._first(text_words[first - 1]) & kept
            if not both:
                break
            kept, first, met = both, first - 1, True
        if not met and last < len(text_words):
            both = self._first_names.get(text_words[last].folded, set()) & kept
            if both:
                kept, last, met = both, last + 1, True
        return first, last, tuple(bearers[index] for index in sorted(kept)) if met else ()

    def _first(self, word: Word) -> set[int]:
        if len(word.folded) == 1:
            return self._initials.get(word.folded, set()) if word.text.isupper() else set()
        return self._first_names.get(word.folded, set())

    def _other_half(
        self, context: Context, surnames: Sequence[_Found | None], position: int, found: _Found
    ) -> tuple[_Bearer, ...]:
        """Bearers of a double-barrelled name whose second half follows."""
        if position + 1 >= len(surnames):
            return ()
        following = surnames[position + 1]
        if following is None:
            return ()
        second = {bearer.person for bearer in following.bearers}
        return tuple(bearer for bearer in found.bearers if bearer.person in second)

    def _narrowed(self, context: Context, found: _Found, first: int, last: int, position: int | None) -> Hit:
        title = context.title(first)
        start = title if title is not None else first
        bearers = _by_grammar(found.bearers, context.gender(title, first), context.cases(start))
        person = position is None or title is not None or last - first > 1
        terms = [self._terms[bearer.person] for bearer in bearers]
        bonus = 0.0 if not person else 0.05
        return Hit(
            terms[0].kind,
            tuple(dict.fromkeys(term.id for term in terms)),
            first,
            last,
            SCORES[found.how] + bonus,
            found.how,
        )


def _by_grammar(
    bearers: tuple[_Bearer, ...], gender: Gender | None, cases: frozenset[Case]
) -> tuple[_Bearer, ...]:
    """Those whom the form fits in this place („u Nowak” is a woman); all when it fits nobody."""
    fitting = tuple(
        bearer
        for bearer in bearers
        if (gender is None or bearer.gender == gender) and (not cases or cases & bearer.cases)
    )
    if fitting:
        return fitting
    return tuple(bearer for bearer in bearers if bearer.gender == gender) or bearers
