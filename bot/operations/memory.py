"""What a serving process does about its memory; all of it does nothing where the C library is not glibc."""

from __future__ import annotations

import ctypes
import gc
import linecache
from contextlib import suppress

_ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's malloc.h."""
_ARENAS = 2


def few_arenas() -> None:
    """Two pools of memory for all threads, not eight a core: they are never given back. Call it early."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def settle() -> None:
    """After everything is loaded: drop what loading left behind, and never look through the rest again.

    Frozen objects are out of the collector's sight: a full collection takes a few milliseconds instead of
    hundreds, in which no patient is answered.
    """
    linecache.clearcache()
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
