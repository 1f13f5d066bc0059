"""The matcher agrees with FAISS's exact index; where scores tie, by one definition of order."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

faiss = pytest.importorskip("faiss", reason="clnet[bench] brings faiss")
pytest.importorskip("onnx", reason="the graph is written with onnx: clnet[export]")
pytest.importorskip("onnxruntime", reason="clnet[cpu] runs the graph")

from clnet.benchmarks.matching.vectors import VECTORS
from clnet.export.matcher_graph import write_matcher
from clnet.runtime.extras import is_installed
from clnet.runtime.matcher import Matcher
from clnet.runtime.scanning.candidates import exact_scores
from clnet.runtime.scanning.onnxruntime_scanner import OnnxRuntimeScanner
from clnet.runtime.scanning.openvino_scanner import open_scanners

Floats = NDArray[np.float32]
DIM, K = 64, 10

MATCHERS: dict[str, Callable[[Path], Matcher]] = {
    "onnxruntime": lambda graph: Matcher(OnnxRuntimeScanner(graph, threads=1)),
    "openvino": lambda graph: Matcher(*open_scanners(graph, threads=1)),
}


@pytest.fixture(scope="module", params=MATCHERS)
def matcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Matcher]:
    if not is_installed(request.param):
        pytest.skip(f"{request.param} is not installed")
    path = tmp_path_factory.mktemp("matcher") / "matcher.onnx"
    write_matcher(path, DIM)
    with MATCHERS[request.param](path) as found:
        yield found


def faiss_rows(queries: Floats, gallery: Floats, k: int) -> NDArray[np.int64]:
    index = faiss.IndexFlatIP(DIM)
    index.add(gallery)
    return np.asarray(index.search(queries, k)[1], np.int64)


def exact(queries: Floats, gallery: Floats, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    query_rows = np.repeat(np.arange(len(rows)), rows.shape[1])
    return exact_scores(queries, gallery, query_rows, rows.ravel()).reshape(rows.shape)


@pytest.mark.parametrize("queries", [1, 50])
def test_ids_are_faisss_on_random_vectors(matcher: Matcher, queries: int) -> None:
    asked, gallery = VECTORS["random"](queries, 20_000, DIM, 0)

    rows = matcher.top_k(asked, gallery, K).rows

    np.testing.assert_array_equal(rows, faiss_rows(asked, gallery, K))


@pytest.mark.parametrize("queries", [1, 50])
@pytest.mark.parametrize("data", ["tied", "clustered"])
def test_scores_are_faisss_on_tied_vectors_and_so_are_the_ids_that_do_not_tie(
    matcher: Matcher, data: str, queries: int
) -> None:
    asked, gallery = VECTORS[data](queries, 20_000, DIM, 0)

    rows, theirs = matcher.top_k(asked, gallery, K).rows, faiss_rows(asked, gallery, K)

    scores, their_scores = exact(asked, gallery, rows), exact(asked, gallery, theirs)
    order = np.lexsort((theirs, -their_scores), axis=1)  # by the definition, for FAISS has none
    theirs = np.take_along_axis(theirs, order, axis=1)
    # FAISS compares FP32 sums: which of two rows closer than their error it drops is chance.
    np.testing.assert_allclose(np.take_along_axis(their_scores, order, axis=1), scores, atol=1e-6)
    decided = scores > scores[:, -1:] + 1e-6
    for ours, others, sure in zip(rows, theirs, decided, strict=True):
        np.testing.assert_array_equal(ours[sure], others[: sure.sum()])
