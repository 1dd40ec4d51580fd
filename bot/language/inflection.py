"""Names put into the case a sentence needs."""

import re
from functools import lru_cache

from bot.language import declension
from bot.language.cases import Case
from bot.language.data import load
from bot.language.morphology import Form, forms, readings
from bot.language.paradigms import Table, features, table, unchanged
from bot.language.surnames import first_name_table, surname
from bot.language.terms import Gender

__all__ = ["Case", "first_name", "inflect", "locative_city", "person"]

_PIECES = re.compile(r"[^\W_]+|[\W_]+")
_OBLIQUE_DR = re.compile(r"\bdr\b(?!\.)")
_NEEDS_WE = re.compile(r"(?:[wf][bcćdfghjklłmnńprsśtwzźż]|lw)", re.IGNORECASE)


@lru_cache(maxsize=2048)
def inflect(phrase: str, case: Case) -> str:
    """A specialty, service, city or facility in the given case: „dermatologa”, „Bielsku-Białej”.

    The head noun and its adjectives decline; what depends on them („jamy brzusznej”) stays.
    """
    irregular: dict[str, dict[str, str]] = load("places")["forms"]
    if case in irregular.get(phrase, {}):
        return irregular[phrase][case]
    pieces = _PIECES.findall(phrase)
    tables = _phrase_tables(pieces)
    return "".join(_as_written(piece, tables.get(index), case) for index, piece in enumerate(pieces))


def street(name: str, case: Case) -> str:
    """A street's name after „ulica”: adjectives decline („Puławskiej”), genitives stay („Kopernika”)."""
    if " " in name or not name.endswith("a"):
        return name
    if name.endswith(("ska", "cka", "zka")) or _adjective_nominative(name):
        return declension.adjectival_feminine(name)[case][0]
    return name


def _as_written(piece: str, forms_by_case: Table | None, case: Case) -> str:
    if forms_by_case is None or case not in forms_by_case:
        return piece
    form = forms_by_case[case][0]
    if piece[0].isupper():
        return form[0].upper() + form[1:]
    return form


def _phrase_tables(pieces: list[str]) -> dict[int, Table]:
    """Forms of the pieces that decline, by position."""
    tables: dict[int, Table] = {}
    words = [index for index, piece in enumerate(pieces) if piece[0].isalpha()]
    head = _head(pieces, words)
    if head is None:
        return _unknown_head(pieces, words)
    for index in (index for index in words if index <= head):
        tables[index] = _agreeing(pieces[index], pieces[head]) if index < head else _noun(pieces[head])
    current = head
    for index in (index for index in words if index > head):
        joined = pieces[index - 1] == "-"
        if not pieces[index - 1].strip() or joined:
            agreeing = _agreeing(pieces[index], pieces[current])
            if agreeing:
                tables[index] = agreeing
                continue
            if joined and _noun_reading(pieces[index]):
                tables[index] = _noun(pieces[index])
                current = index
                continue
        break
    return {index: forms_by_case for index, forms_by_case in tables.items() if forms_by_case}


def _head(pieces: list[str], words: list[int]) -> int | None:
    for position, index in enumerate(words):
        following = words[position + 1] if position + 1 < len(words) else None
        # „Zielona Góra”: a word that can be both is an adjective when a noun that it fits follows.
        if (
            following is not None
            and not pieces[index + 1].strip()
            and _noun_reading(pieces[following])
            and _agreeing(pieces[index], pieces[following])
        ):
            continue
        if _noun_reading(pieces[index]):
            return index
        if not _adjective_nominative(pieces[index]):
            return None
    return None


def _unknown_head(pieces: list[str], words: list[int]) -> dict[int, Table]:
    if len(words) != 1 or len(pieces[words[0]]) < 4 or readings(pieces[words[0]]):
        return _adjective_alone(pieces, words)
    word = pieces[words[0]]
    if word.isupper() or word[-1].lower() in "ąęiouóye":
        return {}
    if word.endswith("a"):
        return {words[0]: declension.noun_in_a(word)}
    return {words[0]: declension.noun_in_consonant(word, animate=False)}


def _adjective_alone(pieces: list[str], words: list[int]) -> dict[int, Table]:
    """„Wysokie Mazowieckie”, „Limanowa” and the like, whose words are all adjectives."""
    tables = {index: _adjective(pieces[index]) for index in words if _adjective_nominative(pieces[index])}
    return tables if len(tables) == len(words) else {}


