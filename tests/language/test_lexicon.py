import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.lexicon import Lexicon, Term, dictionary_terms

Find = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Specialists by name, by nickname, by what they treat.
        ("do ginekologa w Bielsku-Białej", ["specialty:ginekolog", "city:Bielsko-Biała"]),
        ("gin", ["specialty:ginekolog"]),
        ("do kobiecego lekarza", ["specialty:ginekolog"]),
        ("laryngolog", ["specialty:otolaryngolog"]),
        ("doktor od uszu", ["specialty:otolaryngolog"]),
        ("gardłowy", ["specialty:otolaryngolog"]),
        ("lekarz od skory", ["specialty:dermatolog"]),
        ("do okulistki od oczu", ["specialty:okulista", "specialty:okulista"]),
        ("do kostnego", ["specialty:ortopeda"]),
        ("lekarz sercowy", ["specialty:kardiolog"]),
        ("konsultacja dermatologiczna", ["specialty:dermatolog"]),
        ("pani dermatolożka", ["specialty:dermatolog"]),
        ("chirurg dla dziecka", ["specialty:chirurg dziecięcy"]),
        ("dwóch okulistów", ["specialty:okulista"]),
        # Tests.
        ("USG brzucha", ["service:USG jamy brzusznej"]),
        ("brzucha usg", ["service:USG jamy brzusznej"]),
        (
            "usg jamy brzusznej z dopplerem",
            ["service:USG jamy brzusznej", "service:USG Doppler żył kończyn dolnych"],
        ),
        ("usg piersi, usg tarczycy", ["service:USG piersi", "service:USG tarczycy"]),
        ("dermatolog, dermatolog", ["specialty:dermatolog", "specialty:dermatolog"]),
        ("krew i mocz", ["service:Morfologia krwi", "service:Badanie ogólne moczu"]),
        ("morfologię", ["service:Morfologia krwi"]),
        ("rm kolana", ["service:Rezonans magnetyczny stawu kolanowego"]),
        ("MRI głowy", ["service:Rezonans magnetyczny głowy"]),
        ("tk głowy", ["service:Tomografia komputerowa głowy"]),
        ("prześwietlenie płuc", ["service:RTG klatki piersiowej"]),
        ("ekg serca", ["service:EKG spoczynkowe"]),
        ("szczepionka na grypę", ["service:Szczepienie przeciw grypie"]),
        # Places.
        ("Wawa", ["city:Warszawa"]),
        ("w wawie", ["city:Warszawa"]),
        ("3miasto", ["city:Gdańsk|Gdynia|Sopot"]),
        ("w Trójmieście", ["city:Gdańsk|Gdynia|Sopot"]),
        ("krk", ["city:Kraków"]),
        ("we wroclawiu", ["city:Wrocław"]),
        ("w nowym saczu", ["city:Nowy Sącz"]),
        ("bielsko biala", ["city:Bielsko-Biała"]),
        ("na Ursynowie", ["district:Warszawa/Ursynów"]),
        ("śródmieście", ["district:Warszawa/Śródmieście|Kraków/Śródmieście"]),
        ("na puławskiej", ["facility:Ursynów"]),
        ("Puławska 455", ["facility:Ursynów"]),
        ("w Centrum Medycznym Ursynów", ["facility:Ursynów"]),
        # Doctors.
        ("dr. Nowakowi", ["doctor:Jan Nowak"]),
        ("u pani doktor Nowak", ["doctor:Anna Nowak|Ewa Nowak"]),
        ("u Nowak", ["doctor:Anna Nowak|Ewa Nowak"]),
        ("u Nowaka", ["doctor:Jan Nowak"]),
        ("Nowak", ["doctor:Anna Nowak|Jan Nowak|Ewa Nowak"]),
        ("u Anny Nowak", ["doctor:Anna Nowak"]),
        ("do nowak anny", ["doctor:Anna Nowak"]),
        ("do A. Nowak", ["doctor:Anna Nowak"]),
        ("u Zięby", ["doctor:Maria Zięba"]),
        ("u zieby", ["doctor:Maria Zięba"]),
        ("do Konieczny", ["doctor:Marta Konieczny"]),
        ("do Koniecznej", ["doctor:Ewa Konieczna"]),
        ("do Nowackiej", ["doctor:Alicja Walczak-Nowacka"]),
        ("do Walczak-Nowackiej", ["doctor:Alicja Walczak-Nowacka"]),
        ("z Brzęczyszczykiewiczem", ["doctor:Paweł Brzęczyszczykiewicz"]),
        ("do Nowakowej", ["doctor:Anna Nowak|Ewa Nowak"]),
        # Kinds of visit, relations, refinements.
        ("teleporadą", ["visit_kind:phone"]),
        ("przez telefon", ["visit_kind:phone"]),
        ("e-wizyta", ["visit_kind:online"]),
        ("na czacie", ["visit_kind:online"]),
        ("stacjonarnie", ["visit_kind:onsite"]),
        ("na miejscu", ["visit_kind:onsite"]),
        ("badania okresowe", ["visit_kind:occupational"]),
        ("wizyta kontrolna", ["visit_kind:control"]),
        ("wizytę domową", ["visit_kind:home"]),
        ("dla mnie", ["relation:self"]),
        ("mojej córeczce", ["relation:daughter"]),
        ("z synkiem", ["relation:son"]),
        ("dla mamy", ["relation:mother"]),
        ("coś wcześniej", ["refine:earlier"]),
        ("u kogoś innego", ["refine:other_doctor"]),
        ("kiedy indziej", ["refine:other_day"]),
        ("pokaż inne terminy", ["refine:more"]),
    ],
)
def test_found(found: Find, text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [("usg", 5), ("rezonans", 2), ("prześwietlenie", 2), ("u Nowak", 2), ("Trójmiasto", 3)],
)
def test_ambiguous_names_give_all_candidates(lexicon: Lexicon, text: str, count: int) -> None:
    (mention,) = lexicon.find(text)
    assert mention.ambiguous
    assert len(mention.ids) == count


