"""A method that fails gives its reason; it never gives a figure."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from clnet.benchmarks.machine.energy import AbsentMeter
from clnet.benchmarks.matching.job import MatchingJob
from clnet.benchmarks.measuring import worker
from clnet.benchmarks.measuring.messages import Energy, Turn
from clnet.benchmarks.measuring.process import Process, start_all
from clnet.benchmarks.measuring.worker import measure
from clnet.runtime.errors import MeasurementFailed

ADDER = """
import sys
from pathlib import Path
import numpy as np
from clnet.benchmarks.measuring.messages import Turn
from clnet.benchmarks.measuring.worker import serve

def prepare(line):
    start = Turn.model_validate_json(line).runs
    if start == 13:
        raise ValueError(13)
    return {f"from {start}": lambda: np.array(start), "sleep": lambda: None}

sys.exit(serve(prepare, Path(sys.argv[1])))
"""


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


@pytest.fixture
def adder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Process:
    """A method that counts up from what its job says, by a part of that name."""
    (tmp_path / "adding_worker.py").write_text(ADDER)
    monkeypatch.syspath_prepend(tmp_path)
    return Process("adder", "adding_worker", Turn(runs=5), tmp_path / "out")


def test_a_running_process_takes_another_job(adder: Process) -> None:
    with adder:
        first = adder.parts
        adder.prepare(Turn(runs=7))

        assert (first, adder.parts) == (("from 5", "sleep"), ("from 7", "sleep"))
        assert set(adder.turn(Turn()).keys()) == {"from 7", "sleep"}
    assert np.load(adder.outputs / "from 7.npy") == 7


def test_a_turn_runs_the_parts_that_it_names(adder: Process) -> None:
    with adder:
        assert set(adder.turn(Turn(parts=("sleep",)))) == {"sleep"}


def test_another_job_that_cannot_be_done_is_quoted(adder: Process) -> None:
    with adder, pytest.raises(MeasurementFailed, match="adder: ValueError: 13"):
        adder.prepare(Turn(runs=13))


def test_processes_that_start_beside_each_other_end_with_their_stack(
    adder: Process, tmp_path: Path
) -> None:
    ghost = Process("ghost", "clnet.benchmarks.no_such_worker", Turn(), tmp_path)

    with ExitStack() as stack:
        start_all(stack, [adder, ghost])
        running = adder._process
        adder.ready()
        with pytest.raises(MeasurementFailed, match="ghost"):
            ghost.ready()

    assert running is not None
    assert running.returncode is not None


def test_a_reply_tells_what_was_seen_beside_the_times(adder: Process) -> None:
    with adder:
        reply = adder.reply(Turn())

    assert reply.conditions is not None
    assert reply.peak_device_mib is None
    assert reply.energy is None


def test_energy_that_no_counter_tells_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        worker, "open_energy_meter", lambda on_gpu: AbsentMeter(f"none on_gpu={on_gpu}")
    )

    energy = measure({"all": lambda: None}, Turn(energy=True)).energy

    assert energy == Energy(joules=None, source=None, reason="none on_gpu=False")


def test_the_devices_own_clock_stands_beside_the_hosts() -> None:
    class OnDevice:
        def __call__(self) -> None:
            pass

        def device_s(self) -> float:
            return 42.0

    times = measure({"ground": OnDevice()}, Turn(runs=2)).times

    assert set(times) == {"ground", "ground cuda events"}
    assert times["ground cuda events"] == (42.0, 42.0)
