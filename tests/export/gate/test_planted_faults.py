"""
The gate lets no wrong bundle through, and says what is wrong with it.

Each fault is planted in the files of a good bundle. It must be seen at the level that should
see it, and the node to blame must be the one in which it was planted.
"""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

for module in ("torch", "onnx", "onnxscript", "onnxslim", "onnxruntime", "scipy"):
    pytest.importorskip(module, reason=f"{module} is not installed: pip install 'clnet[export]'")

import onnx
from onnx import helper, numpy_helper

from clnet.export.gate.gate import run_gate
from clnet.export.gate.images import GateImages, held_out_images
from clnet.export.gate.parity_report import ParityReport
from clnet.export.gate.trusted_graphs import TrustedGraphs
from clnet.export.graph import export_branch
from clnet.export.uint8_input import with_uint8_input
from clnet.runtime import Preprocess
from clnet.runtime.preprocess import VIEWS
from clnet.training.checkpoint import load_checkpoint
from clnet.training.network import CLNet

pytestmark = pytest.mark.slow

FULL, HALF = "ground/model.fp32.onnx", "ground/model.fp16.onnx"
TILES = "satellite/model.fp32.onnx"


class Planted(NamedTuple):
    """What is known of a fault before the gate looks at it."""

    plant: Callable[[Path], None]
    levels: set[str]
    """That must name it."""

    graph: str | None = None
    """That it was planted in; None where no node is to blame."""

    node: Callable[[onnx.ModelProto], str] = lambda model: ""
    """Finds the node's name in the good graph."""


def edited(path: Path, change: Callable[[onnx.ModelProto], None]) -> None:
    model = onnx.load(path)
    change(model)
    onnx.save(model, path)


def in_each(
    folder: Path, graphs: tuple[str, ...], change: Callable[[onnx.ModelProto], None]
) -> None:
    for graph in graphs:
        edited(folder / graph, change)


def nodes(model: onnx.ModelProto, operator: str) -> list[onnx.NodeProto]:
    return [node for node in model.graph.node if node.op_type == operator]


def named(operator: str, index: int) -> Callable[[onnx.ModelProto], str]:
    return lambda model: nodes(model, operator)[index].name


def weight(
    operator: str, index: int, change: Callable[[np.ndarray], np.ndarray], *graphs: str
) -> Callable[[Path], None]:
    """Change the weight that the given node reads."""

    def in_model(model: onnx.ModelProto) -> None:
        held = {one.name: one for one in model.graph.initializer}
        name = next(n for n in nodes(model, operator)[index].input if n in held)
        changed = change(numpy_helper.to_array(held[name]))
        held[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(changed), name))

    return lambda folder: in_each(folder, graphs, in_model)


def attribute(operator: str, index: int, *graphs: str, **values: Any) -> Callable[[Path], None]:
    def in_model(model: onnx.ModelProto) -> None:
        node = nodes(model, operator)[index]
        kept = [one for one in node.attribute if one.name not in values]
        del node.attribute[:]
        node.attribute.extend(kept)
        node.attribute.extend(helper.make_attribute(*item) for item in values.items())

    return lambda folder: in_each(folder, graphs, in_model)


def detour_over_infinity(folder: Path) -> None:
    """Multiply by 60,000 twice and divide again: nothing in float, infinity in half."""

    def in_model(model: onnx.ModelProto) -> None:
        row = next(r for r, node in enumerate(model.graph.node) if node.op_type == "Gelu")
        writer = model.graph.node[row]
        steps = ["raw", "large", "larger", "less", writer.output[0]]
        writer.output[0] = "raw"
        factor = numpy_helper.from_array(np.array(60_000, np.float16))
        detour = [helper.make_node("Constant", [], ["factor"], value=factor)]
        for operator, read, written in zip(
            ("Mul", "Mul", "Div", "Div"), steps[:-1], steps[1:], strict=True
        ):
            detour.append(helper.make_node(operator, [read, "factor"], [written]))
        for place, node in enumerate(detour):
            model.graph.node.insert(row + 1 + place, node)

    edited(folder / HALF, in_model)


