"""A graph that cannot be used: one error that names file, node and remedy; nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clnet.engines import build_engine
from clnet.runtime.errors import ArtifactError

pytestmark = pytest.mark.usefixtures("rtx")


def refuse(onnx: Path, folder: Path) -> str:
    with pytest.raises(ArtifactError) as caught:
        build_engine(onnx, folder, part="ground", precision="fp16", flavour="tensorrt-rtx")
    assert not folder.exists() or list(folder.iterdir()) == []
    return str(caught.value)


@pytest.mark.parametrize(
    "kept",
    [0.5, pytest.param(0.0, marks=pytest.mark.slow), pytest.param(0.99, marks=pytest.mark.slow)],
)
def test_a_truncated_graph_is_refused(half_graph: Path, tmp_path: Path, kept: float) -> None:
    content = half_graph.read_bytes()
    path = tmp_path / "short.onnx"
    path.write_bytes(content[: int(kept * len(content))])

    message = refuse(path, tmp_path / "engines")

    assert message.startswith(str(path))
    assert message.endswith("export it again")


def test_a_missing_graph_is_refused(tmp_path: Path) -> None:
    assert refuse(tmp_path / "none.onnx", tmp_path / "engines").startswith("cannot read")


def _claim_four_channels(model: Any) -> None:
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 4


def _claim_a_larger_weight(model: Any) -> None:
    _weight(model, "up").dims[0] = 1 << 40


def _take_weights_from_elsewhere(model: Any) -> None:
    weight = _weight(model, "stem")
    weight.ClearField("raw_data")
    weight.data_location = 1
    entry = weight.external_data.add()
    entry.key, entry.value = "location", "../../../../etc/passwd"


def _use_an_unknown_operator(model: Any) -> None:
    next(node for node in model.graph.node if node.name == "gelu").op_type = "Frobnicate"


def _weight(model: Any, name: str) -> Any:
    return next(weight for weight in model.graph.initializer if weight.name == name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        pytest.param(_claim_four_channels, "node stem (Conv)", id="input-lies"),
        pytest.param(_claim_a_larger_weight, "weight up", id="weight-lies"),
        pytest.param(_take_weights_from_elsewhere, "weight stem", id="weights-elsewhere"),
        pytest.param(_use_an_unknown_operator, "node gelu (Frobnicate)", id="unknown-operator"),
    ],
)
def test_the_parsers_finding_names_the_culprit(
    make_graph: Callable[..., Path],
    tmp_path: Path,
    break_it: Callable[[Any], None],
    expected: str,
) -> None:
    assert expected in refuse(make_graph(break_it=break_it), tmp_path / "engines")


@pytest.mark.slow
def test_a_dynamic_height_is_refused(make_graph: Callable[..., Path], tmp_path: Path) -> None:
    message = refuse(make_graph(size=("height", 64)), tmp_path / "engines")

    assert "only the batch may be dynamic, got [-1, 3, -1, 64]" in message
