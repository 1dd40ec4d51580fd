import pytest

from bot.language.cases import Case
from bot.language.inflection import first_name, inflect, locative_city, person
from bot.language.terms import Gender

_ORDER = (Case.GEN, Case.DAT, Case.ACC, Case.INST, Case.LOC)


def test_names_written_by_hand(names_matrix: dict[str, dict[str, str]]) -> None:
    wrong = []
    for group, names in names_matrix.items():
        for name, listed in names.items():
            for case, form in zip(_ORDER, listed.split(), strict=True):
                expected = form.replace("_", " ")
                if group in ("men", "women"):
                    gender: Gender = "m" if group == "men" else "f"
                    spoken = person("", "", name, gender, case)
                else:
                    spoken = inflect(name, case)
                if spoken != expected:
                    wrong.append(f"{name} {case}: {spoken}, not {expected}")
    assert wrong == []


@pytest.mark.parametrize(
    ("phrase", "case", "expected"),
    [
        ("ginekolog-położnik", Case.GEN, "ginekologa-położnika"),
        ("Dermatolog", Case.GEN, "Dermatologa"),
        ("badania okresowe", Case.GEN, "badań okresowych"),
        ("badanie USG jamy brzusznej", Case.GEN, "badania USG jamy brzusznej"),
        ("USG jamy brzusznej", Case.INST, "USG jamy brzusznej"),
        ("konsultacja telefoniczna", Case.ACC, "konsultację telefoniczną"),
        ("Centrum Medyczne LUX MED Ursynów", Case.LOC, "Centrum Medycznym LUX MED Ursynów"),
        ("RTG klatki piersiowej", Case.GEN, "RTG klatki piersiowej"),
        ("fizjoterapia", Case.ACC, "fizjoterapię"),
        ("Jastrzębie-Zdrój", Case.LOC, "Jastrzębiu-Zdroju"),
        ("Kędzierzyn-Koźle", Case.GEN, "Kędzierzyna-Koźla"),
        ("Nowy Dwór Mazowiecki", Case.LOC, "Nowym Dworze Mazowieckim"),
        ("", Case.GEN, ""),
        ("15", Case.GEN, "15"),
    ],
)
def test_phrases(phrase: str, case: Case, expected: str) -> None:
    assert inflect(phrase, case) == expected


@pytest.mark.parametrize(
    ("name", "case", "expected"),
    [
        (("dr", "Anna", "Zięba", "f"), Case.GEN, "dr Anny Zięby"),
        (("dr", "Jan", "Dudek", "m"), Case.INST, "dr. Janem Dudkiem"),
        (("dr", "Jan", "Dudek", "m"), Case.NOM, "dr Jan Dudek"),
        (("dr n. med.", "Jan", "Dudek", "m"), Case.GEN, "dr. n. med. Jana Dudka"),
        (("lek.", "Marta", "Konieczny", "f"), Case.GEN, "lek. Marty Konieczny"),
        (("dr", "Ewa", "Konieczna", "f"), Case.DAT, "dr Ewie Koniecznej"),
        (("dr", "Ewa Maria", "Nowak", "f"), Case.ACC, "dr Ewę Marię Nowak"),
        (("dr", "Alicja", "Walczak-Nowacka", "f"), Case.GEN, "dr Alicji Walczak-Nowackiej"),
        (("dr", "Inez", "Kot", "f"), Case.INST, "dr Inez Kot"),
        # Surnames that the dictionary does not have.
        (("", "Adam", "Brzęczyszczykiewicz", "m"), Case.GEN, "Adama Brzęczyszczykiewicza"),
        (("", "Karol", "Hrynkozidra", "m"), Case.LOC, "Karolu Hrynkozidrze"),
        (("", "Jan", "Trzmielkoć", "m"), Case.INST, "Janem Trzmielkociem"),
        (("", "Jan", "Zdrabek", "m"), Case.DAT, "Janowi Zdrabkowi"),
        (("", "Jan", "Ptaszkowyski", "m"), Case.GEN, "Jana Ptaszkowyskiego"),
        (("", "Ewa", "Ptaszkowyska", "f"), Case.GEN, "Ewy Ptaszkowyskiej"),
    ],
)
def test_people(name: tuple[str, str, str, Gender], case: Case, expected: str) -> None:
    assert person(*name, case) == expected


@pytest.mark.parametrize(
    ("name", "case", "expected"),
    [
        ("Zosia", Case.GEN, "Zosi"),
        ("Kuba", Case.INST, "Kubą"),
        ("Maja", Case.GEN, "Mai"),
        ("Antoni", Case.GEN, "Antoniego"),
        ("Franek", Case.DAT, "Frankowi"),
        ("Nikola", Case.ACC, "Nikolę"),
        ("Kacper", Case.GEN, "Kacpra"),
        ("Julia", Case.LOC, "Julii"),
        ("Jerzy", Case.INST, "Jerzym"),
    ],
)
def test_first_names(name: str, case: Case, expected: str) -> None:
    assert first_name(name, case) == expected


@pytest.mark.parametrize(
    ("city", "place"),
    [
        ("Łódź", "w Łodzi"),
        ("Wrocław", "we Wrocławiu"),
        ("Włocławek", "we Włocławku"),
        ("Lwów", "we Lwowie"),
        ("Warszawa", "w Warszawie"),
        ("Wałbrzych", "w Wałbrzychu"),
        ("Bielsko-Biała", "w Bielsku-Białej"),
        ("Hel", "na Helu"),
        ("Zakopane", "w Zakopanem"),
        ("Września", "we Wrześni"),
    ],
)
def test_locative_of_cities(city: str, place: str) -> None:
    assert locative_city(city) == place