def preprocess(view: str, **changes: Any) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        path = folder / view / "preprocess.json"
        Preprocess.read(path).model_copy(update=changes).write(path)

    return plant


def scaled(values: np.ndarray) -> np.ndarray:
    return values * values.dtype.type(1.01)


def reversed_inputs(values: np.ndarray) -> np.ndarray:
    return values[:, ::-1]


def with_nan(values: np.ndarray) -> np.ndarray:
    changed = values.copy()
    changed.flat[7] = np.nan
    return changed


def coarse(values: np.ndarray) -> np.ndarray:
    """Five bits, as a quantiser that nobody calibrated leaves them."""
    step = np.abs(values).max() / 16
    return (np.round(values / step) * step).astype(values.dtype)


INSIDE = {"weights", "tensor level"}
FAULTS = {
    "rgb-for-bgr": Planted(
        weight("Conv", 0, reversed_inputs, FULL, HALF),
        {"embedding level", *INSIDE},
        FULL,
        named("Conv", 0),
    ),
    "mlp-scaled": Planted(
        weight("Conv", -2, scaled, FULL, HALF),
        {"embedding level", *INSIDE},
        FULL,
        named("Conv", -2),
    ),
    "mlp-scaled-in-full-alone": Planted(
        weight("Conv", -2, scaled, FULL), {"embedding level", *INSIDE}, FULL, named("Conv", -2)
    ),
    "mlp-scaled-in-half-alone": Planted(
        weight("Conv", -2, scaled, HALF), {"weights"}, HALF, named("Conv", -2)
    ),
    "quantised": Planted(weight("Conv", 2, coarse, FULL, HALF), INSIDE, FULL, named("Conv", 2)),
    "nan-in-a-weight": Planted(
        weight("Conv", 1, with_nan, FULL), {"embedding level", *INSIDE}, FULL, named("Conv", 1)
    ),
    "dead-stem": Planted(
        weight("Conv", 0, np.zeros_like, FULL, HALF),
        {"embedding level", *INSIDE},  # a collapse is refused before anything is ranked
        FULL,
        named("Conv", 0),
    ),
    "stale-map": Planted(
        weight("Mul", -3, reversed_inputs, TILES),
        {"embedding level", *INSIDE},
        TILES,
        named("Mul", -3),
    ),
    "eps-of-another-framework": Planted(
        attribute("LayerNormalization", 2, FULL, epsilon=1e-1),
        {"embedding level", "tensor level"},
        FULL,
        named("LayerNormalization", 2),
    ),
    "overflow-in-half": Planted(
        detour_over_infinity, {"embedding level", "tensor level"}, HALF, named("Gelu", 0)
    ),
    "wrong-mean": Planted(preprocess("satellite", mean=(0.5, 0.5, 0.5)), {"embedding level"}),
    "wrong-std": Planted(preprocess("ground", std=(0.5, 0.5, 0.5)), {"embedding level"}),
}


@pytest.fixture(scope="module")
def network(run: Path) -> CLNet:
    return load_checkpoint(run).network


@pytest.fixture(scope="module")
def trusted(network: CLNet) -> TrustedGraphs:
    return TrustedGraphs({view: export_branch(network, view) for view in VIEWS})


@pytest.fixture(scope="module")
def images(town: Path) -> GateImages:
    return held_out_images(town, "cvusa")


Gate = Callable[[Callable[[Path], None]], ParityReport]


@pytest.fixture(scope="module")
def gate(
    bundle: Path,
    network: CLNet,
    trusted: TrustedGraphs,
    images: GateImages,
    tmp_path_factory: pytest.TempPathFactory,
) -> Gate:
    """Plant a fault in a copy of the bundle and run the gate on it, once a fault."""

    @cache
    def planted(plant: Callable[[Path], None]) -> ParityReport:
        copy = tmp_path_factory.mktemp("planted") / "bundle"
        shutil.copytree(bundle, copy)
        plant(copy)
        return run_gate(network, copy, ("fp32", "fp16"), images, trusted=trusted)

    return planted


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_at_its_levels(fault: Planted, gate: Gate) -> None:
    report = gate(fault.plant)

    levels = {sentence.split(":")[0] for sentence in report.faults}
    assert fault.levels <= levels, report.faults


