"""The half graph: casts, islands, eps, and numbers that would be wrong without them."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

for module in ("torch", "onnx", "onnxscript", "onnxslim", "onnxruntime"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
import onnxruntime
import torch

from clnet.export.calibration import calibrate
from clnet.export.gate.images import GateImages, held_out_images
from clnet.export.graph import export_branch, save
from clnet.export.graph_certificate import certify
from clnet.export.half_simulation import simulate_half
from clnet.export.precision import HalfGraph, to_half
from clnet.runtime import Preprocess
from clnet.training.config import NetworkConfig
from clnet.training.network import CLNet

SIZE = Preprocess(view="satellite", height=64, width=64)
OPTIONS = {"kernel_sizes": 3, "depths": [1, 2, 1, 1], "dims": [8, 16, 24, 32], "conv_mlp": False}


def export(**changes: Any) -> onnx.ModelProto:
    fields = {
        "backbone": "convnext_atto",
        "backbone_options": OPTIONS,
        "ground": Preprocess(view="ground", height=32, width=128),
        "satellite": SIZE,
    }
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = CLNet(NetworkConfig.model_validate({**fields, **changes}))
    return export_branch(network.eval(), "satellite")


@pytest.fixture(scope="module")
def full() -> onnx.ModelProto:
    return export()


@pytest.fixture(scope="module")
def tiles(town: Path) -> tuple[Path, ...]:
    images: GateImages = held_out_images(town, "cvusa", 12)
    return images.satellite


def scaled(model: onnx.ModelProto, node: int, factor: float) -> onnx.ModelProto:
    """Scale the weights of one matrix product."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    name = products(copy)[node].input[1]
    weight = next(one for one in copy.graph.initializer if one.name == name)
    values = onnx.numpy_helper.to_array(weight) * np.float32(factor)
    weight.CopyFrom(onnx.numpy_helper.from_array(values, name))
    return copy


def quiet(model: onnx.ModelProto) -> dict[str, float]:
    """Peaks that give no reason for an island: layer scales of 1e-6 make small products."""
    scales = {
        one.name
        for one in model.graph.initializer
        if one.data_type == onnx.TensorProto.FLOAT
        and 0 < np.abs(onnx.numpy_helper.to_array(one)).max() < 1e-5
    }
    small = {node.output[0] for node in model.graph.node if scales & set(node.input)}
    names = [name for node in model.graph.node for name in node.output]
    return dict.fromkeys(names, 1.0) | dict.fromkeys(small, 1e-6)


