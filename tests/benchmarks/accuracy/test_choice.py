"""What is named must run; what is tried is measured as far as it runs."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from clnet.benchmarks.accuracy import choice
from clnet.benchmarks.accuracy.choice import choose
from clnet.benchmarks.latency.rows import Method
from clnet.runtime.bundle import Bundle, FileRecord
from clnet.runtime.errors import BackendUnavailable

HALF = FileRecord(sha256="a" * 64, size_bytes=1)


@pytest.fixture
def bundle(toy_bundle: Path) -> Bundle:
    """Says that it holds fp16 graphs, too."""
    opened = Bundle.open(toy_bundle)
    files = {**opened.manifest.files, "ground/model.fp16.onnx": HALF}
    return Bundle(toy_bundle, opened.manifest.model_copy(update={"files": files}))


@pytest.fixture(autouse=True)
def only_some_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """No GPU, and no bf16."""

    def opened(bundle: Bundle, view: str, method: Method) -> Any:
        del bundle, view
        if method.precision == "bf16":
            raise BackendUnavailable("no bf16 here")
        if method.backend not in ("onnxruntime", "openvino"):
            raise BackendUnavailable("no GPU here")
        return nullcontext()

    monkeypatch.setattr(choice, "open_method", opened)


def names(methods: tuple[Method, ...]) -> list[str]:
    return [method.name for method in methods]


def test_by_default_onnx_runtime_runs_every_graph(bundle: Bundle) -> None:
    methods, notes = choose(bundle, (), None, all_backends=False)

    assert names(methods) == ["onnxruntime fp32", "onnxruntime fp16"]
    assert notes == ()


def test_a_named_backend_runs_in_what_it_can_and_says_in_what_it_cannot(bundle: Bundle) -> None:
    methods, notes = choose(bundle, ("openvino", "openvino"), None, all_backends=False)

    assert names(methods) == ["openvino fp32"]
    assert notes == ("not measured: openvino bf16: no bf16 here",)


@pytest.mark.parametrize(
    ("backends", "precision"),
    [(("onnxruntime", "tensorrt"), None), (("openvino",), "bf16")],
)
def test_a_named_backend_that_cannot_run_ends_it(
    bundle: Bundle, backends: Any, precision: Any
) -> None:
    with pytest.raises(BackendUnavailable, match=r"^no (GPU|bf16) here$"):
        choose(bundle, backends, precision, all_backends=False)


def test_all_backends_leave_out_what_cannot_run_and_say_a_reason_once(bundle: Bundle) -> None:
    methods, notes = choose(bundle, (), None, all_backends=True)

    assert names(methods) == ["onnxruntime fp32", "onnxruntime fp16", "openvino fp32"]
    assert notes == (
        "not measured: onnxruntime-cuda fp32, fp16: no GPU here",
        "not measured: onnxruntime-tensorrt fp32, fp16: no GPU here",
        "not measured: openvino bf16: no bf16 here",
        "not measured: tensorrt fp32, fp16: no GPU here",
    )


def test_a_precision_asked_of_all_is_asked_of_those_that_have_it(bundle: Bundle) -> None:
    methods, _ = choose(bundle, (), "fp16", all_backends=True)

    assert names(methods) == ["onnxruntime fp16"]


def test_where_nothing_runs_every_reason_is_given(bundle: Bundle) -> None:
    with pytest.raises(BackendUnavailable, match=r"no backend can run here: .*no bf16 here"):
        choose(bundle, (), "bf16", all_backends=True)
