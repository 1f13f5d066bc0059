"""Which nodes of small graphs stay in FP32, and what is said of them."""

from typing import Any

import numpy as np
import pytest

onnx: Any = pytest.importorskip("onnx", reason="graphs are made with onnx: clnet[export]")

from clnet.export.findings import HALF_MAX, OVERFLOW_LIMIT, UNDERFLOW_LIMIT
from clnet.export.islands import Island, plan_islands
from clnet.runtime.errors import ArtifactError

C = 4
KERNEL = np.full((C, C, 1, 1), 0.5, np.float32)
STEM = np.full((C, 3, 1, 1), 0.5, np.float32)
HEAD = ("pooled", "squares", "energy", "safe", "length", "embeddings")


def branch(*body: tuple[str, str, str], **weights: Any) -> Any:
    """
    Write a branch whose nodes bear the names of the tensors that they write.

    `body` holds (operator, inputs, output) and leads from `x`, the stem's output, to `features`.
    """
    node = onnx.helper.make_node
    nodes = [
        node("Conv", ["images", "stem"], ["x"], "x"),
        *(_node(kind, read.split(), out) for kind, read, out in body),
        node("ReduceMean", ["features", "plane"], ["pooled"], "pooled", keepdims=0),
        node("Mul", ["pooled", "pooled"], ["squares"], "squares"),
        node("ReduceSum", ["squares", "row"], ["energy"], "energy", keepdims=1),
        node("Add", ["energy", "eps"], ["safe"], "safe"),
        node("Sqrt", ["safe"], ["length"], "length"),
        node("Div", ["pooled", "length"], ["embeddings"], "embeddings"),
    ]
    values = {"stem": STEM, "kernel": KERNEL, "eps": np.float32(1e-12)}
    values |= {"plane": np.array([2, 3]), "row": np.array([1])}
    read = {name for one in nodes for name in one.input}
    kept = {name: one for name, one in (values | weights).items() if name in read}
    initializers = [onnx.numpy_helper.from_array(np.asarray(one), n) for n, one in kept.items()]
    value, float32 = onnx.helper.make_tensor_value_info, onnx.TensorProto.FLOAT
    images = value("images", float32, ["batch", 3, 8, 8])
    result = value("embeddings", float32, ["batch", C])
    graph = onnx.helper.make_graph(nodes, "branch", [images], [result], initializers)
    opset = [onnx.helper.make_opsetid("", 20)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    return model


def _node(kind: str, read: list[str], out: str) -> Any:
    order = {"ToRows": [0, 2, 3, 1], "ToPlanes": [0, 3, 1, 2]}.get(kind)
    if order is None:
        return onnx.helper.make_node(kind, read, [out], out)
    return onnx.helper.make_node("Transpose", read, [out], out, perm=order)


def peaks(model: Any, **others: float) -> dict[str, float]:
    """Every tensor reaches 1, but for `others`."""
    return {name: 1.0 for node in model.graph.node for name in node.output} | others


def islands(model: Any, **others: float) -> list[Island]:
    """Those besides the head, whose nodes must be the head's alone."""
    *found, head = plan_islands(model, peaks(model, **others)).islands
    assert head.nodes == HEAD
    return found


CHAIN = branch(
    ("Conv", "x kernel", "a"),
    ("Relu", "a", "b"),
    ("Conv", "b kernel", "c"),
    ("Relu", "c", "d"),
    ("Conv", "d kernel", "features"),
)
BLOCK = (
    ("ToRows", "x", "rows"),
    ("MatMul", "rows up", "wide"),
    ("Gelu", "wide", "bent"),
    ("MatMul", "bent down", "narrow"),
    ("Mul", "narrow scale", "scaled"),
    ("Add", "scaled rows", "sum"),
    ("Relu", "sum", "after"),
    ("ToPlanes", "after", "planes"),
    ("Relu", "planes", "features"),
)
PRODUCTS = {"up": np.eye(C, dtype=np.float32), "down": np.eye(C, dtype=np.float32)}
SCALE = np.full(C, 1e-6, np.float32)


def test_numbers_in_range_leave_the_head_alone_in_fp32() -> None:
    assert islands(CHAIN) == []


def test_a_large_tensor_is_written_and_read_in_fp32() -> None:
    (island,) = islands(CHAIN, b=OVERFLOW_LIMIT * 1.01)

    assert island.nodes == ("b", "c")


def test_the_reason_names_node_number_and_limit() -> None:
    (island,) = islands(CHAIN, b=9000.0)
    (reason,) = island.reasons

    assert (reason.kind, reason.node) == ("measurement", "b")
    assert (reason.measured, reason.limit) == (9000.0, OVERFLOW_LIMIT)
    assert "too large for half" in reason.reason


def test_a_tensor_below_the_limit_is_half() -> None:
    assert islands(CHAIN, b=OVERFLOW_LIMIT * 0.99) == []


def test_islands_that_touch_become_one() -> None:
    (island,) = islands(CHAIN, x=1e5, b=1e5)

    assert island.nodes == ("x", "a", "b", "c")
    assert [one.node for one in island.reasons] == ["x", "b"]


def test_islands_apart_stay_apart() -> None:
    model = branch(
        ("Conv", "x kernel", "a"),
        ("Relu", "a", "b"),
        ("Relu", "b", "c"),
        ("Relu", "c", "d"),
        ("Relu", "d", "features"),
    )
    found = islands(model, x=1e5)

    assert [one.nodes for one in found] == [("x", "a")]


def test_only_a_transpose_between_two_islands_joins_them() -> None:
    model = branch(
        ("Relu", "x", "a"),
        ("Relu", "a", "b"),
        ("ToRows", "b", "c"),
        ("Relu", "c", "d"),
        ("Relu", "d", "e"),
        ("Relu", "e", "f"),
        ("ToPlanes", "f", "features"),
    )
    found = islands(model, a=1e5, d=1e5)

    assert [one.nodes for one in found] == [("a", "b", "c", "d", "e")]


def test_an_island_before_the_head_joins_it() -> None:
    (head,) = plan_islands(CHAIN, peaks(CHAIN, d=1e5)).islands

    assert head.nodes == ("d", "features", *HEAD)
    assert [one.kind for one in head.reasons] == ["rule", "measurement"]


def test_a_large_residual_stream_takes_its_blocks_products_with_it() -> None:
    model = branch(*BLOCK, **PRODUCTS, scale=SCALE)
    (island,) = islands(model, x=1e5, rows=1e5)

    assert island.products == ("wide", "narrow")
    assert island.nodes == ("x", "rows", "wide", "bent", "narrow", "scaled", "sum")


def test_a_small_layer_scale_is_no_reason_where_a_sum_swallows_it() -> None:
    model = branch(*BLOCK, **PRODUCTS, scale=SCALE)

    assert islands(model, scaled=1e-6) == []


def test_small_numbers_that_are_scaled_up_again_stay_fp32() -> None:
    found = islands(CHAIN, b=UNDERFLOW_LIMIT / 2)

    assert [one.nodes for one in found] == [("b", "c")]
    assert "too small for half" in found[0].reasons[0].reason


def test_a_tensor_of_zeros_is_no_reason() -> None:
    assert islands(CHAIN, b=0.0) == []


def test_small_features_join_the_head() -> None:
    (head,) = plan_islands(CHAIN, peaks(CHAIN, features=1e-4)).islands

    assert head.nodes == ("features", *HEAD)


NORMALISED = branch(
    ("Mul", "x x", "powers"),
    ("ReduceSum", "powers row", "sum"),
    ("Add", "sum tiny", "alive"),
    ("Sqrt", "alive", "norm"),
    ("Div", "x norm", "unit"),
    ("Relu", "unit", "features"),
    tiny=np.float32(1e-12),
)


def test_an_eps_that_half_would_lose_lives_until_it_has_kept_a_division_from_zero() -> None:
    plan = plan_islands(NORMALISED)
    island, _ = plan.islands

    assert island.nodes == ("powers", "sum", "alive", "norm", "unit")
    assert island.reasons[0].kind == "rule"
    assert "tiny would be zero in half" in island.reasons[0].reason


def test_an_eps_that_half_keeps_is_no_reason() -> None:
    model = branch(("Add", "x tiny", "alive"), ("Relu", "alive", "features"), tiny=np.float32(1e-6))

    assert islands(model) == []


def test_a_weight_beyond_halfs_range_makes_an_island() -> None:
    model = branch(
        ("Mul", "x huge", "a"), ("Relu", "a", "b"), ("Relu", "b", "features"), huge=np.float32(1e6)
    )
    found = islands(model)

    assert [one.nodes for one in found] == [("a",)]
    assert found[0].reasons[0].limit == HALF_MAX


def test_a_weight_whose_digits_half_loses_makes_an_island() -> None:
    model = branch(
        ("Mul", "x small", "a"),
        ("Relu", "a", "b"),
        ("Relu", "b", "features"),
        small=np.float32(1.23e-6),
    )
    found = islands(model)

    assert [one.nodes for one in found] == [("a",)]
    assert "loses its digits" in found[0].reasons[0].reason


def test_a_small_bias_is_no_reason() -> None:
    model = branch(
        ("Conv", "x kernel bias", "a"),
        ("Relu", "a", "features"),
        bias=np.full(C, 1.23e-6, np.float32),
    )

    assert islands(model) == []


def test_a_mean_whose_sum_overflows_is_computed_in_fp32() -> None:
    model = branch(
        ("ReduceMean", "x plane", "mean"), ("Mul", "x mean", "b"), ("Relu", "b", "features")
    )
    found = islands(model, mean=OVERFLOW_LIMIT / 32)

    assert [one.nodes for one in found] == [("mean",)]
    assert found[0].reasons[0].measured == OVERFLOW_LIMIT / 32 * 64


def test_each_level_enters_the_head_on_its_own_way() -> None:
    model = two_levels()
    (head,) = plan_islands(model, peaks(model)).islands

    assert set(head.nodes) == {"low", "high", "joined", "squares", "energy", "safe", "length"} | {
        "embeddings"
    }


def test_a_large_level_does_not_swallow_the_stages_behind_it() -> None:
    model = two_levels()
    (head,) = plan_islands(model, peaks(model, f2=1e5)).islands

    assert {"f2", "weighed", "d"} <= set(head.nodes)
    assert not {"x", "e", "f3"} & set(head.nodes)


def two_levels() -> Any:
    model = branch(
        ("Relu", "x", "f2"),
        ("Mul", "f2 gain", "weighed"),
        ("Conv", "f2 kernel", "d"),
        ("Relu", "d", "e"),
        ("Relu", "e", "f3"),
        ("ReduceMean", "weighed plane", "low"),
        ("ReduceMean", "f3 plane", "high"),
        ("Relu", "f3", "features"),
        gain=np.full((1, C, 8, 8), 1.5, np.float32),
    )
    nodes = {node.name: node for node in model.graph.node}
    for name in ("low", "high"):
        nodes[name].attribute.extend([onnx.helper.make_attribute("keepdims", 0)])
    for name in ("features", "pooled"):
        model.graph.node.remove(nodes[name])
    joined = onnx.helper.make_node("Concat", ["low", "high"], ["joined"], "joined", axis=1)
    place = next(p for p, node in enumerate(model.graph.node) if node.name == "squares")
    model.graph.node.insert(place, joined)
    for node in model.graph.node:
        node.input[:] = ["joined" if name == "pooled" else name for name in node.input]
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 2 * C
    onnx.checker.check_model(model, full_check=True)
    return model


def test_a_graph_that_must_be_fp32_throughout_is_refused() -> None:
    everything = {name: 1e5 for node in CHAIN.graph.node for name in node.output}

    with pytest.raises(ArtifactError, match=r"nothing of the graph may be half: .* at "):
        plan_islands(CHAIN, everything)


def test_a_graph_without_feature_maps_is_refused() -> None:
    model = branch(("Relu", "x", "features"))
    del model.graph.node[:2]
    model.graph.node[0].input[0] = "images"
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 3

    with pytest.raises(ArtifactError, match="no pooling of feature maps"):
        plan_islands(model)
