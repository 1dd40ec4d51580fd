"""The dictionaries of the portal (what it lists: services, cities, doctors ...) as one lexicon a process.

A trained model carries a snapshot, so that it understands names before the portal was asked; the server
replaces it with fresh lists by `set_dictionaries`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypedDict, cast

from bot.language.lexicon import Lexicon
from bot.language.vocabulary import dictionary_terms, standing_terms, unlisted_terms

Row = Mapping[str, Any]


class Dictionaries(TypedDict, total=False):
    """Lists as the portal's API returns them (plain JSON objects)."""

    services: Sequence[Row]
    cities: Sequence[Row]
    facilities: Sequence[Row]
    doctors: Sequence[Row]
    dependants: Sequence[Row]


KINDS = ("services", "cities", "facilities", "doctors", "dependants")


class DictionaryHolder:
    """One lexicon, built on first use and replaced as a whole; safe to read from any thread."""

    def __init__(self) -> None:
        self._building = threading.Lock()
        self._data: Dictionaries = {}
        self._fresh = False
        self._lexicon: Lexicon | None = None

    def set(self, data: Dictionaries) -> None:
        """Use fresh lists. Builds the lexicon (under a second of CPU): call it from a worker thread."""
        lexicon = build_lexicon(data)
        with self._building:
            self._data, self._lexicon, self._fresh = data, lexicon, True

    def offer(self, snapshot: Dictionaries) -> None:
        """Use a stored snapshot, unless fresh lists were set before."""
        with self._building:
            if not self._fresh:
                self._data, self._lexicon = snapshot, None

    @property
    def data(self) -> Dictionaries:
        """The lists in use now: fresh ones, or the model's snapshot."""
        return self._data

    def fresh(self) -> Dictionaries | None:
        """The lists that were set in this process, or None while a snapshot (or nothing) is in use."""
        return self._data if self._fresh else None

    def current(self) -> Dictionaries:
        """The lists in use now: fresh ones, or the model's snapshot."""
        return self._data

    def lexicon(self) -> Lexicon:
        """The lexicon in use now."""
        lexicon = self._lexicon
        if lexicon is not None:
            return lexicon
        with self._building:
            if self._lexicon is None:
                self._lexicon = build_lexicon(self._data)
            return self._lexicon


@lru_cache(maxsize=1024)
def _extended(lexicon: Lexicon, dependants: tuple[tuple[str, str], ...]) -> Lexicon:
    rows = [{"id": key, "first_name": first_name} for key, first_name in dependants]
    return lexicon.plus(dictionary_terms(dependants=rows))


def lexicon_with_dependants(dependants: Sequence[Row]) -> Lexicon:
    """The lexicon in use, and one patient's dependants (`id`, `first_name`) with it."""
    return _extended(current_lexicon(), tuple((str(row["id"]), str(row["first_name"])) for row in dependants))


def build_lexicon(data: Dictionaries) -> Lexicon:
    """Standing vocabulary, the names in `data`, and specialists whom `data` does not list."""
    listed = dictionary_terms(
        services=data.get("services", ()),
        cities=data.get("cities", ()),
        facilities=data.get("facilities", ()),
        doctors=data.get("doctors", ()),
        dependants=data.get("dependants", ()),
    )
    return Lexicon.build([*standing_terms(), *listed, *unlisted_terms(listed)])


def as_dictionaries(content: object) -> Dictionaries:
    """Check the outline of lists that were read from a file.

    Raises:
        ValueError: not an object of known lists.
    """
    if not isinstance(content, dict) or not all(isinstance(rows, list) for rows in content.values()):
        raise ValueError("dictionaries must be an object of lists")
    unknown = set(content) - set(KINDS)
    if unknown:
        raise ValueError(f"unknown dictionaries: {', '.join(sorted(unknown))}")
    return cast(Dictionaries, content)


_HOLDER = DictionaryHolder()


def holder() -> DictionaryHolder:
    """The holder of this process."""
    return _HOLDER


def set_dictionaries(data: Dictionaries) -> None:
    """Give this process fresh lists of the portal (see `DictionaryHolder.set`)."""
    _HOLDER.set(data)


def name_of(kind: str, name: str) -> str:
    """Polish name of a thing of the portal's lists by its id, "" when it is not in them (yet)."""
    rows = cast(Mapping[str, Sequence[Row]], holder().data).get(kind, ())
    return next((str(row.get("name") or "") for row in rows if row.get("id") == name), "")


def current_lexicon() -> Lexicon:
    """The lexicon of this process: fresh lists, else the model's snapshot, else standing terms."""
    return _HOLDER.lexicon()
