"""An export whose gate fails leaves no bundle, and says why in one line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

for module in ("torch", "onnx", "onnxscript", "onnxslim", "onnxruntime", "scipy"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
import torch
from onnx import numpy_helper

from clnet.export import bundle_writer, precision
from clnet.export.bundle_writer import ExportRefused
from clnet.export.findings import Peaks
from clnet.export.gate.images import held_out_images
from clnet.export.gate.parity_report import ParityReport
from clnet.export.islands import Island, Plan
from clnet.runtime import GateFailed, Preprocess
from clnet.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from clnet.training.config import NetworkConfig
from clnet.training.network import CLNet

pytestmark = pytest.mark.slow

FULL = "ground/model.fp32.onnx"


def rgb_for_bgr(folder: Path) -> None:
    """Swap the channels that the first convolution reads."""
    model = onnx.load(folder / FULL)
    held = {one.name: one for one in model.graph.initializer}
    stem = next(node for node in model.graph.node if node.op_type == "Conv")
    weight = held[stem.input[1]]
    swapped = np.ascontiguousarray(numpy_helper.to_array(weight)[:, ::-1])
    weight.CopyFrom(numpy_helper.from_array(swapped, weight.name))
    onnx.save(model, folder / FULL)


def export(
    checkpoint: Checkpoint, town: Path, out: Path, fault: Any, patch: pytest.MonkeyPatch
) -> None:
    """Export, with a fault planted after the graphs are written."""
    write_matcher = bundle_writer.write_matcher

    def write_matcher_and_plant(path: Path, *arguments: Any) -> None:
        write_matcher(path, *arguments)
        fault(path.parent)

    patch.setattr(bundle_writer, "write_matcher", write_matcher_and_plant)
    bundle_writer.export_bundle(checkpoint, out, "fp16", held_out_images(town, "cvusa"))


def test_a_wrong_bundle_is_refused_in_one_line_and_an_old_one_stays(
    run: Path, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "bundle"
    out.mkdir()
    (out / "manifest.json").write_text("old")

    with pytest.raises(ExportRefused) as caught:
        export(load_checkpoint(run), town, out, rgb_for_bgr, monkeypatch)

    line = str(caught.value)
    assert "embedding level: ground fp32: min cosine" in line
    assert "< 0.99999" in line
    assert f"{FULL}: {caught.value.parity.blame[0].node} (Conv)" in line
    assert len(line.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]
    assert (out / "manifest.json").read_text() == "old"


def test_swapped_branches_of_equal_size_are_named(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on University-1652, where both inputs have one size and nothing else would show."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = CLNet(equal_sizes())
    save_checkpoint(tmp_path / "run", network, steps=0)

    def branches_swapped(folder: Path) -> None:
        for name in ("model.fp32.onnx", "model.fp16.onnx"):
            ground, satellite = folder / "ground" / name, folder / "satellite" / name
            content = ground.read_bytes()
            ground.write_bytes(satellite.read_bytes())
            satellite.write_bytes(content)

    checkpoint = load_checkpoint(tmp_path / "run")
    with pytest.raises(GateFailed, match="ground fp32: min cosine") as caught:
        export(checkpoint, town, tmp_path / "bundle", branches_swapped, monkeypatch)

    assert isinstance(caught.value, ExportRefused)
    parity = caught.value.parity
    assert parity.blame == ()
    assert sum("the branches are swapped" in fault for fault in parity.faults) == 4


def equal_sizes() -> NetworkConfig:
    options = {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 16, 24, 32]}
    return NetworkConfig(
        backbone="convnext_atto",
        backbone_options=options,
        ground=Preprocess(view="ground", height=64, width=64),
        satellite=Preprocess(view="satellite", height=64, width=64),
    )


def test_a_half_precision_head_is_refused_by_its_norms(
    run: Path, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_the_last_node(model: onnx.ModelProto, peaks: Peaks | None) -> Plan:
        del peaks
        last = model.graph.node[-1].name
        return Plan(frozenset({len(model.graph.node) - 1}), (Island(nodes=(last,), reasons=()),))

    monkeypatch.setattr(precision, "plan_islands", only_the_last_node)

    with pytest.raises(ExportRefused, match="fp16: norm off 1 by") as caught:
        export(load_checkpoint(run), town, tmp_path / "bundle", lambda folder: None, monkeypatch)

    assert not (tmp_path / "bundle").exists()
    heads = {one.op_type for one in caught.value.parity.blame}
    assert heads <= {"Mul", "ReduceSum", "Sqrt", "Reciprocal"}
    assert heads


def test_without_a_fault_the_same_road_ends_in_a_bundle(
    run: Path, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(load_checkpoint(run), town, tmp_path / "bundle", lambda folder: None, monkeypatch)

    report = ParityReport.read(tmp_path / "bundle" / "parity.json")
    pairs = [(one.query_precision, one.gallery_precision) for one in report.retrieval]
    assert pairs == [("fp32", "fp32"), ("fp32", "fp16"), ("fp16", "fp32"), ("fp16", "fp16")]
