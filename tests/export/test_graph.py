"""What the exported graphs hold, and what they no longer do."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

for module in ("torch", "onnx", "onnxscript", "onnxslim", "onnxruntime"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
import onnxruntime
import torch

from clnet.export.gate.weights_parity import changed_weights
from clnet.export.graph import export_branch
from clnet.export.graph_certificate import certify
from clnet.export.half_simulation import simulate_half
from clnet.export.precision import to_half
from clnet.runtime import Preprocess
from clnet.training.config import NetworkConfig
from clnet.training.network import CLNet

OPTIONS = {"kernel_sizes": 3, "depths": [1, 1, 1, 1], "dims": [8, 16, 24, 32]}


def network(**changes: Any) -> CLNet:
    fields = {
        "backbone": "convnext_atto",
        "backbone_options": OPTIONS,
        "ground": Preprocess(view="ground", height=32, width=128),
        "satellite": Preprocess(view="satellite", height=64, width=64),
        "batch_norm": True,
    }
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return CLNet(NetworkConfig.model_validate({**fields, **changes})).eval()


@pytest.fixture(scope="module")
def nec() -> CLNet:
    return network()


@pytest.fixture(scope="module")
def satellite(nec: CLNet) -> onnx.ModelProto:
    return export_branch(nec, "satellite")


def operators(model: onnx.ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in model.graph.node)


def run(model: onnx.ModelProto, images: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, {"images": images})[0])


def images(batch: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((batch, 3, 64, 64)).astype(np.float32)


def test_no_node_of_nec_or_of_the_normaliser_is_left(satellite: onnx.ModelProto) -> None:
    left = operators(satellite)

    assert not {"Softmax", "Gemm", "MatMul", "Sigmoid", "Tanh"} & set(left)
    assert not any("converter" in weight.name for weight in satellite.graph.initializer)


def test_layernorm_and_gelu_stay_one_operator(satellite: onnx.ModelProto) -> None:
    found = operators(satellite)

    assert found["LayerNormalization"] > 0
    assert found["Gelu"] == 4
    assert not {"Erf", "Pow", "Range", "Gather", "Shape", "Expand", "Clip"} & set(found)
    assert not {"Cast", "CastLike", "Constant", "Identity"} & set(found)


@pytest.mark.parametrize("zero", [True, False])
def test_the_l2_norms_eps_survives_the_exporters_optimizer(zero: bool) -> None:
    """onnxscript's rewriter takes 1e-12 for zero; a descriptor of zeros then gave NaN."""
    source = network(batch_norm=False, head="flattened", embedding_dim=16)
    if zero:
        torch.nn.init.zeros_(source.heads["satellite"].projections[0].weight)
        torch.nn.init.zeros_(source.heads["satellite"].projections[0].bias)
    model = export_branch(source, "satellite")

    assert np.isfinite(run(model, images(2))).all()
    weights = [onnx.numpy_helper.to_array(one) for one in model.graph.initializer]
    assert any(one.size == 1 and np.isclose(one, 1e-12, atol=0) for one in weights)


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_any_batch_gives_pytorchs_embeddings(
    nec: CLNet, satellite: onnx.ModelProto, batch: int
) -> None:
    with torch.inference_mode():
        expected = nec(torch.from_numpy(images(batch)), "satellite").numpy()

    np.testing.assert_allclose(run(satellite, images(batch)), expected, atol=2e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"maps": None}, id="baseline"),
        pytest.param({"maps": {"converter": None}}, id="maps-without-nec"),
        pytest.param({"maps": {"source": "image", "converter": None}}, id="maps-from-image"),
        pytest.param({"levels": (2, 3), "fusion": "sum", "embedding_dim": 16}, id="summed-levels"),
        pytest.param({"head": "flattened", "embedding_dim": 16}, id="flattened"),
        pytest.param({"shared": False, "batch_norm": False}, id="two-encoders"),
    ],
)
def test_every_kind_of_network_exports_in_both_precisions(changes: dict[str, Any]) -> None:
    source = network(**changes)
    full = export_branch(source, "satellite")
    with torch.inference_mode():
        expected = source(torch.from_numpy(images(3)), "satellite").numpy()

    np.testing.assert_allclose(run(full, images(3)), expected, atol=5e-6)
    half = run(to_half(full).model, images(3))
    assert np.einsum("nd,nd->n", half, expected).min() > 0.9995