def _spellings(word: str) -> tuple[str, ...]:
    return (word,) if word.islower() else (word, word.lower())


def _noun_reading(word: str) -> Form | None:
    """The nominative noun reading to go by: names as written first, singular before plural."""
    best: tuple[tuple[bool, ...], Form] | None = None
    for spelling in _spellings(word):
        for reading in readings(spelling):
            seen = features(reading.tag)
            if reading.pos != "subst" or "nom" not in seen.cases:
                continue
            rank = (
                word[0].isupper() and not _is_place(reading) and not spelling.islower(),
                "sg" not in seen.numbers,
                # „pani ginekolog” does not decline; the word by itself does.
                len(seen.numbers) > 1,
                reading.lemma.lower() != word.lower(),
            )
            if best is None or rank < best[0]:
                best = (rank, reading)
    return best[1] if best else None


def _is_place(reading: Form) -> bool:
    return any("geograficzn" in label for label in reading.labels)


@lru_cache(maxsize=512)
def _noun(word: str) -> Table:
    reading = _noun_reading(word)
    if reading is None:
        return {}
    seen = features(reading.tag)
    number = "sg" if "sg" in seen.numbers else "pl"
    own = [
        form
        for form in forms(reading.lemma)
        if form.lemma == reading.lemma
        and form.pos == "subst"
        and features(form.tag).genders == seen.genders
        and (set(reading.labels) & set(form.labels) or not reading.labels)
    ]
    return table(own, number)


def _adjective_nominative(word: str) -> list[Form]:
    return [
        reading
        for spelling in _spellings(word)
        for reading in readings(spelling)
        if reading.pos in {"adj", "ppas", "pact"} and "nom" in features(reading.tag).cases
    ]


def _adjective(word: str, number: str | None = None, genders: frozenset[str] | None = None) -> Table:
    for reading in _adjective_nominative(word):
        seen = features(reading.tag)
        wanted_number = number or ("sg" if "sg" in seen.numbers else "pl")
        wanted = genders or seen.genders
        if wanted_number not in seen.numbers or not wanted & seen.genders:
            continue
        same = [
            form
            for form in forms(reading.lemma)
            if form.pos == reading.pos
            and wanted & seen.genders & features(form.tag).genders
            and form.tag.rpartition(":")[2] == reading.tag.rpartition(":")[2]
        ]
        found = table(same, wanted_number)
        if found:
            return {
                case: (variants[-1:] if case == Case.ACC else variants) for case, variants in found.items()
            }
    return {}


def _agreeing(word: str, noun: str) -> Table:
    reading = _noun_reading(noun)
    if reading is None:
        return {}
    seen = features(reading.tag)
    number = "sg" if "sg" in seen.numbers else "pl"
    return _adjective(word, number, seen.genders)


@lru_cache(maxsize=2048)
def person(title: str, first: str, last: str, gender: Gender, case: Case) -> str:
    """A doctor's name in the given case: „dr Anny Zięby”, „dr. Janem Dudkiem”, „dr Ewy Nowak”.

    „dr” has a full stop in the oblique cases of men; other titles are abbreviations and stay.
    """
    if gender == "m" and case not in (Case.NOM, Case.VOC):
        title = _OBLIQUE_DR.sub("dr.", title, count=1)
    given = " ".join(_given(part, gender).get(case, (part,))[0] for part in first.split())
    return " ".join(part for part in (title, given, surname(last, gender)[case][0]) if part)


def _given(name: str, gender: Gender) -> Table:
    if gender == "f" and not name.endswith("a"):
        return unchanged(name)
    return first_name_table(name)


def first_name(name: str, case: Case) -> str:
    """A first name in the given case: „Zosi”, „Kubą”."""
    return first_name_table(name).get(case, (name,))[0]


def locative_city(name: str) -> str:
    """„w Łodzi”, „we Wrocławiu”, „w Bielsku-Białej”, „na Helu”."""
    place = inflect(name, Case.LOC)
    if name in load("places")["with_na"]:
        return f"na {place}"
    return f"{'we' if _NEEDS_WE.match(name) else 'w'} {place}"
