"""Declension by rule, for names that the dictionary does not know."""

from bot.language.cases import Case
from bot.language.paradigms import Table, unchanged

_VOWELS = "aąeęioóuy"
_SOFT = {"ś": "si", "ć": "ci", "ź": "zi", "ń": "ni"}
_HUSHED = ("cz", "sz", "rz", "dz", "dż", "ż", "c", "l", "j")
# Final consonant of the stem -> its shape before the -e of the locative.
_SOFTENED = {
    "st": "ści", "ch": "sz", "t": "ci", "d": "dzi", "r": "rz", "ł": "l", "n": "ni", "s": "si", "z": "zi",
    "b": "bi", "p": "pi", "m": "mi", "w": "wi", "f": "fi", "k": "c", "g": "dz", "h": "sz",
}  # fmt: skip


def _table(nom: str, gen: str, dat: str, acc: str, inst: str, loc: str, voc: str) -> Table:
    return dict(zip(Case, ((nom,), (gen,), (dat,), (acc,), (inst,), (loc,), (voc,)), strict=True))


def _locative(stem: str) -> str:
    for ending, softened in _SOFTENED.items():
        if stem.endswith(ending):
            return stem[: -len(ending)] + softened + "e"
    return stem + "u"


def adjectival_masculine(name: str) -> Table:
    """„Kowalski”, „Konieczny”, „Goethe”."""
    stem = name[:-1] + ("i" if name.endswith("i") else "")
    narrow = name[:-1] + ("e" if name.endswith("e") else "i" if name.endswith("i") else "y") + "m"
    return _table(name, stem + "ego", stem + "emu", stem + "ego", narrow, narrow, name)


def adjectival_feminine(name: str) -> Table:
    """„Kowalska”, „Konieczna”, „Nowakowa”."""
    stem = name[:-1]
    oblique = stem + ("iej" if stem[-1] in "kg" else "ej")
    return _table(name, oblique, oblique, stem + "ą", stem + "ą", oblique, name)


def noun_in_a(name: str) -> Table:
    """„Ziemba”, „Kuciapa”, and men's „Fredro” by the same pattern."""
    stem = name[:-1]
    if stem.endswith("i") and len(stem) > 1 and stem[-2] not in _VOWELS:
        soft = stem if stem[-2] in "śćźńsczn" else stem + "i"
        return _table(name, soft, soft, stem + "ę", stem + "ą", soft, stem + "o")
    if stem.endswith("j"):
        soft = stem[:-1] + "i" if stem[-2:-1] and stem[-2] in _VOWELS else stem + "i"
        return _table(name, soft, soft, stem + "ę", stem + "ą", soft, stem + "o")
    if stem.endswith(_HUSHED):
        ending = "i" if stem.endswith(("l", "j")) else "y"
        oblique = stem + ending
        return _table(name, oblique, oblique, stem + "ę", stem + "ą", oblique, stem + "o")
    oblique = _locative(stem)
    genitive = stem + ("i" if stem.endswith(("k", "g")) else "y")
    return _table(name, genitive, oblique, stem + "ę", stem + "ą", oblique, stem + "o")


def noun_in_consonant(name: str, *, animate: bool = True) -> Table:
    """„Brzęczyszczykiewicz”, „Dudek”, „Kopeć”; places („Pcim”) have the accusative of the nominative."""
    stem = _stem(name)
    hard = stem.endswith(("k", "g", "h", "i", *_HUSHED))
    loc = stem + "u" if hard else _locative(stem)
    inst = stem + ("iem" if stem.endswith(("k", "g")) else "em")
    return _table(name, stem + "a", stem + "owi", stem + "a" if animate else name, inst, loc, loc)


def _stem(name: str) -> str:
    if name[-1] in _SOFT:
        kept = name[:-1]
        if (
            kept.endswith("ie") and len(kept) > 3
        ):  # Kwiecień -> Kwietn-, left to the dictionary; Stępień -> Stępni-
            kept = kept[:-2]
        return kept + _SOFT[name[-1]]
    if name.endswith("iec") and len(name) > 4:
        return name[:-3] + {"n": "ń"}.get(name[-4], "") + "c" if name[-4] == "n" else name[:-3] + "c"
    if name.endswith(("ek", "ec")) and len(name) > 3 and name[-3] not in _VOWELS:
        return name[:-2] + name[-1]
    return name


def masculine(name: str) -> Table:
    """A man's surname or first name by its ending."""
    last = name[-1].lower()
    if last in "iye":
        return adjectival_masculine(name)
    if last in "ao":
        return noun_in_a(name)
    if last in "uóąę":
        return unchanged(name)
    return noun_in_consonant(name)


def feminine(name: str) -> Table:
    """A woman's surname or first name by its ending; after a consonant it does not decline."""
    if name.endswith(("ska", "cka", "zka", "owa")):
        return adjectival_feminine(name)
    return noun_in_a(name) if name.endswith("a") else unchanged(name)
