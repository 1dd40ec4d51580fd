"""What a patient's text looks like after cleaning."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.cleaning import UnreadableTextError, clean_text


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("  Dzień dobry  ", "Dzień dobry"),
        ("Zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301", "Zażółć gęślą jaźń"),
        ("wizyta\u200b u\u202e derma\u00adtologa\u2066", "wizyta u dermatologa"),
        ("jutro\x00 o\x1b 10\u00a0rano", "jutro o 10 rano"),
        ("pierwsza\r\ndruga\rtrzecia\u2028czwarta", "pierwsza\ndruga\ntrzecia\nczwarta"),
        ("o\u200b\u0301smy", "ósmy"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("１０：３０", "10:30"),
        ("/restart", "restart"),
        ("／restart", "restart"),
        ("\u00a0 / / restart", "restart"),
        ("12/11/2026", "12/11/2026"),
        ("rano i/lub wieczorem", "rano i/lub wieczorem"),
        ("boli 😢 mnie", "boli 😢 mnie"),
        ("\u200b\u200d\ufeff", ""),
        ("///", ""),
    ],
)
def test_examples(given_text: str, expected: str) -> None:
    assert clean_text(given_text) == expected


@pytest.mark.parametrize("text", ["\ud800", "dzień \udfff dobry"])
def test_half_characters_are_refused(text: str) -> None:
    with pytest.raises(UnreadableTextError):
        clean_text(text)


def test_floods_of_marks_are_cut() -> None:
    cleaned = clean_text("a" + "\u0300" * 500 + "b")
    assert len(cleaned) <= 11
    assert cleaned.endswith("b")


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",))))
def test_whatever_comes_in(text: str) -> None:
    cleaned = clean_text(text)
    assert not cleaned.startswith(("/", "\\", " "))
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]
    assert clean_text(cleaned) == cleaned


@given(
    st.text(alphabet=" /\\\u00a0\u200b\uff0f\u202e\n\t\x1cabc{}\u0301\u2044\u2215\ufe68\uff3c", max_size=12)
)
def test_no_way_to_a_leading_slash(text: str) -> None:
    assert not clean_text(text).startswith(("/", "\\"))
