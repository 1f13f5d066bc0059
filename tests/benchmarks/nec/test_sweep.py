"""Which converters a sweep trains."""

from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed")

from clnet.benchmarks.nec.sweep import converters
from clnet.training.config import ConverterConfig

CONFIGURED = ConverterConfig(depth=2, width=64, activation="gelu")


def sizes(**choice: Any) -> list[tuple[int, int, str]]:
    found = converters(CONFIGURED, **choice)
    return [(one.depth, one.width, one.activation) for one in found]


def test_one_property_differs_at_a_time_and_none_comes_twice() -> None:
    found = sizes(depths=(1, 2, 3), widths=(16, 64), activations=("gelu", "relu"))

    assert found[0] == (2, 64, "gelu")
    assert set(found[1:]) == {(1, 64, "gelu"), (3, 64, "gelu"), (2, 16, "gelu"), (2, 64, "relu")}
    assert len(found) == 5


def test_a_grid_has_a_single_converter_of_depth_one() -> None:
    found = sizes(depths=(1, 2), widths=(16, 64), activations=("gelu", "relu"), grid=True)

    assert [depth for depth, _, _ in found].count(1) == 1
    assert len(found) == 1 + 4


def test_the_configured_one_is_trained_even_where_it_is_not_asked_for() -> None:
    assert sizes(depths=(3,), widths=(), activations=()) == [(2, 64, "gelu"), (3, 64, "gelu")]
