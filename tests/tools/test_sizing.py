"""How large an installation has to be: the queue is a queue, the page says what follows from what was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bot.settings import PROJECT
from tools.sizing import (
    MEASURED,
    PAGE,
    SITES,
    Aims,
    Costs,
    Habits,
    Kind,
    day,
    main,
    read_costs,
    size,
    sizes,
    waits,
    worked_out,
    written,
)
from tools.sizing_chart import amount, chart_carries

COSTS = Costs("some day", 200, {"faq": Kind(5, 5, 20_000, 20), "booking": Kind(10, 6, 40_000, 25)})
DEAR = replace(
    COSTS, kinds={name: replace(kind, cpu_ms=kind.cpu_ms * 4) for name, kind in COSTS.kinds.items()}
)
HABITS = Habits()


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def chart() -> dict[str, Any]:
    path = PROJECT / "deploy" / "helm" / "asystent" / "values.yaml"
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return values


def test_waiting_in_one_queue_is_as_worked_out_by_hand() -> None:
    at, takes = np.array([0.0, 1.0, 1.5, 10.0]), np.array([2.0, 2.0, 1.0, 1.0])
    assert waits(at, takes, 1, rng()).tolist() == [0.0, 1.0, 2.5, 0.0]


def test_waiting_agrees_with_the_formula_for_one_process() -> None:
    # Poisson arrivals, one server, fixed service time (M/D/1): mean wait = load * service / (2 * (1 - load)).
    source = rng()
    at = np.cumsum(source.exponential(1.0, 400_000))
    wait = waits(at, np.full_like(at, 0.6), 1, source)
    assert wait.mean() == pytest.approx(0.6 * 0.6 / (2 * 0.4), rel=0.03)


def test_a_day_has_the_conversations_messages_and_work_that_were_assumed() -> None:
    found = day(1_000_000, COSTS, HABITS, rng())
    conversations = 1000 * HABITS.conversations * HABITS.monday * HABITS.flu
    assert found.conversations == pytest.approx(conversations, rel=0.02)
    assert found.at.size == pytest.approx(conversations * 5.5 * HABITS.wandering, rel=0.03)
    assert found.takes.mean() == pytest.approx((5 * 5 + 6 * 10) / 11 / 1000, rel=0.03)
    assert found.busiest == int(np.argmax(HABITS.hours))
    assert (np.diff(found.at) >= 0).all()


def test_aims_hold_and_one_process_less_does_not() -> None:
    aims = Aims(busy=0.1)
    row = size(3_000_000, DEAR, HABITS, aims, rng())
    needed = row.processes - aims.spare
    assert row.wait <= aims.wait
    assert row.cores / needed <= aims.busy < row.cores / (needed - 1)


def test_a_short_wait_takes_more_processes() -> None:
    usual, strict = (size(3_000_000, DEAR, HABITS, aims, rng()) for aims in (Aims(), Aims(wait=20)))
    assert strict.processes > usual.processes
    assert strict.wait <= 20


def test_dearer_messages_and_more_patients_take_more() -> None:
    rows = list(sizes(COSTS).values())
    assert [row.patients for row in rows] == list(SITES.values())
    assert [row.processes for row in rows] == sorted(row.processes for row in rows)
    assert rows[0].processes >= 2
    assert rows[-1].redis == pytest.approx(3 * rows[-2].redis)
    assert list(sizes(DEAR).values())[-1].processes > rows[-1].processes


def test_the_same_costs_give_the_same_page() -> None:
    assert worked_out(COSTS) == worked_out(COSTS)
    page = written(
        "# Title\n<!-- worked out: written by tools/sizing.py -->old<!-- end of worked out -->\nEnd\n", "new"
    )
    assert "old" not in page
    assert page.startswith("# Title\n")
    assert page.endswith("-->\nEnd\n")


@pytest.mark.parametrize(
    ("text", "value"), [("500m", 0.5), ("320Mi", 320 * 2**20), ("1gb", 2**30), ("2Gi", 2**31), (2, 2.0)]
)
def test_amounts(text: str | int, value: float) -> None:
    assert amount(text) == pytest.approx(value)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="parsecs"):
        amount("7parsecs")


def test_nothing_measured_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = PAGE.read_text(encoding="utf-8")
    assert main(tmp_path / "performance.json") == 1
    assert "make bench" in capsys.readouterr().out
    assert PAGE.read_text(encoding="utf-8") == before


def test_the_page_is_of_the_costs_that_were_measured() -> None:
    assert worked_out(read_costs(MEASURED)) in PAGE.read_text(encoding="utf-8")


def test_the_chart_carries_the_first_row() -> None:
    costs = read_costs(MEASURED)
    assert chart_carries(chart(), costs, sizes(costs)["one clinic"]) == []


@pytest.mark.parametrize(
    ("place", "value", "missing"),
    [
        (("assistant", "resources", "requests", "memory"), "100Mi", "assistant: memory that is asked for"),
        (
            ("assistant", "resources", "limits", "memory"),
            "210Mi",
            "assistant: limit of memory, with half as much again",
        ),
        (("assistant", "replicas"), 1, "assistant: replicas"),
        (("assistant", "maxReplicas"), 1, "assistant: maxReplicas, processes"),
        (("redis", "memory"), "1mb", "redis: memory"),
        (("redis", "storage"), "1Mi", "redis: storage, twice what is kept"),
    ],
)
def test_a_chart_that_is_too_small_is_found(place: tuple[str, ...], value: Any, missing: str) -> None:
    values = chart()
    part: Any = values
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    assert missing in chart_carries(values, COSTS, sizes(COSTS)["a city"])
