"""Names of things and places as phrases of words, whatever the forms; whole names and parts of names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.language.data import load
from bot.language.morphology import known
from bot.language.spelling import SHORTEST_TYPO, Neighbours, is_polish, sound_key
from bot.language.terms import How, Term
from bot.language.text import Word, fold, words
from bot.language.wordforms import Manner, function_words, word_forms

SCORES: dict[How, float] = {"form": 1.0, "sound": 0.92, "typo": 0.88}
_REORDERED, _PARTIAL = 0.98, 0.8
_LONGEST_RUN = 12
"""Words that the name of a test may spread over."""
_PLACES = frozenset({"city", "district", "unlisted_city"})
_PROFESSIONAL = frozenset({"service", "specialty", "unlisted"})
_MANNER_MARKS: dict[Manner, str] = {"phrase": "", "single": "#", "place": "@", "exact": "="}
_MARKS = "#@=!"


class Sense(NamedTuple):
    """One word of some name that a word of the text may be."""

    word: str
    how: How


class Hit(NamedTuple):
    """Words `first` to `last` (exclusive) of the text name these terms of one kind, best first."""

    kind: str
    ids: tuple[str, ...]
    first: int
    last: int
    score: float
    how: How


@dataclass(slots=True)
class _Node:
    after: dict[str, "_Node"] = field(default_factory=dict)
    terms: list[tuple[str, str]] = field(default_factory=list)


class WordSenses:
    """From a word of the text to the words of names whose form, sound-alike or misspelling it is."""

    def __init__(self) -> None:
        self._forms: dict[str, tuple[str, ...]] = {}
        self._sounds: dict[str, tuple[str, ...]] = {}
        self._spelled: dict[str, tuple[str, ...]] = {}
        self._known: set[str] = set()
        self._neighbours: Neighbours | None = None

    def add(self, word: str, manner: Manner) -> str:
        """Index all forms of a word; returns its key, which tells manners of inflection apart."""
        key = fold(word) + _MANNER_MARKS[manner] + ("!" if word.isupper() and len(word) > 1 else "")
        _append(self._spelled, word.lower(), key)
        if key not in self._known:
            self._known.add(key)
            for form in word_forms(word, manner):
                _append(self._spelled, form, key)
                _append(self._forms, fold(form), key)
                _append(self._sounds, sound_key(form), key)
        return key

    def finish(self) -> None:
        """Prepare for misspellings; call when all words are in."""
        kept: dict[tuple[str, ...], tuple[str, ...]] = {}
        for index in (self._forms, self._sounds, self._spelled):
            for entry, keys in index.items():  # the forms of a word are of the same names: one object for all
                index[entry] = kept.setdefault(keys, keys)
        self._neighbours = Neighbours(self._forms)

    def of(self, word: Word) -> tuple[Sense, ...]:
        """Senses of a word of the text; a slip counts only for a word that Polish does not have."""
        keys = self._forms.get(word.folded)
        if keys:
            lower = word.text.lower()
            # A Polish word written with its own letters is no other: „gdańską” is not „Gdańska”.
            spelled = self._spelled.get(lower, ()) if lower != word.folded and known(word.text) else keys
            return tuple(Sense(key, "form") for key in spelled)
        keys = self._sounds.get(sound_key(word.text))
        if keys and len(word.folded) > 3:
            return tuple(Sense(key, "sound") for key in keys)
        if self._neighbours is None or len(word.folded) < SHORTEST_TYPO or is_polish(word.text):
            return ()
        near = self._neighbours.of(word.folded)
        return tuple(
            Sense(key, "typo") for key in dict.fromkeys(key for form in near for key in self._forms[form])
        )


def _append(index: dict[str, tuple[str, ...]], entry: str, key: str) -> None:
    keys = index.get(entry, ())
    if key not in keys:
        index[entry] = (*keys, key)


class _Part(NamedTuple):
    """A name as a bag: its head, the words that tell it apart, and what it names.

    `alone`: the head by itself already names it, if only as one of several.
    """

    head: str
    words: frozenset[str]
    kind: str
    id: str
    alone: bool


class Phrases:
    """All names of terms that are not people."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._senses = WordSenses()
        self._root = _Node()
        self._parts: dict[str, list[_Part]] = {}
        context = load("context")
        self._generic = frozenset(context["generic"]) | function_words()
        self._families = frozenset(context["families"])
        for term in terms:
            for name in dict.fromkeys((term.name, *term.aliases)):
                self._add(term, name)
        self._senses.finish()

    def _add(self, term: Term, name: str) -> None:
        parts = words(name)
        manner = _manner(term, name, len(parts))
        keys = [self._senses.add(part.text, manner) for part in parts]
        if not keys:
            return
        if not self._family_alias(term, name, keys):
            node = self._root
            for key in keys:
                node = node.after.setdefault(key, _Node())
            if (term.kind, term.id) not in node.terms:
                node.terms.append((term.kind, term.id))
        # What patients call a specialist („od skóry”) means nothing in part; the specialty's own name does.
        if manner != "exact" and (term.kind == "service" or (term.kind == "specialty" and name == term.name)):
            self._add_part(term, keys)

    def _add_part(self, term: Term, keys: list[str]) -> None:
        bare = [_bare(key) for key in keys]
        telling = [key for key in bare if key not in self._generic]
        # „badania do nowej pracy” is not any „nowa praca”.
        if not telling or (telling[0] != bare[0] and telling[0] not in self._families):
            return
        alone = term.kind == "specialty" or telling[0] in self._families
        part = _Part(telling[0], frozenset(telling), term.kind, term.id, alone)
        for key in part.words:
            self._parts.setdefault(key, []).append(part)

    def _family_alias(self, term: Term, name: str, keys: list[str]) -> bool:
        """„rezonans” listed as another name of one MRI: it names the whole family all the same."""
        return (
            term.kind == "service"
            and name != term.name
            and len(keys) == 1
            and _bare(keys[0]) in self._families
        )

    def senses(self, text_words: Sequence[Word]) -> list[tuple[Sense, ...]]:
        """Senses of each word of the text."""
        return [self._senses.of(word) for word in text_words]

    def find(self, text_words: Sequence[Word]) -> Iterator[Hit]:
        """Whole names, then tests and specialties named by a part of their names in any order."""
        senses = self.senses(text_words)
        for first in range(len(text_words)):
            yield from self._whole(senses, first)
        yield from self._in_parts(senses, text_words)

    def _whole(self, senses: list[tuple[Sense, ...]], first: int) -> Iterator[Hit]:
        paths: list[tuple[_Node, How]] = [(self._root, "form")]
        for position in range(first, len(senses)):
            paths = [
                (node.after[sense.word], sense.how if how == "form" else how)
                for node, how in paths
                for sense in senses[position]
                if sense.word in node.after
            ]
            if not paths:
                return
            yield from _hits(paths, first, position + 1)

    def _in_parts(self, senses: list[tuple[Sense, ...]], text_words: Sequence[Word]) -> Iterator[Hit]:
        position = 0
        while position < len(senses):
            run = self._run(senses, text_words, position)
            if run is None:
                position += 1
                continue
            yield from run
            position = max(hit.last for hit in run)

    def _run(
        self, senses: list[tuple[Sense, ...]], text_words: Sequence[Word], first: int
    ) -> list[Hit] | None:
        """The longest stretch from `first` whose telling words all belong to one name."""
        candidates: list[_Part] = []
        said: set[str] = set()
        how: How = "form"
        last = position = first
        while position < min(len(senses), first + _LONGEST_RUN):
            narrowed = self._narrow(candidates, senses[position], said, start=position == first)
            if narrowed is None:
                if said and text_words[position].folded in self._generic:
                    position += 1
                    continue
                break
            candidates, sense = narrowed
            said.add(sense.word)
            how = sense.how if how == "form" else how
            position += 1
            last = position
        headed = [part for part in candidates if part.head in said and (part.alone or len(said) > 1)]
        return _part_hits(headed, said, first, last, how) if headed else None

    def _narrow(
        self, candidates: list[_Part], senses: tuple[Sense, ...], said: set[str], *, start: bool
    ) -> tuple[list[_Part], Sense] | None:
        best: tuple[list[_Part], Sense] | None = None
        for sense in dict.fromkeys(Sense(_bare(sense.word), sense.how) for sense in senses):
            if sense.word in self._generic or sense.word in said:
                continue  # a word said again begins another name: „usg piersi, usg tarczycy”
            pool = self._parts.get(sense.word, []) if start else candidates
            kept = [part for part in pool if sense.word in part.words]
            if kept and (best is None or len(kept) > len(best[0])):
                best = (kept, sense)
        return best


