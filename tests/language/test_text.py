import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.text import clean, fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("ŻÓŁĆ", "zolc"),
        ("gęś, jaźń", "ges, jazn"),
        ("İstanbul", "istanbul"),
        ("é ü", "e u"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_keeps_length_and_is_stable(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=string.ascii_letters + "ąćęłńóśźż .,-0123456789"))
def test_words_point_into_the_text(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.end] == word.text
        assert word.folded == fold(word.text)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  dwa\t\tsłowa ", "dwa słowa"),
        ("z\u200bero", "zero"),
        ("o\u0301semka", "ósemka"),
        ("„cudzysłów”", '"cudzysłów"'),
        ("jeden\r\n\r\ndwa", "jeden\ndwa"),
        ("\u202eodwrotnie", "odwrotnie"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(st.text())
def test_clean_is_stable(text: str) -> None:
    assert clean(clean(text)) == clean(text)
