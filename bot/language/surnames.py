"""Surnames and first names by case: the dictionary first, rules for the rest."""

from functools import lru_cache

from bot.language import declension
from bot.language.cases import Case
from bot.language.morphology import Form, forms, readings
from bot.language.paradigms import Table, features, table, unchanged
from bot.language.terms import Gender

_GENDERS = {"m": "m1", "f": "f"}


def _of_gender(name: str, label: str, gender: Gender) -> list[Form]:
    return [
        form
        for form in forms(name)
        if form.lemma == name and label in form.labels and _GENDERS[gender] in features(form.tag).genders
    ]


@lru_cache(maxsize=512)
def _part(name: str, gender: Gender) -> Table:
    known = table(_of_gender(name, "nazwisko", gender))
    if len(known) >= len(Case) - 1:
        return known
    return declension.masculine(name) if gender == "m" else declension.feminine(name)


def surname(name: str, gender: Gender) -> Table:
    """Singular forms by case; both halves of a double-barrelled name decline."""
    parts = [_part(part, gender) if len(part) > 1 else unchanged(part) for part in name.split("-")]
    return {case: ("-".join(part.get(case, part[Case.NOM])[0] for part in parts),) for case in Case}


@lru_cache(maxsize=512)
def surname_forms(name: str, gender: Gender) -> dict[str, frozenset[Case]]:
    """Every form a patient may use for one part of a surname, with its cases; plurals have none.

    For a woman „Nowak” also the customary „Nowakowa”.
    """
    found: dict[str, set[Case]] = {}
    for case, variants in _part(name, gender).items():
        for variant in variants:
            found.setdefault(variant, set()).add(case)
    for form in _of_gender(name, "nazwisko", gender):
        found.setdefault(form.text, set())
    if gender == "f" and not name.endswith(("a", "o", "i", "y", "e")):
        stem = _part(name, "m")[Case.GEN][0].removesuffix("a")
        for case, variants in declension.adjectival_feminine(stem + "owa").items():
            for variant in variants:
                found.setdefault(variant, set()).add(case)
    return {text: frozenset(cases) for text, cases in found.items()}


def is_first_name(word: str) -> bool:
    """Whether a capitalised word is a form of a first name."""
    return word[:1].isupper() and any("imię" in reading.labels for reading in readings(word))


@lru_cache(maxsize=512)
def first_name_table(name: str) -> Table:
    """Singular forms of a first name by case; the gender follows from the name."""
    gender: Gender = "f" if name.endswith("a") and not _of_gender(name, "imię", "m") else "m"
    for candidate in (gender, "m", "f"):
        known = table(_of_gender(name, "imię", candidate))
        if known:
            return known
    if name.endswith("a"):
        return declension.noun_in_a(name)
    return declension.masculine(name)


def first_name_forms(name: str, gender: Gender | None = None) -> frozenset[str]:
    """Every singular form of a first name; a gender narrows names that both may bear."""
    by_gender = table(_of_gender(name, "imię", gender)) if gender else {}
    chosen = by_gender or first_name_table(name)
    return frozenset(variant for variants in chosen.values() for variant in variants) | {name}
