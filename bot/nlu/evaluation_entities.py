"""Names and times that were found, against what a message really names (`expect` of an evaluation row).

`expect` has the name the portal uses for each kind of thing (null: not named), the parts of `when`, and under
`excluded` what the patient does not want. Values are compared, never spans: "krakow" and "do Krakowa" are one
city.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.language.text import fold
from bot.language.times import When
from bot.nlu.dictionaries import Dictionaries

Found = Mapping[str, Any]
Item = tuple[str, frozenset[str]]
"""A kind of thing, and the spellings of its value (any of them is right)."""
_DOCTOR, _SERVICE, _TIME = "doctor", "service", "time"
_KIND_OF = {"doctor_last_name": _DOCTOR, "unlisted": _SERVICE, "unlisted_city": "city"}
_UNWANTED = "not "


@dataclass(frozen=True, slots=True)
class EntityQuality:
    """One kind: how many values were right, too many, and missed."""

    kind: str
    right: int
    extra: int
    missed: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall (0-1); 1 when there was nothing to find and nothing was."""
        total = 2 * self.right + self.extra + self.missed
        return 2 * self.right / total if total else 1.0


class Names:
    """What the ids of the dictionaries are called."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self._names: dict[tuple[str, str], str] = {}
        for service in dictionaries.get("services", ()):
            self._add(_SERVICE, service["id"], service["name"])
            specialty = service.get("specialty")
            if specialty:
                self._add("specialty", specialty["id"], specialty["name"])
        for city in dictionaries.get("cities", ()):
            self._add("city", city["id"], city["name"])
        for doctor in dictionaries.get("doctors", ()):
            self._add(_DOCTOR, doctor["id"], doctor["last_name"])

    def _add(self, kind: str, key: object, name: object) -> None:
        self._names[kind, str(key)] = str(name)

    def of(self, kind: str, key: str) -> frozenset[str]:
        """Comparable spellings of one id."""
        return frozenset(
            {_plain(key), _plain(key.rpartition("/")[2]), _plain(self._names.get((kind, key), key))}
        )


def measure(
    rows: Sequence[tuple[Mapping[str, Any], Sequence[Found]]], names: Names
) -> tuple[EntityQuality, ...]:
    """Every kind, and `all` of them together; `rows` are what is expected and what was found."""
    right: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for expected, found in rows:
        left = list(found_items(found, names))
        for kind, value in expected_items(expected):
            match = next((item for item in left if item[0] == kind and value & item[1]), None)
            if match is None:
                missed[kind] += 1
            else:
                right[kind] += 1
                left.remove(match)
        extra.update(kind for kind, _ in left)
    kinds = sorted({*right, *extra, *missed})
    each = [EntityQuality(kind, right[kind], extra[kind], missed[kind]) for kind in kinds]
    return (*each, EntityQuality("all", right.total(), extra.total(), missed.total()))


def expected_items(expected: Mapping[str, Any]) -> Iterator[Item]:
    """What a row says is named."""
    for kind, value in expected.items():
        if kind == "when":
            said = _said(value or {})
            if said:
                yield "when", frozenset({said})
        elif kind == "excluded":
            for unwanted in _each(value or ()):
                yield from ((_UNWANTED + name, values) for name, values in expected_items(unwanted))
        elif value is not None:
            yield _KIND_OF.get(kind, kind), frozenset({_plain(str(value))})


def found_items(entities: Iterable[Found], names: Names) -> Iterator[Item]:
    """What was found, a value each; times count by the wish they make together."""
    met: set[Item] = set()
    for entity in entities:
        kind = _KIND_OF.get(str(entity["entity"]), str(entity["entity"]))
        if kind == _TIME:
            continue
        if kind == "when":
            said = _said(When.from_json(json.loads(entity["value"])).to_json())
            item = ("when", frozenset({said}))
        else:
            keys = [str(key) for key in entity.get("candidates") or (entity["value"],)]
            unwanted = entity.get("negated") or entity.get("contrast") == "not"
            spelled = frozenset(name for key in keys for name in names.of(kind, key))
            item = ((_UNWANTED if unwanted else "") + kind, spelled)
        if item[1] and item not in met:
            met.add(item)
            yield item


def _each(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from ([value] if isinstance(value, Mapping) else value)


_NOT_SAID = frozenset({"ambiguous", "floating"})
"""How a wish may be read on, not what was wished."""


def _said(when: Mapping[str, Any]) -> str:
    """The parts of a wish that say something, in one spelling."""
    parts = {name: value for name, value in when.items() if value and name not in _NOT_SAID}
    return json.dumps(parts, sort_keys=True) if parts else ""


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text.lower())).strip()
