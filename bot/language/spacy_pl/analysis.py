"""Lemmas and features of tokens from Morfeusz2, chosen by the words around them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, MorphAnalysis, Token

from bot.language.data import load
from bot.language.morphology import Form, readings
from bot.language.paradigms import features
from bot.language.spelling import accented

_RARE = ("rzad.", "daw.", "przest.", "arch.", "char.")
_NAMES = ("imię", "nazwisko", "geograficzn", "nazwa_organizacji", "nazwa_własna")


@lru_cache(maxsize=50_000)
def candidates(word: str) -> tuple[Form, ...]:
    """Readings of a word; of the same word with its Polish letters when it has none as written."""
    bare = word.rstrip(".") if len(word) > 1 else word
    return readings(bare) or tuple(form for spelling in accented(bare) for form in readings(spelling))


@lru_cache(maxsize=1)
def _order() -> dict[str, int]:
    return {pos: rank for rank, pos in enumerate(load("tagging")["order"])}


def choose(found: Sequence[Form], *, governed: Sequence[str], name: bool, opens: bool) -> Form | None:
    """The likeliest reading: in the case that a preposition asks for, a name where one is written.

    `opens`: the word begins a sentence, where a command is likelier than a noun.
    """
    known_places, commands = load("places")["well_known"], load("tagging")["commands"]

    def rank(form: Form) -> tuple[bool, bool, bool, bool, bool, int]:
        cases = features(form.tag).cases
        is_name = any(part in label for label in form.labels for part in _NAMES)
        command = form.pos == "impt" and not opens and form.text.lower() not in commands
        return (
            bool(governed) and not cases & set(governed),
            command or any(label.startswith(_RARE) for label in form.labels),
            is_name != name,
            form.lemma not in known_places,
            # „Kowalskiego” is a person before it is the village of Kowalskie.
            not any("nazwisko" in label for label in form.labels),
            _order().get(form.pos, len(_order())),
        )

    return min(found, key=rank) if found else None


def _mark(token: Token, form: Form | None) -> None:
    tables = load("tagging")
    if form is None:
        token.lemma_ = token.lower_
        digits = any(char.isdigit() for char in token.text)
        token.pos_ = "PUNCT" if token.is_punct else "NUM" if digits else "X"
        return
    token.lemma_ = form.lemma
    token.tag_ = form.pos
    is_name = any(part in label for label in form.labels for part in _NAMES)
    token.pos_ = "PROPN" if is_name and form.pos == "subst" else tables["universal"].get(form.pos, "X")
    seen = features(form.tag)
    morph: dict[str, str] = {}
    for feature, values, names in (
        ("Case", seen.cases, tables["cases"]),
        ("Number", seen.numbers, tables["numbers"]),
        ("Gender", seen.genders, tables["genders"]),
    ):
        found = sorted({names[value] for value in values if value in names})
        if found:
            morph[feature] = ",".join(found)
    token.morph = MorphAnalysis(token.vocab, morph)


class MorfeuszComponent:
    """Sets `lemma_`, `tag_` (SGJP), `pos_` (universal) and `morph` of every token."""

    def __call__(self, doc: Doc) -> Doc:
        governed: list[str] = []
        for token in doc:
            if token.is_space:
                continue
            found = candidates(token.text)
            name = token.text[0].isupper() and not token.is_sent_start and not token.is_upper
            prepositions: dict[str, list[str]] = load("tagging")["prepositions"]
            preposition = prepositions.get(token.lower_)
            form = choose(
                found, governed=[] if preposition else governed, name=name, opens=bool(token.is_sent_start)
            )
            _mark(token, form)
            if preposition:
                governed = preposition
            elif form is None or form.pos not in {"adj", "num", "ppas", "pact"}:
                governed = []
        return doc

    def to_disk(self, path: Any, **kwargs: Any) -> None:
        """Nothing to save: the dictionary is inside Morfeusz2."""

    def from_disk(self, path: Any, **kwargs: Any) -> "MorfeuszComponent":
        """Nothing to load."""
        return self


@Language.factory("morfeusz_pl", assigns=["token.lemma", "token.tag", "token.pos", "token.morph"])
def create_morfeusz(nlp: Language, name: str) -> MorfeuszComponent:
    """Factory named in the pipeline's config."""
    return MorfeuszComponent()
