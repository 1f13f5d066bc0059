"""A backend on a GPU is timed with its copies and without, by two clocks; on a simulated GPU."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("onnxruntime", reason="the simulated TensorRT runs graphs with it")

from clnet.benchmarks.cli import bench
from clnet.benchmarks.latency import by_backend
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.lines import read_lines
from clnet.runtime.bundle import Bundle
from clnet.runtime.preprocess import VIEWS

SIMULATED = """
import sys
from pathlib import Path
from simulated_cuda import SimulatedDevice
from simulated_engines import CAPABILITY
from simulated_tensorrt import module_on
from clnet.benchmarks.latency import embed_worker
from clnet.runtime import tensorrt_backend
from clnet.runtime.engine import gpu
device = SimulatedDevice()
sys.modules["tensorrt"] = module_on(device)
gpu.compute_capability = lambda: CAPABILITY
tensorrt_backend.open_device = lambda number: device
status = embed_worker.main(Path(sys.argv[1]))
assert device.held == 0
sys.exit(status)
"""

METERED = """
from clnet.benchmarks.measuring import worker
class Meter:
    source, reason = "nvml", None
    def start(self):
        pass
    def stop(self):
        return 6.0
worker.open_energy_meter = lambda on_gpu: Meter()
"""

FALLEN_BACK = """
import sys
from pathlib import Path
import onnxruntime
from clnet.benchmarks.latency import embed_worker
real = onnxruntime.InferenceSession
onnxruntime.get_available_providers = lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"]
def on_the_cpu(graph, options, providers):
    return real(graph, providers=["CPUExecutionProvider"])
onnxruntime.InferenceSession = on_the_cpu
sys.exit(embed_worker.main(Path(sys.argv[1])))
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(
        bench, ["latency", "--no-stages", *(str(argument) for argument in arguments)]
    )


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the process that measures, to be written."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(by_backend, "WORKER", "planted_worker")
    return tmp_path / "planted_worker.py"


@pytest.fixture
def engine_bundle(toy_bundle: Path, tmp_path: Path) -> Path:
    from simulated_engines import add_branch

    folder = shutil.copytree(toy_bundle, tmp_path / "jetson")
    for view in VIEWS:
        add_branch(Bundle.open(folder), view)
    return folder


def measured(bundle: Path, path: Path) -> tuple[Result, list[LatencyResult]]:
    result = run(
        bundle, "--backend", "tensorrt", "--batch", 3, "--batch", 1, "--rounds", 2, "--json", path
    )
    assert result.exit_code == 0, result.output
    return result, list(read_lines(path, LatencyResult))


def test_copies_are_in_the_times_and_out_of_them_by_the_hosts_clock_and_by_cuda_events(
    engine_bundle: Path, worker: Path, tmp_path: Path
) -> None:
    worker.write_text(SIMULATED)

    _, rows = measured(engine_bundle, tmp_path / "rows.jsonl")

    found = {(row.batch, row.span, row.transfers, row.clock) for row in rows}
    assert found == {
        (batch, *how)
        for batch in (1, 3)
        for how in (
            ("embed", "included", "host"),
            ("network", "excluded", "host"),
            ("network", "excluded", "cuda_events"),
        )
    }
    for row in rows:
        if row.clock == "cuda_events":
            # One kernel and one event of the simulated device a view, a millisecond each.
            assert row.p50_ms == pytest.approx(4.0 if row.view == "pair" else 2.0)


def test_a_row_names_the_engine_that_ran_beside_another_backends_row(
    engine_bundle: Path, worker: Path, tmp_path: Path
) -> None:
    worker.write_text(SIMULATED)
    path, backends = tmp_path / "rows.jsonl", ("--backend", "tensorrt", "--backend", "onnxruntime")

    result = run(engine_bundle, *backends, "--batch", 3, "--rounds", 2, "--json", path)

    assert result.exit_code == 0, result.output
    rows = {(row.view, row.backend): row for row in read_lines(path, LatencyResult)}
    for view in VIEWS:
        (record,) = (engine_bundle / view / "engines").glob("*.json")
        engine = rows[view, "tensorrt"].engines[view]
        assert (engine.key, engine.flavour) == (record.stem, "tensorrt")
        sha256 = json.loads(record.read_text())["engine"]["sha256"]
        assert rows[view, "tensorrt"].artifacts == {f"{view} engine": sha256}
    assert set(rows["pair", "tensorrt"].engines) == set(VIEWS)
    assert rows["pair", "onnxruntime"].engines == {}


def test_both_clocks_time_the_same_runs(engine_bundle: Path, worker: Path, tmp_path: Path) -> None:
    worker.write_text(SIMULATED)

    _, rows = measured(engine_bundle, tmp_path / "rows.jsonl")

    host, events = (
        [row.samples for row in rows if (row.transfers, row.clock) == ("excluded", clock)]
        for clock in ("host", "cuda_events")
    )
    assert host == events


def test_energy_is_told_by_embedding_with_its_source(
    engine_bundle: Path, worker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.write_text(SIMULATED.replace("device = Sim", METERED + "device = Sim"))
    monkeypatch.setattr("clnet.benchmarks.latency.energy.COUNTED_S", 1e-9)

    result, rows = measured(engine_bundle, tmp_path / "rows.jsonl")

    told = {(row.transfers, row.batch): (row.energy_mj, row.energy_source) for row in rows}
    assert told["included", 1] == (pytest.approx(6000.0), "nvml")
    assert told["included", 3] == (pytest.approx(2000.0), "nvml")
    assert told["excluded", 1] == (None, None)
    assert "no energy" not in result.stdout


def test_without_a_counter_its_absence_is_told_once_with_the_reason(
    engine_bundle: Path, worker: Path, tmp_path: Path
) -> None:
    worker.write_text(SIMULATED)

    result, rows = measured(engine_bundle, tmp_path / "rows.jsonl")

    assert {(row.energy_mj, row.energy_source) for row in rows} == {(None, None)}
    assert result.stdout.count("no energy: no readable energy counter: nvml: ") == 1


def test_a_session_that_came_up_on_the_cpu_where_cuda_was_asked_for_gives_no_row(
    toy_bundle: Path, worker: Path, tmp_path: Path
) -> None:
    worker.write_text(FALLEN_BACK)

    result = run(toy_bundle, "--backend", "onnxruntime-cuda", "--json", tmp_path / "rows.jsonl")

    assert result.exit_code == 2
    assert result.output.startswith(
        "error: onnxruntime-cuda fp32: ONNX Runtime has no CUDAExecutionProvider here"
    )
    assert not (tmp_path / "rows.jsonl").exists()
