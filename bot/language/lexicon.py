"""Names of the portal's world found in patients' words, in every case, number and spelling."""

from collections.abc import Iterable, Iterator

from bot.language.context import Context, ordinary
from bot.language.contrast import apply_scopes
from bot.language.negation import scopes
from bot.language.people import People
from bot.language.phrases import Hit, Phrases
from bot.language.relations import age_said, joined
from bot.language.terms import Mention, PersonName, Term
from bot.language.text import words
from bot.language.vocabulary import IGNORED, UNLISTED_CITY, dictionary_terms, standing_terms, unlisted_terms

__all__ = ["Lexicon", "Mention", "PersonName", "Term", "dictionary_terms", "standing_terms", "unlisted_terms"]

# Of two names for the same words the first of these wins; kinds of visit stand beside any other.
_PRIORITY = (
    *("doctor", "dependant", "service", "specialty", "unlisted"),
    *("facility", "city", "district", "unlisted_city", "relation", "refine", IGNORED),
)
_BESIDE = frozenset({"visit_kind"})
_PLACES = frozenset({"city", "district", "unlisted_city"})
_LONG = 7
"""Short words for relatives („mąż”, „tata”) have too many neighbours in other languages and brands."""
_COMMON_NOUNS = frozenset({"relation", "service", "specialty"})


class _Index:
    """Terms indexed once, never changed."""

    def __init__(self, terms: Iterable[Term]) -> None:
        listed = list(terms)
        self.people = People(listed)
        self.phrases = Phrases(term for term in listed if term.person is None)

    def hits(self, context: Context) -> Iterator[Hit]:
        yield from self.people.find(context)
        yield from self.phrases.find(context.words)


class Lexicon:
    """An index of terms; build it once, share it between conversations."""

    def __init__(self, indexes: tuple[_Index, ...]) -> None:
        self._indexes = indexes

    @classmethod
    def build(cls, terms: Iterable[Term]) -> "Lexicon":
        """Index terms with all their inflected forms."""
        return cls((_Index(terms),))

    def plus(self, terms: Iterable[Term]) -> "Lexicon":
        """The same lexicon with a few terms more (a patient's dependants), without rebuilding."""
        return Lexicon((*self._indexes, _Index(terms)))

    def find(self, text: str) -> list[Mention]:
        """Mentions in order of appearance; they do not overlap, but a kind of visit may share its words
        with a service or specialty („rehabilitacja”)."""
        context = Context(text, words(text))
        hits = [hit for index in self._indexes for hit in index.hits(context)]
        kept = _resolve(_in_context(context, hits))
        mentions = [_mention(context, hit) for hit in kept if hit.kind != IGNORED]
        mentions = joined(text, mentions)
        return apply_scopes(text, mentions, scopes(text)) if mentions else []


def _mention(context: Context, hit: Hit) -> Mention:
    start, end = context.words[hit.first].start, context.words[hit.last - 1].end
    said = context.text[start:end]
    age = age_said(context.words[hit.first : hit.last]) if hit.kind == "relation" else None
    return Mention(hit.kind, hit.ids, start, end, said, round(min(hit.score, 1.0), 3), hit.how, age=age)


def _in_context(context: Context, hits: list[Hit]) -> list[Hit]:
    """Hits whose words mean a name where they stand; a doubtful place counts beside a sure name."""
    sure = [hit for hit in hits if _fits(context, hit)]
    edges = {edge for hit in sure for edge in (hit.first, hit.last)}
    return sure + [
        hit
        for hit in hits
        if hit.kind in _PLACES
        and hit not in sure
        and not context.street(hit.first)
        and not context.in_set(hit.first, "pronouns")
        and not context.in_set(hit.first, "calendar")
        and context.place_by_itself(hit.first)
        and _beside(context, hit, edges)
    ]


def _beside(context: Context, hit: Hit, edges: set[int]) -> bool:
    """Whether a sure name or a day stands right beside, perhaps behind a preposition."""
    after = hit.last + 1 if context.in_set(hit.last, "place_prepositions") else hit.last
    return (
        hit.first in edges
        or after in edges
        or context.in_set(hit.first - 1, "calendar")
        or context.in_set(hit.last, "calendar")
    )


def _fits(context: Context, hit: Hit) -> bool:
    if hit.kind in _PLACES:
        if context.street(hit.first) or context.title(hit.first) is not None:
            return False
        if hit.kind == UNLISTED_CITY and hit.how == "typo":
            return False
        if hit.last - hit.first > 1 or not ordinary(context.words[hit.first].text):
            return True
        return context.place(hit.first, hit.last)
    if hit.last - hit.first == 1 and context.in_set(hit.first, "only_capitals") and hit.kind == "service":
        return context.words[hit.first].text.isupper()
    if hit.kind in _COMMON_NOUNS and hit.last - hit.first == 1 and context.verb(hit.first):
        return False
    if hit.kind == "relation" and hit.how == "typo":
        return len(context.words[hit.first].text) >= _LONG
    if hit.kind == "dependant":
        return not ordinary(context.words[hit.first].text) or context.kin(hit.first, hit.last)
    return True


def _rank(hit: Hit) -> tuple[int, float, int]:
    priority = _PRIORITY.index(hit.kind) if hit.kind in _PRIORITY else len(_PRIORITY)
    return (hit.first - hit.last, -hit.score, priority)


def _resolve(hits: list[Hit]) -> list[Hit]:
    """Longest first, then best; equal hits of one kind are joined."""
    kept: dict[tuple[int, int], list[Hit]] = {}
    taken: set[int] = set()
    for hit in sorted(hits, key=_rank):
        same = kept.get((hit.first, hit.last))
        if same is not None:
            _join(same, hit)
        elif taken.isdisjoint(range(hit.first, hit.last)):
            kept[hit.first, hit.last] = [hit]
            taken.update(range(hit.first, hit.last))
    flat = [hit for same in kept.values() for hit in same]
    return sorted(flat, key=lambda hit: (hit.first, hit.kind))


def _join(same: list[Hit], hit: Hit) -> None:
    """Adds a hit to those of the very same words, when it says something of its own."""
    for index, other in enumerate(same):
        if other.kind == hit.kind:
            if hit.score == other.score:
                same[index] = other._replace(ids=tuple(dict.fromkeys((*other.ids, *hit.ids))))
            return
    if len(same) == 1 and (hit.kind in _BESIDE) != (same[0].kind in _BESIDE):
        same.append(hit)