def test_half_stands_between_one_cast_at_the_input_and_one_at_the_island(
    satellite: onnx.ModelProto,
) -> None:
    half = to_half(satellite)

    assert operators(half.model)["Cast"] == 2
    assert half.model.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.FLOAT
    assert half.model.graph.output[0].type.tensor_type.elem_type == onnx.TensorProto.FLOAT


def test_the_island_reaches_from_the_pooling_to_the_unit_vector(
    satellite: onnx.ModelProto,
) -> None:
    kinds = {node.name: node.op_type for node in satellite.graph.node}
    (island,) = to_half(satellite).islands

    assert [kinds[name] for name in island.nodes][:3] == [
        "ReduceMean",
        "LayerNormalization",
        "BatchNormalization",
    ]


def test_converting_leaves_the_fp32_graph_as_it_was(satellite: onnx.ModelProto) -> None:
    before = satellite.SerializeToString()
    to_half(satellite)

    assert satellite.SerializeToString() == before


def test_rounded_weights_are_found_equal_and_a_changed_one_is_named(
    satellite: onnx.ModelProto,
) -> None:
    half = to_half(satellite).model
    assert changed_weights(half, [satellite]) == []

    gain = next(one for one in half.graph.initializer if one.name == "gain_0")
    changed = onnx.numpy_helper.to_array(gain) * np.float16(1.01)
    gain.CopyFrom(onnx.numpy_helper.from_array(changed, "gain_0"))

    assert changed_weights(half, [satellite]) == ["gain_0"]


def test_the_certificate_counts_what_is_in_half(satellite: onnx.ModelProto) -> None:
    half = to_half(satellite)

    full_certificate = certify("a.onnx", satellite)
    half_certificate = certify("b.onnx", half.model, half.islands)

    assert full_certificate.half_share == 0
    assert half_certificate.half_share > 0.8
    assert half_certificate.casts == 2
    assert half_certificate.islands[0].nodes == half.islands[0].nodes


def test_the_simulation_rounds_where_the_cpu_provider_does_not(satellite: onnx.ModelProto) -> None:
    half = to_half(satellite).model
    full = run(satellite, images(4))

    provider_moved = np.abs(run(half, images(4)) - full).max()
    simulation_moved = np.abs(run(simulate_half(half), images(4)) - full).max()

    assert simulation_moved > provider_moved


def test_the_simulation_overflows_where_the_cpu_provider_does_not() -> None:
    half, full = onnx.TensorProto.FLOAT16, onnx.TensorProto.FLOAT
    shape = ["batch", 3, 64, 64]
    factor = onnx.numpy_helper.from_array(np.full(1, 300, np.float16), "factor")
    nodes = [
        onnx.helper.make_node("Cast", ["images"], ["x"], to=half),
        onnx.helper.make_node("Mul", ["x", "factor"], ["y"]),
        onnx.helper.make_node("Mul", ["y", "factor"], ["z"]),
        onnx.helper.make_node("Cast", ["z"], ["embeddings"], to=full),
    ]
    ends = [onnx.helper.make_tensor_value_info(n, full, shape) for n in ("images", "embeddings")]
    graph = onnx.helper.make_graph(nodes, "two products", ends[:1], ends[1:], [factor])
    opset = [onnx.helper.make_opsetid("", 20)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=10)

    assert np.isfinite(run(model, images(1))).all()
    assert np.isinf(run(simulate_half(model), images(1))).any()


def test_the_simulation_keeps_the_island_in_float(satellite: onnx.ModelProto) -> None:
    twin = simulate_half(to_half(satellite).model)
    lengths = np.linalg.norm(run(twin, images(8)), axis=1)

    np.testing.assert_allclose(lengths, 1.0, atol=1e-6)


def test_a_written_graph_is_read_back_whole(satellite: onnx.ModelProto, tmp_path: Path) -> None:
    from clnet.export.graph import save

    save(satellite, tmp_path / "model.onnx")

    assert onnx.load(tmp_path / "model.onnx") == satellite
