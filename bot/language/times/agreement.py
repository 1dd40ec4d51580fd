"""Whether a number counts the thing named behind it („po 16 wizytach”) rather than tells an hour."""

from __future__ import annotations

from functools import lru_cache

from bot.language.morphology import WORDS_KEPT, Form, readings

_FREE = frozenset(
    {"fin", "impt", "inf", "praet", "adv", "prep", "conj", "comp", "part", "bedzie", "pred", "interj"}
)
_OBLIQUE = frozenset({"gen", "dat", "acc", "inst", "loc"})


@lru_cache(maxsize=WORDS_KEPT)
def counted_thing(word: str, ordinal: bool, value: int) -> bool:
    """True when the word can only be a noun or adjective in the form that the number asks for."""
    found = readings(word)
    if not found or any(form.pos in _FREE for form in found):
        return False
    named = [form for form in found if form.pos in ("subst", "adj")]
    if ordinal:
        return bool(named) and all(_follows_ordinal(form) for form in named)
    return bool(named) and all(_follows_cardinal(form) for form in named)


def _follows_ordinal(form: Form) -> bool:
    parts = form.tag.split(":")
    return parts[1] == "sg" and "f" in parts[3].split(".") and bool(_OBLIQUE & set(parts[2].split(".")))


def _follows_cardinal(form: Form) -> bool:
    parts = form.tag.split(":")
    return parts[1] == "pl"