def products(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    return [node for node in model.graph.node if node.op_type == "MatMul"]


def embed(model: onnx.ModelProto, files: tuple[Path, ...]) -> np.ndarray:
    from clnet.runtime.images import read_image

    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    images = np.stack([SIZE.fit(read_image(path)) for path in files])
    return np.asarray(session.run(None, {"images": SIZE.tensor(images)})[0])


def casts(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    return [node for node in model.graph.node if node.op_type == "Cast"]


def at_the_borders(half: HalfGraph, nodes: tuple[str, ...]) -> int:
    """Count the casts that an island reads or is read by."""
    inside = [node for node in half.model.graph.node if node.name in nodes]
    read = {name for node in inside for name in node.input}
    written = {name for node in inside for name in node.output}
    return sum(cast.output[0] in read or cast.input[0] in written for cast in casts(half.model))


def test_a_planted_overflow_is_found_on_calibration_images_and_kept_in_fp32(
    full: onnx.ModelProto, tiles: tuple[Path, ...]
) -> None:
    planted = scaled(full, 2, 3e5)
    guilty = products(planted)[2].name

    half = to_half(planted, calibrate(planted, SIZE, tiles[:6]))

    (island,) = [one for one in half.islands if guilty in one.nodes]
    assert {one.kind for one in island.reasons} == {"measurement"}
    assert guilty in island.products
    assert at_the_borders(half, island.nodes) == 2


def test_with_the_island_half_agrees_with_fp32_and_without_it_does_not(
    full: onnx.ModelProto, tiles: tuple[Path, ...]
) -> None:
    planted = scaled(full, 2, 3e5)
    expected = embed(planted, tiles)

    with_island = to_half(planted, calibrate(planted, SIZE, tiles[:6])).model
    without = to_half(planted).model

    cosines = np.einsum("nd,nd->n", embed(simulate_half(with_island), tiles), expected)
    assert cosines.min() > 0.9999
    assert not np.isfinite(embed(simulate_half(without), tiles)).all()


def test_without_a_finding_there_are_two_casts(
    full: onnx.ModelProto, tiles: tuple[Path, ...]
) -> None:
    half = to_half(full, calibrate(full, SIZE, tiles))

    assert len(half.islands) == 1
    assert [cast.name for cast in casts(half.model)] == ["cast_images", "cast_mul_5"]


@pytest.mark.parametrize("last", [0, 4])
def test_layernorm_stays_one_operator_with_its_epsilon_inside_islands_and_out(
    full: onnx.ModelProto, last: int
) -> None:
    peaks = quiet(full)
    peaks |= {node.input[0]: 1e5 for node in norms(full)[:last]}
    half = to_half(full, peaks).model

    assert epsilons(half) == epsilons(full)
    assert {one for one in epsilons(half)} == {np.float32(1e-6)}


def norms(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    return [node for node in model.graph.node if node.op_type == "LayerNormalization"]


def epsilons(model: onnx.ModelProto) -> list[np.float32]:
    attributes = [one for node in norms(model) for one in node.attribute if one.name == "epsilon"]
    return [np.float32(one.f) for one in attributes]


def test_maps_normalised_by_l2_keep_their_eps_in_an_island() -> None:
    model = export(maps={"source": "image", "converter": None, "normaliser": "l2"})
    half = to_half(model)

    island, _ = half.islands
    assert "would be zero in half" in island.reasons[0].reason
    assert at_the_borders(half, island.nodes) == 2
    weights = {one.name: onnx.numpy_helper.to_array(one) for one in half.model.graph.initializer}
    tiny = [one for one in weights.values() if one.size == 1 and 0 < one < 1e-10]
    assert tiny
    assert all(one.dtype == np.float32 for one in tiny)


def test_a_weight_read_in_both_precisions_has_a_twin(full: onnx.ModelProto) -> None:
    peaks = quiet(full)
    shared = Counter(name for node in norms(full) for name in node.input[1:])
    name = next(name for name, count in shared.items() if count > 1)
    reader = next(node for node in norms(full) if name in node.input)

    half = to_half(full, peaks | {reader.output[0]: 1e5}).model

    weights = {one.name: one.data_type for one in half.graph.initializer}
    assert weights[name] == onnx.TensorProto.FLOAT
    assert weights[f"{name}.half"] == onnx.TensorProto.FLOAT16


def test_converting_with_islands_leaves_the_fp32_graph_as_it_was(full: onnx.ModelProto) -> None:
    before = full.SerializeToString()
    to_half(full, quiet(full) | {node.output[0]: 1e5 for node in full.graph.node[:3]})

    assert full.SerializeToString() == before


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_wherever_numbers_are_large_casts_are_few_and_none_cancel(
    full: onnx.ModelProto, data: st.DataObject
) -> None:
    tensors = [name for node in full.graph.node[:-12] for name in node.output]
    large = data.draw(st.sets(st.sampled_from(tensors), max_size=3))
    half = to_half(full, quiet(full) | dict.fromkeys(large, 1e5))

    written_by_casts = {cast.output[0] for cast in casts(half.model)}
    assert not [cast for cast in casts(half.model) if cast.input[0] in written_by_casts]
    assert len({(cast.input[0]) for cast in casts(half.model)}) == len(casts(half.model))
    assert all(at_the_borders(half, island.nodes) <= 2 for island in half.islands)
    floating = {name for island in half.islands for name in island.nodes}
    for node in full.graph.node:
        if large & {*node.input, *node.output}:
            assert node.name in floating


def test_the_certificate_says_which_island_costs_turing(full: onnx.ModelProto) -> None:
    peaks = quiet(full)
    guilty = products(full)[0]
    plain = to_half(full, peaks)
    half = to_half(full, peaks | {guilty.output[0]: 1e5})

    assert certify("a", plain.model, plain.islands).left_out == {}
    found = certify("b", half.model, half.islands)
    assert found.left_out == {"7.5": f"FP32 GEMM is not supported for Turing: {guilty.name}"}
    assert found.islands[0].products == (guilty.name,)


@pytest.mark.slow
@pytest.mark.parametrize("costly", [False, True])
def test_the_compiler_leaves_out_what_the_certificate_says(
    full: onnx.ModelProto, tmp_path: Path, costly: bool
) -> None:
    pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: pip install 'clnet[rtx]'")
    from clnet.engines import build_engine

    peaks = quiet(full)
    large = {products(full)[0].output[0]: 1e5} if costly else {}
    half = to_half(full, peaks | large)
    save(half.model, tmp_path / "model.onnx")

    record = build_engine(
        tmp_path / "model.onnx",
        tmp_path / "engines",
        part="satellite",
        precision="fp16",
        flavour="tensorrt-rtx",
    )

    assert list(record.left_out) == list(certify("a", half.model, half.islands).left_out)
    assert ("7.5" in record.capabilities) != costly
    assert len(record.capabilities) == (5 if costly else 6)
