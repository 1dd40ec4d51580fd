"""What a „nie” reaches."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from bot.language.clauses import abbreviations
from bot.language.data import load
from bot.language.morphology import WORDS_KEPT, readings
from bot.language.spelling import accented
from bot.language.text import Word, words

ScopeKind = Literal["not", "except", "instead", "statement"]

_VERBS = frozenset({"fin", "impt", "praet", "bedzie", "imps", "winien", "pred", "aglt"})
_OTHERS = frozenset({"subst", "adj", "prep", "conj", "comp", "part", "adv", "num", "interj", "brev"})
_SENTENCE_END = re.compile(r"[.!?;\n](?!\d)")


class Scope(NamedTuple):
    """A stretch of text under a cue: „not” and „except” exclude, „instead” is what is wanted in their
    place, „statement” is a negated fact that excludes nothing („nie wiem, czy ...”)."""

    kind: ScopeKind
    start: int
    end: int
    cue: str


@lru_cache(maxsize=1)
def cues() -> dict[str, frozenset[tuple[str, ...]]]:
    """Lists of the data file, each entry as a tuple of folded words."""
    return {
        name: frozenset(tuple(entry.split()) for entry in entries)
        for name, entries in load("negation").items()
    }


@lru_cache(maxsize=1)
def _by_first_word() -> dict[str, dict[str, list[tuple[str, ...]]]]:
    """The same lists by the first word of each entry, longest entries first."""
    tables: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    for name, entries in cues().items():
        table = tables.setdefault(name, {})
        for entry in sorted(entries, key=len, reverse=True):
            table.setdefault(entry[0], []).append(entry)
    return tables


@lru_cache(maxsize=WORDS_KEPT)
def _only_verb(word: str) -> bool:
    """A finite verb that is nothing else, with or without its Polish letters."""
    lower = word.lower()
    found = [reading.pos for spelling in {lower, *accented(lower)} for reading in readings(spelling)]
    return any(pos in _VERBS for pos in found) and not any(pos in _OTHERS for pos in found)


@lru_cache(maxsize=WORDS_KEPT)
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
        for entry in _by_first_word()[name].get(self.words[position].folded, ()):
            here = self.words[position : position + len(entry)]
            if len(here) == len(entry) and all(a.folded == b for a, b in zip(here, entry, strict=True)):
                return len(entry)
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
    """What parts two words, without the full stop of „dr.”, „ul.”, „godz.”."""
    gap = text[one.end : other.start]
    return "" if gap.strip() == "." and one.folded in abbreviations() else gap


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
            last = position + length - 1
            if position == sentence.segment_start(position) and sentence.words[last].folded == "nie":
                return self._not(last, last + 1)
            self._backward(position)
            self._instead(position + length)
            return position + length
        if length := sentence.cue("instead_of", position):
            self._add("except", position + length, min(position + length + 1, len(sentence.words)), "zamiast")
            return position + length
        if length := sentence.cue("than", position):
            self._than(position, position + length)
            return position + length
        if word in {"nie", "ani"}:
            return self._not(position, position + 1)
        if word.startswith("nie") and (word[3:],) in cues()["volition"]:
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
                self._instead(first)
            return first
        kind, body = self._kind(first if first > cue else cue)
        closed = body > first and sentence.comma_after(body - 1)  # „tata nie może, więc ...”
        end = body if closed else self._forward_end(body, over_commas=True)
        if kind == "not" and self._empty(body, end):
            if cue > sentence.segment_start(cue):
                self._backward(cue)
            self._instead(end)
            return max(end, first)
        self._add(kind, body, end, "nie")
        if kind == "not":
            self._instead_before(cue)
            self._instead(end)
        return max(end, first)

    def _instead_before(self, cue: int) -> None:
        """„do okulisty, (a) nie do dermatologa”: what came right before is wanted."""
        sentence = self._sentence
        last = cue - 1 if cue > 0 and sentence.words[cue - 1].folded == "a" else cue
        if last > 0 and (last < cue or sentence.comma_after(last - 1)):
            self._add("instead", sentence.segment_start(last - 1), last, ",")

    def _kind(self, first: int) -> tuple[ScopeKind, int]:
        """Whether the words after „nie” are turned down or stated, and where they begin."""
        sentence = self._sentence
        position = first
        while position < len(sentence.words) - 1 and sentence.cue("light", position):
            position += 1
        word = sentence.words[position]
        length = sentence.cue("volition", position)
        if not length and word.folded.startswith("nie") and (word.folded[3:],) in cues()["volition"]:
            length = 1
        if length:
            for following in range(position + length, min(position + length + 4, len(sentence.words))):
                if _infinitive(sentence.words[following].text):
                    booking = sentence.cue("booking_infinitives", following)
                    return ("not" if booking else "statement"), following + 1
                if sentence.comma_after(following):
                    break
            return "not", position + length
        if sentence.cue("booking_infinitives", position):
            return "not", position + 1
        if sentence.cue("fact", position) or _infinitive(word.text) or _only_verb(word.text):
            return "statement", position + 1
        return "not", first

    def _empty(self, first: int, last: int) -> bool:
        return all(self._sentence.cue("light", position) for position in range(first, last))

    def _forward_end(self, first: int, *, over_commas: bool) -> int:
        """Where the reach of a cue ends: at a contrast, a reason, a verb, or a comma that opens no list."""
        sentence = self._sentence
        position = first
        while position < len(sentence.words):
            if sentence.cue("contrast", position):
                return position
            if position > first and (
                sentence.cue("reasons", position)
                or sentence.words[position].folded == "nie"
                or _only_verb(sentence.words[position].text)
            ):
                return position
            if sentence.comma_after(position) and not (over_commas and self._list_goes_on(position + 1)):
                return position + 1
            position += 1
        return position

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
        if end >= len(sentence.words):
            return
        if sentence.cue("reasons", end):
            self._add("statement", end, self._forward_end(end + 1, over_commas=True), "bo")
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
