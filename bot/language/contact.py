"""E-mail addresses, phone numbers and postal addresses as people write and dictate them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.cues import cue
from bot.language.text import clean, fold, words

_SPOKEN = (
    (re.compile(r"(?<!\s)\s*+[(\[]?\b(?:malpa|malpka|at)\b[)\]]?\s*"), "@"),
    (re.compile(r"(?<!\s)\s*+\bkropka\b\s*"), "."),
    (re.compile(r"(?<!\s)\s*+\b(?:podkreslnik|podkreslenie)\b\s*"), "_"),
    (re.compile(r"(?<!\s)\s*+\b(?:myslnik|minus)\b\s*"), "-"),
)
"""Signs said as words, in folded text. A run of blanks is tried from its first one only: linear time."""
_AROUND_AT = re.compile(r"(?<!\s)\s*+@\s*")
_COMMA_FOR_DOT = re.compile(r"(@[\w.-]+),(?=[a-z]{2,}\b)", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?<![\w+])(?:(?:\+|00)?48[\s.()-]*)?([1-9](?:[\s.()-]*\d){8})(?![\s.()-]*\d)")
_POSTCODE = re.compile(r"(?<!\d)(\d{2})\s?[-–]?\s?(\d{3})(?!\d)(?!\s*(?:zl|pln))")
_HOUSE = re.compile(r"\d")
_SHORTEST_WORD = 2
"""Letters; "m", "lok" and "kl" behind a house are no town, "Ełk" is."""
_LONGEST = 10
"""Words; a longer message has an address in it and is none."""
_BEFORE_CODE = 9
"""Words of an address before its postal code at most."""
_CLAUSE = re.compile(r"[.:;!?](?=\s)(?<!\bm\.)(?<!\bul\.)(?<!\bal\.)(?<!\bos\.)(?<!\bpl\.)")
_TOWN = re.compile(r"\s*+(?:,\s*+)?[^\W\d]{2,}(?:(?:\s|-)[A-ZĄĆĘŁŃÓŚŹŻ][^\W\d]+){0,2}")
"""A town after its code: one word, and further ones in capitals ("Biała Podlaska")."""
_HOUSE_AFTER = re.compile(r"\s*+(?:,\s*+)?(?:[^\W\d]+\.?\s+){1,4}\d+\w?(?:\s?/\s?\d+)?(?:\s?m\.?\s?\d+)?")
_STREET_AND_HOUSE = re.compile(
    r"\b(?:ul\.?|ulic[aey]|al\.|alej[aei]|os\.|osiedl[eu]|pl\.|plac)\s+(?:[^\W\d]+\.?\s+){1,4}"
    r"\d+\w?(?:\s?/\s?\d+)?(?:\s?m\.?\s?\d+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address in one line. ``missing``: "postcode" (with the town), "code", "house" or "town"."""

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
    line = _without_lead(_passage(" ".join(clean(text).split())))
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
        missing: str | None = "code" if _town_behind(rest) else "postcode"
    elif not house:
        missing = "house"
    else:
        missing = None if names else "town"
    return PostalAddress(line.strip(" .,;:"), missing)


def _town_behind(line: str) -> bool:
    """Whether a name stands behind the number of the house: "Klonowa 5 m. 8, Pruszków"."""
    house = max((match.end() for match in _HOUSE.finditer(line)), default=len(line))
    return any(word.text.isalpha() and len(word.text) > _SHORTEST_WORD for word in words(line[house:]))


def address_span(text: str) -> tuple[int, int] | None:
    """Where a whole address stands in the text (start, end); None without one."""
    address = find_address(text)
    code = _POSTCODE.search(text)
    if address is None or address.missing or code is None:
        return None
    first, last = words(address.text)[0].folded, words(address.text)[-1].folded
    starts = [w.start for w in words(text) if w.folded == first]
    ends = [w.end for w in words(text) if w.folded == last]
    before = [at for at in starts if at <= code.start()]
    after = [at for at in ends if at >= code.end()]
    start = before[-1] if before else code.start()
    return (start, after[0] if after else code.end())


def _passage(line: str) -> str:
    """The part of a long message that is the address; a short message is one as it stands.

    "Lekarz spóźnił się 50 minut, odpowiedź listem na ul. Lipowa 5/3, 20-001 Lublin" is its end. Without
    a postal code only what begins with "ul." can be told from a story; "" when nothing can.
    """
    if len(words(line)) <= _LONGEST:
        return line
    code = _POSTCODE.search(line)
    if code is None:
        found = _STREET_AND_HOUSE.search(line)
        return found.group() if found else ""
    before, after = line[: code.start()], line[code.end() :]
    town = _TOWN.match(after)
    end = code.end() + (town.end() if town else 0)
    streets = [w.start for w in words(before)[-_BEFORE_CODE:] if cue("street").matches(w.folded)]
    if streets:
        return line[streets[-1] : end]
    lead = [w.end for w in words(before)[-_BEFORE_CODE:] if cue("before_an_address").matches(w.folded)]
    clause = max((match.end() for match in _CLAUSE.finditer(before)), default=0)
    start = max([clause, *lead])
    if _HOUSE.search(before[start:]):
        return line[start:end]
    house = _HOUSE_AFTER.match(line[end:])  # "00-950 Warszawa, Polna 3"
    return line[code.start() : end + (house.end() if house else 0)]


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
