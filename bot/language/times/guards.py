"""Stretches of text with numbers that are no times: telephones, files, addresses, codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

# All patterns are linear: no quantifier inside a quantifier runs over the same characters.
_BLOCKED = re.compile(
    r"""
      \b[\w.+-]{1,64}@[\w.-]{1,255}                                   # e-mail
    | \bhttps?://[^\s]{1,500} | \bwww\.[^\s]{1,500}
    | \b[\w-]{1,80}\.(?:pdf|jpe?g|png|docx?|heic|tiff?|zip|bmp|gif|dcm|xlsx?)\b
    | (?<![\d.,:])\+?\d{2,3}(?:[ -]\d{2,3}){2,4}(?![\d.:])            # 601 202 303, 22 332 28 88
    | (?<!\d)\d{2}-\d{3}(?!\d)                                        # 02-591
    | (?<!\d)\d{5,}(?!\d)
    | (?<![\d.,])\d{2,3}\s?/\s?\d{2,3}(?=\s?(?:mm\s?hg|mmhg))
    | (?<![\d.,])(?:1[0-9]{2}|2[0-4][0-9]|9[0-9])\s?/\s?\d{2,3}(?![\d/.])  # blood pressure
    | (?<!\w)\d{1,6}(?:[.,]\d{1,3})?\s?(?:%|°|st\.\s?c|(?:zl|pln|mg|ml|mcg|kg|cm|mm|mb|kb|gb)\b)
    | \b\d{1,6}(?:[.,]\d{1,3})?\s?(?:x\b|×)\s?\d{0,3}                 # 2x dziennie
    | \b(?:temperatur\w{0,3}|goraczk\w{0,3}|tsh|crp|hb|bmi|cukier|wynik|dioptri\w{0,2})
      \s{1,3}[-+]?\d{1,3}[.,]\d{1,2}\b
    | \b\d{1,4}[-\s]?leci[ae]\b
    | \b(?:mieszka\w{1,3}|adres\w{0,3}|przy)\s(?:(?:na|przy)\s)?
      \d{1,2}\s(?:maja|listopada|sierpnia|stycznia)\b
    """,
    re.VERBOSE,
)
# „ul. 1 Sierpnia 8”: a street may be named after a date.
_STREET = re.compile(
    r"\b(?:ul|ulic[aey]|al|alej[aei]?|alei|aleje|pl|placu?|os|osiedl[eau]|rondo|rondzie|skwer|skwerze)\b\.?\s{0,3}"
    r"(?:\d{1,2}(?:[- ]?go)?\s{1,3}[a-z]{3,14}|[a-z]{3,20}(?:\s[a-z]{3,20})?)(?:\s{1,3}\d{1,4}(?![:.\d]))?"
)
_STREET_DATES = re.compile(
    r"\b(?:1|3|5|8|11|15|17|23|27|29|22)\s{1,2}(?:maja|sierpnia|listopada|stycznia|lutego|marca|lipca|grudnia)"
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
