"""Texts as numbers of 64 bits, many at once: tables of them take a tenth of the memory of texts.

A print is a polynomial of the letters' code points modulo 2^64, stirred. The print of every group of letters
in a text follows from sums over the text, so that groups need not be cut out. Prints are the same in every
process and on every machine. Two of a million texts share one with a chance of less than 1 in 10^7; whoever
builds a table finds out (`CollisionError`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Prints = npt.NDArray[np.uint64]
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_LENGTH = np.uint64(0xC2B2AE3D27D4EB4F)
_STIR = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_SHIFT = np.uint64(33)
_USUAL = 4_096
"""Letters whose powers are kept: longer texts have theirs worked out."""
_BLANK = " "


class CollisionError(ValueError):
    """Two texts of one table have the same print."""


def prints(texts: Sequence[str]) -> Prints:
    """The print of each text, in order."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    ends = np.cumsum(lengths)
    sums, inverse = _sums("".join(texts))
    return _stirred(sums, inverse, ends - lengths, lengths)


def group_prints(words: Sequence[str], sizes: Sequence[int]) -> Prints:
    """Prints of all groups of so many letters within each word, which has a blank before and behind it."""
    if not words:
        return np.empty(0, dtype=np.uint64)
    padded = [f"{_BLANK}{word}{_BLANK}" for word in words]
    lengths = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded))
    ends = np.repeat(np.cumsum(lengths), lengths)
    room = ends - np.arange(len(ends))
    sums, inverse = _sums("".join(padded))
    starts = [np.flatnonzero(room >= size) for size in sizes]
    sized = [np.full(len(found), size, dtype=np.int64) for found, size in zip(starts, sizes, strict=True)]
    return _stirred(sums, inverse, np.concatenate(starts), np.concatenate(sized))


def distinct(found: Prints, count: int) -> Prints:
    """The prints of so many different texts, sorted. Raises CollisionError."""
    kept = np.unique(found)
    if len(kept) != count:
        raise CollisionError(f"{count - len(kept)} of {count} texts share a print with another")
    return kept


def places(table: Prints, wanted: Prints) -> npt.NDArray[np.int64]:
    """Where each print is in a sorted table, -1 where it is not."""
    if not len(table):
        return np.full(len(wanted), -1, dtype=np.int64)
    found: npt.NDArray[np.int64] = table.searchsorted(wanted)
    found[found == len(table)] = 0
    found[table[found] != wanted] = -1
    return found


def _sums(text: str) -> tuple[Prints, Prints]:
    """Sums of the letters' terms before each place, and the inverse power of the base at each."""
    if not text:
        return np.zeros(1, dtype=np.uint64), _kept[1]
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    powers, inverse = _kept if len(codes) < _USUAL else _powers(len(codes) + 1)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum((codes + np.uint64(1)) * powers[: len(codes)], out=sums[1:])
    return sums, inverse


def _stirred(
    sums: Prints, inverse: Prints, starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> Prints:
    found: Prints = (sums[starts + lengths] - sums[starts]) * inverse[starts]
    found += lengths.astype(np.uint64) * _LENGTH
    for factor in _STIR:
        found ^= found >> _SHIFT
        found *= factor
    found ^= found >> _SHIFT
    return found


def _powers(count: int) -> tuple[Prints, Prints]:
    """Powers of the base and of its inverse, from the first on."""
    both = np.empty((2, count), dtype=np.uint64)
    both[:, 0] = 1
    both[0, 1:], both[1, 1:] = _BASE, _INVERSE
    powers, inverse = np.cumprod(both, axis=1, dtype=np.uint64)
    return powers, inverse


_kept = _powers(_USUAL)
