"""OpenVINO's scans: what they run in is proved when they are loaded."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("onnx", reason="the graph is written with onnx: clnet[export]")
pytest.importorskip("openvino", reason="clnet[openvino]")

from clnet.export.matcher_graph import write_matcher
from clnet.runtime import openvino_core
from clnet.runtime.backends import open_matcher
from clnet.runtime.bundle import Bundle
from clnet.runtime.errors import ArtifactError, BackendUnavailable, ConfigError
from clnet.runtime.openvino_core import compile_for_cpu, has_bf16, open_core, read_graph
from clnet.runtime.scanning import openvino_scanner
from clnet.runtime.scanning.candidates import exact_scores
from clnet.runtime.scanning.openvino_scanner import (
    OpenVinoScanner,
    open_scanners,
    result_precisions,
)
from clnet.runtime.scanning.rounding import ScanPrecision

Floats = NDArray[np.float32]
Rows = Callable[..., Floats]
DIM = 64

bf16_only = pytest.mark.skipif(not has_bf16(open_core()), reason="this processor has no bf16")
BOTH = pytest.mark.parametrize("precision", ["fp32", pytest.param("bf16", marks=bf16_only)])


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("matcher") / "matcher.onnx"
    write_matcher(path, DIM)
    return path


@BOTH
@pytest.mark.parametrize("queries", [1, 5, 40])
def test_every_scanned_score_is_within_the_bound(
    graph: Path, unit_rows: Rows, precision: ScanPrecision, queries: int
) -> None:
    scanner = OpenVinoScanner(graph, precision=precision, threads=1)
    asked, gallery = unit_rows(queries, dim=DIM), unit_rows(300, dim=DIM, seed=1)

    scan = scanner.run(asked, gallery, 300)

    exact = exact_scores(asked, gallery, np.repeat(np.arange(queries), 300), scan.rows.ravel())
    off = np.abs(scan.scores - exact.reshape(queries, 300)).max(axis=1)
    assert (off <= scanner.rounding.bound(asked)).all()
    assert scan.probe == pytest.approx(scan.scores[0].sum(), abs=1e-4)


@bf16_only
def test_scores_of_a_bf16_product_are_no_bf16_numbers(graph: Path, unit_rows: Rows) -> None:
    scanner = OpenVinoScanner(graph, precision="bf16", threads=1)

    scores = scanner.run(unit_rows(9, dim=DIM), unit_rows(30, dim=DIM, seed=1), 30).scores

    assert (scores.copy().view(np.uint32) & 0xFFFF).any()


@bf16_only
def test_the_whole_graph_would_round_its_scores_which_is_why_it_is_cut(graph: Path) -> None:
    core = open_core()

    whole = compile_for_cpu(core, read_graph(graph), "bf16", threads=1)

    assert result_precisions(whole) == {"bf16"}


@bf16_only
def test_a_product_that_rounds_its_scores_is_refused(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_scanner, "result_precisions", lambda compiled: {"bf16"})

    with pytest.raises(BackendUnavailable, match="results of the openvino bf16 product in f32"):
        OpenVinoScanner(graph, precision="bf16", threads=1)


@BOTH
def test_a_product_that_errs_by_more_than_its_bound_is_refused(
    graph: Path, monkeypatch: pytest.MonkeyPatch, precision: ScanPrecision
) -> None:
    right = OpenVinoScanner._multiply

    class Off:
        def __init__(self, scores: Floats) -> None:
            self.data = scores * np.float32(1.01)

    def wrong(self: OpenVinoScanner, queries: Floats, chunk: Floats) -> Off:
        return Off(right(self, queries, chunk).data)

    monkeypatch.setattr(OpenVinoScanner, "_multiply", wrong)

    with pytest.raises(BackendUnavailable, match=rf"{precision} product errs by .* times the bou"):
        OpenVinoScanner(graph, precision=precision, threads=1)


def test_without_bf16_auto_scans_in_fp32_and_says_so(
    tiny_bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_core, "has_bf16", lambda core: False)

    with open_matcher(tiny_bundle, "openvino", threads=1) as matcher:
        assert matcher.scan == "fp32"


def test_without_bf16_a_scan_in_it_is_refused(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino_core, "has_bf16", lambda core: False)

    with pytest.raises(BackendUnavailable, match="this processor has no bf16"):
        open_scanners(graph, "bf16")


@bf16_only
def test_with_bf16_auto_scans_in_it(tiny_bundle: Bundle) -> None:
    with open_matcher(tiny_bundle, "openvino", threads=1) as matcher:
        assert matcher.scan == "bf16"


def test_other_backends_have_no_bf16_scan(tiny_bundle: Bundle) -> None:
    with pytest.raises(ConfigError, match="onnxruntime scans a gallery in fp32 alone"):
        open_matcher(tiny_bundle, "onnxruntime", scan="bf16")


def test_another_graph_is_no_matcher(write_branch: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="is no matcher: expected queries, gallery, k"):
        OpenVinoScanner(write_branch(tmp_path / "branch.onnx"))