@pytest.mark.parametrize(
    ("text", "expected", "how"),
    [
        ("drmatolog", "dermatolog", "typo"),
        ("okulsta", "okulista", "typo"),
        ("kadriolog", "kardiolog", "typo"),
        ("hirurg ogólny", "chirurg ogólny", "sound"),
        ("do endokrynologga", "endokrynolog", "typo"),
        ("we wrocłaiwu", "Wrocław", "typo"),
        ("nerolog", "neurolog", "typo"),
        ("brzenczyszczykiewicz", "Paweł Brzęczyszczykiewicz", "typo"),
        ("brzęczyszczykiewicza", "Paweł Brzęczyszczykiewicz", "form"),
        ("kżyżaniak", None, None),
    ],
)
def test_misspelt(lexicon: Lexicon, text: str, expected: str | None, how: str | None) -> None:
    mentions = lexicon.find(text)
    assert [(mention.ids[0], mention.how) for mention in mentions] == ([(expected, how)] if expected else [])
    assert all(mention.score < 1 for mention in mentions if how != "form")


def test_a_slip_between_two_names_keeps_both(lexicon: Lexicon) -> None:
    (mention,) = lexicon.find("do nerologa")
    assert set(mention.ids) == {"neurolog", "nefrolog"}


@pytest.mark.parametrize(
    "text",
    [
        # Symptoms and parts of the body name no test and no specialist.
        "boli mnie w klatce piersiowej i serce",
        "mam wysypkę na skórze",
        "bolą mnie nerki i mam gorączkę",
        "mam kaszel",
        "że mam ból ucha",
        "z powodu choroby",
        "genetyczne obciążenie",
        # Common words that are also names.
        "w maju albo w sobotę",
        "do soboty",
        "15 maja",
        "nie tych, tylko tamtych",
        "od tych lekarzy",
        "konieczny jest kowal",
        "dobra wola lekarza",
        "nie mam ochoty czekać",
        "od marek",
        "gra w piłę",
        "wolę jutro",
        "na lodzie się przewróciłem",
        "kuszenie lisa",
        "ul. Wrocławska",
        "gdańską wizytę",
        # Dogs are no tests, and ends are no beginnings.
        "pies mnie ugryzł",
        "nie wcześniej niż w piątek",
        "mniej więcej",
        "recepta roczna",
        "zeby przyjsc",
        "żebym mógł przyjść",
        "pierwsze z brzegu",
        "w lux medzie",
        "doktora Kalisza",
        "dzień dobry",
        "dziękuję bardzo",
        "600 100 200",
        "",
        "???",
    ],
)
def test_silent(found: Find, text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dr Maj w maju", ["doctor:Karol Maj"]),
        ("u doktora Maja", ["doctor:Karol Maj"]),
        ("do pani Soboty w sobotę", ["doctor:Julia Sobota"]),
        ("wrona", ["doctor:Adam Wrona"]),
        ("poproszę Wronę", ["doctor:Adam Wrona"]),
        ("termin u lisa", ["doctor:Marek Lis"]),
        ("umów mnie do Lisa", ["doctor:Marek Lis"]),
        ("do Kowala albo Lisa", ["doctor:Zenon Kowal", "doctor:Marek Lis"]),
        ("w pile", ["city:Piła"]),
        ("piła", ["city:Piła"]),
        ("okulista piła jutro", ["specialty:okulista", "city:Piła"]),
        ("w Tychach", ["city:Tychy"]),
        ("na Woli", ["district:Warszawa/Wola"]),
        ("na Ochocie", ["district:Warszawa/Ochota"]),
        ("w Kole", ["city:Koło"]),
        ("w Markach", ["city:Marki"]),
    ],
)
def test_common_words_in_context(found: Find, text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_city_inside_a_name_does_not_fire(found: Find) -> None:
    assert found("ul. Gdańska 80") == ["facility:Gdańska"]
    assert found("przy ulicy Gdańskiej") == ["facility:Gdańska"]
    assert found("ul. Opolska") == []


def test_first_name_that_nobody_has_weighs_less(lexicon: Lexicon) -> None:
    (stranger,) = lexicon.find("u Barbary Nowak")
    (known,) = lexicon.find("u Anny Nowak")
    assert stranger.score < 0.7 < known.score


@pytest.mark.parametrize(
    ("text", "relation", "age"),
    [
        ("trzylatek ma kaszel", "child", 3),
        ("dla 3-letniej córki", "daughter", 3),
        ("syn, 5 lat", "son", 5),
        ("córka ma 12 lat", "daughter", 12),
        ("dla mojej małej, ma 3 latka", "daughter", 3),
        ("dwuletni synek", "son", 2),
        ("dla córki", "daughter", None),
        ("szesnastolatka", "child", 16),
        ("niemowlak", "child", 0),
    ],
)
def test_ages(lexicon: Lexicon, text: str, relation: str, age: int | None) -> None:
    (mention,) = lexicon.find(text)
    assert (mention.ids, mention.age) == ((relation,), age)


def test_dependants_are_added_for_one_patient(lexicon: Lexicon) -> None:
    children = [{"id": "d1", "first_name": "Zofia"}, {"id": "d2", "first_name": "Maja"}]
    own = lexicon.plus(dictionary_terms(dependants=children))
    texts = {"dla Zosi": ["d1"], "z Zofią": ["d1"], "dla Mai": ["d2"], "czy mają wolne": [], "15 maja": []}
    for text, ids in texts.items():
        assert [m.ids[0] for m in own.find(text) if m.kind == "dependant"] == ids, text
    assert lexicon.find("dla Zosi") == []
    assert [m.ids[0] for m in own.find("dermatolog dla Zosi")] == ["dermatolog", "d1"]


def test_specialists_that_the_portal_does_not_list(found: Find) -> None:
    assert found("do dentysty") == ["unlisted:stomatolog"]
    assert found("psychiatra dziecięcy") == ["unlisted:psychiatra dziecięcy"]


def test_towns_that_the_portal_does_not_list(found: Find) -> None:
    assert found("w Gliwicach") == ["unlisted_city:Gliwice"]
    assert found("Stalowa Wola") == ["unlisted_city:Stalowa Wola"]
    assert found("do Policach") == found("police") == ["unlisted_city:Police"]
    assert found("brzeg łóżka") == []


def test_offsets_and_text(lexicon: Lexicon) -> None:
    text = "Chcę do dr Zięby, w ŁODZI; USG  tarczycy"
    mentions = lexicon.find(text)
    assert [mention.text for mention in mentions] == ["Zięby", "ŁODZI", "USG  tarczycy"]
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)


