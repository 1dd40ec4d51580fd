"""Words of the portal's matters, and messages made of others."""

from pathlib import Path

from bot.language.text import fold
from bot.nlu.familiarity import Familiarity
from bot.nlu.features import block_terms, read_views
from bot.nlu.spans import Span

LEMMAS = {"wizyte": ("wizyta",), "wizyty": ("wizyta",), "odwolam": ("odwolac",), "pizze": ("pizza",)}
TEXTS = ("odwołam wizytę", "Wizytę odwołam jutro", "odwołam, odwołam wizyty", "zjem pizzę")


def lemmas_of(word: str) -> tuple[str, ...]:
    return LEMMAS.get(word, (word,))


def terms(text: str, spans: tuple[Span, ...] = ()) -> list[str]:
    familiar = Familiarity.of(TEXTS, lemmas_of)
    return block_terms(read_views(text, spans, fold), ["familiarity"], lemmas_of, familiar=familiar.knows)[
        "familiarity"
    ]


def test_a_lemma_of_three_messages_is_familiar() -> None:
    familiar = Familiarity.of(TEXTS, lemmas_of)
    assert familiar.knows(("wizyta",))
    assert familiar.knows(("nieznane", "odwolac"))
    assert not familiar.knows(("pizza",))


def test_a_message_does_not_vouch_for_its_own_words() -> None:
    familiar = Familiarity.of(TEXTS, lemmas_of)
    assert not familiar.knows(("wizyta",), own=1)
    assert Familiarity.of([*TEXTS, "jaka wizyta", "wizyty"], lemmas_of).knows(("wizyta",), own=1)


def test_strange_words_are_counted_names_and_numbers_aside() -> None:
    assert terms("odwołam wizytę") == ["share 0", "words 0"]
    assert terms("odwołam pizzę") == ["share 2", "words 1"]
    assert terms("pizzę u Kowalskiego odwołam 15.30", (Span(8, 19, "doctor"),)) == ["share 2", "words 1"]
    assert terms("i 15") == []


def test_it_survives_saving(tmp_path: Path) -> None:
    familiar = Familiarity.of(TEXTS, lemmas_of)
    familiar.save(tmp_path)
    loaded = Familiarity.load(tmp_path)
    for lemma in ("wizyta", "odwolac", "pizza", "zjem"):
        assert loaded.knows((lemma,)) == familiar.knows((lemma,))


def test_a_model_without_the_list_knows_none(tmp_path: Path) -> None:
    assert not Familiarity.load(tmp_path).knows(("wizyta",))
