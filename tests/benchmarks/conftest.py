"""Made-up times, and a bundle that embeds without torch."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from clnet.benchmarks.latency.rows import Method, Run, Timed
from clnet.benchmarks.machine.machine import Machine
from clnet.benchmarks.subjects.subject import Subject
from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import FileRecord, Manifest
from clnet.runtime.preprocess import VIEWS, Preprocess

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
