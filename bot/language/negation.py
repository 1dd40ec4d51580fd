"""What a „nie” reaches."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal, NamedTuple

from bot.language.data import load
from bot.language.morphology import readings
from bot.language.spelling import accented
from bot.language.terms import Mention
from bot.language.text import Word, words

ScopeKind = Literal["not", "except", "instead", "statement"]

_VERBS = frozenset({"fin", "impt", "praet", "bedzie", "imps", "winien", "pred", "aglt"})
_OTHERS = frozenset({"subst", "adj", "prep", "conj", "comp", "part", "adv", "num", "interj", "brev"})
_LONGEST_CUE = 5
_SENTENCE_END = re.compile(r"[.!?;\n](?!\d)")


class Scope(NamedTuple):
    """A stretch of text under a cue: „not” and „except” exclude, „instead” is what is wanted in their
    place, „statement” is a negated fact that excludes nothing („nie wiem, czy ...”)."""

    kind: ScopeKind
    start: int
    end: int
    cue: str


@lru_cache(maxsize=1)
def _cues() -> dict[str, frozenset[tuple[str, ...]]]:
    return {
        name: frozenset(tuple(entry.split()) for entry in entries)
        for name, entries in load("negation").items()
    }


@lru_cache(maxsize=20_000)
def _only_verb(word: str) -> bool:
    """A finite verb that is nothing else, with or without its Polish letters."""
    lower = word.lower()
    found = [reading.pos for spelling in {lower, *accented(lower)} for reading in readings(spelling)]
    return any(pos in _VERBS for pos in found) and not any(pos in _OTHERS for pos in found)


@lru_cache(maxsize=20_000)
def _infinitive(word: str) -> bool:
    lower = word.lower()
    return any(
        reading.pos == "inf" for spelling in {lower, *accented(lower)} for reading in readings(spelling)
    )


class _Sentence:
    """Words of one sentence; positions are into them."""

    def __init__(self, text: str, text_words: Sequence[Word]) -> None:
        self.text = text
        self.words = text_words

    def cue(self, name: str, position: int) -> int:
        """How many words a cue of that list takes at a position; 0 when none stands there."""
        entries = _cues()[name]
        for length in range(min(_LONGEST_CUE, len(self.words) - position), 0, -1):
            if tuple(word.folded for word in self.words[position : position + length]) in entries:
                return length
        return 0

    def gap(self, position: int) -> str:
        """What stands between a word and the next."""
        end = self.words[position + 1].start if position + 1 < len(self.words) else len(self.text)
        return self.text[self.words[position].end : end]

    def comma_after(self, position: int) -> bool:
        gap = self.gap(position)
        return "," in gap or " - " in gap or " – " in gap or ":" in gap

    def segment_start(self, position: int) -> int:
        while position > 0 and not self.comma_after(position - 1):
            position -= 1
        return position

    def segment_end(self, position: int) -> int:
        while position < len(self.words) - 1 and not self.comma_after(position):
            position += 1
        return position + 1

    def has(self, name: str, first: int, last: int) -> bool:
        return any(self.cue(name, position) for position in range(first, last))

    def scope(self, kind: ScopeKind, first: int, last: int, cue: str) -> Scope | None:
        if first >= last:
            return None
        return Scope(kind, self.words[first].start, self.words[last - 1].end, cue)


def scopes(text: str) -> list[Scope]:
    """Scopes in order of their start."""
    return sorted(
        (scope for sentence in _sentences(text) for scope in _Reader(sentence).read()),
        key=lambda scope: (scope.start, scope.end),
    )


def _sentences(text: str) -> Iterator[_Sentence]:
    current: list[Word] = []
    for word in words(text):
        if current and _SENTENCE_END.search(_between(text, current[-1], word)):
            yield _Sentence(text[: current[-1].end], current)
            current = []
        current.append(word)
    if current:
        yield _Sentence(text, current)


def _between(text: str, one: Word, other: Word) -> str:
    gap = text[one.end : other.start]
    # A full stop after „dr”, „ul”, „godz” and the like ends no sentence.
    short = len(one.text) <= 4 and not _only_verb(one.text) and gap.strip() == "." and one.folded != "nie"
    return "" if short and (other.text[0].isupper() or other.text[0].islower()) and len(one.text) < 4 else gap


class _Reader:
    """Reads the scopes of one sentence from left to right."""

    def __init__(self, sentence: _Sentence) -> None:
        self._sentence = sentence
        self._found: list[Scope] = []

    def read(self) -> list[Scope]:
        position = 0
        while position < len(self._sentence.words):
            position = self._step(position)
        return self._found

    def _add(self, kind: ScopeKind, first: int, last: int, cue: str) -> None:
        scope = self._sentence.scope(kind, first, last, cue)
        if scope is not None:
            self._found.append(scope)

    def _step(self, position: int) -> int:
        sentence = self._sentence
        word = sentence.words[position].folded
        if sentence.cue("except_harmless", position):
            return position + sentence.cue("except_harmless", position)
        if length := sentence.cue("except", position):
            return self._except(position, position + length)
        if length := sentence.cue("harmless", position):
            end = self._forward_end(position + length, over_commas=False)
            self._add("statement", position + length, end, word)
            return position + length
        if length := sentence.cue("backward", position):
            self._backward(position)
            return position + length
        if length := sentence.cue("instead_of", position):
            self._add("except", position + length, min(position + length + 1, len(sentence.words)), "zamiast")
            return position + length
        if length := sentence.cue("than", position):
            self._than(position, position + length)
            return position + length
        if word in {"nie", "ani"}:
            return self._not(position, position + 1)
        if word.startswith("nie") and (word[3:],) in _cues()["volition"]:
            return self._not(position, position)  # „niechcę”, written together
        return position + 1

    def _except(self, cue: int, first: int) -> int:
        sentence = self._sentence
        end = self._forward_end(first, over_commas=False)
        additive = sentence.words[cue].folded in {"oprocz", "procz", "poza"} and sentence.has(
            "additive", first, len(sentence.words)
        )
        self._add("statement" if additive else "except", first, end, sentence.words[cue].folded)
        return max(end, first)

    def _than(self, cue: int, first: int) -> None:
        sentence = self._sentence
        wanted = [position for position in range(cue) if sentence.cue("wanting", position)]
        if not wanted:
            return
        self._add("instead", wanted[-1], cue, "niż")
        self._add("not", first, self._forward_end(first, over_commas=False), "niż")

    def _backward(self, cue: int) -> None:
        self._add("not", self._sentence.segment_start(cue), cue, self._sentence.words[cue].folded)

    def _not(self, cue: int, first: int) -> int:
        """Reads one „nie”; returns the position to go on from."""
        sentence = self._sentence
        last = len(sentence.words)
        if first >= last or (first > cue and sentence.comma_after(cue)):
            if cue > sentence.segment_start(cue):
                self._backward(cue)
            return first
        kind, body = self._kind(first if first > cue else cue)
        end = self._forward_end(body, over_commas=True)
        if kind == "not" and self._empty(body, end):
            if cue > sentence.segment_start(cue):
                self._backward(cue)
            self._instead(end)
            return max(end, first)
        self._add(kind, body, end, "nie")
        if kind == "not":
            if sentence.words[cue - 1].folded == "a" and cue > 0:
                self._add("instead", 0, cue - 1, "a nie")
            self._instead(end)
        return max(end, first)

    def _kind(self, first: int) -> tuple[ScopeKind, int]:
        """Whether the words after „nie” are turned down or stated, and where they begin."""
        sentence = self._sentence
        position = first
        while position < len(sentence.words) - 1 and sentence.cue("light", position):
            position += 1
        word = sentence.words[position]
        length = sentence.cue("volition", position)
        if not length and word.folded.startswith("nie") and (word.folded[3:],) in _cues()["volition"]:
            length = 1
        if length:
            for following in range(position + length, min(position + length + 4, len(sentence.words))):
                if _infinitive(sentence.words[following].text):
                    booking = sentence.cue("booking_infinitives", following)
                    return ("not" if booking else "statement"), following + 1
                if sentence.comma_after(following):
                    break
            return "not", position + length
        if _only_verb(word.text):
            return "statement", position + 1
        return "not", first

    def _empty(self, first: int, last: int) -> bool:
        return all(self._sentence.cue("light", position) for position in range(first, last))

    def _forward_end(self, first: int, *, over_commas: bool) -> int:
        """Where the reach of a cue ends: at a contrast, a reason, a verb, or a comma that opens no list."""
        sentence = self._sentence
        position = first
        while position < len(sentence.words):
            if position > first or sentence.cue("contrast", position):
                if sentence.cue("contrast", position) and not self._listed(position):
                    return position
                if sentence.cue("reasons", position) or _only_verb(sentence.words[position].text):
                    return position
                if sentence.words[position].folded == "nie":
                    return position
            if sentence.comma_after(position) and not (over_commas and self._list_goes_on(position + 1)):
                return position + 1
            position += 1
        return position

    def _listed(self, position: int) -> bool:
        # „a” is a contrast only after a comma or before „nie”; inside „od a do z” it is nothing.
        return self._sentence.words[position].folded == "jednak" and position == 0

    def _list_goes_on(self, first: int) -> bool:
        sentence = self._sentence
        if first >= len(sentence.words) or sentence.cue("contrast", first) or sentence.cue("reasons", first):
            return False
        end = sentence.segment_end(first)
        if any(_only_verb(sentence.words[position].text) for position in range(first, end)):
            return False
        if sentence.has("list_words", first, end):
            return True
        return end < len(sentence.words) and self._list_goes_on(end)

    def _instead(self, end: int) -> None:
        """What is wanted in place of what was just turned down."""
        sentence = self._sentence
        if end >= len(sentence.words) or sentence.cue("reasons", end):
            return
        length = sentence.cue("contrast", end)
        first = end + length
        if first >= len(sentence.words) or sentence.words[first].folded == "nie":
            return
        last = first
        while last < len(sentence.words) and not (
            sentence.words[last].folded == "nie" or (last > first and sentence.cue("reasons", last))
        ):
            last += 1
        self._add("instead", first, last, sentence.words[end].folded if length else ",")


def apply_scopes(text: str, mentions: list[Mention], found: list[Scope]) -> list[Mention]:
    """Mentions with `negated` and `contrast` set by the scopes that hold them."""
    marked = [_marked(mention, found) for mention in mentions]
    marked = _paired_instead_of(text, marked, found)
    marked = _changed(text, marked)
    excluded = {mention.kind for mention in marked if mention.negated}
    wanted = {mention.kind for mention in marked if mention.contrast == "instead"}
    return [_settled(mention, excluded, wanted, found) for mention in marked]


def _within(mention: Mention, scope: Scope) -> bool:
    return scope.start <= mention.start < scope.end


def _marked(mention: Mention, found: list[Scope]) -> Mention:
    kinds = {scope.kind for scope in found if scope.cue != "zamiast" and _within(mention, scope)}
    if kinds & {"not", "except"}:
        return replace(mention, negated=True)
    if "instead" in kinds:
        return replace(mention, contrast="instead")
    return mention


def _paired_instead_of(text: str, mentions: list[Mention], found: list[Scope]) -> list[Mention]:
    """„zamiast X Y”, „Y zamiast X”."""
    marked = list(mentions)
    for scope in found:
        if scope.cue != "zamiast":
            continue
        refused = next((index for index, one in enumerate(marked) if one.end > scope.start), None)
        if refused is None:
            continue
        marked[refused] = replace(marked[refused], negated=True, contrast="not")
        kind = marked[refused].kind
        others = [index for index, one in enumerate(marked) if one.kind == kind and index != refused]
        nearest = [index for index in others if index > refused] or others[::-1]
        if nearest:
            marked[nearest[0]] = replace(marked[nearest[0]], negated=False, contrast="instead")
    return marked


def _changed(text: str, mentions: list[Mention]) -> list[Mention]:
    """„zmień (z) X na Y”: X is left for Y."""
    text_words = words(text)
    if not any((word.folded,) in _cues()["changing"] for word in text_words):
        return mentions
    marked = list(mentions)
    for index in range(1, len(marked)):
        one, other = marked[index - 1], marked[index]
        between = [word.folded for word in text_words if one.end <= word.start < other.start]
        if one.kind == other.kind and "na" in between and not (one.negated or other.negated):
            marked[index - 1] = replace(one, negated=True, contrast="not")
            marked[index] = replace(other, contrast="instead")
    return marked


def _settled(mention: Mention, excluded: set[str], wanted: set[str], found: list[Scope]) -> Mention:
    """A pair of one kind is a contrast; a bare comma makes one only when the pair is complete."""
    if mention.negated and mention.contrast is None and mention.kind in wanted:
        return replace(mention, contrast="not")
    if mention.contrast == "instead" and mention.kind not in excluded:
        explicit = any(
            scope.kind == "instead" and scope.cue not in {",", "ale", "a nie"} and _within(mention, scope)
            for scope in found
        )
        same_clause = any(scope.kind == "not" for scope in found)
        return mention if explicit and same_clause and not excluded else replace(mention, contrast=None)
    return mention
