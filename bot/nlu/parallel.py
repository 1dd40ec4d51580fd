"""Training uses the cores there are: the same work on several pieces at once, in forked processes.

Threads would not do: reading messages holds the interpreter, and threads of liblinear share one state of
chance, so that two trainings of the same messages would differ.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_all_start_methods, get_context, parent_process
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
_work: Callable[[Any], Any] | None = None


def side_by_side(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """`work` of each item, in order; the first items start first. Results must be picklable.

    Raises:
        BrokenProcessPool: a process was killed, most likely for want of memory.
    """
    workers = min(len(items), cores())
    if workers < 2:
        return [work(item) for item in items]
    global _work
    _work = work  # forked processes inherit it with all it refers to: nothing is copied
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
            return list(pool.map(_run, items))
    finally:
        _work = None


def cores() -> int:
    """Processes that may run at once: 1 where processes cannot fork, and in a forked one."""
    if parent_process() is not None or "fork" not in get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pieces(count: int, smallest: int) -> list[slice]:
    """Slices of a sequence of so many items, one a core; a single one when there are few."""
    number = max(1, min(cores(), count // smallest))
    ends = [count * at // number for at in range(number + 1)]
    return [slice(start, end) for start, end in pairwise(ends)]


def _run(item: Any) -> Any:
    if _work is None:
        raise RuntimeError("nothing to do was inherited")
    return _work(item)
