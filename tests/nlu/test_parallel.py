"""Work on several cores."""

import os
import signal
from concurrent.futures.process import BrokenProcessPool

import pytest

from bot.nlu import parallel
from bot.nlu.parallel import pieces, side_by_side


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "cores", lambda: 2)


@pytest.mark.usefixtures("two_cores")
def test_results_come_in_order_from_other_processes() -> None:
    here = os.getpid()
    results = side_by_side(lambda item: (item * 2, os.getpid() != here), [3, 1, 2])
    assert results == [(6, True), (2, True), (4, True)]


def test_one_core_works_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    assert side_by_side(lambda _: os.getpid(), [1, 2]) == [os.getpid()] * 2


@pytest.mark.usefixtures("two_cores")
def test_what_goes_wrong_there_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda item: 1 / item, [1, 0])


@pytest.mark.usefixtures("two_cores")
def test_a_killed_process_is_noticed_and_not_waited_for() -> None:
    with pytest.raises(BrokenProcessPool):
        side_by_side(lambda _: os.kill(os.getpid(), signal.SIGKILL), [1, 2])


@pytest.mark.usefixtures("two_cores")
def test_pieces_cover_everything_and_few_items_are_one_piece() -> None:
    assert pieces(10, 5) == [slice(0, 5), slice(5, 10)]
    assert pieces(9, 5) == [slice(0, 9)]
    assert pieces(0, 5) == [slice(0, 0)]
