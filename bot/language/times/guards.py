"""Stretches of text with numbers that are no times: telephones, files, addresses, codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import yaml

_DATA = yaml.safe_load(files("bot.language.times").joinpath("guards.yml").read_text(encoding="utf-8"))


def _any(name: str) -> str:
    """The words of a list as one alternative of a pattern."""
    words = [re.escape(str(word)).replace(r"\*", r"\w{0,3}") for word in _DATA[name]]
    return f"(?:{'|'.join(words)})"


# All patterns are linear: no quantifier inside a quantifier runs over the same characters.
_BLOCKED = re.compile(
    rf"""
      \b[\w.+-]{{1,64}}@[\w.-]{{1,255}}                                   # e-mail
    | \bhttps?://[^\s]{{1,500}} | \bwww\.[^\s]{{1,500}}
    | \b[\w-]{{1,80}}\.(?:pdf|jpe?g|png|docx?|heic|tiff?|zip|bmp|gif|dcm|xlsx?)\b
    | (?<![\d.,:])\+?\d{{2,3}}(?:[ -]\d{{2,3}}){{2,4}}(?![\d.:])          # 601 202 303, 22 332 28 88
    | (?<!\d)\d{{2}}-\d{{3}}(?!\d)                                        # 02-591
    | (?<!\d)\d{{5,}}(?!\d)
    | (?<![\d.,])\d{{2,3}}\s?/\s?\d{{2,3}}(?=\s?(?:mm\s?hg|mmhg))
    | (?<![\d.,])(?:1\d{{2}}|2[0-4]\d|9\d)\s?/\s?\d{{2,3}}(?![\d/.])      # blood pressure
    | (?<!\w)\d{{1,6}}(?:[.,]\d{{1,3}})?\s?(?:%|°|st\.\s?c|{_any("units")}\b)
    | \b\d{{1,6}}(?:[.,]\d{{1,3}})?\s?(?:x\b|×)\s?\d{{0,3}}               # twice a day
    | \b{_any("measures")}\s{{1,3}}[-+]?\d{{1,3}}[.,]\d{{1,2}}\b
    | \b\d{{1,4}}[-\s]?{_any("anniversary")}\b
    | \b{_any("lives_at")}\s(?:{_any("joined_by")}\s)?\d{{1,2}}\s{_any("street_months")}\b
    """,
    re.VERBOSE,
)
# A street may be named after a date, and a house number follows.
_STREET = re.compile(
    rf"\b{_any('streets')}\b\.?\s{{0,3}}"
    r"(?:\d{1,2}(?:[- ]?go)?\s{1,3}[a-z]{3,14}|[a-z]{3,20}(?:\s[a-z]{3,20})?)(?:\s{1,3}\d{1,4}(?![:.\d]))?"
)
_STREET_DATES = re.compile(
    rf"\b{_any('street_days')}\s{{1,2}}{_any('street_months')}"
    r"\s{1,2}\d{1,3}[a-z]?(?:\s?[/m]\s?\d{1,3})?(?![\d:.])"
)
_CAPITAL_MONTH = re.compile(r"\d\s+[A-ZŁŚŻŹ]")


def blocked(text: str, folded: str) -> bytearray | None:
    """One byte a character, set where no time may be found; None when nothing is blocked."""
    if not any(char.isdigit() for char in folded):
        return None
    mask = bytearray(len(folded))
    for start, end in _spans(text, folded):
        mask[start:end] = b"\x01" * (end - start)
    return mask


def _spans(text: str, folded: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _BLOCKED.finditer(folded))
    for match in _STREET.finditer(folded):
        if any(char.isdigit() for char in match.group()):
            yield match.span()
    for match in _STREET_DATES.finditer(folded):
        if _CAPITAL_MONTH.match(text, match.start()) or _CAPITAL_MONTH.match(text, match.start() + 1):
            yield match.span()
