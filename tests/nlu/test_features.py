"""Views of a message and their n-grams."""

from bot.language.concepts import Concepts
from bot.language.prints import prints
from bot.language.text import fold
from bot.nlu.features import BLOCKS, block_prints, block_terms, read_views
from bot.nlu.spans import Span

TEXT = "Umów mnie do Anny Nowak na 15.30, proszę!"
SPANS = (Span(13, 23, "doctor"), Span(27, 32, "time"))


BLOCKS_HERE = frozenset(BLOCKS)


def groups(text: str) -> list[int]:
    views = read_views(text, (), fold)
    return [int(found) for found in block_prints(views, {"characters"}, own_lemma)["characters"]]


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
    first = block_terms(read_views(TEXT, SPANS, fold), BLOCKS_HERE, own_lemma)
    second = block_terms(read_views(other, spans, fold), BLOCKS_HERE, own_lemma)
    assert first["masked"] == second["masked"]
    assert groups(TEXT) != groups(other)


def test_letters_and_case_do_not_matter() -> None:
    views = [read_views(text, (), fold) for text in ("Żółta łódź", "zolta lodz", "ZOLTA LODZ")]
    assert len({str(block_terms(view, BLOCKS_HERE, own_lemma)) for view in views}) == 1
    assert groups("Żółta łódź") == groups("zolta lodz")


def test_marks_count_where_there_are_no_words() -> None:
    terms = block_terms(read_views("👍", (), fold), BLOCKS_HERE, own_lemma)
    assert "👍" in terms["words"]
    assert "👍" in terms["shape"]
    assert groups("👍") == []


def test_characters_stay_inside_words() -> None:
    cut = [
        word[at : at + size] for word in (" tak ", " nie ") for size in (2, 3, 4, 5) for at in range(6 - size)
    ]
    assert sorted(groups("tak nie")) == sorted(prints(cut).tolist())


def test_prints_of_blocks_are_those_of_their_terms() -> None:
    views = read_views(TEXT, SPANS, fold)
    found = block_prints(views, BLOCKS_HERE, own_lemma)
    assert set(found) == BLOCKS_HERE
    for name, terms in block_terms(views, BLOCKS_HERE, own_lemma).items():
        assert found[name].tolist() == prints(terms).tolist()


def test_only_the_wanted_blocks_are_made() -> None:
    assert set(block_prints(read_views(TEXT, (), fold), {"shape", "characters"}, own_lemma)) == {
        "shape",
        "characters",
    }


def test_an_unseen_word_has_the_concepts_of_a_seen_one() -> None:
    known = Concepts.of_entries({"call_off": ["odwołać", "wycofać"], "visit": ["wizyta"]})

    def terms(text: str) -> list[str]:
        return block_terms(read_views(text, (), fold), BLOCKS_HERE, own_lemma, meanings=known.find)[
            "concepts"
        ]

    assert terms("wycofam wizytę") == terms("odwołałbym wizyty")
    assert terms("wycofam wizytę") == ["call_off", "visit", "call_off .", "visit .", "call_off & visit"]


def test_the_mood_goes_with_each_concept() -> None:
    known = Concepts.of_entries({"visit": ["wizyta"], "ask_when": ["kiedy"], "negation": ["nie"]})

    def terms(text: str) -> list[str]:
        return block_terms(read_views(text, (), fold), BLOCKS_HERE, own_lemma, meanings=known.find)[
            "concepts"
        ]

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
