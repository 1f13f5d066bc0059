"""The matcher is held to its definition: float64 scores, best first, ties in gallery order."""

import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from definition import defined_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from simulated_engines import simulated_scanner

pytest.importorskip("onnx", reason="the graph is written with onnx: clnet[export]")
pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graph")

from clnet.export.matcher_graph import write_matcher
from clnet.runtime.errors import (
    ArtifactError,
    DataError,
    EmbeddingError,
    ShapeError,
)
from clnet.runtime.extras import is_installed
from clnet.runtime.matcher import Matcher
from clnet.runtime.onnxruntime_backend import CPU
from clnet.runtime.onnxruntime_binding import BoundScanner
from clnet.runtime.openvino_core import has_bf16, open_core
from clnet.runtime.scanning.candidates import exact_scores
from clnet.runtime.scanning.onnxruntime_scanner import OnnxRuntimeScanner
from clnet.runtime.scanning.openvino_scanner import OpenVinoScanner, open_scanners
from clnet.runtime.scanning.rounding import FP32

Floats = NDArray[np.float32]
Rows = Callable[..., Floats]
DIM = 16

CHUNKED = (OnnxRuntimeScanner, OpenVinoScanner, BoundScanner)
"""Scanners that choose how many rows one run takes."""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("matcher") / "matcher.onnx"
    write_matcher(path, DIM)
    return path


MATCHERS: dict[str, Callable[[Path], Matcher]] = {
    "onnxruntime": lambda graph: Matcher(OnnxRuntimeScanner(graph, threads=1)),
    "onnxruntime bound": lambda graph: Matcher(BoundScanner(graph, provider=CPU, where="cpu")),
    "openvino fp32": lambda graph: Matcher(*open_scanners(graph, "fp32", 1)),
    "openvino bf16": lambda graph: Matcher(*open_scanners(graph, "bf16", 1)),
    "tensorrt (simulated)": lambda graph: Matcher(simulated_scanner(graph)),
}


@pytest.fixture(scope="module", params=MATCHERS)
def matcher(request: pytest.FixtureRequest, graph: Path) -> Iterator[Matcher]:
    if "openvino" in request.param and not is_installed("openvino"):
        pytest.skip("openvino is not installed: clnet[openvino]")
    if "bf16" in request.param and not has_bf16(open_core()):
        pytest.skip("this processor has no bf16")
    with MATCHERS[request.param](graph) as found:
        yield found


