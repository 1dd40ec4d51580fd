"""What each of a hundred thousand words stands for, as arrays: built once, then only looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.language.prints import Prints, distinct, places, prints

Arrays = Mapping[str, npt.NDArray[Any]]


class WordTable:
    """Words by their prints, each with one of a few texts; words themselves are not kept."""

    def __init__(self, keys: Prints, values: npt.NDArray[np.int32], texts: Sequence[str]) -> None:
        """Sorted prints of the words, and for each of them the place of its text."""
        self._keys = keys
        self._values = values
        self._texts = tuple(texts)

    @classmethod
    def of(cls, table: Mapping[str, str]) -> WordTable:
        """A table of this content."""
        texts = sorted(set(table.values()))
        place_of = {text: place for place, text in enumerate(texts)}
        found = prints(list(table))
        values = np.fromiter((place_of[text] for text in table.values()), dtype=np.int32, count=len(table))
        return cls(distinct(found, len(table)), values[np.argsort(found, kind="stable")], texts)

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, words: Sequence[str]) -> list[str | None]:
        """The text of each word, None where it is not in the table."""
        if not words:
            return []
        return [
            None if place < 0 else self._texts[self._values[place]]
            for place in places(self._keys, prints(words)).tolist()
        ]

    def among(self, words: Sequence[str]) -> list[str]:
        """Those of some words that are in the table."""
        found = places(self._keys, prints(words)) if words else ()
        return [word for word, place in zip(words, found, strict=True) if place >= 0]

    def arrays(self) -> tuple[dict[str, npt.NDArray[Any]], list[str]]:
        """What `WordTable.from_arrays` makes the same table of."""
        return {"keys": self._keys, "values": self._values}, list(self._texts)

    @classmethod
    def from_arrays(cls, arrays: Arrays, texts: Sequence[str]) -> WordTable:
        """A table out of what `arrays` gave; the arrays may be mapped files."""
        return cls(arrays["keys"], arrays["values"], texts)
