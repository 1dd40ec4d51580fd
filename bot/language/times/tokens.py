"""From raw text to items: numbers, clocks, dates and words of the lexicon."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.language.numbers import NumberWord, OrdinalKind, combine, ordinal_suffixes
from bot.language.text import fold
from bot.language.times.guards import blocked
from bot.language.times.items import Item
from bot.language.times.lexicon import lexicon

_SCAN = re.compile(
    r"(?P<full>\d{4}([-/.])\d{1,2}\2\d{1,2}(?!\d)|\d{1,2}([./-])\d{1,2}\3(?:\d{4}|\d{2})(?!\d))"
    r"|(?P<clock>\d{1,2}(?:\s?:\s?|;)\d{2}(?:\s?:\d{2})?(?![\d:])|\d{1,2}(?=[⁰º]{2}))"
    r"|(?P<dot>\d{1,2}\.\d{1,2}\.?(?![\d]))"
    r"|(?P<comma_num>\d{1,2},\d{2}(?!\d))"
    r"|(?P<slash_num>\d{1,2}/\d{1,2}(?![\d/]))"
    r"|(?P<digits>\d{1,9})"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<mark>[^\w\s]|_)"
)
_MARKS = {
    ",": "comma",
    "-": "dash",
    "–": "dash",
    "—": "dash",
    "/": "slash",
    "(": "paren",
    ")": "paren",
    ".": "stop",
    ":": "colon",
}
_ROMAN = {
    name: number
    for number, name in enumerate(
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], start=1
    )
}
# After these a full stop ends an abbreviation, not a sentence.
_ABBREVIATED = frozenset(
    [
        "wday",
        "hour",
        "month_short",
        "month",
        "week",
        "month_unit",
        "minute",
        "year",
        "about",
        "label",
        "unit",
        "title",
    ]
)
_LONGEST_ABBREVIATION = 6
_ORDINALS: dict[str, OrdinalKind] = {
    "ord_f": "feminine",
    "ord_g": "genitive",
    "ord_m": "nominative",
    "ord_o": "other",
}
_CATEGORIES: dict[OrdinalKind | None, str] = {None: "num", **{kind: name for name, kind in _ORDINALS.items()}}
_COUNTED = frozenset({"unit"})
# Surnames too: „pani Sobota”, „dr Maj”.
_NAMES = frozenset({"wday", "month"})
# „wpiątek”, „nawtorek”
_GLUED_DAY = re.compile(r"(?:we?|na)([a-z]{5,12})$")
_GLUED_BEFORE = frozenset(["at", "after", "from", "to", "before", "hour", "onto"])


def tokenize(text: str) -> list[Item]:
    """Items in order of the text; stretches that are certainly no time come out as noise."""
    folded = fold(text)
    mask = blocked(text, folded)
    items = [item for match in _SCAN.finditer(folded) if (item := _item(text, match, mask))]
    return _labelled(_phrases(_numbers(text, _suffixes(items))))


def _item(text: str, match: re.Match[str], mask: bytearray | None) -> Item | None:
    kind, start, end = match.lastgroup or "mark", match.start(), match.end()
    folded = match.group()
    if mask is not None and any(mask[start:end]):
        return Item("noise", start, end, folded)
    if kind == "word":
        return _word(text[start:end], folded, start, end)
    if kind == "mark":
        return Item(_MARKS.get(folded, "mark"), start, end, folded)
    if kind == "digits":
        if len(folded) > 4:
            return Item("noise", start, end, folded)
        return Item("num", start, end, folded, int(folded), digits=True)
    if kind == "clock" and ":" not in folded and ";" not in folded:
        return Item("clock", start, end + 2, f"{folded}:00")
    return Item(kind, start, end, folded)


def _word(spelling: str, folded: str, start: int, end: int) -> Item:
    if (spelling in _ROMAN and spelling != "I") or (len(spelling) > 1 and spelling.upper() in _ROMAN):
        return Item("month_roman", start, end, folded, _ROMAN[spelling.upper()])
    lower = spelling.lower()
    entry = lexicon().find(spelling, folded)
    if entry is None and (glued := _GLUED_DAY.match(folded)):
        entry = lexicon().weekday(glued.group(1))
    if entry is None:  # „raną” must not pass for „rana” in a phrase
        return Item(
            "word", start, end, lower if lexicon().in_phrases_only(folded) else folded, spelling=spelling
        )
    category = entry.category
    if category == "wday_any" and not lower.isascii() and lower not in entry.plurals:
        category = "wday"
    return Item(category, start, end, entry.word, entry.value, spelling=spelling)


def _suffixes(items: list[Item]) -> list[Item]:
    """„15-tej”, „25go”, „20stego”: digits with an ending are ordinals."""
    suffixes = ordinal_suffixes()
    joined: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        dash = at + 1 < len(items) and items[at + 1].category == "dash" and items[at + 1].start == item.end
        ending = items[at + 1 + dash] if at + 1 + dash < len(items) else None
        glued = ending is not None and ending.start == item.end + dash
        if item.digits and ending is not None and glued and ending.text in suffixes:
            category = _CATEGORIES[suffixes[ending.text]]
            joined.append(replace(item, category=category, end=ending.end))
            at += 2 + dash
        else:
            joined.append(item)
            at += 1
    return joined


def _numbers(text: str, items: list[Item]) -> list[Item]:
    """Number words joined; numbers glued to foreign letters („B12”) made noise."""
    joined: list[Item] = []
    for item in items:
        before = joined[-1] if joined else None
        if item.category == "stop" and before and _abbreviation(before, item):
            continue
        if item.digits and before and before.end == item.start and _foreign(before):
            joined.append(replace(item, category="noise"))
            continue
        both = _combined(before, item) if before and text[before.end : item.start].isspace() else None
        if both and before:
            joined[-1] = both
        else:
            joined.append(item)
    return joined


def _abbreviation(before: Item, stop: Item) -> bool:
    short = stop.start - before.start <= _LONGEST_ABBREVIATION
    return before.category in _ABBREVIATED and short and before.end == stop.start


def _foreign(before: Item) -> bool:
    return before.text[:1].isalpha() and before.category not in _GLUED_BEFORE


def _combined(before: Item, item: Item) -> Item | None:
    numerals = {"num", *_ORDINALS}
    if before.digits or item.digits or before.category not in numerals or item.category not in numerals:
        return None
    tens = NumberWord(before.value, frozenset(), _ORDINALS.get(before.category))
    unit = NumberWord(item.value, frozenset(), _ORDINALS.get(item.category))
    both = combine(tens, unit)
    if both is None:
        return None
    return Item(_CATEGORIES[both.kind], before.start, item.end, item.text, both.value)


def _phrases(items: list[Item]) -> list[Item]:
    """Fixed expressions as single items, the longest first; commas may stand inside."""
    table = lexicon().phrases
    merged: list[Item] = []
    at = 0
    while at < len(items):
        taken = 0
        for phrase in table.get(items[at].text, ()) if items[at].category != "noise" else ():
            size = len(phrase.words)
            if tuple(item.text for item in items[at : at + size]) == phrase.words:
                last = items[at + size - 1]
                merged.append(Item(phrase.category, items[at].start, last.end, last.text, name=phrase.value))
                taken = size
                break
        if not taken:
            merged.append(items[at])
        at += taken or 1
    return merged


def _labelled(items: list[Item]) -> list[Item]:
    """Numbers that count or name something else become noise: „numer 3”, „2 tabletki”."""
    checked = list(items)
    for at, item in enumerate(items):
        if item.category in _NAMES and at and items[at - 1].category == "title" and item.spelling.istitle():
            checked[at] = replace(item, category="noise")
        if item.category not in ("num", "dot", "comma_num", "ord_f", "ord_g", "ord_m", "ord_o", "slash_num"):
            continue
        before = _back(checked, at)
        after = items[at + 1] if at + 1 < len(items) else None
        named = before is not None and (before.category == "label" or _noisy_range(checked, at))
        counted = after is not None and after.category in _COUNTED
        if (named and item.category in ("num", "dot", "comma_num", "slash_num")) or counted:
            checked[at] = replace(item, category="noise")
    return checked


def _noisy_range(items: list[Item], at: int) -> bool:
    """„numer 8-12”: the end of a range goes with its start."""
    return at >= 2 and items[at - 1].category == "dash" and items[at - 2].category == "noise"


def _back(items: list[Item], at: int) -> Item | None:
    """The item before, over a colon or a full stop."""
    at -= 1
    while at >= 0 and items[at].category in ("colon", "stop"):
        at -= 1
    return items[at] if at >= 0 else None
