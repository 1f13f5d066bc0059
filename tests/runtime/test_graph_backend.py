"""What backends that run a graph on the CPU share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clnet.runtime.backend import Backend
from clnet.runtime.errors import ArtifactError
from clnet.runtime.extras import is_installed
from clnet.runtime.onnxruntime_backend import OnnxRuntimeBackend
from clnet.runtime.openvino_backend import OpenVinoBackend
from clnet.runtime.preprocess import Preprocess

GROUND = Preprocess(view="ground", height=16, width=32)

Write = Callable[..., Path]


@pytest.fixture(params=["onnxruntime", "openvino"])
def backend(request: pytest.FixtureRequest) -> Callable[[Path, Preprocess], Backend]:
    if not is_installed(request.param):
        pytest.skip(f"{request.param} is not installed: clnet[cpu] or clnet[openvino]")
    return {"onnxruntime": OnnxRuntimeBackend, "openvino": OpenVinoBackend}[request.param]


@pytest.mark.parametrize(
    ("preprocess", "arguments", "message"),
    [
        (
            Preprocess(view="ground", height=32, width=16),
            {},
            r"expected input images float32 \[B, 3, 32, 16\]",
        ),
        (GROUND, {"batch": 4}, r"expected a free batch size, got \[4, 3, 16, 32\]"),
        (GROUND, {"output": "features"}, "expected output embeddings float32"),
    ],
)
def test_a_graph_that_does_not_fit_is_refused(
    backend: Callable[[Path, Preprocess], Backend],
    tmp_path: Path,
    write_branch: Write,
    preprocess: Preprocess,
    arguments: dict[str, object],
    message: str,
) -> None:
    path = write_branch(tmp_path / "branch.onnx", **arguments)

    with pytest.raises(ArtifactError, match=message):
        backend(path, preprocess)
