"""Faults are refused, or counted and listed."""

import pytest

from clnet.runtime import DataError
from clnet.runtime.datasets import Faults


def test_the_first_fault_is_refused_with_its_remedy() -> None:
    with pytest.raises(DataError, match=r"list row 3: no tile; .*--skip-broken"):
        Faults().meet("list row 3: no tile")


def test_a_fault_that_is_met_again_is_listed_once() -> None:
    faults = Faults(skip=True)

    for row in (3, 5, 3):
        faults.meet(f"list row {row}: no tile")

    assert faults.broken == ("list row 3: no tile", "list row 5: no tile")
