"""The whole of `clnet-bench matching`, on a gallery of a few hundred rows."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("onnx", reason="the graph is written with onnx: clnet[export]")
pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graph")

from clnet.benchmarks.cli import bench
from clnet.benchmarks.matching import kernels, timing
from clnet.benchmarks.matching.matching import measure_matching
from clnet.benchmarks.matching.reference import reference_top_k
from clnet.benchmarks.matching.rows import MatchingReport
from clnet.benchmarks.records.lines import read_lines
from clnet.benchmarks.records.matching_result import MatchingResult
from clnet.runtime import extras
from clnet.runtime.extras import is_installed

SIZES: dict[str, Any] = {
    "queries": 9,
    "galleries": (300,),
    "dim": 16,
    "ks": (4,),
    "rounds": 2,
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One kernel, and little time to repeat short runs."""
    monkeypatch.setattr(kernels, "kernels_to_try", lambda: ("unset",))
    monkeypatch.setattr(timing, "BUDGET_S", 2.0)


def hide(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    def found(name: str) -> object:
        return None if name in modules else find_spec(name)

    monkeypatch.setattr(extras, "find_spec", found)


@pytest.mark.slow
def test_every_search_finds_the_references_rows(tmp_path: Path) -> None:
    pytest.importorskip("faiss", reason="clnet[bench] brings faiss")
    sizes = ["--queries=9", "--gallery=300", "--dim=16", "--k=4", "--rounds=2"]
    path = tmp_path / "rows.jsonl"

    result = CliRunner().invoke(bench, ["matching", *sizes, "--json", str(path)])

    assert result.exit_code == 0, result.output
    rows = {row.method: row for row in read_lines(path, MatchingResult)}
    own = [name for name in rows if name.startswith("clnet")]
    assert list(rows) == [*own, "faiss_flat", "product_blocks", "product_whole", "read"]
    assert own[: 1 + is_installed("openvino")] == ["clnet", "clnet_openvino"][: len(own)]
    same = [row.identical_to_reference for row in rows.values()]
    assert same == [True] * (len(own) + 1) + [None] * 3
    kernels_used = [row.blas_coretype for row in rows.values()]
    assert kernels_used == ["not used"] * len(own) + ["unset"] * 3 + ["not used"]
    assert rows["faiss_flat"].ratio_to_faiss_flat == 1.0
    assert 1.0 in (rows["product_blocks"].ratio_to_product, rows["product_whole"].ratio_to_product)
    assert all(row.gflops > 0 for row in rows.values() if row != rows["read"])
    assert all(row.rounds == 2 for row in rows.values())
    assert rows["clnet"].samples > 2
    assert all((row.peak_above_inputs_mib or 0) > 10 for row in rows.values())
    assert "9 queries x 300 rows x 16-d, random vectors" in result.stdout


def test_one_wrong_id_and_a_missing_faiss_are_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(*arguments: np.ndarray, **more: int) -> np.ndarray:  # type: ignore[type-arg]
        rows = reference_top_k(*arguments, **more)
        rows[3, [0, 1]] = rows[3, [1, 0]]
        return rows

    monkeypatch.setattr(timing, "reference_top_k", planted)
    hide(monkeypatch, "faiss", "openvino")

    report: MatchingReport = measure_matching(**SIZES)

    assert [row.method for row in report.rows] == [
        "clnet", "product_blocks", "product_whole", "read",
    ]  # fmt: skip
    assert report.rows[0].identical_to_reference is False
    assert report.rows[0].ratio_to_faiss_flat is None
    assert "pip install '.[openvino]'" in report.notes[0]
    assert "pip install '.[bench]'" in report.notes[1]


def test_one_query_is_compared_with_reading_the_gallery(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "faiss", "openvino")

    report = measure_matching(**{**SIZES, "queries": 1}, data="tied")

    rows = {row.method: row for row in report.rows}
    assert rows["clnet"].identical_to_reference is True
    assert rows["clnet"].ratio_to_read is not None
    assert rows["clnet"].data == "tied"
    assert rows["read"].ratio_to_read == 1.0
    assert rows["read"].gflops == 0


@pytest.mark.slow
def test_every_gallery_is_searched_for_every_k(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "faiss", "openvino")

    report = measure_matching(**{**SIZES, "galleries": (50, 300, 50), "ks": (7, 1)})

    found = [(row.gallery, row.k) for row in report.rows if row.method == "clnet"]
    assert found == [(50, 7), (50, 1), (300, 7), (300, 1)]
    assert all(row.identical_to_reference for row in report.rows if row.method == "clnet")
    reads = [row.samples_ms for row in report.rows if row.method == "read"]
    assert reads[0] == reads[1]
    assert reads[1] != reads[2]


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "onnx")

    result = CliRunner().invoke(bench, ["matching"])

    assert result.exit_code == 2
    assert result.output == "error: onnx is not installed: pip install '.[bench]'\n"


def test_k_above_the_smallest_gallery_is_one_line_and_status_2() -> None:
    sizes = ["--gallery", "9", "--gallery", "5", "--k", "2", "--k", "6"]

    result = CliRunner().invoke(bench, ["matching", *sizes])

    assert result.exit_code == 2
    assert result.output == "error: k must be at most 5, the size of the gallery; got 6\n"


def test_vectors_beyond_the_memory_are_refused_before_any_process_starts() -> None:
    result = CliRunner().invoke(bench, ["matching", "--gallery", str(10**11)])

    assert result.exit_code == 2
    assert "rows x 1024-d take " in result.output
    assert "take fewer queries, or a smaller --gallery" in result.output
