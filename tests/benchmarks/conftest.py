"""Made-up times and rows, and a bundle that embeds without torch."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clnet.benchmarks.latency.rows import Method, Run, Timed
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.measuring.percentiles import figures
from clnet.benchmarks.records.accuracy_result import AccuracyResult
from clnet.benchmarks.records.comparison_result import ComparisonResult
from clnet.benchmarks.records.flops_result import FlopsResult
from clnet.benchmarks.records.latency_result import LatencyResult
from clnet.benchmarks.records.result import Result
from clnet.benchmarks.records.stage_result import StageResult
from clnet.benchmarks.subjects.subject import Subject
from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import FileRecord, Manifest
from clnet.runtime.preprocess import VIEWS, Preprocess

Make = Callable[..., Result]

HEIGHT, WIDTH = 16, 32


@pytest.fixture
def machine() -> Machine:
    return Machine(
        processor="abacus",
        board=None,
        architecture="wood",
        cores=2,
        os="none",
        gpu=None,
        jetson_linux=None,
        power_mode=None,
    )


@pytest.fixture
def shared(machine: Machine) -> Run:
    """What all rows say, at batch 4."""
    return Run(
        network="toy",
        configuration={"backbone": "toy"},
        span="network",
        batch=4,
        threads=2,
        versions={"python": "4"},
        machine=machine,
    )


@pytest.fixture
def subject() -> Subject:
    return Subject(
        name="toy",
        configuration={"backbone": "toy"},
        preprocess={},
        graphs={},
        checkpoint=None,
        sha256={"ground graph": "a" * 64, "satellite graph": "b" * 64, "checkpoint": "c" * 64},
        same_weights=False,
    )


@pytest.fixture
def timed() -> Callable[..., Timed]:
    """Make the turns of a method from (ground, satellite) seconds, one tuple of runs a round."""

    def make(*rounds: tuple[tuple[float, ...], tuple[float, ...]]) -> Timed:
        turns = [dict(zip(VIEWS, runs, strict=True)) for runs in rounds]
        return Timed(turns, stationary=True, others_cores=0.0)

    return make


@pytest.fixture
def eager() -> Method:
    return Method("torch_eager", "fp32")


@pytest.fixture
def onnxruntime() -> Method:
    return Method("onnxruntime", "fp32")


@pytest.fixture(scope="session")
def toy_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose branches are the mean colour, as a unit vector."""
    pytest.importorskip("onnx", reason="a branch is written with onnx: clnet[export]")
    from onnx import TensorProto, helper, numpy_helper, save

    folder = tmp_path_factory.mktemp("bundle") / "toy"
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, ["B", 3, HEIGHT, WIDTH])
    embeddings = helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["B", 3])
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["a"]),
        helper.make_node("Flatten", ["a"], ["b"]),
        helper.make_node("MatMul", ["b", "eye"], ["c"]),
        helper.make_node("LpNormalization", ["c"], ["embeddings"], axis=1, p=2),
    ]
    eye = numpy_helper.from_array(np.eye(3, dtype=np.float32), "eye")
    graph = helper.make_graph(nodes, "branch", [images], [embeddings], [eye])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    for view in VIEWS:
        (folder / view).mkdir(parents=True)
        save(model, folder / view / "model.fp32.onnx")
        preprocess = Preprocess(view=view, height=HEIGHT, width=WIDTH)
        preprocess.write(folder / view / "preprocess.json")
    files = {
        path.relative_to(folder).as_posix(): FileRecord(
            sha256=sha256_of(path), size_bytes=path.stat().st_size
        )
        for path in folder.rglob("*.*")
    }
    Manifest(
        embedding_space_id="a" * 32,
        embedding_dim=3,
        precision="fp32",
        network={"backbone": "mean colour"},
        source_checkpoint_sha256="0" * 64,
        opset=20,
        retrieval="not measured",
        versions={},
        files=files,
    ).write(folder / "manifest.json")
    return folder


@pytest.fixture
def shared_fields(machine: Machine) -> dict[str, Any]:
    return {"versions": {"python": "4"}, "machine": machine, "artifacts": {"graph": "a" * 64}}


@pytest.fixture
def times(shared_fields: dict[str, Any]) -> Callable[[float, int], dict[str, Any]]:
    """Give the fields of a timed row around a median, in milliseconds."""

    def make(p50_ms: float, samples: int = 100) -> dict[str, Any]:
        spread = np.linspace(0.9, 1.1, samples) if samples > 1 else np.ones(1)
        return {
            **shared_fields,
            **figures([p50_ms / 1e3 * one for one in spread]),
            "rounds": 1,
            "stationary": True,
            "others_cores": 0.0,
            "threads": 2,
            "tf32": False,
        }

    return make


