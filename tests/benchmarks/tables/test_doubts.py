"""What deserves less trust is said."""

from collections.abc import Callable

import pytest

from clnet.benchmarks.machine.conditions import Conditions
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.result import Result
from clnet.benchmarks.tables.doubts import doubts_of

Make = Callable[..., Result]

HOT = Conditions(**dict.fromkeys(Conditions.model_fields) | {"throttling": ("too hot",)})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stationary": False}, "did not settle"),
        ({"others_cores": 1.5}, "Others were at work"),
        ({"conditions": HOT}, "Clocks were held down"),
        ({"samples": 1}, "single run has no spread"),
    ],
)
def test_a_doubt_names_its_row(latency_row: Make, fields: dict[str, object], words: str) -> None:
    (doubt,) = doubts_of([latency_row(3.0), latency_row(4.0, backend="openvino", **fields)])

    assert words in doubt
    assert "(pair openvino fp32)" in doubt


def test_good_rows_raise_no_doubt(latency_row: Make) -> None:
    assert doubts_of([latency_row()]) == ()


def test_many_rows_are_counted_instead_of_listed(latency_row: Make) -> None:
    (doubt,) = doubts_of([latency_row(stationary=False, batch=n) for n in range(1, 10)])

    assert "all 9 timed rows" in doubt


def test_machines_are_not_mixed_in_silence(latency_row: Make, machine: Machine) -> None:
    other = machine.model_copy(update={"processor": "slide rule"})

    (doubt,) = doubts_of([latency_row(), latency_row(machine=other)])

    assert "Rows of 2 machines" in doubt


def test_what_else_differs_between_two_runs_is_said(comparison_row: Make) -> None:
    (doubt,) = doubts_of([comparison_row("slower", 1.1, differences=("torch 2.7 -> 2.8",))])

    assert doubt == "new differs from old in torch 2.7 -> 2.8."
