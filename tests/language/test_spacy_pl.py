from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from bot.language import spacy_pl


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy_pl.load()


def test_committed_folder_is_what_the_code_builds(nlp: Language, tmp_path: Path) -> None:
    rebuilt = spacy.load(spacy_pl.build(tmp_path / "model"))
    text = "Do dr. Nowaka na 15:30, ul. Długa 3, pon. 15.12. E-wizyta, tel. 600-100-200."
    assert [token.text for token in rebuilt(text)] == [token.text for token in nlp(text)]
    assert rebuilt.pipe_names == nlp.pipe_names
    assert (tmp_path / "model" / "config.cfg").read_text() == (spacy_pl.MODEL / "config.cfg").read_text()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("dr. n. med. Nowak", ["dr.", "n.", "med.", "Nowak"]),
        ("o 15:30.", ["o", "15:30", "."]),
        ("15.12, ul. Długa", ["15.12", ",", "ul.", "Długa"]),
        ("tel. 600-100-200", ["tel.", "600-100-200"]),
        ("e-wizyta w W-wie", ["e-wizyta", "w", "W-wie"]),
        ("pon. USG", ["pon.", "USG"]),
    ],
)
def test_tokens(nlp: Language, text: str, tokens: list[str]) -> None:
    assert [token.text for token in nlp(text)] == tokens


@pytest.mark.parametrize(
    ("text", "word", "lemma", "pos"),
    [
        ("wizyta u dr. Kowalskiego", "Kowalskiego", "Kowalski", "PROPN"),
        ("mieszkam w Łodzi", "Łodzi", "Łódź", "PROPN"),
        ("prosze umowic", "umowic", "umówić", "VERB"),
        ("Umów mnie", "Umów", "umówić", "VERB"),
        ("mam ból głowy", "ból", "ból", "NOUN"),
        ("mam ból głowy", "głowy", "głowa", "NOUN"),
        ("na 15:30", "15:30", "15:30", "NUM"),
        ("tak.", ".", ".", "PUNCT"),
    ],
)
def test_lemmas(nlp: Language, text: str, word: str, lemma: str, pos: str) -> None:
    token = next(token for token in nlp(text) if token.text == word)
    assert (token.lemma_, token.pos_) == (lemma, pos)


def test_preposition_decides_the_case(nlp: Language) -> None:
    doc = nlp("z dermatologiem")
    assert doc[1].morph.get("Case") == ["Ins"]


def test_sentences(nlp: Language) -> None:
    doc = nlp("Nie chcę do dr. Nowaka. Proszę o 15.30!")
    assert [sentence.text for sentence in doc.sents] == ["Nie chcę do dr. Nowaka.", "Proszę o 15.30!"]


def test_empty_and_odd_texts(nlp: Language) -> None:
    for text in ("", "   ", "\n", "🙂", "a" * 500):
        assert nlp(text).text == text
