"""E-mail addresses, phone numbers and postal addresses as people write and dictate them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.cues import cue
from bot.language.text import clean, fold, words

_SPOKEN = (
    (re.compile(r"\s*[(\[]?\b(?:malpa|malpka|at)\b[)\]]?\s*"), "@"),
    (re.compile(r"\s*\bkropka\b\s*"), "."),
    (re.compile(r"\s*\b(?:podkreslnik|podkreslenie)\b\s*"), "_"),
    (re.compile(r"\s*\b(?:myslnik|minus)\b\s*"), "-"),
)
"""Signs said as words, in folded text."""
_AROUND_AT = re.compile(r"\s*@\s*")
_COMMA_FOR_DOT = re.compile(r"(@[\w.-]+),(?=[a-z]{2,}\b)", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?<![\w+])(?:(?:\+|00)?48[\s.()-]*)?([1-9](?:[\s.()-]*\d){8})(?![\s.()-]*\d)")
_POSTCODE = re.compile(r"(?<!\d)(\d{2})\s?[-–]?\s?(\d{3})(?!\d)(?!\s*(?:zl|pln))")
_HOUSE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address in one line. ``missing``: "postcode", "house" or "town", the first that is not there."""

    text: str
    missing: str | None = None


def find_email(text: str) -> str | None:
    """The first e-mail address, also dictated („jan kropka nowak małpa poczta kropka pl”)."""
    plain = _COMMA_FOR_DOT.sub(r"\1.", _AROUND_AT.sub("@", clean(text)))
    found = _EMAIL.search(plain)
    if found is None:
        plain = fold(clean(text))
        for sign, written in _SPOKEN:
            plain = sign.sub(written, plain)
        found = _EMAIL.search(_COMMA_FOR_DOT.sub(r"\1.", plain))
    return found.group().strip(".-") if found else None


def find_phone(text: str) -> str | None:
    """The first Polish number as nine digits („601 234 567”, „+48 601-234-567”)."""
    found = _PHONE.search(clean(text))
    return re.sub(r"\D", "", found.group(1)) if found else None


def spoken_phone(number: str) -> str:
    """Nine digits in threes: „601 234 567”."""
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))


def find_address(text: str) -> PostalAddress | None:
    """A postal address without the words around it; None when nothing looks like one.

    „proszę wysłać na ul. Lipową 5, 00950 Warszawa” is „ul. Lipową 5, 00-950 Warszawa”.
    """
    line = _without_lead(" ".join(clean(text).split()))
    code = _POSTCODE.search(line)
    if code is not None:
        line = f"{line[: code.start()]}{code[1]}-{code[2]}{line[code.end() :]}"
    rest = _POSTCODE.sub(" ", line, count=1)
    street = any(cue("street").matches(word.folded) for word in words(rest))
    house = bool(_HOUSE.search(rest))
    if code is None and not (house and (street or len(words(rest)) > 1)):
        return None
    names = [w for w in words(rest) if w.text[0].isalpha() and len(w.text) > 2]
    if code is None:
        missing: str | None = "postcode"
    elif not house:
        missing = "house"
    else:
        missing = None if names else "town"
    return PostalAddress(line.strip(" .,;:"), missing)


def has_contact(text: str) -> bool:
    """Whether the message has an e-mail address, a phone number or a postal code in it."""
    return bool(find_email(text) or find_phone(text) or _POSTCODE.search(text))


def _without_lead(line: str) -> str:
    """The line from the first word that is no „mój adres to”."""
    said = words(line)
    start = 0
    for word in said:
        if not cue("before_an_address").matches(word.folded):
            break
        start = word.end
    return line[start:].lstrip(" ,;:.-–")
