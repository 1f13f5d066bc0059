"""Counting graphs that are written here by hand."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="graphs are written with onnx: clnet[export]")

import onnx
from onnx import TensorProto, helper, numpy_helper

from clnet.benchmarks.flops.graph_counter import count_file, count_graph
from clnet.runtime.errors import ArtifactError


def graph(*nodes: onnx.NodeProto, height: int | str = 8, **weights: object) -> onnx.ModelProto:
    """A branch whose images are [batch, 3, height, 8]; `__` in a weight's name is a dot."""
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, height, 8])
    output = helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, None)
    constants = [
        numpy_helper.from_array(np.asarray(one), name.replace("__", "."))
        for name, one in weights.items()
    ]
    body = helper.make_graph(nodes, "branch", [images], [output], constants)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def noise(*shape: int) -> object:
    return np.random.default_rng(len(shape)).normal(size=shape).astype(np.float32)


STEM = helper.make_node(
    "Conv", ["images", "backbone.model.stem.0.weight"], ["x"], kernel_shape=[4, 4], strides=[4, 4]
)
STAGE = helper.make_node("Conv", ["x", "backbone.model.stages.0.0.weight"], ["y"])
MEAN = helper.make_node("GlobalAveragePool", ["y"], ["pooled"])
FLAT = helper.make_node("Flatten", ["pooled"], ["embeddings"])
KERNELS = {
    "backbone__model__stem__0__weight": noise(5, 3, 4, 4),
    "backbone__model__stages__0__0__weight": noise(6, 5, 1, 1),
}


def test_products_and_weights_stand_with_their_modules() -> None:
    counts = count_graph(graph(STEM, STAGE, MEAN, FLAT, **KERNELS))

    assert {name: (one.macs, one.params) for name, one in counts.items()} == {
        "backbone.stem": (5 * 2 * 2 * 48, 240),
        "backbone.stage1": (6 * 2 * 2 * 5, 30),
        "head": (0, 0),
    }


def test_activations_are_what_operators_write_for_one_image() -> None:
    counts = count_graph(graph(STEM, STAGE, MEAN, FLAT, **KERNELS))

    assert counts["backbone.stem"].activation_bytes == 4 * 5 * 2 * 2
    assert counts["backbone.stage1"].activation_bytes == 4 * (6 * 2 * 2 + 6)
    assert counts["head"].activation_bytes == 4 * 6


def test_a_product_without_a_name_belongs_where_its_input_comes_from() -> None:
    across = helper.make_node("MatMul", ["y", "val_4"], ["z"])
    mean = helper.make_node("GlobalAveragePool", ["z"], ["pooled"])

    counts = count_graph(graph(STEM, STAGE, across, mean, FLAT, **KERNELS, val_4=noise(2, 7)))

    assert counts["backbone.stage1"].macs == 6 * 2 * 2 * 5 + 6 * 2 * 7 * 2


def test_a_gain_is_recalibration_and_what_follows_it_the_head() -> None:
    recalibrate = helper.make_node("Mul", ["y", "gain_0"], ["z"])
    mean = helper.make_node("GlobalAveragePool", ["z"], ["pooled"])

    counts = count_graph(
        graph(STEM, STAGE, recalibrate, mean, FLAT, **KERNELS, gain_0=noise(6, 2, 2))
    )

    assert counts["gfr"].params == 24
    assert counts["head"].activation_bytes == 4 * (6 + 6)


def test_a_map_made_of_the_features_is_recalibration_until_it_multiplies_them() -> None:
    nodes = [
        STEM,
        STAGE,
        helper.make_node("Conv", ["y", "map_layers.0.weight"], ["map"]),
        helper.make_node("Sigmoid", ["map"], ["importance"]),
        helper.make_node("Mul", ["y", "importance"], ["z"]),
        helper.make_node("GlobalAveragePool", ["z"], ["pooled"]),
        FLAT,
    ]

    counts = count_graph(graph(*nodes, **KERNELS, map_layers__0__weight=noise(6, 6, 1, 1)))

    assert counts["gfr"].macs == 6 * 2 * 2 * 6
    assert counts["gfr"].activation_bytes == 3 * 4 * 6 * 2 * 2
    assert counts["head"].macs == 0


def test_a_later_stage_keeps_a_weight_whose_name_the_optimiser_took_from_an_earlier_one() -> None:
    again = helper.make_node("Mul", ["y", "backbone.model.stem.1.weight"], ["z"])
    mean = helper.make_node("GlobalAveragePool", ["z"], ["pooled"])

    counts = count_graph(
        graph(
            STEM,
            STAGE,
            again,
            mean,
            FLAT,
            **KERNELS,
            backbone__model__stem__1__weight=noise(1, 6, 1, 1),
        )
    )

    assert counts["backbone.stage1"].params == 30 + 6


def test_what_precedes_the_backbone_is_input() -> None:
    scale = helper.make_node("Mul", ["images", "val_0"], ["scaled"])
    stem = helper.make_node("Conv", ["scaled", *STEM.input[1:]], ["x"], strides=[4, 4])

    counts = count_graph(graph(scale, stem, STAGE, MEAN, FLAT, **KERNELS, val_0=np.float32(2.0)))

    assert counts["input"].activation_bytes == 4 * 3 * 8 * 8


def test_a_graph_without_names_is_backbone_and_head() -> None:
    stem = helper.make_node("Conv", ["images", "w"], ["y"], strides=[4, 4])

    counts = count_graph(graph(stem, MEAN, FLAT, w=noise(5, 3, 4, 4)))

    assert {name: one.macs for name, one in counts.items()} == {"backbone": 960, "head": 0}


def test_a_backbone_that_lost_its_first_names_is_one_module() -> None:
    stem = helper.make_node("Conv", ["images", "folded"], ["x"], strides=[4, 4])
    weights = KERNELS | {"folded": noise(5, 3, 4, 4)}

    counts = count_graph(graph(stem, STAGE, MEAN, FLAT, **weights))

    assert {name: one.macs for name, one in counts.items()} == {"backbone": 1080, "head": 0}


def test_fvcores_rule_counts_five_operations_an_element_of_a_layer_norm() -> None:
    norm = helper.make_node("LayerNormalization", ["images", "scale"], ["embeddings"])

    counts = count_graph(graph(norm, scale=noise(8)))

    assert counts["backbone"].layer_norm_operations == 5 * 3 * 8 * 8


def test_a_graph_of_open_size_is_refused() -> None:
    with pytest.raises(ArtifactError, match="images: expected static sizes behind the batch"):
        count_graph(graph(STEM, STAGE, MEAN, FLAT, height="height", **KERNELS))


def test_operators_that_do_not_fit_are_refused() -> None:
    wrong = KERNELS | {"backbone__model__stages__0__0__weight": noise(6, 4, 1)}

    with pytest.raises(ArtifactError, match="operators do not fit together"):
        count_graph(graph(STEM, STAGE, MEAN, FLAT, **wrong))


def test_a_file_that_is_no_graph_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"no graph")

    with pytest.raises(ArtifactError, match=r"cannot read .*model\.onnx"):
        count_file(path)
