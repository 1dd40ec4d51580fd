from dataclasses import dataclass, field

from bot.language.attach import colloquial, derived
from bot.language.lexicon import Term, dictionary_terms, standing_terms, unlisted_terms
from bot.language.vocabulary import district_id


@dataclass(frozen=True)
class _Specialty:
    id: str
    name: str


@dataclass(frozen=True)
class _Service:
    id: str
    name: str
    kind: str
    specialty: _Specialty | None = None
    aliases: tuple[str, ...] = field(default=())


_DERMATOLOGY = _Specialty("derm", "dermatolog")


def _by_id(terms: list[Term]) -> dict[tuple[str, str], Term]:
    return {(term.kind, term.id): term for term in terms}


def test_consultations_are_grouped_by_specialty() -> None:
    services = [
        _Service("s1", "dermatolog – wizyta w placówce", "onsite", _DERMATOLOGY, ("skórny",)),
        _Service("s2", "Teleporada dermatologa", "phone", _DERMATOLOGY),
        _Service("s3", "USG tarczycy", "exam"),
    ]
    terms = _by_id(dictionary_terms(services=services))
    assert set(terms) == {("specialty", "derm"), ("service", "s3")}
    aliases = terms["specialty", "derm"].aliases
    assert {"skórny", "lekarz od skóry", "dermatologia", "konsultacja dermatologiczna"} <= set(aliases)
    assert not any("Teleporada" in alias or "placówce" in alias for alias in aliases)


def test_mappings_and_objects_give_the_same_terms() -> None:
    as_object = _Service("s1", "dermatolog", "onsite", _DERMATOLOGY, ("skórny",))
    as_mapping = {
        "id": "s1",
        "name": "dermatolog",
        "kind": "onsite",
        "specialty": {"id": "derm", "name": "dermatolog"},
        "aliases": ["skórny"],
    }
    assert dictionary_terms(services=[as_object]) == dictionary_terms(services=[as_mapping])


def test_colloquial_names_find_their_specialty_under_other_names() -> None:
    for name in ("Ginekolog", "ginekologia", "Konsultacja ginekologa", "ginekolog-położnik"):
        assert "gin" in colloquial("specialties", "specialties", [name]), name
    assert "lekarz od operacji" not in colloquial("specialties", "specialties", ["chirurg naczyniowy"])
    assert "od żył" in colloquial("specialties", "specialties", ["chirurg naczyniowy"])
    assert colloquial("specialties", "specialties", ["wróżbita"]) == ()


def test_derived_words_are_polish() -> None:
    assert "kardiologia" in derived("kardiolog")
    assert "okulistka" in derived("okulista")
    assert derived("wróżbita") == ()


def test_districts_and_groups_of_cities() -> None:
    cities = [
        {"id": "w", "name": "Warszawa", "districts": ["Wola"]},
        {"id": "g", "name": "Gdańsk", "districts": []},
    ]
    terms = dictionary_terms(cities=cities)
    assert Term("district", district_id("w", "Wola"), "Wola", ("Młynów", "Odolany")) in terms
    assert any(term.kind == "city" and term.id == "g" and term.name == "Trójmiasto" for term in terms)
    assert not any(term.id == "w" and term.name == "Trójmiasto" for term in terms)


def test_a_street_is_known_with_what_leads_to_it() -> None:
    facility = {"id": "f", "name": "Centrum", "address": "ul. Puławska 15, 02-515 Warszawa"}
    (term,) = dictionary_terms(facilities=[facility])
    assert {"=na Puławskiej", "=ul Puławska 15", "=Puławska 15"} <= set(term.aliases)
    assert "=Puławska" not in term.aliases


def test_gender_follows_from_the_first_name_when_the_portal_is_silent() -> None:
    doctors = [{"id": "1", "first_name": "Anna", "last_name": "Nowak", "gender": "unknown"}]
    (term,) = dictionary_terms(doctors=doctors)
    assert term.person is not None
    assert term.person.gender == "f"


def test_unlisted_leaves_out_what_is_listed() -> None:
    listed = dictionary_terms(
        services=[_Service("s", "stomatolog", "onsite", _Specialty("dent", "stomatolog"))],
        cities=[{"id": "gl", "name": "Gliwice"}],
    )
    names = {(term.kind, term.id) for term in unlisted_terms(listed)}
    assert ("unlisted", "ortodonta") in names
    assert ("unlisted", "stomatolog") not in names
    assert ("unlisted_city", "Zabrze") in names
    assert ("unlisted_city", "Gliwice") not in names


def test_standing_terms_have_every_kind_of_visit() -> None:
    ids = {term.id for term in standing_terms() if term.kind == "visit_kind"}
    assert ids == {"phone", "onsite", "online", "exam", "rehab", "occupational", "control", "home"}
