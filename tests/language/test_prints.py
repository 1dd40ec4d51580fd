"""Texts as numbers, and tables of words made of them."""

import numpy as np
import pytest

from bot.language.prints import CollisionError, distinct, group_prints, places, prints
from bot.language.wordtable import WordTable

TABLE = {"wizyte": "wizyta", "wizyta": "wizyta", "doktora": "doktor doktorat", "👍": "ok"}


def test_a_text_has_one_print_wherever_it_stands() -> None:
    alone = prints(["wizyta"])[0]
    assert prints(["", "ona", "wizyta", "i" * 9_000])[2] == alone
    assert prints(["i" * 9_000, "wizyta"])[1] == alone


def test_prints_are_the_same_in_every_process() -> None:
    """Models hold them: another number here is another format of models."""
    assert prints(["wizyta", "Łódź", ""]).tolist() == [2600786229678672343, 6752741928633599903, 0]


def test_different_texts_have_different_prints() -> None:
    texts = [f"{one}{other}{number}" for one in "abc ą" for other in "xyz" for number in range(2_000)]
    assert len(distinct(prints(texts), len(texts))) == len(texts)


def test_order_and_length_count() -> None:
    assert len(set(prints(["ab", "ba", "aab", "a", "b", "", " "]).tolist())) == 7


def test_groups_are_those_of_the_padded_words() -> None:
    cut = [" tak "[at : at + 3] for at in range(3)] + [" i "]
    assert sorted(group_prints(["tak", "i"], (3,)).tolist()) == sorted(prints(cut).tolist())
    assert group_prints([], (2, 3)).tolist() == []
    assert group_prints(["i"], (9,)).tolist() == []


def test_two_texts_with_one_print_are_refused() -> None:
    with pytest.raises(CollisionError, match="1 of 3"):
        distinct(np.array([1, 2, 2], dtype=np.uint64), 3)


def test_places_in_an_empty_table() -> None:
    assert places(prints([]), prints(["a"])).tolist() == [-1]


def test_a_table_knows_its_words_and_no_others() -> None:
    table = WordTable.of(TABLE)
    again = WordTable.from_arrays(*table.arrays())
    for known in (table, again):
        assert known.find([*TABLE, "wizytę", ""]) == [*TABLE.values(), None, None]
        assert known.among(["wizyta", "zebra", "doktora"]) == ["wizyta", "doktora"]
        assert known.find([]) == []
        assert len(known) == len(TABLE)


def test_an_empty_table() -> None:
    assert WordTable.of({}).find(["wizyta"]) == [None]
    assert WordTable.of({}).among(["wizyta"]) == []
