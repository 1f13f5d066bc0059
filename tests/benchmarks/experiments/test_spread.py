"""Means over few seeds, honestly bounded."""

import math

import pytest

pytest.importorskip("scipy", reason="scipy is not installed")

from clnet.benchmarks.experiments.spread import interval_of_mean, spread


def test_three_values_are_bounded_by_t_of_two_degrees_of_freedom() -> None:
    found = interval_of_mean([1.0, 2.0, 3.0])  # standard deviation 1, t = 4.3027

    reach = 4.302652729911275 / math.sqrt(3)
    assert found == pytest.approx((2 - reach, 2 + reach))


def test_a_single_value_has_neither_spread_nor_interval() -> None:
    assert spread([5.0]) is None
    assert interval_of_mean([5.0]) is None


def test_spread_divides_by_one_less_than_there_are() -> None:
    assert spread([1.0, 3.0]) == pytest.approx(math.sqrt(2))
