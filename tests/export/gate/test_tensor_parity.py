"""Looking into graphs: tensors compared piece by piece, and the node that decides, by bisection."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

for module in ("onnx", "onnxruntime"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
from onnx import TensorProto, helper, numpy_helper

from clnet.export.gate.blame import Accuser
from clnet.export.gate.partial_graph import PartialGraph
from clnet.export.gate.tensor_parity import (
    SMALLEST_RMS,
    TensorError,
    TensorParity,
    relative_error,
    summarise,
    tensor_errors,
)
from clnet.runtime import ArtifactError

GIVEN = {"x": np.random.default_rng(0).standard_normal((2, 8)).astype(np.float32)}


def chain(length: int = 40, **changed: float) -> onnx.ModelProto:
    """`length` residual steps x + 0.1 * tanh(w * x); `changed` overrides a weight by its name."""
    nodes, weights, read = [], [], "x"
    for step in range(length):
        value = changed.get(f"w{step}", 1.0 + step / 100)
        weights.append(numpy_helper.from_array(np.full(8, value, np.float32), f"w{step}"))
        nodes += [
            helper.make_node("Mul", [read, f"w{step}"], [f"m{step}"], name=f"mul_{step}"),
            helper.make_node("Tanh", [f"m{step}"], [f"t{step}"], name=f"tanh_{step}"),
            helper.make_node("Mul", [f"t{step}", "tenth"], [f"s{step}"], name=f"scale_{step}"),
            helper.make_node("Add", [read, f"s{step}"], [f"y{step}"], name=f"add_{step}"),
        ]
        read = f"y{step}"
    weights.append(numpy_helper.from_array(np.full(1, 0.1, np.float32), "tenth"))
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 8]) for name in ("x", read)
    ]
    graph = helper.make_graph(nodes, "chain", ends[:1], ends[1:], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


class Counted(PartialGraph):
    """Counts the runs."""

    runs = 0

    def run(self, *arguments: Any) -> Any:
        self.runs += 1
        return super().run(*arguments)


def accuser(trusted: PartialGraph, exported: PartialGraph) -> Accuser:
    errors = tensor_errors(trusted, exported, (GIVEN, GIVEN))
    return Accuser("ground/model.fp32.onnx", trusted, exported, errors)


def close_to(graph: PartialGraph) -> Any:
    right = graph.run(GIVEN, [graph.output])[graph.output]
    return lambda found: bool(np.abs(found - right).max() < 1e-6)


@pytest.mark.parametrize("step", [0, 1, 13, 38, 39])
def test_bisection_finds_the_one_changed_node_in_log_n_runs(step: int) -> None:
    trusted, exported = PartialGraph(chain()), Counted(chain(**{f"w{step}": 1.5}))

    (found,) = accuser(trusted, exported).decisive((GIVEN, GIVEN), close_to(trusted))

    assert found.node == f"mul_{step}"
    assert (found.op_type, found.error_in) == ("Mul", 0.0)
    assert found.error_out is not None
    assert found.error_out > 0.05
    assert exported.runs <= 2 + math.ceil(math.log2(len(trusted.nodes)))


def test_of_two_changed_nodes_bisection_names_the_first_that_makes_the_graph_fail() -> None:
    trusted, exported = PartialGraph(chain()), PartialGraph(chain(w5=1.5, w30=1.5))

    (found,) = accuser(trusted, exported).decisive((GIVEN, GIVEN), close_to(trusted))

    assert found.node == "mul_5"


def test_a_graph_that_passes_has_no_decisive_node() -> None:
    trusted, exported = PartialGraph(chain()), PartialGraph(chain())

    assert accuser(trusted, exported).decisive((GIVEN, GIVEN), close_to(trusted)) == []


def test_a_changed_weight_blames_every_node_that_reads_it() -> None:
    trusted, exported = PartialGraph(chain(3)), PartialGraph(chain(3))

    found = accuser(trusted, exported).readers_of(["tenth"])

    assert [one.node for one in found] == ["scale_0", "scale_1", "scale_2"]


def test_the_first_node_that_is_not_finite_is_blamed_although_later_ones_hide_it() -> None:
    trusted, exported = PartialGraph(chain(4)), PartialGraph(chain(4, w2=np.inf))
    witness = accuser(trusted, exported)

    (found,) = witness.first_beyond(0.1)

    assert (found.node, found.error_out) == ("mul_2", math.inf)
    assert np.isfinite(exported.run(GIVEN, ["y3"])["y3"]).all()


def test_an_error_that_later_tensors_hide_is_blamed_on_its_node() -> None:
    trusted, exported = PartialGraph(chain(4)), PartialGraph(chain(4, w1=1.5))

    (found,) = accuser(trusted, exported).first_beyond(0.1)

    assert found.node == "mul_1"
    assert accuser(trusted, exported).first_beyond(0.6) == []


def test_shapes_that_trusted_nodes_cannot_read_count_as_failing() -> None:
    exported = chain(6)
    exported.graph.node[8].CopyFrom(
        helper.make_node("Concat", ["y1", "w2"], ["m2"], axis=0, name="mul_2")
    )
    exported.graph.node[9].CopyFrom(helper.make_node("Tanh", ["m2"], ["t2"], name="tanh_2"))
    trusted = PartialGraph(chain(6))

    def never_asked(found: np.ndarray) -> bool:
        return False

    witness = Accuser("g", trusted, PartialGraph(exported), [])

    assert len(witness.decisive((GIVEN, GIVEN), never_asked)) == 1


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_walk_gives_what_one_run_gives(size: int) -> None:
    graph = PartialGraph(chain(10))
    names = [name for node in graph.nodes for name in node.output]
    groups = [names[i : i + size] for i in range(0, len(names), size)]
    walked = {k: v for piece in graph.walk(GIVEN, groups) for k, v in piece.items()}
    whole = graph.run(GIVEN, names)

    assert list(walked) == names
    assert all(np.array_equal(walked[name], whole[name]) for name in names)


def test_a_walk_runs_every_node_once(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, ran = PartialGraph(chain(10)), []
    piece = graph._piece

    def counted(rows: list[int], *arguments: Any) -> Any:
        ran.extend(rows)
        return piece(rows, *arguments)

    monkeypatch.setattr(graph, "_piece", counted)
    walk: Iterator[Any] = graph.walk(GIVEN, [["t3"], ["m1", "y6"], ["y9"]])

    assert [sorted(found) for found in walk] == [["t3"], ["m1", "y6"], ["y9"]]
    assert sorted(ran) == list(range(40))


def test_a_tensor_that_nobody_writes_is_an_error_of_ours() -> None:
    with pytest.raises(ArtifactError, match="no node of the graph writes nowhere"):
        PartialGraph(chain(2)).run(GIVEN, ["nowhere"])


def test_tensors_of_wrong_shape_are_an_error_of_ours() -> None:
    with pytest.raises(ArtifactError, match="cannot run y1"):
        PartialGraph(chain(2)).run({"x": np.zeros((2, 5), np.float32)}, ["y1"])


def test_relative_error_is_a_share_of_the_trusted_length() -> None:
    trusted = np.full((3, 4), 2.0, np.float32)

    assert relative_error(trusted, trusted * 1.01) == pytest.approx(0.01, rel=1e-5)
    assert relative_error(trusted, trusted) == 0.0


def test_a_tensor_near_zero_is_compared_with_halfs_smallest_normal_number() -> None:
    tiny, zero = np.full(16, 1e-9, np.float32), np.zeros(16, np.float32)

    assert relative_error(tiny, zero) == pytest.approx(1e-9 / SMALLEST_RMS)
    assert relative_error(zero, zero) == 0.0


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("trusted_too", [False, True])
def test_what_is_not_finite_is_infinitely_wrong(bad: float, trusted_too: bool) -> None:
    wrong, right = np.ones(9, np.float32), np.ones(9, np.float32)
    wrong[4] = bad
    right[4] = bad if trusted_too else 1.0

    assert relative_error(right, wrong) == math.inf


def test_large_finite_numbers_are_not_taken_for_infinite_ones() -> None:
    large = np.full(9, 1e30, np.float32)

    assert relative_error(large, large * np.float32(1.5)) == pytest.approx(0.5, rel=1e-5)


def test_another_shape_is_infinitely_wrong() -> None:
    assert relative_error(np.ones((2, 3), np.float32), np.ones((3, 2), np.float32)) == math.inf


def errors(*values: float) -> list[TensorError]:
    return [
        TensorError(tensor=f"t{n}", node=f"n{n}", op_type="Mul", relative_error=value)
        for n, value in enumerate(values)
    ]


def test_the_worst_tensors_stand_first_and_the_limit_speaks_of_the_worst() -> None:
    found = summarise("ground", "fp16", 2, errors(0.01, 0.3, 0.02, 0.3, 0, 0, 0), 7)

    assert [one.node for one in found.worst] == ["n1", "n3", "n2", "n0", "n4"]
    assert found.faults() == [
        "tensor level: ground fp16: t1, written by n1 (Mul), has a relative error of 3.00e-01 > 0.1"
    ]


def test_an_infinite_error_survives_json() -> None:
    found = summarise("ground", "fp16", 2, errors(math.inf), 1)

    assert '"relative_error":"inf"' in found.model_dump_json()
    assert TensorParity.model_validate_json(found.model_dump_json()) == found
    assert "holds an infinity or NaN" in found.faults()[0]
