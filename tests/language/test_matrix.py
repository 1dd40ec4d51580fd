"""Every name x case x spelling, against forms written by hand: at least 99.5 % canonical."""

import pytest

from bot.language.lexicon import Lexicon, PersonName, Term, standing_terms
from bot.language.text import fold

_KINDS = {
    "men": "doctor",
    "women": "doctor",
    "cities": "city",
    "specialties": "specialty",
    "exams": "service",
}
# One sentence for each case: nominative, genitive, dative, accusative, instrumental, locative.
_CARRIERS = {
    "doctor": ("dr {}", "do {}", "dzięki dr {}", "poproszę {}", "z dr {}", "o dr {}"),
    "city": ("{} jutro", "do {}", "dzięki {}", "poproszę {}", "przed {}", "w {}"),
    "specialty": ("{} jutro", "do {}", "dzięki {}", "poproszę {}", "z {}", "o {} mowa"),
    "service": ("{} jutro", "do {}", "dzięki {}", "poproszę {}", "przed {}", "o {} mowa"),
}


@pytest.fixture(scope="module")
def crowded(names_matrix: dict[str, dict[str, str]]) -> Lexicon:
    terms = []
    for group, names in names_matrix.items():
        for name in names:
            person = None
            if group in ("men", "women"):
                person = (
                    PersonName("dr", "Jan", name, "m")
                    if group == "men"
                    else PersonName("dr", "Anna", name, "f")
                )
            terms.append(Term(_KINDS[group], name, name, person=person))
    return Lexicon.build([*terms, *standing_terms()])


def _spellings(form: str) -> dict[str, str]:
    return {"as written": form, "folded": fold(form), "lower": form.lower(), "upper": form.upper()}


def test_every_case_and_spelling(crowded: Lexicon, names_matrix: dict[str, dict[str, str]]) -> None:
    total, missed = 0, []
    for group, names in names_matrix.items():
        kind = _KINDS[group]
        for name, listed in names.items():
            for carrier, form in zip(_CARRIERS[kind], [name, *listed.split()], strict=True):
                for how, spelled in _spellings(form.replace("_", " ")).items():
                    text = carrier.format(spelled)
                    mentions = [mention for mention in crowded.find(text) if mention.kind == kind]
                    total += 1
                    if [mention.ids for mention in mentions] != [(name,)]:
                        missed.append(f"{text} ({how}): {[m.ids for m in mentions]}")
    print(f"names: {total - len(missed)} of {total} canonical", *missed, sep="\n")
    assert total > 4500
    assert len(missed) <= 0.005 * total, missed


def test_one_slip_of_the_finger(crowded: Lexicon, names_matrix: dict[str, dict[str, str]]) -> None:
    """A letter left out or two swapped, in specialties of eight letters and more."""
    total, missed = 0, []
    for name, listed in names_matrix["specialties"].items():
        form = listed.split()[0]
        if "_" in form or len(form) < 8:
            continue
        for position in range(1, len(form) - 2):
            swapped = form[:position] + form[position + 1] + form[position] + form[position + 2 :]
            for spelled in {form[:position] + form[position + 1 :], swapped} - {form}:
                total += 1
                ids = [
                    mention.ids for mention in crowded.find(f"do {spelled}") if mention.kind == "specialty"
                ]
                if not ids or name not in ids[0]:
                    missed.append(f"{spelled}: {ids}")
    print(f"slips: {total - len(missed)} of {total}", *missed, sep="\n")
    assert total > 300
    assert len(missed) <= 0.02 * total, missed