@pytest.fixture(params=[7, 64, 8192])
def chunk_rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks of these sizes; an engine has its own."""
    for scanner in CHUNKED:
        monkeypatch.setattr(scanner, "gallery_rows", request.param)
        monkeypatch.setattr(scanner, "query_rows", 9)
    return int(request.param)


def nearly_tied(seed: int, rows: int) -> Floats:
    """Few directions, moved by less than FP32 can tell apart, many of them equal."""
    random = np.random.default_rng(seed)
    base = random.standard_normal((3, DIM))
    noisy = base[random.integers(0, 3, rows)] + 1e-8 * random.integers(0, 3, (rows, DIM))
    return np.asarray(noisy / np.linalg.norm(noisy, axis=1, keepdims=True), np.float32)


@pytest.mark.usefixtures("chunk_rows")
@pytest.mark.parametrize("k", [1, 10, 200])
def test_the_best_rows_are_found_in_any_chunking(matcher: Matcher, unit_rows: Rows, k: int) -> None:
    queries, gallery = unit_rows(13, seed=1), unit_rows(200, seed=2)

    matches = matcher.top_k(queries, gallery, k)

    np.testing.assert_array_equal(matches.rows, defined_rows(queries, gallery, k))
    expected = np.take_along_axis(queries @ gallery.T, matches.rows, axis=1)
    np.testing.assert_allclose(matches.scores, expected, atol=1e-6)
    assert (np.diff(matches.scores) <= 0).all()


@pytest.mark.usefixtures("chunk_rows")
def test_equal_scores_come_in_gallery_order(matcher: Matcher, unit_rows: Rows) -> None:
    gallery = np.tile(unit_rows(3), (30, 1))

    rows = matcher.top_k(gallery[:1], gallery, 12).rows

    np.testing.assert_array_equal(rows, [np.arange(0, 36, 3)])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 60), st.integers(1, 20))
def test_ties_that_fp32_cannot_tell_apart_are_ranked_as_defined(
    matcher: Matcher, seed: int, rows: int, k: int, chunk: int
) -> None:
    gallery = nearly_tied(seed, rows)
    k = min(k, rows)

    with pytest.MonkeyPatch.context() as patch:
        for scanner in CHUNKED:
            patch.setattr(scanner, "gallery_rows", chunk)
        found = matcher.top_k(gallery[:6], gallery, k).rows

    np.testing.assert_array_equal(found, defined_rows(gallery[:6], gallery, k))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_a_stream_of_blocks_gives_what_one_array_gives(
    matcher: Matcher, seed: int, sizes: list[int]
) -> None:
    gallery = nearly_tied(seed, sum(sizes) + 1)
    blocks = np.split(gallery, np.cumsum(sizes))
    k = min(5, len(gallery))

    streamed = matcher.top_k(gallery[:6], iter(blocks), k)
    whole = matcher.top_k(gallery[:6], gallery, k)

    np.testing.assert_array_equal(streamed.rows, whole.rows)
    np.testing.assert_array_equal(streamed.scores, whole.scores)


def test_blocks_of_a_stream_are_held_one_at_a_time(matcher: Matcher, unit_rows: Rows) -> None:
    alive: list[weakref.ref[Floats]] = []
    most = 0

    def blocks() -> Iterator[Floats]:
        nonlocal most
        for number in range(4):
            most = max(most, sum(one() is not None for one in alive))
            block = unit_rows(6, seed=number)
            alive.append(weakref.ref(block))
            yield block
            del block

    assert matcher.top_k(unit_rows(9), blocks(), 3).rows.shape == (9, 3)
    assert len(alive) == 4
    assert most == 0


def test_the_bound_holds_for_the_sum_that_runs(graph: Path) -> None:
    random = np.random.default_rng(3)
    rows = (np.sign(random.standard_normal((400, DIM))) / np.sqrt(DIM)).astype(np.float32)
    rows *= random.uniform(0.9991, 1.0009, rows.shape).astype(np.float32)

    scanned, at, _ = OnnxRuntimeScanner(graph, threads=1).run(rows, rows, len(rows))

    query_rows = np.repeat(np.arange(len(rows)), len(rows))
    exact = exact_scores(rows, rows, query_rows, at.ravel())
    assert np.abs(exact - scanned.ravel()).max() <= FP32.bound(rows).min()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(9, 60), st.integers(1, 9))
def test_more_ties_than_one_run_returns_are_ranked_as_defined(
    graph: Path, seed: int, rows: int, k: int
) -> None:
    scanner = OnnxRuntimeScanner(graph, threads=1)
    scanner.max_k = 9
    gallery = nearly_tied(seed, rows)

    found = Matcher(scanner).top_k(gallery[:4], gallery, k).rows

    np.testing.assert_array_equal(found, defined_rows(gallery[:4], gallery, k))


def test_a_k_that_the_scanner_cannot_return_is_refused(graph: Path, unit_rows: Rows) -> None:
    scanner = OnnxRuntimeScanner(graph, threads=1)
    scanner.max_k = 3840

    with pytest.raises(DataError, match=r"at most 3,840 on a GPU.* got 3,841; take"):
        Matcher(scanner).top_k(unit_rows(1), unit_rows(4000), 3841)


def test_a_held_gallery_serves_one_search_after_another(matcher: Matcher, unit_rows: Rows) -> None:
    gallery = unit_rows(150, seed=2)

    with matcher.hold(gallery) as held:
        for seed in range(3):
            queries = unit_rows(7, seed=seed)
            rows = matcher.top_k(queries, held, 4).rows
            np.testing.assert_array_equal(rows, defined_rows(queries, gallery, 4))


def test_no_queries_give_no_matches(matcher: Matcher, unit_rows: Rows) -> None:
    assert matcher.top_k(np.empty((0, DIM), np.float32), unit_rows(9), 2).rows.shape == (0, 2)


@pytest.mark.parametrize("k", [0, -1, 4])
def test_k_outside_the_gallery_is_refused_with_both_numbers(
    matcher: Matcher, unit_rows: Rows, k: int
) -> None:
    with pytest.raises(DataError, match=rf"k must be from 1 to 3, the size .* got {k}"):
        matcher.top_k(unit_rows(3), unit_rows(3), k)


def test_a_stream_shorter_than_k_is_refused_at_its_end(matcher: Matcher, unit_rows: Rows) -> None:
    with pytest.raises(DataError, match=r"k must be from 1 to 3, the size .* got 4"):
        matcher.top_k(unit_rows(3), iter([unit_rows(1), unit_rows(2)]), 4)


def test_k_below_1_is_refused_before_a_stream_is_read(matcher: Matcher, unit_rows: Rows) -> None:
    with pytest.raises(DataError, match="k must be from 1 to the size of the gallery; got 0"):
        matcher.top_k(unit_rows(3), iter([]), 0)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 40, 99])
def test_a_gallery_that_is_not_finite_is_refused(
    matcher: Matcher, unit_rows: Rows, number: float, row: int
) -> None:
    gallery = unit_rows(100)
    gallery[row, 3] = number

    with pytest.raises(EmbeddingError, match="gallery: some numbers are not finite"):
        matcher.top_k(unit_rows(2, seed=1), gallery, 5)


def test_queries_that_are_not_finite_are_refused(matcher: Matcher, unit_rows: Rows) -> None:
    queries = unit_rows(3)
    queries[1, 1] = np.nan

    with pytest.raises(
        EmbeddingError, match="queries: expected rows of length 1, got nan in row 1"
    ):
        matcher.top_k(queries, unit_rows(5), 2)


def test_a_gallery_of_longer_rows_is_refused(matcher: Matcher, unit_rows: Rows) -> None:
    with pytest.raises(EmbeddingError, match="gallery: expected rows of length 1"):
        matcher.top_k(unit_rows(3), unit_rows(3) * 3, 2)


def test_arrays_of_another_width_are_refused_by_name(matcher: Matcher, unit_rows: Rows) -> None:
    with pytest.raises(ShapeError, match=rf"gallery: expected float32 \[n, {DIM}\]"):
        matcher.top_k(unit_rows(3), unit_rows(3, dim=8), 2)


def test_another_graph_is_no_matcher(tmp_path: Path, write_branch: Callable[..., Path]) -> None:
    with pytest.raises(ArtifactError, match="is no matcher: expected queries, gallery, k"):
        OnnxRuntimeScanner(write_branch(tmp_path / "branch.onnx"))


def test_a_damaged_graph_is_named(tmp_path: Path) -> None:
    (tmp_path / "torn.onnx").write_bytes(b"\x08")

    with pytest.raises(ArtifactError, match=r"torn\.onnx: ONNX Runtime cannot load it"):
        OnnxRuntimeScanner(tmp_path / "torn.onnx")
