"""OpenVINO says nothing when it runs something else, and reports its own import: neither here."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openvino", reason="pip install '.[openvino]'")

from clnet.runtime import openvino_core
from clnet.runtime.cores import usable_cores
from clnet.runtime.errors import ArtifactError, BackendUnavailable, ExtraMissing
from clnet.runtime.openvino_core import (
    compile_for_cpu,
    has_bf16,
    open_core,
    product_precisions,
    read_graph,
)

Write = Callable[..., Path]

OFFLINE = """
import json, socket, subprocess, sys
def refuse(*arguments, **options):
    raise AssertionError("nothing here needs a network or another process")
socket.socket.connect = socket.getaddrinfo = subprocess.Popen = refuse
from pathlib import Path
from clnet.runtime.openvino_core import compile_for_cpu, open_core, read_graph
core = open_core()
compile_for_cpu(core, read_graph(Path(sys.argv[1])), "fp32", threads=1)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture
def core() -> Any:
    return open_core()


@pytest.fixture
def bf16_core(core: Any) -> Any:
    if not has_bf16(core):
        pytest.skip("this processor has no bf16 products")
    return core


class Disobedient:
    """OpenVINO where it does not follow its hint."""

    def __init__(self, core: Any, runs: str) -> None:
        self.core, self.runs = core, runs

    def get_property(self, *names: str) -> Any:
        return self.core.get_property(*names)

    def compile_model(self, model: Any, device: str, properties: dict[str, Any]) -> Any:
        hint = {"INFERENCE_PRECISION_HINT": self.runs}
        return self.core.compile_model(model, device, {**properties, **hint})


def test_products_run_in_fp32_where_it_is_asked_for(
    core: Any, tmp_path: Path, write_branch: Write
) -> None:
    model = read_graph(write_branch(tmp_path / "branch.onnx"))

    assert product_precisions(compile_for_cpu(core, model, "fp32")) == Counter({"f32": 1})


def test_products_run_in_bf16_where_it_is_asked_for(
    bf16_core: Any, tmp_path: Path, write_branch: Write
) -> None:
    model = read_graph(write_branch(tmp_path / "branch.onnx"))

    assert product_precisions(compile_for_cpu(bf16_core, model, "bf16")) == Counter({"bf16": 1})


def test_bf16_is_refused_where_the_processor_has_none(
    core: Any, tmp_path: Path, write_branch: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_core, "has_bf16", lambda core: False)
    model = read_graph(write_branch(tmp_path / "branch.onnx"))

    with pytest.raises(BackendUnavailable, match=r"no bf16 products.*take --precision fp32"):
        compile_for_cpu(core, model, "bf16")


@pytest.mark.parametrize(("asked", "runs"), [("bf16", "f32"), ("fp32", "bf16")])
def test_a_model_that_runs_in_another_precision_than_asked_for_is_refused(
    bf16_core: Any, tmp_path: Path, write_branch: Write, asked: Any, runs: str
) -> None:
    model = read_graph(write_branch(tmp_path / "branch.onnx"))

    with pytest.raises(BackendUnavailable, match=f"OpenVINO compiled 1 in {runs}; take the back"):
        compile_for_cpu(Disobedient(bf16_core, runs), model, asked)


def test_bf16_of_a_model_without_a_product_is_refused(bf16_core: Any) -> None:
    from openvino import Model, Type, opset13

    given = opset13.parameter([-1, 4], Type.f32)

    with pytest.raises(BackendUnavailable, match="OpenVINO compiled none"):
        compile_for_cpu(bf16_core, Model([opset13.relu(given)], [given]), "bf16")


@pytest.mark.parametrize("threads", [1, 2])
def test_a_model_is_compiled_for_the_threads_that_it_was_given(
    core: Any, tmp_path: Path, write_branch: Write, threads: int
) -> None:
    if usable_cores() < threads:
        pytest.skip(f"needs {threads} cores")
    model = read_graph(write_branch(tmp_path / "branch.onnx"))

    compiled = compile_for_cpu(core, model, "fp32", threads=threads)

    assert compiled.get_property("INFERENCE_NUM_THREADS") == threads


def test_reading_and_compiling_send_nothing_and_leave_nothing(
    tmp_path: Path, write_branch: Write
) -> None:
    """OpenVINO's telemetry, whose package comes with it, starts a process and writes at home."""
    branch = write_branch(tmp_path / "branch.onnx")
    home = tmp_path / "home"
    home.mkdir()

    modules = json.loads(run_code(OFFLINE, branch, HOME=str(home)))

    assert "openvino" in modules
    assert "openvino_telemetry" not in modules
    assert sorted(tmp_path.rglob("*")) == [branch, home]


@pytest.mark.parametrize("data", [None, b"not a graph", b"\x80" * 100])
def test_a_missing_or_foreign_file_is_named(
    core: Any, tmp_path: Path, data: bytes | None, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "torn.onnx"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(ArtifactError, match=r"torn\.onnx: OpenVINO cannot load it: "):
        read_graph(path)
    assert capfd.readouterr().err == ""


def test_without_openvino_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)

    with pytest.raises(ExtraMissing, match=r"pip install '\.\[openvino\]'"):
        open_core()


def run_code(code: str, *arguments: str | Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={"PYTHONPATH": ":".join(sys.path), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
