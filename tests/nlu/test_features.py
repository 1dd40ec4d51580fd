"""Views of a message and their n-grams."""

from bot.language.concepts import Concepts
from bot.language.text import fold
from bot.nlu.features import block_terms, read_views
from bot.nlu.spans import Span

TEXT = "Umów mnie do Anny Nowak na 15.30, proszę!"
SPANS = (Span(13, 23, "doctor"), Span(27, 32, "time"))


def own_lemma(word: str) -> list[str]:
    return [word]


def test_names_and_times_are_masked_once_each() -> None:
    views = read_views(TEXT, SPANS, fold)
    assert views.masked() == ["umow", "mnie", "do", "__doctor__", "na", "__time__", "prosze"]
    assert views.words() == ["umow", "mnie", "do", "anny", "nowak", "na", "00", "00", "prosze"]


def test_neighbouring_names_stay_two() -> None:
    views = read_views("Gdańsk Wrzeszcz", (Span(0, 6, "city"), Span(7, 15, "city")), fold)
    assert views.masked() == ["__city__", "__city__"]


def test_unseen_names_give_the_same_masked_terms() -> None:
    other = "Umów mnie do Ewy Zielińskiej na 8.00, proszę!"
    spans = (Span(13, 28, "doctor"), Span(32, 36, "time"))
    first = block_terms(read_views(TEXT, SPANS, fold), own_lemma)
    second = block_terms(read_views(other, spans, fold), own_lemma)
    assert first["masked"] == second["masked"]
    assert first["characters"] != second["characters"]


def test_letters_and_case_do_not_matter() -> None:
    views = [read_views(text, (), fold) for text in ("Żółta łódź", "zolta lodz", "ZOLTA LODZ")]
    assert len({str(block_terms(view, own_lemma)) for view in views}) == 1


def test_marks_count_where_there_are_no_words() -> None:
    terms = block_terms(read_views("👍", (), fold), own_lemma)
    assert "👍" in terms["words"]
    assert "👍" in terms["shape"]
    assert terms["characters"] == []


def test_characters_stay_inside_words() -> None:
    terms = block_terms(read_views("tak nie", (), fold), own_lemma)
    assert " tak " in terms["characters"]
    assert not any("k n" in term for term in terms["characters"])


def test_an_unseen_word_has_the_concepts_of_a_seen_one() -> None:
    known = Concepts.of_entries({"call_off": ["odwołać", "wycofać"], "visit": ["wizyta"]})

    def terms(text: str) -> list[str]:
        return block_terms(read_views(text, (), fold), own_lemma, meanings=known.find)["concepts"]

    assert terms("wycofam wizytę") == terms("odwołałbym wizyty")
    assert terms("wycofam wizytę") == ["call_off", "visit", "call_off .", "visit .", "call_off & visit"]


def test_the_mood_goes_with_each_concept() -> None:
    known = Concepts.of_entries({"visit": ["wizyta"], "ask_when": ["kiedy"], "negation": ["nie"]})

    def terms(text: str) -> list[str]:
        return block_terms(read_views(text, (), fold), own_lemma, meanings=known.find)["concepts"]

    assert "visit ?" in terms("wizyta?")
    assert "visit ?" in terms("kiedy wizyta")
    assert "visit .-" in terms("nie wizyta")
    assert "visit ?-" in terms("kiedy nie wizyta")


def test_a_name_recognised_in_spite_of_a_slip_reads_as_without() -> None:
    mended = read_views(
        "u karidologa jutro",
        [Span(2, 12, "specialty")],
        lambda word: word.replace("karidologa", "kardiologa"),
    )
    assert mended == read_views("u kardiologa jutro", [Span(2, 12, "specialty")], str)
    assert mended.masked() == ["u", "__specialty__", "jutro"]
