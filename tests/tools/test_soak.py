"""What the soak calls growth."""

from __future__ import annotations

import pytest

from bench.soak import Sample, growths


def _samples(memory: list[float], descriptors: int = 20) -> list[Sample]:
    return [Sample(44 * number, value, descriptors) for number, value in enumerate(memory)]


def test_warming_up_is_no_growth() -> None:
    memory, descriptors = growths(_samples([200.0, 230.0, 250.0, 255.0] + [256.0] * 8))
    assert memory.held
    assert (memory.before, memory.after) == (256.0, 256.0)
    assert (descriptors.share, descriptors.held) == (0.0, True)


def test_a_leak_is_found() -> None:
    memory, _ = growths(_samples([200.0 + number for number in range(60)]))
    assert not memory.held
    assert memory.share == pytest.approx((255.5 - 223.5) / 223.5)


def test_one_moment_is_no_growth() -> None:
    assert growths(_samples([250.0] * 29 + [400.0]))[0].held


def test_growth_of_descriptors_alone_is_found() -> None:
    samples = [Sample(number, 250.0, 20 + number // 5) for number in range(60)]
    memory, descriptors = growths(samples)
    assert memory.held
    assert not descriptors.held


def test_too_few_samples_prove_nothing() -> None:
    with pytest.raises(ValueError, match="too few"):
        growths(_samples([200.0] * 4))