def test_same_kind_with_same_words_is_joined_whatever_the_order() -> None:
    terms = [
        Term("specialty", "a", "alergolog"),
        Term("specialty", "b", "astmolog", ("od astmy", "alergolog")),
    ]
    for listed in (terms, terms[::-1]):
        (mention,) = Lexicon.build(listed).find("alergolog")
        assert set(mention.ids) == {"a", "b"}


_PIECES = st.sampled_from([*"aąbcćdeęnouwz .,-?!0139\n", "nie ", "dr ", "u ", "nowak ", "usg ", "łodzi "])


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_text_is_survived(lexicon: Lexicon, text: str) -> None:
    mentions = lexicon.find(text)
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
    assert all(one.start <= other.start for one, other in itertools.pairwise(mentions))


@pytest.mark.parametrize(
    "unit", ["nowak ", "usg ", "nie, ", "lekarz od ", "badanie z ", "3 letni syn ", "zamiast wrony "]
)
def test_hostile_repetition_is_no_burden(lexicon: Lexicon, unit: str) -> None:
    """Four times the text takes about four times as long, not sixteen."""
    lexicon.find(unit * 400)
    short, long = (min(_seconds(lexicon, unit * count) for _ in range(3)) for count in (100, 400))
    assert long < 10 * short + 0.02


def _seconds(lexicon: Lexicon, text: str) -> float:
    start = time.perf_counter()
    lexicon.find(text)
    return time.perf_counter() - start


def test_no_terms() -> None:
    assert Lexicon.build([]).find("do dermatologa w Łodzi") == []


def test_one_lexicon_serves_many_threads(lexicon: Lexicon) -> None:
    texts = ["do dermatologa w Łodzi", "u Nowak", "usg brzucha", "nie teleporada, tylko na miejscu"] * 50
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lexicon.find, texts)) == [lexicon.find(text) for text in texts]
