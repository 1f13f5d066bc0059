"""A bundle beside its checkpoint: what an export loses, and what a broken graph loses."""

import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the reference is the network in PyTorch: clnet[export]")
pytest.importorskip("onnx", reason="a graph is broken with onnx: clnet[export]")

from clnet.benchmarks.accuracy.accuracy import INTERVALS, accuracy_run
from clnet.runtime.artifact import sha256_of
from clnet.runtime.bundle import FileRecord, Manifest
from clnet.runtime.errors import SpaceMismatch
from clnet.training.evaluation_run import evaluation_run


def copy_of(bundle: Path, tmp_path: Path, **changes: object) -> Path:
    folder = shutil.copytree(bundle, tmp_path / "copy")
    manifest = Manifest.read(folder / "manifest.json")
    manifest.model_copy(update=changes).write(folder / "manifest.json")
    return folder


def break_graph(bundle: Path) -> None:
    """Let the satellite graph give its numbers in the opposite order, and own up to the bytes."""
    import onnx
    from onnx import helper, numpy_helper

    name = "satellite/model.fp32.onnx"
    model = onnx.load(bundle / name)
    dim = model.graph.output[0].type.tensor_type.shape.dim[1].dim_value
    for node in model.graph.node:
        node.output[:] = ["straight" if one == "embeddings" else one for one in node.output]
    backwards = numpy_helper.from_array(np.arange(dim)[::-1].copy(), "backwards")
    model.graph.initializer.append(backwards)
    reverse = helper.make_node("Gather", ["straight", "backwards"], ["embeddings"], axis=1)
    model.graph.node.append(reverse)
    onnx.save(model, bundle / name)
    manifest = Manifest.read(bundle / "manifest.json")
    size = (bundle / name).stat().st_size
    record = FileRecord(sha256=sha256_of(bundle / name), size_bytes=size)
    files = {**manifest.files, name: record}
    manifest.model_copy(update={"files": files}).write(bundle / "manifest.json")


def test_every_precision_stands_beside_the_checkpoint_and_loses_little(
    bundle: Path, run: Path, town: Path
) -> None:
    report = accuracy_run(bundle=bundle, data=town, checkpoint=run)

    reference, fp32, fp16 = report.rows
    assert (reference.backend, reference.precision) == ("torch_eager", "fp32")
    assert reference.lost_at_1 is None
    by_eval = (
        evaluation_run(checkpoint=run, bundle=None, data=town, layout="cvusa", split="val")
        .scores[0]
        .recall_at_1
    )
    assert reference.recall_at["1"].percent == pytest.approx(by_eval)
    assert set(reference.artifacts) == {"checkpoint", "data"}
    assert (fp32.precision, fp16.precision) == ("fp32", "fp16")
    assert fp32.lost_at_1 is not None
    assert fp32.lost_at_1.percent == 0
    assert fp32.moved_queries == ()
    assert fp32.min_cosine == pytest.approx(1, abs=1e-5)
    assert fp16.min_cosine is not None
    assert fp16.min_cosine > 0.999
    assert report.notes == (INTERVALS,)


def test_a_graph_that_went_wrong_loses_and_its_queries_are_named(
    bundle: Path, run: Path, town: Path, tmp_path: Path
) -> None:
    broken = copy_of(bundle, tmp_path)
    break_graph(broken)

    report = accuracy_run(bundle=broken, data=town, checkpoint=run, precision="fp32")

    reference, row = report.rows
    assert row.lost_at_1 is not None
    assert row.lost_at_1.percent == pytest.approx(
        reference.recall_at["1"].percent - row.recall_at["1"].percent
    )
    assert row.lost_at_1.percent > 0
    assert row.moved_queries is not None
    assert len(row.moved_queries) > 20
    assert row.min_cosine is not None
    assert row.min_cosine < 0.9


def test_another_checkpoint_is_no_reference(
    bundle: Path, run: Path, town: Path, tmp_path: Path
) -> None:
    other = copy_of(bundle, tmp_path, embedding_space_id="0" * 32)

    with pytest.raises(SpaceMismatch, match=r"expected the checkpoint that .* was exported from"):
        accuracy_run(bundle=other, data=town, checkpoint=run)
