"""What else differs is said; what spoils a run, too."""

from collections.abc import Callable

import pytest

from clnet.benchmarks.comparing.circumstances import differences, distrust
from clnet.benchmarks.machine.conditions import Conditions
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.records.latency_result import LatencyResult

Rows = Callable[..., LatencyResult]


def test_two_runs_of_the_same_differ_in_nothing(latency_row: Rows) -> None:
    assert differences(latency_row(1.0), latency_row(2.0)) == ()


def test_every_difference_is_named(latency_row: Rows, machine: Machine) -> None:
    other = machine.model_copy(update={"cores": 8, "board": "plank"})
    versions = {"torch": "2.8", "onnxruntime": "1.2"}
    b = latency_row(
        1.0, machine=other, threads=1, versions=versions, configuration={"head": {"dim": 4}}
    )
    a = latency_row(1.0, configuration={"head": {"dim": 3}})
    assert differences(a, b) == (
        "board (absent) -> plank",
        "cores 2 -> 8",
        "openvino 3 -> (absent)",
        "torch 2.7 -> 2.8",
        "threads 2 -> 1",
        "configuration head dim 3 -> 4",
    )


def test_a_sound_run_is_not_distrusted(latency_row: Rows) -> None:
    assert distrust("A", {"x": latency_row(1.0)}) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"others_cores": 0.7}, "B: others used up to 0.70 cores meanwhile"),
        ({"stationary": False}, "B: not stationary after warm-up: x"),
        ({"conditions": {"throttling": ("heat",)}}, "B: throttled: heat"),
    ],
)
def test_what_spoils_a_run_is_said(latency_row: Rows, change: dict[str, object], said: str) -> None:
    if "conditions" in change:
        nothing = dict.fromkeys(Conditions.model_fields)
        change = {"conditions": {**nothing, "throttling": ("heat",)}}
    assert distrust("B", {"x": latency_row(1.0, **change)}) == [said]