def _manner(term: Term, name: str, length: int) -> Manner:
    if name.startswith("="):
        return "exact"
    if length > 1:
        return "phrase"
    if term.kind in _PLACES:
        return "place"
    return "single" if term.kind in _PROFESSIONAL else "phrase"


def _bare(key: str) -> str:
    return key.rstrip(_MARKS)


def _hits(paths: list[tuple[_Node, How]], first: int, last: int) -> Iterator[Hit]:
    found: dict[tuple[str, How], dict[str, None]] = {}
    for node, how in paths:
        for kind, term_id in node.terms:
            found.setdefault((kind, how), {})[term_id] = None
    for (kind, how), ids in found.items():
        yield Hit(kind, tuple(ids), first, last, SCORES[how], how)


def _part_hits(candidates: list[_Part], said: set[str], first: int, last: int, how: How) -> list[Hit]:
    by_kind: dict[str, list[_Part]] = {}
    for part in sorted(candidates, key=lambda part: len(part.words)):
        by_kind.setdefault(part.kind, []).append(part)
    hits = []
    for kind, parts in by_kind.items():
        whole = dict.fromkeys(part.id for part in parts if part.words == said and len(said) > 1)
        ids = tuple(whole or dict.fromkeys(part.id for part in parts))
        hits.append(Hit(kind, ids, first, last, SCORES[how] * (_REORDERED if whole else _PARTIAL), how))
    return hits
