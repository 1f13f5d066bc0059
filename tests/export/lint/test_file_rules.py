"""What is wrong with the file: checker, shapes, versions, weights in other files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from clnet.export.lint import lint as lint_file
from clnet.export.lint import structure

Lint = Callable[..., dict[str, list[Any]]]
Save = Callable[[Any], Path]

SOUND = """g (float[B, 4] x) => (float[B, 4] y) <float[4] w = {1, 2, 3, 4}>
  { [scale] a = Mul(x, w)  [bend] y = Relu(a) }"""


def sound() -> Any:
    return onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["" : 20]> {SOUND}')


def test_a_sound_graph_has_no_finding(lint: Lint) -> None:
    assert lint(SOUND) == {}


def test_nodes_out_of_order_are_an_error(lint: Lint) -> None:
    model = sound()
    model.graph.node.reverse()

    assert "Sort the nodes" in lint(model)["unsorted-nodes"][0].remedy


def test_nodes_out_of_order_are_looked_at_all_the_same(lint: Lint) -> None:
    """A converter to half leaves its graphs unsorted, and these have the most to be found."""
    model = onnx.parser.parse_model(
        """<ir_version: 10, opset_import: ["" : 20]> g (float[2] x) => (float16[2] y)
        <float tiny = {1e-9}>
        { h = Cast<to = 10>(x)  t = Cast<to = 10>(tiny)  y = Add(h, t) }"""
    )
    model.graph.node.reverse()
    rules = lint(model)

    assert "shape-inference" not in rules
    assert rules["eps-dies-in-half"][0].severity == "error"


def test_a_tensor_made_twice_is_an_error(lint: Lint) -> None:
    model = sound()
    model.graph.node.add().CopyFrom(model.graph.node[1])
    rules = lint(model)

    assert rules["duplicate-tensor"][0].severity == "error"
    assert rules["duplicate-node-name"][0].where == "node bend"


def test_what_the_checker_refuses_is_an_error(lint: Lint) -> None:
    model = sound()
    model.graph.node[1].op_type = "Frobnicate"

    assert "Frobnicate" in lint(model)["onnx-checker"][0].what


def test_an_input_that_lies_about_its_shape_is_an_error(lint: Lint) -> None:
    model = sound()
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 5
    found = lint(model)["shape-inference"]

    assert found[0].severity == "error"
    assert "scale" in found[0].what


def test_an_output_that_lies_about_its_shape_is_an_error(lint: Lint) -> None:
    model = sound()
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 5
    rules = lint(model)

    assert rules["shape-lies"][0].where == "output y"
    assert "declared [B, 5], but its operators give [B, 4]" in rules["shape-lies"][0].what
    assert "shape-inference" not in rules


def test_a_tensor_that_lies_about_its_type_is_an_error(lint: Lint) -> None:
    model = sound()
    model.graph.value_info.append(helper.make_tensor_value_info("a", TensorProto.INT64, ["B", 4]))

    assert "declared INT64, but its operator gives FLOAT" in lint(model)["shape-lies"][0].what


def test_a_declaration_with_the_operators_own_shape_is_no_lie(lint: Lint) -> None:
    model = sound()
    model.graph.value_info.append(helper.make_tensor_value_info("a", TensorProto.FLOAT, ["N", 4]))

    assert lint(model) == {}


def test_a_weight_that_lies_about_its_size_is_an_error(lint: Lint) -> None:
    model = sound()
    model.graph.initializer[0].dims[0] = 1 << 40

    assert lint(model)["onnx-checker"][0].severity == "error"


@pytest.mark.parametrize(("opset", "found"), [(8, True), (9, False), (20, False), (21, True)])
def test_an_opset_that_tensorrt_10_3_does_not_read_is_a_warning(
    lint: Lint, opset: int, found: bool
) -> None:
    assert ("opset" in lint(SOUND, opset=opset)) is found


@pytest.mark.parametrize(("version", "found"), [(10, False), (11, True)])
def test_a_file_format_too_new_is_a_warning(lint: Lint, version: int, found: bool) -> None:
    assert ("ir-version" in lint(SOUND, ir_version=version)) is found


def test_an_operator_of_one_runtime_is_a_warning_once(lint: Lint) -> None:
    model = sound()
    for node in model.graph.node:
        node.domain = "com.microsoft"
        node.op_type = "FusedThing"
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))

    assert [one.severity for one in lint(model)["foreign-operator"]] == ["warning"]


def test_an_operator_that_the_file_defines_is_not_foreign(lint: Lint) -> None:
    model = sound()
    imports = [helper.make_opsetid("", 20)]
    body = [helper.make_node("Relu", ["p"], ["q"])]
    model.functions.append(helper.make_function("own", "Bend", ["p"], ["q"], body, imports))
    model.graph.node[1].domain, model.graph.node[1].op_type = "own", "Bend"
    model.opset_import.append(helper.make_opsetid("own", 1))

    assert lint(model) == {}


def test_a_file_near_two_gib_is_a_warning(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "MAX_BYTES", len(sound().SerializeToString()) + 10)

    assert "file-size" in lint(SOUND)


def outside(location: str, offset: int = 0, length: int = 16) -> Any:
    """The sound graph with its weight in another file."""
    model = sound()
    weight = model.graph.initializer[0]
    weight.CopyFrom(TensorProto(name="w", data_type=1, dims=[4], data_location=1))
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        weight.external_data.add(key=key, value=str(value))
    return model


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    path = tmp_path / "weights.bin"
    path.write_bytes(np.arange(4, dtype=np.float32).tobytes())
    return path


def test_weights_beside_the_file_are_read_and_warned_of(lint: Lint, beside: Path) -> None:
    rules = lint(outside(beside.name))

    assert list(rules) == ["external-data"]
    assert rules["external-data"][0].severity == "warning"


def test_weights_beside_the_file_are_looked_at(lint: Lint, beside: Path) -> None:
    beside.write_bytes(np.full(4, np.nan, np.float32).tobytes())

    assert "weight-not-finite" in lint(outside(beside.name))


@pytest.mark.parametrize(
    "location", ["/etc/passwd", "../secret", "a/../../secret", "link", "none.bin", "", ".", "a\0b"]
)
def test_nothing_outside_the_folder_is_read(lint: Lint, tmp_path: Path, location: str) -> None:
    secret = tmp_path.parent / "secret"
    secret.write_bytes(b"0" * 16)
    (tmp_path / "link").symlink_to(secret)
    found = lint(outside(location))["external-data"]

    assert [finding.severity for finding in found] == ["error"]
    assert found[0].where == "tensor w"


@pytest.mark.parametrize(("offset", "length"), [(0, 17), (8, 16), (-1, 4), (0, -1)])
def test_weights_beyond_the_end_of_their_file_are_an_error(
    lint: Lint, beside: Path, offset: int, length: int
) -> None:
    found = lint(outside(beside.name, offset, length))["external-data"]

    assert found[0].severity == "error"


def test_a_constant_in_another_file_is_found_by_what_it_makes(lint: Lint) -> None:
    model = sound()
    value = numpy_helper.from_array(np.ones(4, np.float32))
    value.ClearField("raw_data")
    value.data_location = TensorProto.EXTERNAL
    value.external_data.add(key="location", value="/etc/passwd")
    model.graph.node.insert(0, helper.make_node("Constant", [], ["c"], "c", value=value))
    model.graph.node[1].input[1] = "c"

    assert lint(model)["external-data"][0].where == "tensor c"


def test_without_its_weights_a_graph_is_not_handed_to_the_parser(save: Save) -> None:
    pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: pip install 'clnet[rtx]'")
    report = lint_file(save(outside("none.bin")))

    assert report.not_asked == ("tensorrt-rtx-parser: weights of the graph are missing",)
