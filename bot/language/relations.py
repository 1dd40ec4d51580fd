"""Ages said with a relation: „trzylatek”, „3-letnia córka”, „syn, 5 lat”."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.language.data import load
from bot.language.terms import Mention, Term
from bot.language.text import Word, fold, words

_GENERAL = "child"
_LEADING_NUMBER = re.compile(r"\d{1,2}")


def age_terms() -> Iterator[Term]:
    """One term whose words all say an age („trzylatek”, „3 letni”)."""
    data = load("standing")
    said = [
        f"{stem}{ending}"
        for number, stems in data["ages"].items()
        for stem in (*stems, str(number), f"{number} ")
        for ending in data["age_endings"]
    ]
    # Stems that make no word („rocz” + „latek”) match nothing that anybody writes.
    yield Term("relation", _GENERAL, said[0], (*said[1:], *data["age_words"]))


@lru_cache(maxsize=1)
def _ages_by_stem() -> dict[str, int]:
    return {fold(stem): number for number, stems in load("standing")["ages"].items() for stem in stems}


def age_said(words: Sequence[Word]) -> int | None:
    """Years of age in the words of a relation; None when they say none."""
    for word in words:
        number = _LEADING_NUMBER.match(word.folded)
        if number:
            return int(number.group())
        for form, years in load("standing")["age_words"].items():
            if word.folded.startswith(fold(form)[:-1]):
                return int(years)
        for stem, years in _ages_by_stem().items():
            if word.folded.startswith((f"{stem}lat", f"{stem}let")):
                return years
    return None


def joined(text: str, mentions: list[Mention]) -> list[Mention]:
    """„trzyletnia córka” as one mention, and an age that follows („syn, 5 lat”) with its relation."""
    result: list[Mention] = []
    for mention in mentions:
        previous = result[-1] if result else None
        if (
            previous is not None
            and previous.kind == mention.kind == "relation"
            and (_GENERAL,) in (previous.ids, mention.ids)
            and ("self",) not in (previous.ids, mention.ids)
            and _age_leads().fullmatch(fold(text[previous.end : mention.start]))
        ):
            result[-1] = _merged(text, previous, mention)
        else:
            result.append(mention)
    return [
        _aged(text, mention) if mention.kind == "relation" else mention
        for mention in result
        if mention.kind != "relation" or not _only_age(mention)
    ]


def _only_age(mention: Mention) -> bool:
    """„roczna”, „3-letni”: an adjective that may belong to anything until a relative follows."""
    parts = words(mention.text)
    return mention.ids == (_GENERAL,) and all(
        part.folded.isdigit() or any(ending in part.folded for ending in load("standing")["age_adjectives"])
        for part in parts
    )


def _merged(text: str, one: Mention, other: Mention) -> Mention:
    telling = other if one.ids == (_GENERAL,) else one
    age = one.age if one.age is not None else other.age
    return replace(telling, start=one.start, end=other.end, text=text[one.start : other.end], age=age)


@lru_cache(maxsize=1)
def _age_leads() -> re.Pattern[str]:
    leads = "|".join(load("standing")["age_leads"])
    return re.compile(rf"[\s,(-]*(?:(?:{leads})\s+)?")


@lru_cache(maxsize=1)
def _age_after() -> re.Pattern[str]:
    years = "|".join(load("standing")["year_words"])
    return re.compile(rf"{_age_leads().pattern}(\d{{1,2}})\s*(?:{years})\b")


def _aged(text: str, mention: Mention) -> Mention:
    if mention.age is not None or mention.ids == ("self",):
        return mention
    found = _age_after().match(fold(text), mention.end)
    return replace(mention, age=int(found.group(1))) if found else mention
