"""A row holds every run by both clocks."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from clnet.benchmarks.records.ratio_result import RatioResult


@pytest.mark.parametrize("clock", ["cpu_ms", "yardstick_ms", "yardstick_cpu_ms"])
def test_clocks_of_different_lengths_are_refused(
    row: Callable[..., RatioResult], clock: str
) -> None:
    with pytest.raises(ValidationError, match=f"samples is 2, {clock} has 1"):
        row(**{clock: (1.0,)})
