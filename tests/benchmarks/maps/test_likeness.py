"""Likeness of maps of two runs, beside chance."""

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("scipy", reason="scipy is not installed")

from clnet.benchmarks.maps.likeness import DRAWS, likeness


def maps(seed: int, channels: int = 12, height: int = 4, width: int = 6) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=(channels, height, width))


def test_channels_in_another_order_are_found_again() -> None:
    one = maps(0)
    other = one[np.random.default_rng(1).permutation(len(one))] * 3 + 1

    found = likeness(one, other, "matched channels")

    assert found.correlation == pytest.approx(1.0)
    assert found.p_value == pytest.approx(1 / (1 + DRAWS))
    assert found.chance_high is not None
    assert found.chance_high < 0.9


def test_noise_is_as_alike_as_its_permutations() -> None:
    found = likeness(maps(0), maps(1), "matched channels")

    assert found.correlation is not None
    assert found.correlation > 0.2  # a best pairing finds likeness where there is none
    assert found.p_value is not None
    assert found.p_value > 0.05


def test_all_permutations_of_four_positions_are_taken() -> None:
    found = likeness(maps(0, height=1, width=4), maps(1, height=1, width=4), "mean")

    assert len(found.chance) == 23


def test_the_mean_ignores_which_channel_is_which() -> None:
    one = maps(0)

    assert likeness(one, one[::-1], "mean").correlation == pytest.approx(1.0)


def test_a_constant_map_correlates_with_nothing() -> None:
    found = likeness(np.ones((3, 2, 2)), maps(0, 3, 2, 2), "mean")

    assert found.correlation is None
    assert found.p_value is None
