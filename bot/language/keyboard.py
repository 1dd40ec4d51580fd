"""How fingers slip: keys that touch, and how likely one folded spelling is a slip of another."""

from __future__ import annotations

from functools import lru_cache

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = (frozenset("ou"), frozenset("hc"))
"""Letters that are taken for one another by ear, folded: ó and u, h and ch."""
_UNLIKELY, _BESIDE, _BY_EAR = 0.15, 0.5, 0.7
_FIRST = 0.15
"""People rarely get the first letter wrong."""


@lru_cache(maxsize=1)
def touching() -> dict[str, str]:
    """Keys that touch each key of a QWERTY keyboard (each row is shifted by half a key)."""
    near: dict[str, set[str]] = {}
    for number, row in enumerate(_ROWS):
        for place, key in enumerate(row):
            found = {row[at] for at in (place - 1, place + 1) if 0 <= at < len(row)}
            for other, offsets in ((number - 1, (0, 1)), (number + 1, (-1, 0))):
                if 0 <= other < len(_ROWS):
                    line = _ROWS[other]
                    found |= {line[place + by] for by in offsets if 0 <= place + by < len(line)}
            near[key] = found
    return {key: "".join(sorted(found)) for key, found in near.items()}


def slip(meant: str, typed: str) -> float:
    """How usual it is to type one for the other (1 the most), for folded words at distance one.

    A letter doubled, lost, swapped with the next or hit beside its key is usual; others are not.
    """
    at = next((n for n, pair in enumerate(zip(meant, typed, strict=False)) if pair[0] != pair[1]), None)
    if at is None:
        at = min(len(meant), len(typed))
    first = _FIRST if at == 0 else 1.0
    if len(typed) < len(meant):
        return first
    if len(typed) > len(meant):
        return first * _added(typed, at)
    if sum(one != other for one, other in zip(meant, typed, strict=True)) > 1:  # two letters swapped
        return first
    if typed[at] in touching().get(meant[at], ""):
        return first
    return first * (_BY_EAR if frozenset((meant[at], typed[at])) in _SOUNDS else _UNLIKELY)


def _added(typed: str, at: int) -> float:
    beside = typed[max(0, at - 1) : at] + typed[at + 1 : at + 2]
    if typed[at] in beside:
        return 1.0
    return _BESIDE if any(typed[at] in touching().get(key, "") for key in beside) else _UNLIKELY
