"""Words that give a message away."""

import pytest

from bot.language.cues import cue, synonyms
from bot.language.data import load
from bot.language.text import fold, folded_words

CUES = load("cues")["cues"]
SYNONYMS = load("cues")["synonyms"]


@pytest.mark.parametrize("name", sorted(CUES))
def test_every_cue_is_made_of_folded_words(name: str) -> None:
    for entry in CUES[name]:
        assert isinstance(entry, str), "a word that YAML reads as true or false needs quotes"
        assert folded_words(entry.removesuffix("*")) == [entry.removesuffix("*")]
    assert len(set(CUES[name])) == len(CUES[name])


@pytest.mark.parametrize("name", sorted(SYNONYMS))
def test_synonyms_are_folded(name: str) -> None:
    assert [fold(text) for text in synonyms(name)] == list(synonyms(name))


def test_whole_words_and_beginnings() -> None:
    assert cue("woman").heard("wolę, żeby to była Kobieta")
    assert not cue("woman").heard("sprawy kobiecych spodni")
    assert cue("woman").heard("jakaś lekarkę?")
    assert not cue("woman").heard("")


def test_covers_every_word() -> None:
    joints = cue("between_people")
    assert joints.covers(folded_words("i także"))
    assert not joints.covers(folded_words("i może"))


def test_an_unknown_cue_is_an_error() -> None:
    with pytest.raises(KeyError):
        cue("no_such_cue")
