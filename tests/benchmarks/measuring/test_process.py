"""A method that fails gives its reason; it never gives a figure."""

from pathlib import Path

import pytest

from clnet.benchmarks.matching.job import MatchingJob
from clnet.benchmarks.measuring.messages import Turn
from clnet.benchmarks.measuring.process import Process
from clnet.benchmarks.measuring.worker import measure
from clnet.runtime.errors import MeasurementFailed


def test_a_worker_that_cannot_do_its_job_quotes_the_reason(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graph")
    job = MatchingJob(
        method="clnet", queries=1, gallery=1, dim=4, ks=(1,), seed=0, threads=1,
        matcher="nowhere.onnx",
    )  # fmt: skip

    process = Process("clnet", "clnet.benchmarks.matching.worker", job, tmp_path)

    with pytest.raises(MeasurementFailed, match=r"^clnet: nowhere\.onnx: ONNX Runtime cannot"):
        process.__enter__()


def test_a_worker_that_dies_is_quoted_with_its_status(tmp_path: Path) -> None:
    process = Process("ghost", "clnet.benchmarks.no_such_worker", Turn(), tmp_path)

    with pytest.raises(MeasurementFailed, match=r"ghost: .* status 1; .*no_such_worker"):
        process.__enter__()


def test_parts_take_turns_and_settling_runs_are_not_counted() -> None:
    order: list[str] = []
    parts = {name: lambda n=name: order.append(n) for name in ("ground", "satellite")}

    times = measure(parts, Turn(runs=3, settle=1)).times

    assert order == ["ground", "satellite"] * 4
    assert {name: len(seconds) for name, seconds in times.items()} == {"ground": 3, "satellite": 3}