@pytest.fixture
def latency_row(times: Callable[[float, int], dict[str, Any]]) -> Make:
    def make(p50_ms: float = 10.0, samples: int = 100, **fields: Any) -> Result:
        row = {
            "network": "toy",
            "engines": {},
            "span": "network",
            "view": "pair",
            "backend": "onnxruntime",
            "precision": "fp32",
            "batch": 1,
            "scenario": "SingleStream",
            "transfers": "none",
            "clock": "host",
            "images_per_s": 2e3 / p50_ms,
            "ratio_to_torch_eager_fp32": 2.0,
            "ratio_to_torch_eager_bf16": None,
            "min_cosine_to_torch_eager_fp32": None,
        }
        return LatencyResult.model_validate(times(p50_ms, samples) | row | fields)

    return make


@pytest.fixture
def stage_row(times: Callable[[float, int], dict[str, Any]]) -> Make:
    def make(stage: str, p50_ms: float, **fields: Any) -> Result:
        row = {
            "network": "toy",
            "stage": stage,
            "view": "ground",
            "backend": "onnxruntime",
            "precision": "fp32",
            "batch": 1,
        }
        return StageResult.model_validate(times(p50_ms, 100) | row | fields)

    return make


@pytest.fixture
def flops_row(shared_fields: dict[str, Any]) -> Make:
    def make(network: str, module: str, macs: int, **fields: Any) -> Result:
        row = {
            "network": network,
            "benchmark": "cvusa",
            "view": "pair",
            "module": module,
            "counter": "onnx",
            "macs": macs,
            "flops": 2 * macs,
            "params": 1,
            "activation_bytes": None,
        }
        return FlopsResult.model_validate(shared_fields | row | fields)

    return make


@pytest.fixture
def accuracy_row(shared_fields: dict[str, Any]) -> Make:
    def make(backend: str, lost: float | None, **fields: Any) -> Result:
        share = {"percent": 87.5, "low": 85.0, "high": 90.0}
        row = {
            "network": "toy",
            "data": "town",
            "layout": "cvusa",
            "protocol": "cvusa 1:1",
            "backend": backend,
            "precision": "fp32",
            "queries": 40,
            "gallery": 40,
            "recall_at": {"1": share, "5": share},
            "lost_at_1": None if lost is None else {"percent": lost, "low": -1.0, "high": 9.0},
            "moved_queries": None if lost is None else (),
            "min_cosine": None,
        }
        return AccuracyResult.model_validate(shared_fields | row | fields)

    return make


@pytest.fixture
def comparison_row(shared_fields: dict[str, Any]) -> Make:
    def make(verdict: str, ratio: float, **fields: Any) -> Result:
        row = {
            "a": "old",
            "b": "new",
            "what": f"latency {verdict}",
            "interleaved": True,
            "blocks": 20,
            "a_ms": 10.0,
            "b_ms": 10.0 * ratio,
            "ratio": ratio,
            "low": ratio - 0.01,
            "high": ratio + 0.01,
            "margin": 0.02,
            "verdict": verdict,
        }
        return ComparisonResult.model_validate(shared_fields | row | fields)

    return make


@pytest.fixture
def all_kinds(
    latency_row: Make,
    stage_row: Make,
    flops_row: Make,
    accuracy_row: Make,
    comparison_row: Make,
) -> Sequence[Result]:
    """What a run of every command that this report draws would give, but for the matching ones."""
    return (
        latency_row(10.0),
        latency_row(4.0, backend="openvino", ratio_to_torch_eager_fp32=5.0),
        latency_row(5.0, view="ground"),
        latency_row(40.0, batch=8, scenario="Offline"),
        stage_row("start_up", 900.0, view=None),
        stage_row("decode", 3.0),
        stage_row("embed", 5.0),
        stage_row("road", 8.0, gallery=100_000, k=10),
        flops_row("clnet-tiny", "total", 22_000_000_000),
        flops_row("clnet-tiny", "backbone.stage1", 22_000_000_000),
        flops_row("sample4geo", "total", 76_000_000_000),
        accuracy_row("torch_eager", None),
        accuracy_row("onnxruntime", 0.5),
        comparison_row("slower", 1.1),
        comparison_row("cannot tell", 1.0, low=None, high=None, blocks=1),
    )
