"""The runner's calls against the installed TensorRT-RTX, as far as it goes without a driver."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clnet.runtime.engine import execution, loaded, validity
from clnet.runtime.engine.gpu import compute_capability
from clnet.runtime.engine.loaded import LoadedEngine
from clnet.runtime.errors import BackendUnavailable, DeviceFailed

trt: Any = pytest.importorskip("tensorrt_rtx", reason="needs TensorRT-RTX: clnet[rtx]")

OWNERS = {
    "module": trt,
    "engine": trt.ICudaEngine,
    "_runtime": trt.Runtime,
    "runtime": trt.Runtime,
    "_context": trt.IExecutionContext,
    "options": trt.IRuntimeConfig,
    "inspector": trt.EngineInspector,
}
"""What a variable or attribute of that name holds in the files below."""

FILES = [Path(str(module.__file__)) for module in (execution, loaded, validity)]


def calls(path: Path) -> set[tuple[str, str]]:
    """(owner, member) of every access to something of TensorRT's, `self` left out."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = getattr(owner, "attr", getattr(owner, "id", ""))
            if name in OWNERS:
                found.add((name, node.attr))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_name_that_the_runner_uses_exists_in_the_installed_rtx(path: Path) -> None:
    used = calls(path)

    assert used
    assert [(owner, name) for owner, name in used if not hasattr(OWNERS[owner], name)] == []


def test_a_real_engine_is_handed_over_mapped_and_rtx_says_what_is_missing(
    write_branch: Callable[..., Path], tmp_path: Path
) -> None:
    try:
        compute_capability()
        pytest.skip("a GPU is here: the engine would load")
    except BackendUnavailable:
        pass
    from clnet.engines.builder import build_engine

    graph = write_branch(tmp_path / "branch.onnx")
    record = build_engine(graph, tmp_path, part="ground", precision="fp32", flavour="tensorrt-rtx")

    with pytest.raises(DeviceFailed, match=r"loading .*\.engine failed: TensorRT: .*cudaError 35"):
        LoadedEngine(tmp_path / f"{record.key}.engine", "tensorrt-rtx")


def test_bytes_that_are_no_engine_are_refused_by_the_real_rtx(tmp_path: Path) -> None:
    (tmp_path / "torn.engine").write_bytes(b"no engine" * 100)

    with pytest.raises(DeviceFailed, match=r"loading .*torn\.engine failed: TensorRT: "):
        LoadedEngine(tmp_path / "torn.engine", "tensorrt-rtx")
