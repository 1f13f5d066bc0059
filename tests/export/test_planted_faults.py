"""The gate lets no wrong bundle through: each fault is planted after the graphs are written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

for module in ("torch", "onnx", "onnxscript", "onnxslim", "onnxruntime"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
import torch
from onnx import numpy_helper

from clnet.export import bundle_writer, precision
from clnet.export.gate_images import held_out_images
from clnet.runtime import GateFailed, Preprocess
from clnet.training.checkpoint import (
    Checkpoint,
    load_checkpoint,
    save_checkpoint,
)
from clnet.training.network import CLNet

pytestmark = pytest.mark.slow

Fault = Callable[[Path], None]
GRAPHS = ("model.fp32.onnx", "model.fp16.onnx")


def change_weight(path: Path, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    model = onnx.load(path)
    weight = next(one for one in model.graph.initializer if one.name == name)
    changed = np.ascontiguousarray(change(numpy_helper.to_array(weight)))
    weight.CopyFrom(numpy_helper.from_array(changed, name))
    onnx.save(model, path)


def weight_names(path: Path, operator: str) -> list[str]:
    return [node.input[1] for node in onnx.load(path).graph.node if node.op_type == operator]


def channels_swapped(folder: Path) -> None:
    for name in GRAPHS:
        path = folder / "ground" / name
        change_weight(path, weight_names(path, "Conv")[0], lambda stem: stem[:, ::-1])


def wrong_mean(folder: Path) -> None:
    path = folder / "satellite" / "preprocess.json"
    Preprocess.read(path).model_copy(update={"mean": (0.5, 0.5, 0.5)}).write(path)


def mlp_weight_scaled(*graphs: str) -> Fault:
    def plant(folder: Path) -> None:
        for name in graphs:
            path = folder / "ground" / name
            change_weight(path, weight_names(path, "Conv")[-2], lambda w: w * w.dtype.type(1.01))

    return plant


def stale_map(folder: Path) -> None:
    for name in GRAPHS:
        change_weight(folder / "satellite" / name, "gain_0", lambda gain: gain[:, ::-1])


def branches_swapped(folder: Path) -> None:
    for name in GRAPHS:
        ground, satellite = folder / "ground" / name, folder / "satellite" / name
        content = ground.read_bytes()
        ground.write_bytes(satellite.read_bytes())
        satellite.write_bytes(content)


def export(
    checkpoint: Checkpoint, town: Path, out: Path, fault: Fault, patch: pytest.MonkeyPatch
) -> None:
    write_matcher = bundle_writer.write_matcher

    def write_matcher_and_plant(path: Path, *arguments: Any) -> None:
        write_matcher(path, *arguments)
        fault(path.parent)

    patch.setattr(bundle_writer, "write_matcher", write_matcher_and_plant)
    bundle_writer.export_bundle(checkpoint, out, "fp16", held_out_images(town, "cvusa"))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        pytest.param(channels_swapped, "ground fp32: min cosine", id="rgb-for-bgr"),
        pytest.param(wrong_mean, "satellite fp32: min cosine", id="wrong-mean"),
        pytest.param(mlp_weight_scaled(*GRAPHS), "ground fp32: difference", id="mlp-scaled"),
        pytest.param(mlp_weight_scaled(GRAPHS[1]), "not the rounded fp32", id="mlp-scaled-in-half"),
        pytest.param(stale_map, "satellite fp32: ", id="stale-map"),
    ],
)
def test_a_wrong_bundle_is_refused_and_an_old_one_stays(
    run: Path,
    town: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    message: str,
) -> None:
    out = tmp_path / "bundle"
    out.mkdir()
    (out / "manifest.json").write_text("old")

    with pytest.raises(GateFailed, match=message):
        export(load_checkpoint(run), town, out, fault, monkeypatch)

    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]
    assert (out / "manifest.json").read_text() == "old"


def test_one_percent_on_one_weight_is_more_than_a_cosine_sees(
    run: Path, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = mlp_weight_scaled(*GRAPHS)

    with pytest.raises(GateFailed) as caught:
        export(load_checkpoint(run), town, tmp_path / "bundle", fault, monkeypatch)

    assert "cosine" not in str(caught.value)


def test_swapped_branches_of_equal_size_are_refused(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on University-1652, where both inputs have one size and nothing else would show."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = CLNet(equal_sizes())
    save_checkpoint(tmp_path / "run", network, steps=0)

    with pytest.raises(GateFailed, match="ground fp32: min cosine"):
        export(
            load_checkpoint(tmp_path / "run"),
            town,
            tmp_path / "bundle",
            branches_swapped,
            monkeypatch,
        )


def equal_sizes() -> Any:
    from clnet.training.config import NetworkConfig

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
    def only_the_last_node(model: onnx.ModelProto) -> set[str]:
        return {model.graph.node[-1].name}

    monkeypatch.setattr(precision, "_head", only_the_last_node)

    with pytest.raises(GateFailed, match="fp16: norm off 1 by"):
        export(load_checkpoint(run), town, tmp_path / "bundle", lambda folder: None, monkeypatch)

    assert not (tmp_path / "bundle").exists()


def test_without_a_fault_the_same_road_ends_in_a_bundle(
    run: Path, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(load_checkpoint(run), town, tmp_path / "bundle", lambda folder: None, monkeypatch)

    assert (tmp_path / "bundle" / "manifest.json").is_file()
