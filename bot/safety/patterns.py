"""Phrases of the data files as regular expressions of linear time.

A phrase is words with blanks: `stem*` any ending, `a|b` either (`a_b|c`: of several words), `word?`
optional, `..` up to two words between, `...` up to five, `<name>` one of a list, `<#name>` a named
expression. Words carry Polish letters in the files, for their readers; they are matched folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import re2

from bot.language.text import fold

_GAPS = {"..": "(?:[^ ,.]+ ){0,2}", "...": "(?:[^ ,.]+ ){0,5}"}
_MEMORY = 12 << 20
"""Bytes that the automaton of all groups may take. It fills with what patients write and then begins anew;
with too few it does not compile at all."""
_MEMORY_OF_ONE = 32 << 20
"""The same for each group by itself: they take little of it, but with too little they are slow and log it."""


class Lists(NamedTuple):
    """Named lists of words, and named expressions, that phrases refer to."""

    words: Mapping[str, list[str]]
    expressions: Mapping[str, str]


def _alternatives(item: str, lists: Lists) -> list[str]:
    chosen: list[str] = []
    for part in item.split("|"):
        if part.startswith("<") and not part.startswith("<#"):
            chosen.extend(lists.words[part[1:-1]])
        else:
            chosen.append(part)
    return chosen


def to_expression(phrase: str, lists: Lists) -> str:
    """The phrase as an expression over folded words, each followed by a blank."""
    return r"\b" + "".join(_item(item, lists) for item in phrase.split())


def _item(item: str, lists: Lists) -> str:
    if item in _GAPS:
        return _GAPS[item]
    optional = item.endswith("?")
    words = (_word(word, lists) for word in _alternatives(item.removesuffix("?"), lists))
    joined = f"(?:{'|'.join(sorted(set(words)))}) "
    return f"(?:{joined})?" if optional else joined


def _word(word: str, lists: Lists) -> str:
    if word.startswith("<#"):
        return lists.expressions[word[2:-1]]
    plain = re.escape(fold(word.removesuffix("*"))).replace("_", " ")
    return plain + "[^ ]*" if word.endswith("*") else plain


class PhraseSet:
    """Many named groups of phrases, looked for in one pass."""

    def __init__(self, groups: Mapping[str, Iterable[str]], lists: Lists) -> None:
        options, own = re2.Options(), re2.Options()
        options.max_mem, own.max_mem = _MEMORY, _MEMORY_OF_ONE
        self._names = list(groups)
        self._patterns: list[Any] = []
        self._set = re2.Set.SearchSet(options)
        for phrases in groups.values():
            expression = "|".join(to_expression(phrase, lists) for phrase in phrases)
            self._set.Add(expression)
            self._patterns.append(re2.compile(expression, own))
        self._set.Compile()

    def spans(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """Where each group that occurs at all is found; the closing blank is not counted."""
        return {
            self._names[index]: [
                (match.start(), match.end() - 1) for match in self._patterns[index].finditer(text)
            ]
            for index in self._set.Match(text) or ()
        }

    def found_singly(self, text: str) -> set[str]:
        """Groups found by searching for each alone: slower, the measure of the one pass."""
        return {
            name for name, pattern in zip(self._names, self._patterns, strict=True) if pattern.search(text)
        }