@pytest.mark.parametrize(
    "fault", [pytest.param(one, id=name) for name, one in FAULTS.items() if one.graph]
)
def test_the_node_to_blame_is_the_planted_one(fault: Planted, gate: Gate, bundle: Path) -> None:
    assert fault.graph is not None
    report = gate(fault.plant)

    first = report.blame[0]
    assert (first.graph, first.node) == (fault.graph, fault.node(onnx.load(bundle / fault.graph)))
    assert first.sentence in report.faults


@pytest.mark.parametrize(
    "fault", [pytest.param(one, id=name) for name, one in FAULTS.items() if not one.graph]
)
def test_a_fault_outside_the_graphs_blames_no_node_and_says_where_to_look(
    fault: Planted, gate: Gate
) -> None:
    report = gate(fault.plant)

    assert report.blame == ()
    assert any("every node agrees with a fresh export" in one for one in report.faults)


def test_a_fault_in_one_graph_blames_no_other(gate: Gate) -> None:
    report = gate(FAULTS["mlp-scaled-in-full-alone"].plant)

    assert {one.graph for one in report.blame} == {FULL}


def test_an_overflow_is_recorded_as_infinite_and_read_back(gate: Gate, tmp_path: Path) -> None:
    report = gate(detour_over_infinity)
    report.write(tmp_path / "parity.json")

    assert ParityReport.read(tmp_path / "parity.json") == report
    assert report.blame[0].error_out == float("inf")
    assert report.blame[0].error_in < 0.01


def test_without_a_fault_nothing_is_blamed(gate: Gate) -> None:
    report = gate(lambda folder: None)

    assert report.faults == ()
    assert report.blame == ()
    assert all(one.compared == one.of for one in report.tensors)
    assert all(one.worst[0].relative_error < 1e-6 for one in report.tensors[:2])


def as_pixels(folder: Path) -> None:
    for view in VIEWS:
        preprocess = Preprocess.read(folder / view / "preprocess.json")
        for graph in (folder / view).glob("*.onnx"):
            onnx.save(with_uint8_input(onnx.load(graph), preprocess), graph)


def test_graphs_that_take_pixels_are_compared_tensor_by_tensor_too(gate: Gate) -> None:
    report = gate(as_pixels)

    assert report.faults == ()
    assert all(one.compared == one.of for one in report.tensors)
    assert all(one.worst[0].relative_error < 1e-4 for one in report.tensors[:2])


def test_a_fault_in_graphs_that_take_pixels_is_blamed_on_its_node(gate: Gate, bundle: Path) -> None:
    fault = FAULTS["eps-of-another-framework"]

    def plant(folder: Path) -> None:
        fault.plant(folder)
        as_pixels(folder)

    report = gate(plant)

    assert report.blame[0].node == fault.node(onnx.load(bundle / FULL))


def test_a_wrong_graph_of_another_exporter_is_no_crash(gate: Gate) -> None:
    def foreign(folder: Path) -> None:
        def in_model(model: onnx.ModelProto) -> None:
            kept = {model.graph.input[0].name, model.graph.output[0].name}
            for node in model.graph.node:
                for names in (node.input, node.output):
                    names[:] = [n if n in kept else f"other/{n}" for n in names]
            for one in model.graph.initializer:
                one.name = f"other/{one.name}"

        FAULTS["rgb-for-bgr"].plant(folder)
        edited(folder / FULL, in_model)

    report = gate(foreign)

    assert not any(one.graph == FULL for one in report.blame)
    assert any(f"{FULL}: its tensors have other names" in one for one in report.faults)


def test_one_percent_on_one_weight_is_more_than_a_cosine_sees(gate: Gate) -> None:
    report = gate(FAULTS["mlp-scaled"].plant)

    assert not any("cosine" in fault for fault in report.faults)
